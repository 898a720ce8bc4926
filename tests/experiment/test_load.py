from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from agentlab.core.objective import MinDeltaRule, PairedRule
from agentlab.errors import InputError
from agentlab.experiment.load import (
    experiment_to_yaml,
    find_experiment,
    load_experiment,
    parse_experiment,
)
from agentlab.experiment.sweep_file import load_sweep


def problems_of(text: str, *overrides: str, name: str = "f.yaml") -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        parse_experiment(text.encode(), name, overrides)
    return caught.value.problems


def test_defaults_are_below_the_file_and_the_file_below_overrides(good_lines: list[str]) -> None:
    text = "\n".join([*good_lines, "seed: 7"]).encode()
    experiment = parse_experiment(text, "f.yaml", ["budget.trials=90", "objective.rule.alpha=0.05"])
    assert experiment.limits.wall_s == 30.0
    assert experiment.seed == 7
    assert (experiment.budget.candidates, experiment.budget.trials) == (4, 90)
    assert experiment.objective.rule == PairedRule(alpha=0.05)
    assert parse_experiment(text, "f.yaml", ["seed=9"]).seed == 9


def test_the_resolved_experiment_reads_back_as_itself(good_lines: list[str]) -> None:
    experiment = parse_experiment("\n".join(good_lines).encode(), "f.yaml", ["seed=3"])
    assert parse_experiment(experiment_to_yaml(experiment).encode(), "g.yaml") == experiment


def test_all_mistakes_of_a_file_are_told_in_one_go() -> None:
    text = """
name: "bad name!"
environment: environments/brwser
target: {path: nowhere, entri: x}
meta: [mutatoin, {kind: ideas}, {kind: mutation, folder: x}, 5]
serach: {}
search: {strategy: gredy, patience: zero}
limits: {wall_s: -1, mem: 5}
budget: {}
executor: {slots: many}
"""
    problems = problems_of(text)
    for expected in (
        "f.yaml:2: name: must be letters",
        "f.yaml:3: environment: no folder 'environments/brwser'",
        "f.yaml:4: target.path: no folder 'nowhere'",
        "f.yaml:4: target.entri: unknown key; did you mean 'entry'?",
        "f.yaml:5: meta.0: kind must be one of 'mutation', 'ideas', 'numeric', 'crossover', "
        "'coding', 'command', 'mcp', 'canary'; did you mean 'mutation'?",
        "f.yaml:5: meta.1.folder: is required",
        "f.yaml:5: meta.2.folder: unknown key (allowed: kind)",
        "f.yaml:5: meta.3: must be a name or a mapping, such as",
        "f.yaml:6: serach: unknown key; did you mean 'search'?",
        "f.yaml:7: search.strategy: must be 'greedy', 'pareto', 'tree' or 'islands'; did you mean "
        "'greedy'?",
        "f.yaml:7: search.patience: must be a valid integer (given: 'zero')",
        "f.yaml:8: limits.wall_s: must be greater than 0 (given: -1)",
        "f.yaml:8: limits.mem: unknown key; did you mean 'mem_mb'?",
        "f.yaml:9: budget: needs at least one of candidates, trials, wall_s, cost_usd, tokens",
        "f.yaml:10: executor.slots: must be a valid integer or must be 'auto' (given: 'many')",
    ):
        assert any(problem.startswith(expected) for problem in problems), expected
    assert "did you mean 'browser'?" in "\n".join(problems)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("greddy", "f.yaml:7: objective.rule: name must be one of 'paired', 'strict'"),
        (
            "{name: greedy, alpha: 0.1}",
            "f.yaml:7: objective.rule.alpha: unknown key (allowed: name)",
        ),
        ("{name: gate, max_block: 2}", "f.yaml:7: objective.rule.max_block: unknown key"),
        ("{name: min_delta}", "f.yaml:7: objective.rule.delta: is required"),
        ("min_delta", "f.yaml:7: objective.rule.delta: is required"),
        ("{alhpa: 0.1}", "f.yaml:7: objective.rule.alhpa: unknown key; did you mean 'alpha'?"),
    ],
)
def test_a_rule_is_told_what_it_may_say(good_lines: list[str], rule: str, expected: str) -> None:
    (problem,) = problems_of("\n".join([*good_lines, "objective:", f"  rule: {rule}"]))
    assert problem.startswith(expected)


def test_a_rule_in_its_short_form_can_be_refined(good_lines: list[str]) -> None:
    text = "\n".join([*good_lines, "objective: {rule: min_delta}"]).encode()
    experiment = parse_experiment(text, "f.yaml", ["objective.rule.delta=0.02"])
    assert experiment.objective.rule == MinDeltaRule(name="min_delta", delta=0.02)


def test_mistakes_of_overrides_are_told_beside_those_of_the_file(good_lines: list[str]) -> None:
    text = "\n".join([*good_lines, "sed: 1"])
    problems = problems_of(text, "limits.wall_s=soon", "nonsense", "limits.cpu=1")
    assert "--set nonsense: write it as key=value, such as budget.wall_s=300" in problems
    assert any(p.startswith("--set limits.wall_s=soon: limits.wall_s: ") for p in problems)
    assert any(p.startswith("--set limits.cpu=1: limits.cpu: unknown key") for p in problems)
    assert any(p.startswith("f.yaml:6: sed: unknown key; did you mean 'seed'?") for p in problems)


