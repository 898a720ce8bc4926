"""`agentlab status`: how a run is doing."""

from __future__ import annotations

from pathlib import Path

from agentlab.cli.options import Json, Run, Runs
from agentlab.core.counting import counted

__all__ = ["status"]


def status(run: Run = "latest", *, runs: Runs = Path("runs"), as_json: Json = False) -> None:
    """Say how a run is doing, also while it goes on."""
    from agentlab.cli.output import print_json
    from agentlab.cli.reading import is_debug, open_run, status_of
    from agentlab.core.result import RunResult
    from agentlab.report.console import open_console
    from agentlab.report.escape import for_terminal, one_line
    from agentlab.report.findings import outlook_lines

    with open_run(run, runs) as opened:
        name = opened.info.name
        state, debug = status_of(opened), is_debug(opened)
        trials = opened.store.count_trials(name)
        decisions = opened.store.decisions(name)
        result = opened.info.result and RunResult.model_validate(opened.info.result)
        outlook = outlook_lines(result) if result else ()
        verdict = result.verdict if result else ""
        detectable = result.detectable if result else None
    kept = [decision for decision in decisions if decision.verdict == "kept"]
    proposals = sum(not decision.is_canary for decision in decisions)
    last = decisions[-1] if decisions else None
    if as_json:
        print_json(
            {
                "run": name,
                "status": state,
                "is_debug": debug,
                "verdict": verdict,
                "proposals": proposals,
                "canaries": len(decisions) - proposals,
                "kept": len(kept),
                "trials": trials,
                "detectable": detectable and detectable.model_dump(mode="json"),
                "last": last.model_dump(mode="json") if last else None,
            }
        )
        return
    lines = [
        f"{name}: {state}{' (debug run, no measurement)' if debug else ''}",
        f"{counted(proposals, 'proposal')} decided, {len(kept)} kept, {counted(trials, 'trial')}",
    ]
    if watching := len(decisions) - proposals:
        lines[-1] += f", {counted(watching, 'canary', 'canaries')}"
    if last is not None:
        title = f"{one_line(last.source)}: {one_line(last.label)}"
        lines.append(f"last: #{last.number} {title}, {last.verdict.value}: {one_line(last.reason)}")
    if verdict:
        lines.append(verdict)
    lines += [for_terminal(line) for line in outlook]
    if state in ("interrupted", "stopped") and not debug:
        lines.append(f"go on with: agentlab resume {name}")
    console = open_console()
    for line in lines:
        console.print(line, soft_wrap=True)
