"""All that is wrong with benchmarks is told in one go, before anything is measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentlab.core.candidate import Candidate
from agentlab.errors import InputError
from agentlab.experiment.benchmarks import Side
from agentlab.signing.settings import SigningSettings
from tests.experiment.contenders import WINNER, benchmarks, write_benchmark


def test_every_benchmark_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    good = write_benchmark(tmp_path, "good")
    broken = write_benchmark(tmp_path, "broken", seed="soon")
    missing = str(tmp_path / "gone.yaml")
    small = write_benchmark(tmp_path, "small", measure="{final_blocks: 1}")
    raising = write_benchmark(tmp_path, "raising", environment="agentlab.nothing:World")
    other = write_benchmark(
        tmp_path,
        "other",
        target="{path: agentlab/testing/environments/targets/ranker, entry: 'rank.py:solve'}",
    )
    debug = write_benchmark(tmp_path, "debug", executor="{kind: debug}", sandbox="auto")
    with pytest.raises(InputError) as refused:
        benchmarks(good, broken, missing, small, raising, other, debug)
    problems = refused.value.problems
    for words in (
        f"{broken}:",
        f"{missing}: no such experiment",
        f"{small}:8: measure.final_blocks: ",
        f"{raising}:2: environment: ",
        f"{other}:3: target.entry: ",
        f"{debug}: executor.kind: 'debug' measures nothing",
    ):
        assert any(problem.startswith(words) for problem in problems), (words, problems)
    assert not any(problem.startswith(f"{good}:") for problem in problems)


def test_files_that_a_benchmark_cannot_call_are_named_with_whose_they_are(tmp_path: Path) -> None:
    strange = Side("folder x", Candidate(files={"main.py": b"def solve(goal, tools): ...\n"}))
    with pytest.raises(InputError, match=r"one\.yaml: folder x: agent\.py: is missing"):
        benchmarks(write_benchmark(tmp_path, "one"), sides=(WINNER, strange))


def test_two_of_one_name_would_be_mistaken_for_each_other(tmp_path: Path) -> None:
    file = write_benchmark(tmp_path, "one")
    with pytest.raises(InputError, match="2 benchmarks are called 'one'"):
        benchmarks(file, file)


def test_a_margin_of_a_metric_that_nobody_tests_is_an_error(tmp_path: Path) -> None:
    file = write_benchmark(tmp_path, "one")
    with pytest.raises(InputError, match=r"--margin sucess: .* did you mean 'success'"):
        benchmarks(file, margins={"sucess": 0.1})
    assert benchmarks(file, margins={"success": 0.1})


def test_benchmarks_that_are_not_signed_are_all_refused_where_that_is_asked(
    tmp_path: Path,
) -> None:
    settings = SigningSettings(
        require_signed=True, trusted_keys=("x.pub",), file=tmp_path / "agentlab.toml"
    )
    files = [write_benchmark(tmp_path, name) for name in ("one", "two")]
    with pytest.raises(InputError) as refused:
        benchmarks(*files, settings=settings)
    assert [
        f"{file}: is not signed" in problem
        for file, problem in zip(files, refused.value.problems, strict=True)
    ] == [True, True]
