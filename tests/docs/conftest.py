"""The pages, and the files that they tell a reader to write."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

_FILE_BLOCK = re.compile(
    r"<!-- file: (?P<name>\S+) -->\n(?P<fence>`{3,})\w*\n(?P<text>.*?)(?P=fence)\n", re.DOTALL
)


def write_files_of(page: Path, folder: Path) -> None:
    """Writes the blocks marked `<!-- file: NAME -->`; those of one name are joined."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for block in _FILE_BLOCK.finditer(page.read_text(encoding="utf-8")):
        blocks[block["name"]].append(block["text"])
    for name, texts in blocks.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("\n\n".join(texts), encoding="utf-8")


def run_script(
    script: str, folder: Path, *, is_called: bool = False
) -> subprocess.CompletedProcess[str]:
    """Runs commands of a page in a folder; `agentlab` is this checkout's.

    Args:
        script: The commands.
        folder: Where.
        is_called: Candidates are called and not forked, as `tests.calling` does it.
    """
    module = "tests.calling" if is_called else "agentlab"
    agentlab = f'agentlab() {{ "{sys.executable}" -m {module} "$@"; }}\n'
    return subprocess.run(
        ["bash", "-ec", agentlab + script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
