"""Candidates that differ only in what no interpreter sees are one candidate.

Names of variables count: a tool is called by name, and `locals()` or `getattr` may read any.
"""

from __future__ import annotations

import ast
import functools
import warnings

from agentlab.core.candidate import Candidate
from agentlab.core.value import digest

__all__ = ["normal_form"]


def normal_form(candidate: Candidate) -> str:
    """Returns a digest that comments, formatting and docstrings do not change, 32 hex digits.

    In a target that may read its own source, every byte counts.
    """
    reads_itself = any(
        word in content for content in candidate.files.values() for word in _SELF_READING
    )
    return digest(
        {path: _of_file(path, content, reads_itself) for path, content in candidate.files.items()}
    )


_SELF_READING = (b"__doc__", b"__file__", b"inspect", b"linecache", b"traceback", b"_getframe")
"""What a target may read its own source or documentation with."""


@functools.lru_cache(maxsize=512)
def _of_file(path: str, content: bytes, reads_itself: bool) -> str:
    if reads_itself or not path.endswith(".py"):
        return digest(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
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
