from __future__ import annotations

from agentlab.cli.options import overrides_of


def test_an_option_comes_after_set_and_so_is_stronger() -> None:
    given = overrides_of(["seed=1", "limits.wall_s=3"], seed=2, executor="ray", slots=4)
    assert given == [
        "seed=1", "limits.wall_s=3", "seed=2", "executor.kind=ray", "executor.slots=4",
    ]  # fmt: skip


def test_options_that_were_not_given_override_nothing() -> None:
    assert overrides_of(None) == []


def test_debugging_runs_here() -> None:
    assert overrides_of(None, executor="ray", debug=True) == ["executor.kind=inline"]
