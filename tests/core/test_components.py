"""Parts of a target, and a target of which some are closed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.candidate import TargetSpec
from agentlab.core.components import REST, Components, OpenTarget

COMPONENTS = Components(globs={"ranking": ("rank.py", "weights/*"), "prompt": ("*.md",)})
SPEC = TargetSpec(editable=("*.py", "*.md"))


def opened(*names: str) -> OpenTarget:
    return OpenTarget(**SPEC.model_dump(), components=COMPONENTS, open=names)


@pytest.mark.parametrize(
    ("path", "component"),
    [
        ("rank.py", "ranking"),
        ("weights/base.py", "ranking"),
        ("prompts/expand.md", "prompt"),
        ("agent.py", REST),
    ],
)
def test_a_file_is_of_the_component_that_names_it_or_of_the_rest(path: str, component: str) -> None:
    assert COMPONENTS.of(path) == component


def test_what_changed_is_told_by_component_additions_and_removals_included() -> None:
    before = {"rank.py": b"1", "agent.py": b"x", "a.md": b""}
    after = {"rank.py": b"1", "agent.py": b"y", "b.md": b""}
    assert COMPONENTS.changed(before, after) == ("prompt", REST)
    assert COMPONENTS.changed(before, before) == ()


def test_only_open_components_are_editable_new_files_included() -> None:
    target = opened("prompt")
    assert target.is_editable("new.md")
    assert not target.is_editable("rank.py")
    assert not target.is_editable("agent.py")


def test_what_was_never_editable_is_not_opened_by_a_component() -> None:
    assert COMPONENTS.of("weights/base.txt") == "ranking"
    assert not opened("ranking").is_editable("weights/base.txt")


def test_a_refusal_names_the_component_or_says_that_the_file_is_frozen() -> None:
    target = opened("prompt")
    assert target.refusal("rank.py") == (
        "of component 'ranking', closed in this round (open: prompt)"
    )
    assert target.refusal("data.txt") == "frozen (editable: *.py, *.md)"


@given(st.sampled_from(["rank.py", "agent.py", "x.md", "weights/a.py", "data.txt"]))
def test_all_components_open_is_the_whole_target(path: str) -> None:
    assert opened("ranking", "prompt", REST).is_editable(path) == SPEC.is_editable(path)
