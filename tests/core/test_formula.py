"""A weighted sum of metrics: what is written is what is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.formula import NAME, Formula, Term, composite, number_words, parse_formula

names = st.from_regex(NAME, fullmatch=True)
weights = st.floats(allow_nan=False, allow_infinity=False).filter(bool)
formulas = st.lists(
    st.builds(Term, weights, names), min_size=1, max_size=4, unique_by=lambda term: term.metric
).map(lambda terms: Formula(tuple(terms)))


@given(formulas)
def test_a_sum_that_is_written_reads_back_as_the_same(formula: Formula) -> None:
    assert parse_formula(str(formula)) == formula


@given(weights)
def test_a_number_that_is_written_reads_back_as_the_same(number: float) -> None:
    assert float(number_words(number)) == number


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("success", [(1, "success")]),
        ("0.8*success + 0.2*mrr", [(0.8, "success"), (0.2, "mrr")]),
        ("0.8*success+.2 * mrr", [(0.8, "success"), (0.2, "mrr")]),
        ("success - 0.001*steps", [(1, "success"), (-0.001, "steps")]),
        ("-1e-3*steps + success", [(-0.001, "steps"), (1, "success")]),
        ("p-at-12 - ndcg@10", [(1, "p-at-12"), (-1, "ndcg@10")]),
    ],
)
def test_weights_and_signs_are_read_as_they_are_meant(
    text: str, terms: list[tuple[float, str]]
) -> None:
    assert list(parse_formula(text).terms) == terms


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot read ''"),
        ("0.8*", "cannot read '0.8*'"),
        ("0.8*success +", r"cannot read '\+'"),
        ("success mrr", "cannot read 'mrr'"),
        ("0.8*success-0.2*steps", "blanks around"),
        ("0*success + mrr", "weighs nothing"),
        ("1e999*success", "weighs nothing"),
        ("success + 2*success", "'success' is in it twice"),
        ("0.5 + success", "cannot read '0.5"),
    ],
)
def test_what_is_no_sum_is_told_with_what_would_be(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("*", r"\*")):
        parse_formula(text)


def test_a_sum_of_what_was_not_measured_has_no_value() -> None:
    formula = parse_formula("0.5*a - 2*b")
    assert formula.value({"a": 4.0, "b": 0.5}.get) == 1.0
    assert formula.value({"a": 4.0}.get) is None
    assert formula.metrics == ("a", "b")


@pytest.mark.parametrize("metric", ["success", "ndcg@10", "p-at-12", "mean reward"])
def test_a_name_alone_is_no_sum(metric: str) -> None:
    assert composite(metric) is None
