"""What kind of edit a candidate is, whoever proposed it."""

from __future__ import annotations

import ast
import functools
import re
import warnings

from agentlab.core.candidate import Files
from agentlab.core.ceiling import EditKind

__all__ = ["edit_kind"]

_NUMBER = re.compile(rb"(?<![\w.])-?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.])")


def edit_kind(before: Files, after: Files) -> EditKind:
    """Returns `numbers` where nothing but numbers differs, else `structure`.

    >>> edit_kind({"a.py": b"x = 1 if y else -2"}, {"a.py": b"x = 7.5 if y else 3"})
    'numbers'
    >>> edit_kind({"a.py": b"x = 1 + y"}, {"a.py": b"x = 1 - y"})
    'structure'
    """
    if before.keys() != after.keys():
        return "structure"
    changed = [path for path in before if before[path] != after[path]]
    is_same = all(_masked(path, before[path]) == _masked(path, after[path]) for path in changed)
    return "numbers" if is_same else "structure"


@functools.lru_cache(maxsize=64)
def _masked(path: str, content: bytes) -> bytes | str:
    """Returns a file in which all numbers are alike; of Python, its syntax tree."""
    if path.endswith(".py"):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.dump(_Alike().visit(ast.parse(content)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass
    return _NUMBER.sub(b"0", content)


class _Alike(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant(0) if _is_number(node) else node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        if isinstance(node.op, ast.USub) and _is_number(node.operand):
            return ast.Constant(0)
        return self.generic_visit(node)


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float, complex)
