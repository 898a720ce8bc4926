"""The functions of a Python file: what each says it does, and its code without saying so."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Function", "functions_of", "without_name"]

_LEAST_WORDS = 4
_WORD = re.compile(r"\w+")


class Function(NamedTuple):
    """A function that is documented."""

    module: str
    name: str
    """Its own, without those of its classes."""

    said: str
    """The first paragraph of its docstring, on one line."""

    code: str
    """Its source without the docstring, with its comments."""


def functions_of(module: str, source: str) -> Iterator[Function]:
    """Yields the functions of a file, those inside of others too, in their order.

    A docstring whose first paragraph has fewer than four words asks for nothing that can be found.

    Raises:
        SyntaxError: it is no Python.
    """
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        said = " ".join((ast.get_docstring(node) or "").partition("\n\n")[0].split())
        code = _code_of(node, lines)
        if len(_WORD.findall(said)) >= _LEAST_WORDS and code:
            yield Function(module, node.name, said, code)


def _code_of(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> str:
    """Returns a function's own lines but for those of its docstring; empty where nothing is left.

    What shares a line with the docstring goes with it.
    """
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    docstring = node.body[0]
    if len(node.body) == 1 or docstring.lineno == node.lineno:
        return ""
    kept = [
        *lines[first - 1 : docstring.lineno - 1],
        *lines[docstring.end_lineno : node.end_lineno],
    ]
    return textwrap.dedent("".join(kept)).rstrip()


def without_name(function: Function, substitute: str = "function") -> str:
    r"""Returns the code of a function in which its own name is another, wherever it stands.

    >>> without_name(Function("m", "fold", "", "def fold(x):\n    return fold(x.folded)"))
    'def function(x):\n    return function(x.folded)'
    """
    return re.sub(rf"\b{re.escape(function.name)}\b", substitute, function.code)
