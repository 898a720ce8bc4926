"""What a coding agent must know to drive the loop by the command line or over MCP."""

from __future__ import annotations

from pathlib import Path

from agentlab.errors import InputError

__all__ = ["AGENTS", "SKILL", "SKILL_PLACE", "write_skill"]

SKILL_PLACE = Path(".claude/skills/agentlab/SKILL.md")

_BEGIN, _END = "<!-- agentlab: begin -->", "<!-- agentlab: end -->"

_LOOP = """\
1. `agentlab check EXPERIMENT.yaml` says whether the experiment could show anything. Mend what it
   refuses; never add `--accept-noise` by yourself.
2. Write each idea as a file in the experiment's folder of ideas (`kind: ideas`), with a title, a
   hypothesis that could turn out false, and SEARCH/REPLACE blocks; or have your proposals taken
   one by one over MCP: `agentlab serve --mcp EXPERIMENT.yaml`.
3. `agentlab run EXPERIMENT.yaml --json` proposes, measures and keeps what is really better. A run
   that was interrupted goes on with `agentlab resume`.
4. `agentlab show --json` tells what became of each proposal and why; `agentlab show 7` all of one.
   An undecided one is not a failure: noise hid it.
5. `agentlab diff` prints what the winner changes; `agentlab report` the result and its ceiling.

- Edit only files that the experiment calls editable, never the environment, its tasks or its judge.
- Report the sealed test's numbers with their intervals, not the scores of the search. Do not run
  `agentlab evaluate --split test` to choose between candidates: every look is recorded.
- "You can stop tuning this" is a result. Say so.
- Exit codes: 0 the work was done, whatever the verdict; 1 it could not be; 2 bad input.
"""

SKILL = f"""\
---
name: agentlab
description: Improve an agent, prompt, ranker or other program by measured trials with agentlab; \
use it when asked to optimise something that has an agentlab experiment (a YAML file with \
environment, target and objective).
---

# Improving a program by measured trials

{_LOOP}"""

AGENTS = f"""\
{_BEGIN}
## Measured optimisation with agentlab

{_LOOP}{_END}
"""


def write_skill(folder: Path) -> list[Path]:
    """Writes the skill, and its section of AGENTS.md, and returns the files that changed.

    What else stands in AGENTS.md stays as it is.

    Raises:
        InputError: a file cannot be written, or only one end of the section is there.
    """
    agents = folder / "AGENTS.md"
    before = agents.read_text(encoding="utf-8") if agents.is_file() else ""
    wanted = {folder / SKILL_PLACE: SKILL, agents: _with_section(before, agents)}
    changed = []
    for path, text in wanted.items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise InputError(f"{path}: cannot be written ({error.strerror})") from error
        changed.append(path)
    return changed


def _with_section(text: str, path: Path) -> str:
    if (text.count(_BEGIN), text.count(_END)) not in ((0, 0), (1, 1)):
        raise InputError(f"{path}: needs `{_BEGIN}` and `{_END}` once each, or neither")
    if _BEGIN in text:
        head, _, rest = text.partition(_BEGIN)
        return head + AGENTS.removesuffix("\n") + rest.partition(_END)[2]
    gap = "\n" if text and not text.endswith("\n\n") else ""
    return f"{text}{gap}{AGENTS}"
