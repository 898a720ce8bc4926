from __future__ import annotations

import pytest
import typer

from agentlab.cli.options import overrides_of


def test_an_option_comes_after_set_and_so_is_stronger() -> None:
    given = overrides_of(["seed=1", "limits.wall_s=3"], seed=2, executor="ray", slots=4)
    assert given == [
        "seed=1", "limits.wall_s=3", "seed=2", "executor.kind=ray", "executor.slots=4",
    ]  # fmt: skip


def test_options_that_were_not_given_override_nothing() -> None:
    assert overrides_of(None) == []


def test_debugging_has_one_slot_in_this_process() -> None:
    assert overrides_of(None, debug=True) == ["executor.kind=debug"]
    for option in ({"executor": "ray"}, {"slots": 2}):
        with pytest.raises(typer.BadParameter, match="--debug runs in this process"):
            overrides_of(None, debug=True, **option)