@pytest.mark.parametrize("key", ["name", "environment", "target", "meta", "budget"])
def test_a_key_that_is_missing_is_named(good_lines: list[str], key: str) -> None:
    kept = [line for line in good_lines if not line.startswith(f"{key}:")]
    assert problems_of("\n".join(kept)) == (f"f.yaml:1: {key}: is required",)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("meta: mutation", "meta: must be a list"),
        ("meta: []", "meta: needs at least one"),
        ("environment: 5", "environment: must be a name or a mapping"),
        ("target: [x]", "target: must be a folder or a mapping"),
        ("target: {}", "target.path: is required"),
        ("budget: {wall_s: .inf}", "budget.wall_s: must be a finite number"),
        ("budget: {candidates: 1.5}", "budget.candidates: must be a valid integer"),
        ("executor: {slots: 0}", "executor.slots: at least 1"),
        ("sandbox: bwrap", "sandbox: must be 'auto', 'bubblewrap' or 'plain'"),
        ("seed: -1", "seed: must be greater than or equal to 0 (given: -1)"),
        ("objective: {maximise: a, minimise: b}", "objective: give `maximise` or `minimise`"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_allowed(
    good_lines: list[str], line: str, words: str
) -> None:
    key = line.partition(":")[0]
    kept = [good for good in good_lines if not good.startswith(f"{key}:")]
    problems = problems_of("\n".join([line, *kept]))
    assert any(problem.startswith(f"f.yaml:1: {words}") for problem in problems), problems


def test_folders_with_a_dot_lie_beside_the_file_and_others_in_the_project(
    good_lines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("project/agent", "elsewhere/agent"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "project")
    file = tmp_path / "elsewhere/e.yaml"
    lines = [line for line in good_lines if not line.startswith("target")]
    file.write_text("\n".join([*lines, "target: ./agent"]))
    assert load_experiment(file).target.path == str(tmp_path / "elsewhere/agent")
    file.write_text("\n".join([*lines, "target: agent"]))
    assert load_experiment(file).target.path == "agent"
    file.write_text("\n".join([*lines, "target: {path: ./nothing}"]))
    with pytest.raises(
        InputError, match=r"e\.yaml:5: target\.path: no folder '.*elsewhere/nothing'"
    ):
        load_experiment(file)


def test_an_unreadable_file_says_why(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_experiment(tmp_path)


def test_an_experiment_that_is_not_there_names_the_nearest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "noisy.yaml").write_text("x")
    assert find_experiment("noisy.yaml") == Path("noisy.yaml")
    with pytest.raises(InputError, match=r"no such experiment; did you mean 'noisy\.yaml'\?"):
        find_experiment("nosy.yaml")
    with pytest.raises(InputError, match="is a folder"):
        find_experiment(str(tmp_path))


def test_the_experiments_that_come_with_agentlab_are_well_formed() -> None:
    from agentlab.references import builtin_root

    for file in (builtin_root() / "experiments").rglob("*.yaml"):
        is_sweep = "vary" in yaml.safe_load(file.read_text(encoding="utf-8"))
        assert load_sweep(file).points if is_sweep else load_experiment(file).name


def test_what_is_written_is_plain_yaml(good_lines: list[str]) -> None:
    experiment = parse_experiment("\n".join(good_lines).encode(), "f.yaml")
    assert yaml.safe_load(experiment_to_yaml(experiment))["budget"]["candidates"] == 4


@pytest.mark.parametrize(
    ("guard", "words"),
    [
        ("success > 0.9", "'>' is no comparison of a guard; use <= or >= (given: 'success > 0.9')"),
        ("p95(steps) <= 2x", "a percentile is compared with a number"),
        ("{metrc: success, margin: 0.1}", "unknown key; did you mean 'metric'?"),
        ("{metric: success}", "is required"),
    ],
)
def test_a_guard_is_told_what_it_may_say(good_lines: list[str], guard: str, words: str) -> None:
    lines = [*good_lines, "objective:", "  guards:", "    - success >= 0.9", f"    - {guard}"]
    problems = problems_of("\n".join(lines))
    assert any(p.startswith("f.yaml:9: objective.guards.1") and words in p for p in problems)


def test_folders_and_files_that_are_missing_are_told_in_one_go(
    good_lines: list[str], tmp_path: Path
) -> None:
    (tmp_path / "agnt.py").write_text("x = 1\n")
    text = f"""
name: noisy
environment: environments/brwser
target:
  path: {tmp_path}
  entry: agent.py:solve
meta: [{{kind: ideas, folder: nowhere}}]
budget: {{candidates: 4}}
"""
    environment, ideas, entry = problems_of(text)
    assert environment.startswith("f.yaml:3: environment: no folder 'environments/brwser'")
    assert ideas.startswith("f.yaml:7: meta.0.folder: no folder 'nowhere'")
    assert entry.startswith(f"f.yaml:6: target.entry: no file 'agent.py' in {tmp_path}; did you ")
