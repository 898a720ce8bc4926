from __future__ import annotations

import pytest
from pydantic import ValidationError

from agentlab.experiment.config import Experiment
from agentlab.experiment.document import read_document
from agentlab.experiment.problems import explain


def explained(text: str) -> list[str]:
    document = read_document(text.encode(), "f.yaml")
    with pytest.raises(ValidationError) as caught:
        Experiment.model_validate(document.value)
    return list(explain(caught.value, document))


def test_each_key_is_told_once_though_it_fails_every_branch_of_a_union() -> None:
    problems = explained("executor:\n  slots: many\n")
    assert len([problem for problem in problems if "slots" in problem]) == 1


def test_the_line_is_that_of_the_key_and_not_of_its_parent() -> None:
    problems = explained("limits:\n  wall_s: 3\n  mem_mb: big\n")
    assert "f.yaml:3: limits.mem_mb: must be a valid integer (given: 'big')" in problems


def test_a_long_value_is_cut() -> None:
    problems = explained(f"seed: {'x' * 5000}\n")
    assert all(len(problem) < 200 for problem in problems)


def test_a_list_is_not_called_too_short_because_its_items_are_wrong() -> None:
    assert not any("needs at least one" in problem for problem in explained("meta: [nothing]\n"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "objective: {guards: [3]}",
            "objective.guards.0: must be a line or a mapping, such as `success >= 0.9` or "
            "`{metric: success, margin: 0.02}` (given: 3)",
        ),
        (
            "objective: {guards: [[success, 0.9]]}",
            "objective.guards.0: must be a line or a mapping, such as `success >= 0.9`",
        ),
        (
            'objective: {guards: "success >= 0.9"}',
            "objective.guards: must be a list, such as `guards: [success >= 0.9]` "
            "(given: 'success >= 0.9')",
        ),
        (
            "objective: {rule: [paired]}",
            "objective.rule: must be a name or a mapping, such as `rule: paired` or "
            "`rule: {name: paired, alpha: 0.01}`",
        ),
        ("objective: success", "objective: must be a mapping, such as `objective: {maximise: "),
        ("objective: {then: steps}", "objective.then: must be a mapping, such as `then: {minimise"),
        ("meta: mutation", "meta: must be a list, such as `meta: [mutation]` (given: 'mutation')"),
        ("meta: [5]", "meta.0: must be a name or a mapping, such as `mutation`"),
        ("environment: [x]", "environment: must be a name or a mapping, such as `environment: env"),
        ("target: [x]", "target: must be a folder or a mapping, such as `target: my/agent`"),
        ("target: {path: x, editable: a.py}", 'target.editable: must be a list, such as `["*.py"'),
        ("budget: 40", "budget: must be a mapping, such as `budget: {candidates: 40}` (given: 40)"),
        ("rounds: [rank]", "rounds.0: must be a mapping, such as `{open: [ranking]}`"),
        ("rounds: [{open: rank}]", "rounds.0.open: must be a list, such as `open: [ranking]`"),
        ("measure: {baselines: random}", "measure.baselines: must be a list, such as `basel"),
        ("accept: leaks", "accept: must be a list, such as `accept: [leaks]` (given: 'leaks')"),
    ],
)
def test_what_has_the_wrong_form_is_shown_the_usual_one(line: str, words: str) -> None:
    assert any(problem.startswith(f"f.yaml:1: {words}") for problem in explained(line))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("measure: {baselines: [random, random]}", "measure.baselines: `random` stands twice"),
        ("accept: [leaks, noise, leaks]", "accept: `leaks` stands twice"),
        ("meta: [mutation, mutation]", "meta: `kind='mutation'` stands twice"),
        ('objective: {guards: ["steps<=9", steps <= 9]}', "objective.guards: `steps <= 9` stands"),
        ("rounds: [{open: [rest, rest]}]", "rounds.0.open: `rest` stands twice"),
        ('target: {path: x, editable: ["*.py", "*.py"]}', "target.editable: `*.py` stands twice"),
        ("target: {path: x, packages: [numpy, numpy]}", "target.packages: `numpy` stands twice"),
    ],
)
def test_what_stands_twice_in_a_list_of_names_is_refused(line: str, words: str) -> None:
    assert any(problem.startswith(f"f.yaml:1: {words}") for problem in explained(line))


def test_two_banks_of_ideas_are_two_sources() -> None:
    line = "meta: [{kind: ideas, folder: a}, {kind: ideas, folder: b}]"
    assert not any("meta" in problem for problem in explained(line))
