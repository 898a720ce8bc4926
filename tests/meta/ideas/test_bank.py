"""Reading banks of ideas."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.errors import InputError
from agentlab.meta.ideas.bank import Change, read_bank

IDEA = """---
title: look further
hypothesis: more is found when more is looked at
author: somebody
---
Some words.
```edit agent.py
<<<<<<< SEARCH
LIMIT = 200
=======
LIMIT = 400
>>>>>>> REPLACE
```
"""
PATCH = """Subject: [PATCH 1/2] Look further

--- a/agent.py
+++ b/agent.py
@@ -1,3 +1,3 @@
 x = 1
-LIMIT = 200
+LIMIT = 400

"""


def test_ideas_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "002-b.md").write_text(IDEA)
    (tmp_path / "001-a.md").write_text(IDEA)
    (tmp_path / "README.md").write_text("# not an idea")
    bank = read_bank(tmp_path)
    assert [idea.name for idea in bank] == ["001-a", "002-b"]
    assert bank[0].changes == (Change("agent.py", "LIMIT = 200\n", "LIMIT = 400\n"),)


def test_a_folder_of_patches_is_a_bank(tmp_path: Path) -> None:
    (tmp_path / "a.patch").write_text(PATCH)
    (idea,) = read_bank(tmp_path)
    assert idea.title == "Look further"
    assert idea.changes[0].old.startswith("x = 1\nLIMIT = 200\n")
    assert idea.changes[0].new.startswith("x = 1\nLIMIT = 400\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no front matter", ":1: begins with front matter"),
        ("---\ntitle: [\n---\n", "front matter is not YAML"),
        ("---\ntitle: a\nhypothesis: b\nauthor: c\nmood: d\n---\n", "mood"),
        ("---\ntitle: a\n---\n", "hypothesis"),
        ("---\ntitle: a\nhypothesis: b\nauthor: c\n---\nno edit\n", ":6: holds no ```edit"),
    ],
)
def test_a_bad_idea_is_an_error_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "001-a.md").write_text(text)
    with pytest.raises(InputError, match=r"001-a\.md") as caught:
        read_bank(tmp_path)
    assert said in str(caught.value)


def test_all_bad_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    (tmp_path / "b.patch").write_text("no hunk")
    (tmp_path / "c.md").write_bytes(b"\xff")
    with pytest.raises(InputError) as caught:
        read_bank(tmp_path)
    assert [problem.split(":")[0][-7:] for problem in caught.value.problems]
    assert len(caught.value.problems) == 3


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no ideas"):
        read_bank(tmp_path)
