"""The layer that an experiment asks for is the one it gets, or it is told why not."""

from __future__ import annotations

from typing import Literal

import pytest

from agentlab.errors import InputError
from agentlab.sandbox.open import open_sandbox
from agentlab.sandbox.probe import probe
from tests.sandbox.candidates import run


@pytest.mark.parametrize("layer", ["auto", "bubblewrap", "plain"])
def test_a_layer_runs_candidates_and_says_its_name(
    layer: Literal["auto", "bubblewrap", "plain"],
) -> None:
    if layer == "bubblewrap" and not probe().is_isolated:
        pytest.skip("no walls here")
    sandbox = open_sandbox(layer=layer, packages=(), blobs=(), artefacts=None)
    try:
        assert run(sandbox, "def solve(goal, tools): return 1").answer == 1
        assert sandbox.layers == ("plain" if layer == "plain" else probe().layers)
        assert sandbox.is_isolated is (sandbox.layers != "plain")
    finally:
        sandbox.close()


@pytest.mark.parametrize("layer", ["auto", "plain"])
def test_a_missing_package_is_an_input_error_in_any_layer(layer: Literal["auto", "plain"]) -> None:
    with pytest.raises(InputError, match="'no-such-package' is not installed"):
        open_sandbox(layer=layer, packages=["no-such-package"], blobs=(), artefacts=None)
