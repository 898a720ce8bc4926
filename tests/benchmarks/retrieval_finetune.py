"""Fine-tunes MiniLM on the training queries of a folder, by one thread, and writes the model.

    python -m tests.benchmarks.retrieval_finetune FOLDER OUT [--tuning] [--cpu-s 560]

The loss is the softmax of a query over all tools that training queries are answered by: those of
the batch are encoded with it, the others are as they were last encoded (a memory across batches:
Wang et al. 2020). Tools that no training query is answered by are nobody's negatives. The weights
that are written lie between those learned and those that were packaged, which keeps more of what
the model knew of other tools (Wortsman et al. 2022). With `--tuning` the first fold of the training
part is left out, for `retrieval_figures`.

Then `onnx-int8:OUT` is an embedder's name like any other.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from agentlab.retrieval.collection import Collection, Query
from agentlab.retrieval.embedders.checkpoint import find_checkpoint
from agentlab.retrieval.reader import read_collection
from tests.benchmarks.retrieval_figures import HELD_BY, TARGETS, folds_of, ranker_of, tests_of

BATCH = 24
RATE = 5e-5
WARM_UP = 0.1
TEMPERATURE = 0.05
MOST_TOKENS = 48
LEARNED = (1.0, 0.75, 0.5)
"""Which share of the way from packaged to learned weights; a folder is written of each."""

_SEED = 1


class Encoder:
    """The packaged model in torch, on one thread."""

    def __init__(self) -> None:
        import torch
        from tokenizers import Tokenizer
        from transformers import AutoModel

        torch.manual_seed(_SEED)
        torch.set_num_threads(1)
        self.folder = find_checkpoint().folder
        self.model = AutoModel.from_pretrained(str(self.folder)).eval()
        self.model.embeddings.requires_grad_(requires_grad=False)
        self._tokens = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        self._tokens.enable_truncation(MOST_TOKENS)
        self._tokens.enable_padding()

    def __call__(self, texts: Sequence[str]) -> Any:  # Any: a tensor
        """Returns a row of norm 1 for each text."""
        import torch

        tokens = self._tokens.encode_batch(list(texts))
        ids = torch.tensor([each.ids for each in tokens])
        mask = torch.tensor([each.attention_mask for each in tokens])
        hidden = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        means = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return torch.nn.functional.normalize(means, dim=1)


def train(
    encoder: Encoder, texts: Sequence[str], asked: Mapping[int, Sequence[str]], cpu_s: float
) -> int:
    """Trains for so much processor time; returns the steps that were taken."""
    import torch

    tools = sorted(asked)
    shares = np.sqrt([len(asked[tool]) for tool in tools])
    with torch.no_grad():
        memory = torch.cat([encoder([texts[tool]]) for tool in tools])
    draw = np.random.default_rng(_SEED)
    weights = [each for each in encoder.model.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=RATE, weight_decay=0.01)
    began, step = time.process_time(), 0
    while (done := (time.process_time() - began) / cpu_s) < 1:
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(done / WARM_UP, (1 - done) / (1 - WARM_UP))
        rows = draw.choice(len(tools), BATCH, replace=False, p=shares / shares.sum())
        queries = encoder([str(draw.choice(asked[tools[row]])) for row in rows])
        fresh = encoder([texts[tools[row]] for row in rows])
        bank = memory.clone()
        bank[rows] = fresh
        loss = torch.nn.functional.cross_entropy(queries @ bank.T / TEMPERATURE, torch.tensor(rows))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        memory[rows] = fresh.detach()
        step += 1
        if step % 20 == 0:
            print(f"step {step}, {done:.0%}, loss {loss.item():.3f}", file=sys.stderr, flush=True)
    return step


def write(encoder: Encoder, out: Path, learned: float) -> None:
    """Writes a folder of the model, so far from the packaged weights."""
    from safetensors.numpy import load_file, save_file

    shutil.copytree(encoder.folder, out, dirs_exist_ok=True)
    before = load_file(encoder.folder / "model.safetensors")
    after = {name: each.numpy() for name, each in encoder.model.state_dict().items()}
    mixed = {
        name: np.ascontiguousarray(learned * after[name] + (1 - learned) * each)
        if name in after and each.dtype == np.float32
        else each
        for name, each in before.items()
    }
    (out / "model.safetensors").unlink()
    save_file(mixed, out / "model.safetensors", metadata={"format": "pt"})


def asked_of(collection: Collection, training: Sequence[Query]) -> dict[int, list[str]]:
    """Returns the training queries of each tool, by its place."""
    asked: dict[int, list[str]] = defaultdict(list)
    for query in training:
        for answer in query.gold:
            asked[collection.place_of[answer]].append(query.text)
    return asked


def main(given: Sequence[str]) -> None:
    """Trains and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--tuning", action="store_true")
    parser.add_argument("--cpu-s", type=float, default=560)
    options = parser.parse_args(given)
    collection = read_collection(options.folder)
    cut = folds_of if options.tuning else tests_of
    training = next(cut(collection, HELD_BY[collection.name], None)).training
    text_of = ranker_of(TARGETS / "sentences").text_of
    texts = [text_of(document.model_dump(mode="json")) for document in collection.documents]
    began = time.process_time()
    encoder = Encoder()
    steps = train(encoder, texts, asked_of(collection, training), options.cpu_s)
    print(f"{steps} steps of {BATCH}, {time.process_time() - began:.0f} s of processor time in all")
    for learned in LEARNED:
        write(encoder, options.out / f"{learned:g}", learned)


if __name__ == "__main__":
    main(sys.argv[1:])
