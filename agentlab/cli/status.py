"""`agentlab status`: how a run is doing."""

from __future__ import annotations

from pathlib import Path

from agentlab.cli.options import Json, Run, Runs

__all__ = ["status"]


def status(run: Run = "latest", *, runs: Runs = Path("runs"), as_json: Json = False) -> None:
    """Say how a run is doing, also while it goes on."""
    from agentlab.cli.output import print_json
    from agentlab.cli.reading import open_run, status_of
    from agentlab.report.console import open_console
    from agentlab.report.escape import one_line
    from agentlab.report.format import count

    with open_run(run, runs) as opened:
        name = opened.info.name
        state = status_of(opened)
        trials = opened.store.count_trials(name)
        decisions = opened.store.decisions(name)
        verdict = str((opened.info.result or {}).get("verdict", ""))
    kept = [decision for decision in decisions if decision.verdict == "kept"]
    last = decisions[-1] if decisions else None
    if as_json:
        print_json(
            {
                "run": name,
                "status": state,
                "verdict": verdict,
                "proposals": len(decisions),
                "kept": len(kept),
                "trials": trials,
                "last": last.model_dump(mode="json") if last else None,
            }
        )
        return
    lines = [
        f"{name}: {state}",
        f"{len(decisions)} proposals decided, {len(kept)} kept, {count(trials)} trials",
    ]
    if last is not None:
        title = f"{one_line(last.source)}: {one_line(last.label)}"
        lines.append(f"last: #{last.number} {title}, {last.verdict.value}: {one_line(last.reason)}")
    if verdict:
        lines.append(verdict)
    if state in ("interrupted", "stopped"):
        lines.append(f"go on with: agentlab resume {name}")
    console = open_console()
    for line in lines:
        console.print(line, soft_wrap=True)
