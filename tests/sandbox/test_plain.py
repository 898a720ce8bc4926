"""The layer without walls still limits, cleans up, and finds what a target declares."""

from __future__ import annotations

from pathlib import Path

from agentlab.core.goal import Blob
from agentlab.sandbox.plain import open_plain
from agentlab.sandbox.sandbox import Sandbox
from tests.sandbox.candidates import run
from tests.sandbox.world import World


def test_packages_and_blobs_are_there(tmp_path: Path) -> None:
    file = tmp_path / "corpus"
    file.write_text("words")
    blob = Blob.of(file)
    sandbox = open_plain(packages=["numpy"], blobs=[blob])
    try:
        source = """
        import numpy
        def solve(goal, tools):
            return [numpy.arange(2).tolist(), open(goal.inputs['corpus']).read()]
        """
        answer = run(sandbox, source, inputs={"corpus": blob.reference}).answer
        assert answer == [[0, 1], "words"]
    finally:
        sandbox.close()


def test_the_artefact_is_shown(plain: Sandbox, world: World) -> None:
    source = "def solve(goal, tools): return sorted(p.name for p in tools.artefact.iterdir())"
    assert run(plain, source, artefact=world.mine).answer == ["index"]


def test_the_private_folder_is_removed(plain: Sandbox) -> None:
    folder = run(plain, "import os\ndef solve(goal, tools): return os.getcwd()").answer
    assert not Path(folder).exists()


def test_it_says_that_it_does_not_isolate(plain: Sandbox) -> None:
    assert (plain.layers, plain.is_isolated) == ("plain", False)
