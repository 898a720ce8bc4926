"""How many of something, as a person would say it."""

from __future__ import annotations

__all__ = ["counted"]


def counted(number: int, what: str, plural: str = "") -> str:
    """Returns a number with its noun, in the singular where there is one of it.

    Args:
        number: How many there are.
        what: One of them.
        plural: More of them; with an `s` at its end, if not given.

    >>> counted(1, "proposal"), counted(12345, "paired comparison")
    ('1 proposal', '12,345 paired comparisons')
    >>> counted(0, "canary", "canaries")
    '0 canaries'
    """
    return f"{number:,} {what if number == 1 else plural or f'{what}s'}"
