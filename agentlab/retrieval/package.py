"""A ranker as a folder that can be imported, by programs that have no agentlab."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue

from agentlab.core.candidate import Files
from agentlab.errors import InputError
from agentlab.retrieval.embedders.checkpoint import MINILM, find_checkpoint
from agentlab.retrieval.embedders.onnx_bert import Quantisation, onnx_bert
from agentlab.retrieval.ranking_environment import RankingEnvironment

__all__ = ["Package", "write_package"]

_MAX_TOKENS = 256
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_QUANTISED: Mapping[str, Quantisation] = {"onnx": "fp32", "onnx-int8": "int8"}
_RUNTIME = ("onnxruntime", "tokenizers")
_FACE = '''"""{title}: `rank(query, k)` returns the ids of the best documents."""

from {name}.searcher import Searcher, rank, searcher

__all__ = ["Searcher", "rank", "searcher"]
'''
_COMMAND = '''"""The command line: python -m {name} QUERY [-k 10] [--tell NAME=VALUE]"""

import argparse

from {name}.searcher import searcher

parser = argparse.ArgumentParser(prog="python -m {name}")
parser.add_argument("query")
parser.add_argument("-k", type=int, default=10)
parser.add_argument("--tell", action="append", default=[], metavar="NAME=VALUE")
given = parser.parse_args()
more = dict(pair.split("=", 1) for pair in given.tell)
for found in searcher().rank(given.query, given.k, **more):
    print(found, searcher().documents[found]["name"], sep="\\t")
'''


class Package(NamedTuple):
    """What was written."""

    folder: Path
    size_mb: float
    """Of the folder, with its model and documents, MB."""

    requirements: tuple[str, ...]
    """Distributions that it needs, with the versions that it was tried with."""


def write_package(
    folder: Path,
    world: RankingEnvironment,
    *,
    files: Files,
    artefact: Files,
    packages: Iterable[str],
    title: str,
) -> Package:
    """Writes a folder with a ranker and everything that it needs.

    Args:
        folder: Where; it must not be there. Its name is that of the module.
        world: What the ranker was measured in.
        files: The ranker's.
        artefact: What its `prepare` left behind; empty where it has none.
        packages: Distributions that it declares.
        title: What it is, for a reader.

    Raises:
        InputError: the name or the place will not do, the world has several sets, or its embedder
            cannot be brought along.
    """
    if not _NAME.fullmatch(folder.name):
        raise InputError(f"{folder}: '{folder.name}' cannot be imported; end it as in to/my_search")
    if folder.exists():
        raise InputError(f"{folder}: is there already; give another folder, or remove it")
    if "ranker.py" not in files:
        raise InputError("the target has no ranker.py, the file with the class Ranker")
    kind, _, model = world.embedder.partition(":")
    if kind not in {*_QUANTISED, "none"}:
        raise InputError(
            f"embedder: {world.embedder!r} cannot be packaged; onnx-int8, onnx and none can"
        )
    told = _only_set(world)
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".partial-"))
    try:
        _write_files(partial / "target", files)
        _write_files(partial / "artefact", artefact)
        _write_data(partial, world, told)
        has_model = kind != "none"
        if has_model:
            _write_model(partial / "model", kind, model or MINILM)
        needed = _requirements({"numpy", *packages, *(_RUNTIME if has_model else ())})
        about = {
            "title": title,
            "set": told["set"],
            "query": _told_of_a_query(told),
            "embedder": world.embedder,
            "max_tokens": _MAX_TOKENS if has_model else None,
        }
        _write_face(partial, folder.name, title)
        (partial / "package.json").write_text(json.dumps(about, indent=2) + "\n")
        (partial / "requirements.txt").write_text("".join(f"{each}\n" for each in needed))
        partial.chmod(0o755)
        size_mb = sum(file.stat().st_size for file in partial.rglob("*") if file.is_file()) / 1e6
        partial.replace(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Package(folder, round(size_mb, 3), needed)


def _only_set(world: RankingEnvironment) -> Mapping[str, JsonValue]:
    sets = world.preparation(0).goal.inputs["sets"]
    assert isinstance(sets, list)
    if len(sets) > 1:
        raise InputError(
            f"the environment has {len(sets)} sets, and a package is for one; export from a run on "
            "one, such as the pool of them"
        )
    (told,) = sets
    assert isinstance(told, dict)
    return told


def _told_of_a_query(told: Mapping[str, JsonValue]) -> list[str]:
    """Returns the names of what a query is told beside its words."""
    training = told["training"]
    assert isinstance(training, list)
    first = training[0]
    assert isinstance(first, dict)
    return sorted(set(first) - {"id", "text", "gold"})


def _write_files(folder: Path, files: Files) -> None:
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _write_data(folder: Path, world: RankingEnvironment, told: Mapping[str, JsonValue]) -> None:
    blobs = {blob.sha256: blob.path for blob in world.blobs()}
    for name, file in (("documents", "documents.jsonl"), ("document_vectors", "vectors.npy")):
        reference = told[name]
        if isinstance(reference, dict):
            shutil.copyfile(blobs[str(reference["$blob"])], folder / file)


def _write_model(folder: Path, kind: str, model: str) -> None:
    checkpoint = find_checkpoint(model)
    graph = onnx_bert(checkpoint.weights(), checkpoint.architecture(), _QUANTISED[kind])
    folder.mkdir()
    (folder / "model.onnx").write_bytes(graph)
    shutil.copyfile(checkpoint.file("tokenizer.json"), folder / "tokenizer.json")


def _write_face(folder: Path, name: str, title: str) -> None:
    runtime = Path(__file__).with_name("standalone") / "searcher.py"
    shutil.copyfile(runtime, folder / "searcher.py")
    (folder / "__init__.py").write_text(_FACE.format(name=name, title=title.replace('"', "'")))
    (folder / "__main__.py").write_text(_COMMAND.format(name=name))


def _requirements(packages: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{name}=={metadata.version(name)}" for name in sorted(packages))
