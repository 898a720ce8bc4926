"""The standard library as every environment, its answer key out of reach, and folders."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.environment import Environment, EnvironmentSpec, Episode
from agentlab.core.limits import Limits
from agentlab.core.task import SPLITS, SplitName
from agentlab.core.trial import Bench, Pair, Trial
from agentlab.core.value import JsonValue
from agentlab.errors import InputError
from agentlab.sandbox.probe import probe
from agentlab.testing.environment_suite import EnvironmentSuite
from agentlab.trials.inline import InlineExecutor
from tests.environments.code_search.conftest import FOLDER, code_search
from tests.retrieval.folders import plain_folder
from tests.retrieval.playing import files_of, play

LIMITS = Limits(wall_s=120, cpu_s=120, mem_mb=4096, tokens=10**9, output_kb=10**5)


class TestCodeSearch(EnvironmentSuite):
    seeds = (0,)

    def make_environment(self) -> Environment:
        world: Environment = code_search(most_queries=60)
        return world

    def oracle(self, episode: Episode) -> JsonValue:
        return {query.id: list(query.gold) for query in episode.batch.queries}  # type: ignore[attr-defined]


def modules(world: Any, split: SplitName) -> set[str]:
    return {
        document.group
        for task in world.tasks(split)
        for batch in (world.start(task, 0).batch,)
        for query in batch.queries
        for document in batch.collection.gold_documents(query)
    }


def test_no_module_of_the_test_is_asked_for_elsewhere(world: Any) -> None:
    found = {split: modules(world, split) for split in SPLITS}

    assert not found["test"] & (found["train"] | found["validation"])
    assert not found["validation"] & found["train"]
    assert min(len(each) for each in found.values()) > 20


def test_hidden_names_hide_modules_as_well() -> None:
    world = code_search(names=False)

    (documents,) = world.blobs()

    shown = documents.path.read_text()
    assert '"group":""' in shown.replace(" ", "")
    assert '"group":"email' not in shown.replace(" ", "")
    assert len(modules(world, "validation")) > 20


# Each finds, for a function that it is shown, what the library itself says of it.
BY_SOURCE = """
import ast, os

def said_in(module):
    place = os.path.join(os.path.dirname(os.__file__), *module.split("."))
    for file in (place + ".py", os.path.join(place, "__init__.py")):
        if os.path.isfile(file):
            for node in ast.walk(ast.parse(open(file, encoding="utf-8").read())):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    yield node.name, ast.get_docstring(node) or ""
"""
BY_INSPECT = """
import importlib, inspect

def said_in(module):
    if module.split(".")[0] in ("antigravity", "this", "turtledemo", "idlelib"):
        return
    try:
        live = importlib.import_module(module)
    except BaseException:
        return
    for owner in (live, *(each for each in vars(live).values() if inspect.isclass(each))):
        for name, value in list(vars(owner).items()):
            yield name, inspect.getdoc(value) or ""
"""
CHEAT = """
import json

def plain(text):
    return " ".join(text.split("\\n\\n")[0].split())

def prepare(goal, tools):
    pass

def solve(goal, tools):
    documents = [json.loads(line) for line in open(goal.inputs["documents"])]
    ids = {(each["group"], each["name"]): each["id"] for each in documents}
    known = {
        plain(said): ids[module, name]
        for module in sorted({each["group"] for each in documents})
        for name, said in said_in(module)
        if said and (module, name) in ids
    }
    return {
        query["id"]: [known[query["text"]]] if query["text"] in known else []
        for query in goal.inputs["queries"]
    }
"""


def success(world: Environment, files: dict[str, bytes]) -> float:
    """Returns what a target does on the first batch of validation, behind all walls."""
    bench = Bench(
        environment=EnvironmentSpec(reference="environments/code_search"),
        target=TargetSpec(prepare="agent.py:prepare", packages=("numpy",)),
        limits=LIMITS,
        sandbox="bubblewrap",
    )
    candidate = Candidate(files=files)
    with closing(InlineExecutor(bench, environment=world)) as executor:

        def run(trial: Trial, left: dict[str, bytes] | None = None) -> Any:
            executor.submit(trial, candidate, left)
            finished = executor.next_finished(0)
            assert finished is not None
            assert finished.record.fate.is_judged, finished.record.reason
            return finished

        made = run(Trial(bench=bench.digest, candidate=candidate.digest, kind="prepare"))
        task = world.tasks("validation")[0]
        pair = Pair(task=task, seed=0, split="validation", cluster=task.id)
        trial = Trial(
            bench=bench.digest,
            candidate=candidate.digest,
            pair=pair,
            artefact=made.record.artefact,
        )
        outcome = run(trial, made.artefact_files).record.outcome
        assert outcome is not None
        return float(outcome.success)


@pytest.mark.skipif(not probe().is_isolated, reason="no walls here")
@pytest.mark.parametrize("way", [BY_SOURCE, BY_INSPECT], ids=["source", "inspect"])
def test_reading_the_library_cheats_only_where_it_is_whole(way: str) -> None:
    cheat = {"agent.py": f"{way}\n{CHEAT}".encode()}
    found = {}
    for hides in (False, True):
        world = code_search()
        world.traits = world.traits.model_copy(update={"hides_library": hides})
        found[hides] = success(world, cheat)

    assert found[False] > 0.5
    assert found[True] == 0


@pytest.mark.skipif(not probe().is_isolated, reason="no walls here")
def test_an_honest_ranker_finds_behind_the_walls_what_it_finds_elsewhere() -> None:
    files = files_of(FOLDER / "target")
    elsewhere = play(code_search(), files, "validation", tasks=1)[1].outcome
    assert elsewhere is not None

    assert success(code_search(), files) == pytest.approx(elsewhere.success)
    assert elsewhere.success > 0.1


def test_ranking_by_fields_finds_more_than_the_target_that_a_run_begins_with() -> None:
    found = []
    for folder in ("target", "targets/fields"):
        records = play(code_search(), files_of(FOLDER / folder), "validation", tasks=4)[1:]
        found.append(sum(record.outcome.success for record in records if record.outcome) / 4)

    assert found[1] > found[0] + 0.1


def test_the_same_frozen_glue_carries_every_target() -> None:
    glue = {file.read_bytes() for file in FOLDER.glob("**/agent.py")}

    assert len(glue) == 1


def test_a_folder_of_functions_is_split_by_queries(tmp_path: Path) -> None:
    folder = plain_folder(
        tmp_path / "mine",
        documents=[{"id": f"d{n}", "name": f"f{n}", "text": f"def f{n}(): ..."} for n in range(40)],
        queries=[{"id": f"q{n}", "text": f"work {n}", "gold": [f"d{n}"]} for n in range(40)],
    )

    world = code_search(data=str(folder))

    assert not world.traits.hides_library
    asked = [{q for t in world.tasks(split) for q in t.inputs["queries"]} for split in SPLITS]
    assert not asked[0] & asked[1]
    assert not asked[2] & (asked[0] | asked[1])


def test_names_of_a_folder_cannot_be_hidden(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="names: can be hidden in the standard library only"):
        code_search(data=str(tmp_path), names=False)
