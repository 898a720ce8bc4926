"""What is metered in every world and better the less there is of it, and how one says so."""

from __future__ import annotations

__all__ = ["SPENDING", "less_words"]

SPENDING = ("context_tokens", "cost_usd", "steps", "wall_s", "cpu_s")
"""Of a trial: tokens, US dollars, counted calls, seconds."""

_WORDS = {
    "context_tokens": ("fewer", "context tokens"),
    "cost_usd": ("less", "cost"),
    "steps": ("fewer", "steps"),
    "wall_s": ("less", "time"),
    "cpu_s": ("less", "processor time"),
}


def less_words(metric: str, share: float) -> str:
    """Returns how much less of something was spent, or how much more.

    >>> less_words("context_tokens", 0.402), less_words("cost_usd", 0.0312)
    ('40 % fewer context tokens', '3.1 % less cost')
    >>> less_words("steps", -0.25), less_words("steps", 0.0)
    ('25 % more steps', 'as many steps')
    """
    fewer, what = _WORDS[metric]
    percent = abs(share) * 100
    shown = f"{percent:.0f}" if percent >= 9.95 else f"{percent:.1f}"
    if shown == "0.0":
        return f"as {'many' if fewer == 'fewer' else 'much'} {what}"
    return f"{shown} % {fewer if share > 0 else 'more'} {what}"
