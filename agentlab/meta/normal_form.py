"""Candidates that differ only in what no interpreter sees are one candidate."""

from __future__ import annotations

import ast
import functools

from agentlab.core.candidate import Candidate
from agentlab.core.value import digest

__all__ = ["normal_form"]


def normal_form(candidate: Candidate) -> str:
    """Returns a digest that comments, formatting and docstrings do not change, 32 hex digits."""
    return digest({path: _of_file(path, content) for path, content in candidate.files.items()})


@functools.lru_cache(maxsize=512)
def _of_file(path: str, content: bytes) -> str:
    if not path.endswith(".py"):
        return digest(content)
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return digest(content)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            _drop_docstring(node)
    return digest(ast.dump(tree))


def _drop_docstring(
    node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
) -> None:
    if ast.get_docstring(node, clean=False) is not None:
        node.body[0] = ast.Pass()
