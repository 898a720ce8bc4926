"""Operators on comparisons, connectives, conditions and arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from agentlab.meta.mutation.replacement import Replacement, source_of
from agentlab.meta.mutation.surroundings import Surroundings

__all__ = ["of_logic"]

_COMPARISONS: dict[type[cst.BaseCompOp], tuple[type[cst.BaseCompOp], ...]] = {
    cst.LessThan: (cst.LessThanEqual, cst.GreaterThan),
    cst.LessThanEqual: (cst.LessThan, cst.GreaterThanEqual),
    cst.GreaterThan: (cst.GreaterThanEqual, cst.LessThan),
    cst.GreaterThanEqual: (cst.GreaterThan, cst.LessThanEqual),
    cst.Equal: (cst.NotEqual,),
    cst.NotEqual: (cst.Equal,),
    cst.In: (cst.NotIn,),
    cst.NotIn: (cst.In,),
    cst.Is: (cst.IsNot,),
    cst.IsNot: (cst.Is,),
}
_ARITHMETIC: dict[type[cst.BaseBinaryOp], tuple[type[cst.BaseBinaryOp], ...]] = {
    cst.Add: (cst.Subtract,),
    cst.Subtract: (cst.Add,),
    cst.Multiply: (cst.Divide, cst.Add),
    cst.Divide: (cst.Multiply,),
}


def of_logic(node: cst.CSTNode, _around: Surroundings) -> Iterator[Replacement]:
    """Yields other conditions and other arithmetic."""
    if isinstance(node, cst.Comparison):
        yield from _comparison(node)
    elif isinstance(node, cst.BooleanOperation):
        yield from _connective(node)
    elif isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        yield Replacement("drop_not", f"{source_of(node)} without not", node.expression)
    elif isinstance(node, cst.If | cst.While | cst.IfExp):
        yield from _condition(node)
    elif isinstance(node, cst.BinaryOperation):
        yield from _arithmetic(node)
    elif isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        yield Replacement("drop_minus", f"{source_of(node)} without minus", node.expression)
    elif isinstance(node, cst.CompFor):
        yield from _filters(node)


def _comparison(node: cst.Comparison) -> Iterator[Replacement]:
    for place, target in enumerate(node.comparisons):
        for other in _COMPARISONS.get(type(target.operator), ()):
            changed = target.with_changes(operator=other())
            made = node.with_changes(
                comparisons=[*node.comparisons[:place], changed, *node.comparisons[place + 1 :]]
            )
            yield Replacement("change_comparison", f"{source_of(node)} -> {source_of(made)}", made)


def _connective(node: cst.BooleanOperation) -> Iterator[Replacement]:
    other = cst.Or() if isinstance(node.operator, cst.And) else cst.And()
    made = node.with_changes(operator=other)
    yield Replacement("change_connective", f"{source_of(node)} -> {source_of(made)}", made)
    for side in (node.left, node.right):
        yield Replacement("drop_condition", f"{source_of(node)} -> {source_of(side)}", side)


def _condition(node: cst.If | cst.While | cst.IfExp) -> Iterator[Replacement]:
    for word in ("True", "False"):
        # An endless loop costs a whole time-out and never helps.
        if not (isinstance(node, cst.While) and word == "True"):
            made = node.with_changes(test=cst.Name(word))
            yield Replacement("fix_condition", f"{source_of(node.test)} -> {word}", made)
    negated = cst.UnaryOperation(
        cst.Not(),
        node.test.with_changes(
            lpar=[*node.test.lpar, cst.LeftParen()], rpar=[*node.test.rpar, cst.RightParen()]
        ),
    )
    yield Replacement(
        "negate_condition", f"not ({source_of(node.test)})", node.with_changes(test=negated)
    )


def _arithmetic(node: cst.BinaryOperation) -> Iterator[Replacement]:
    for other in _ARITHMETIC.get(type(node.operator), ()):
        made = node.with_changes(operator=other())
        yield Replacement("change_arithmetic", f"{source_of(node)} -> {source_of(made)}", made)
    for side in (node.left, node.right):
        yield Replacement("drop_operand", f"{source_of(node)} -> {source_of(side)}", side)


def _filters(node: cst.CompFor) -> Iterator[Replacement]:
    for place, condition in enumerate(node.ifs):
        made = node.with_changes(ifs=[*node.ifs[:place], *node.ifs[place + 1 :]])
        yield Replacement("drop_filter", f"without `{source_of(condition)}`", made)
