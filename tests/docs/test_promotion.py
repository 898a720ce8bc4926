"""The page's own files, written, and its commands, run one after the other as it says."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.docs.conftest import ROOT, run_script, write_files_of

PAGE = ROOT / "docs/promotion.md"

# What stands before the settings is done before there are any.
_BLOCKS = re.compile(
    r"<!-- (?:run(?:: (?P<code>\d+))?|file: (?P<file>agentlab\.toml)|(?P<output>output)) -->\n"
    r"```\w*\n(?P<text>.*?)```\n",
    re.DOTALL,
)


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    key = f"export AGENTLAB_SIGNING_KEY={folder}/agentlab.key\n"
    has_key = (folder / "agentlab.key").exists()
    return run_script((key if has_key else "") + script, folder, is_called=True)


@pytest.mark.timeout(600)
def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    write_files_of(PAGE, tmp_path)
    settings = (tmp_path / "agentlab.toml").read_text()
    (tmp_path / "agentlab.toml").unlink()
    said: list[str] = []
    for block in _BLOCKS.finditer(PAGE.read_text(encoding="utf-8")):
        if block["file"]:
            (tmp_path / block["file"]).write_text(settings)
            continue
        if block["output"]:
            assert " ".join(block["text"].split()) in " ".join(said[-1].split())
            continue
        ran = run(block["text"], tmp_path)
        assert ran.returncode == int(block["code"] or 0), block["text"] + ran.stderr[-3000:]
        said.append(ran.stdout + ran.stderr)

    _, promoted, _, verified, refused, signed = said
    assert "promoted: winner of knobs-" in promoted
    assert verified.count("promoted: winner of knobs-") == 2
    assert "signed by " in verified
    assert "is not signed" in refused
    assert "signed by " in signed


def test_the_page_names_no_command_that_does_not_exist() -> None:
    reference = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    commands = re.findall(r"^agentlab ([a-z]+)|`agentlab ([a-z]+)", page, re.MULTILINE)

    assert commands
    for name in {first or second for first, second in commands}:
        assert f"## agentlab {name}\n" in reference, name
