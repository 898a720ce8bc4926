"""Edits made only to see whether an edit is seen."""

from __future__ import annotations

import ast
from itertools import islice

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.objective import Objective
from agentlab.meta.probing import is_blank, probing_edits

SOURCE = b'''"""Asks."""

ASKS = ("place", "time")
PROMPT = "Name the " + f"{ASKS[0]} and the rest"
LIMIT = 5


def solve(goal, tools):
    """Asks the model."""
    return tools.ask(PROMPT, LIMIT)
'''
SPEC = TargetSpec(editable=("*",))


def edits(path: str, content: bytes, seed: int = 1) -> list[Candidate]:
    baseline = Candidate(files={"agent.py": SOURCE, path: content})
    made = probing_edits(baseline, path, target=SPEC, objective=Objective(), seed=seed)
    return list(islice(made, 40))


def test_the_first_edit_empties_all_texts_and_leaves_docstrings() -> None:
    first = edits("agent.py", SOURCE)[0]
    source = first.files["agent.py"].decode()

    assert is_blank(first, of_all=True)
    assert 'ASKS = ()\nPROMPT = "" + ""\nLIMIT = 5' in source
    assert '"""Asks the model."""' in source


def test_single_texts_words_and_other_edits_come_in_turn() -> None:
    _, *rest = edits("agent.py", SOURCE)
    kinds = [candidate.label.split(" ")[0] for candidate in rest]

    assert sum(is_blank(candidate, of_all=False) for candidate in rest) == 3
    assert {"blank", "swap_elements", "scale_number"} <= set(kinds)
    assert len(set(kinds[:4])) > 2


def test_each_edit_parses_changes_its_file_alone_and_comes_once() -> None:
    found = edits("agent.py", SOURCE)

    for candidate in found:
        ast.parse(candidate.files["agent.py"])
        assert candidate.files["agent.py"] != SOURCE
    assert len({candidate.digest for candidate in found}) > len(found) / 2


def test_the_seed_decides_the_order() -> None:
    one, same, other = ([c.label for c in edits("agent.py", SOURCE, s)] for s in (1, 1, 2))

    assert one == same != other


def test_a_text_is_emptied_then_loses_a_line_each_time() -> None:
    first, *rest = edits("prompt.txt", b"Name the place.\n\nBe short.\n")

    assert is_blank(first, of_all=True)
    assert first.files["prompt.txt"] == b""
    assert {candidate.files["prompt.txt"] for candidate in rest} == {
        b"Name the place.\n\n",
        b"\nBe short.\n",
    }


def test_umlauts_before_a_text_do_not_shift_it() -> None:
    first = edits("words.py", 'A = "grün", "blau"; B = 1\n'.encode())[0]

    assert first.files["words.py"] == b"A = (); B = 1\n"


def test_what_holds_nothing_to_edit_has_no_edits() -> None:
    assert edits("empty.py", b"") == []
    assert edits("notes.txt", b"\n") == []
