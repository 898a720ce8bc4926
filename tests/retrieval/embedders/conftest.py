"""A model so small that every embedder loads it at once, laid out as sentence-transformers does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agentlab.retrieval.embedders.checkpoint import Checkpoint
from agentlab.retrieval.embedders.embedder import Matrix

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "send", "mail", "list", "file", "##s", "a", "to"]
HIDDEN, INNER, LAYERS, LENGTH = 16, 24, 2, 12

SHAPE = {
    "architectures": ["BertModel"],
    "model_type": "bert",
    "hidden_act": "gelu",
    "hidden_size": HIDDEN,
    "intermediate_size": INNER,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": 4,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": LENGTH,
    "type_vocab_size": 2,
    "vocab_size": len(WORDS),
    "pad_token_id": 0,
}


def random_weights(seed: int) -> dict[str, Matrix]:
    draw = np.random.default_rng(seed)

    def of(*shape: int) -> Matrix:
        return draw.normal(scale=0.5, size=shape).astype(np.float32)

    weights = {
        "embeddings.word_embeddings.weight": of(len(WORDS), HIDDEN),
        "embeddings.position_embeddings.weight": of(LENGTH, HIDDEN),
        "embeddings.token_type_embeddings.weight": of(2, HIDDEN),
    }
    dense = {
        "attention.self.query": (HIDDEN, HIDDEN),
        "attention.self.key": (HIDDEN, HIDDEN),
        "attention.self.value": (HIDDEN, HIDDEN),
        "attention.output.dense": (HIDDEN, HIDDEN),
        "intermediate.dense": (INNER, HIDDEN),
        "output.dense": (HIDDEN, INNER),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        for name, shape in dense.items():
            weights[f"encoder.layer.{layer}.{name}.weight"] = of(*shape)
            weights[f"encoder.layer.{layer}.{name}.bias"] = of(shape[0])
        norms += [
            f"encoder.layer.{layer}.{name}.LayerNorm" for name in ("attention.output", "output")
        ]
    for name in norms:
        weights[f"{name}.weight"], weights[f"{name}.bias"] = 1 + of(HIDDEN), of(HIDDEN)
    return weights


def safetensors(weights: dict[str, Matrix]) -> bytes:
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    data = b""
    for name, array in weights.items():
        header[name] = {
            "dtype": {"float32": "F32", "float16": "F16"}[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + array.nbytes],
        }
        data += array.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + data


def tokenizer() -> dict[str, Any]:
    """Returns a `tokenizer.json` that pads and cuts by itself, as published ones do."""
    special = {name: WORDS.index(name) for name in ("[CLS]", "[SEP]")}
    return {
        "version": "1.0",
        "truncation": {
            "max_length": 4, "strategy": "LongestFirst", "stride": 0, "direction": "Right",
        },
        "padding": {
            "strategy": {"Fixed": 10}, "direction": "Right", "pad_to_multiple_of": None,
            "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]",
        },
        "added_tokens": [],
        "normalizer": {
            "type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
            "strip_accents": None, "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "BertProcessing",
            "sep": ["[SEP]", special["[SEP]"]],
            "cls": ["[CLS]", special["[CLS]"]],
        },
        "decoder": None,
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": {word: number for number, word in enumerate(WORDS)},
        },
    }  # fmt: skip


def write_model(folder: Path, *, seed: int = 1) -> Checkpoint:
    (folder / "1_Pooling").mkdir(parents=True)
    kind = "sentence_transformers.models"
    files = {
        "config.json": SHAPE,
        "tokenizer.json": tokenizer(),
        "tokenizer_config.json": {"tokenizer_class": "BertTokenizer", "model_max_length": LENGTH},
        "special_tokens_map.json": {"pad_token": "[PAD]", "unk_token": "[UNK]"},
        "sentence_bert_config.json": {"max_seq_length": LENGTH, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": HIDDEN, "pooling_mode_mean_tokens": True,
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{kind}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{kind}.Pooling"},
        ],
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content))
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    (folder / "model.safetensors").write_bytes(safetensors(random_weights(seed)))
    return Checkpoint(folder)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """Returns a BERT of two layers with random weights."""
    pytest.importorskip("tokenizers")
    return write_model(tmp_path_factory.mktemp("model") / "bert")
