"""Edits made only to see whether an edit is seen: of one file each, the bluntest first."""

from __future__ import annotations

import ast
import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.objective import Objective
from agentlab.errors import CandidateError
from agentlab.meta.checks import check_candidate
from agentlab.meta.mutation.agent import made_by
from agentlab.meta.mutation.edits import Edit, edits_of

__all__ = ["is_blank", "probing_edits"]

_BLANK, _BLANK_ALL = "blank", "blank_all"
"""The operators that empty a text or a list of texts, and all of them: who reads it must notice."""

_OF_WORDS = ("_word", "_words", "_line", "_element", "_elements", "_alternative")
"""How the operators on texts and lists of words end: what is written there reaches the tools."""


_Item = TypeVar("_Item")


class _Blank(NamedTuple):
    """A piece of source and what stands for nothing in its place."""

    start: int
    end: int
    line: int
    nothing: bytes


def is_blank(candidate: Candidate, *, of_all: bool) -> bool:
    """Returns whether an edit emptied a text, or all texts of its file."""
    return candidate.label.startswith(f"{_BLANK_ALL if of_all else _BLANK} ")


def probing_edits(
    baseline: Candidate, path: str, *, target: TargetSpec, objective: Objective, seed: int
) -> Iterator[Candidate]:
    """Yields valid candidates with one edit of one file each, no two operators alike for long.

    All texts emptied come first, then single texts emptied, typed edits of words and all others in
    turn: a prompt is what a careless cache leaves out of its key.

    Args:
        baseline: What is edited.
        path: The file.
        target: What may be edited.
        objective: What the hypotheses speak of.
        seed: Decides the order.
    """
    for candidate in _edited(baseline, path, objective, random.Random(f"{seed}/{path}")):
        try:
            check_candidate(candidate, baseline, target)
        except CandidateError:
            continue
        yield candidate


def _edited(
    baseline: Candidate, path: str, objective: Objective, generator: random.Random
) -> Iterator[Candidate]:
    content = baseline.files[path]
    if not path.endswith(".py"):
        return _lines_dropped(baseline, path, generator)
    found = _blanks(content)
    blanks = [_without([blank], baseline, path, _BLANK) for blank in found]
    generator.shuffle(blanks)
    if found:
        blanks = [
            _without(found, baseline, path, _BLANK_ALL),
            *(blanks if len(found) > 1 else ()),
        ]
    words, others = (
        (made_by(edit, path, baseline, objective) for edit in edits)
        for edits in _by_kind(content, generator)
    )
    return _in_turn([blanks, words, others])


def _by_kind(content: bytes, generator: random.Random) -> Iterator[list[Edit]]:
    """Yields the edits of words and all others, each with its operators in turn."""
    by_operator: dict[str, list[Edit]] = {}
    for edit in edits_of(content):
        by_operator.setdefault(edit.operator, []).append(edit)
    for edits in by_operator.values():
        generator.shuffle(edits)
    operators = sorted(by_operator)
    generator.shuffle(operators)
    for is_of_words in (True, False):
        yield [
            *_in_turn(
                by_operator[name] for name in operators if name.endswith(_OF_WORDS) is is_of_words
            )
        ]


def _in_turn(groups: Iterable[Iterable[_Item]]) -> Iterator[_Item]:
    """Yields the first of each group, then the second of each, and so on."""
    for row in itertools.zip_longest(*groups):
        yield from (item for item in row if item is not None)


def _blanks(content: bytes) -> list[_Blank]:
    """Returns the texts of a source, and its collections of texts; no docstrings."""
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError):
        return []
    starts = [0, *itertools.accumulate(len(line) for line in content.splitlines(keepends=True))]
    passed: set[int] = set()
    found = []
    # A parent comes before its children, which then stand for themselves no more.
    for node in ast.walk(tree):
        nothing = _nothing_for(node)
        if isinstance(node, ast.Expr) or nothing is not None:
            passed |= {id(child) for child in ast.walk(node)} - {id(node)}
        if nothing is not None and id(node) not in passed:
            assert isinstance(node, ast.expr)
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[node.end_lineno - 1] + node.end_col_offset
            found.append(_Blank(start, end, node.lineno, nothing))
    return found


def _nothing_for(node: ast.AST) -> bytes | None:
    """Returns the empty text or collection for one that holds something, None for all else."""
    if isinstance(node, ast.JoinedStr):
        return b'""'
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) > 1:
        return b'""'
    if isinstance(node, ast.Tuple | ast.List) and node.elts:
        texts = [
            isinstance(part, ast.Constant) and isinstance(part.value, str) for part in node.elts
        ]
        if all(texts):
            return b"()" if isinstance(node, ast.Tuple) else b"[]"
    return None


def _without(blanks: Sequence[_Blank], baseline: Candidate, path: str, operator: str) -> Candidate:
    content = edited = baseline.files[path]
    # From the last to the first, so that places stay what they are.
    for blank in sorted(blanks, reverse=True):
        edited = edited[: blank.start] + blank.nothing + edited[blank.end :]
    first = min(blanks)
    told = " ".join(content[first.start : first.end].decode(errors="replace").split())[:40]
    more = f" and {len(blanks) - 1} more" if len(blanks) > 1 else ""
    return _made(baseline, path, edited, f"{operator} {path}:{first.line} {told}{more}")


def _lines_dropped(baseline: Candidate, path: str, generator: random.Random) -> Iterator[Candidate]:
    """Yields an emptied text, then candidates without one line of it each."""
    lines = baseline.files[path].splitlines(keepends=True)
    places = [place for place, line in enumerate(lines) if line.strip()]
    generator.shuffle(places)
    if places:
        yield _made(baseline, path, b"", f"{_BLANK_ALL} {path}")
    for place in places:
        rest = b"".join([*lines[:place], *lines[place + 1 :]])
        told = lines[place].strip()[:40].decode(errors="replace")
        yield _made(baseline, path, rest, f"drop_line {path}:{place + 1} {told}")


def _made(baseline: Candidate, path: str, content: bytes, label: str) -> Candidate:
    return Candidate(
        files={**baseline.files, path: content},
        parent=baseline.digest,
        source="probe",
        label=label,
        provenance="typed",
    )
