from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentlab.report.patch import unified_diff

texts = st.text(alphabet=st.sampled_from("ab \n\r\x0c\u2028é"), max_size=40)
files = st.dictionaries(
    st.sampled_from(["a.py", "b.py", "sub/c.txt"]), texts.map(str.encode), max_size=3
)


def test_the_same_files_make_no_patch() -> None:
    assert unified_diff({"a.py": b"x\n"}, {"a.py": b"x\n"}) == ""


def test_what_is_no_text_is_named_only() -> None:
    assert "Binary files a/m.bin and b/m.bin differ" in unified_diff(
        {"m.bin": b"\xff"}, {"m.bin": b"\xfe"}
    )


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@settings(max_examples=30, deadline=None)
@given(before=files, after=files)
def test_git_takes_the_patch_and_makes_the_other_files_of_it(
    before: dict[str, bytes], after: dict[str, bytes]
) -> None:
    # git applies no patch that only makes or deletes an empty file without its index line.
    before = {path: content or b"-\n" for path, content in before.items()}
    after = {path: content or b"-\n" for path, content in after.items()}
    patch = unified_diff(before, after)
    if not patch:
        assert before == after
        return
    with TemporaryDirectory() as name:
        folder = Path(name)
        for path, content in before.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(content)
        subprocess.run(
            ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"],
            input=patch.encode(),
            cwd=folder,
            check=True,
            capture_output=True,
        )
        left = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        assert left == after
