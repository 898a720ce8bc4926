"""`agentlab doctor`: what this machine gives."""

from __future__ import annotations

from agentlab.cli.options import Json

__all__ = ["doctor"]


def doctor(*, as_json: Json = False) -> None:
    """Say what this machine lacks and how to mend it."""
    from agentlab.cli.checks import show_checks
    from agentlab.cli.output import working

    with working():
        from agentlab.experiment.doctor import examine

        lines = examine()
    show_checks(
        lines,
        good="everything is there; try: agentlab run experiments/browser.yaml",
        bad="something is missing",
        as_json=as_json,
    )
