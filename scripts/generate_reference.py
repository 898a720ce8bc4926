"""Writes docs/reference/cli.md and config.md from the command line and the configuration.

With `--check` it writes nothing and exits with 1 if a page is not what it would write.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from typer.main import get_command

from agentlab.cli.main import app
from agentlab.experiment.config import Experiment

REFERENCE = Path(__file__).resolve().parent.parent / "docs/reference"
WRITTEN = "<!-- Written by `make docs`; do not edit. -->\n"


def pages() -> dict[str, str]:
    """Returns the text of each page, by file name."""
    return {"cli.md": command_line_page(), "config.md": configuration_page()}


def command_line_page() -> str:
    """Returns the help of the program and of each command."""
    group: Any = get_command(app)
    top = group.make_context("agentlab", [], resilient_parsing=True, terminal_width=88)
    parts = [WRITTEN, "# The command line\n", _help(group, top)]
    for name, command in group.commands.items():
        inner = command.make_context(name, [], parent=top, resilient_parsing=True)
        parts += [f"## agentlab {name}\n", _help(command, inner)]
    return "\n".join(parts)


def configuration_page() -> str:
    """Returns every key of an experiment file, with type, default and meaning."""
    parts = [
        WRITTEN,
        "# The experiment file\n",
        "YAML. An unknown key is an error; all mistakes are told at once, each with its line. "
        "`--set key.sub=value` overrides a key.\n",
    ]
    for title, model in _models(Experiment, "The whole file"):
        parts += [f"## {title}\n", inspect.getdoc(model) or "", "", _table(model)]
    return "\n".join(parts)


def _help(command: Any, context: Any) -> str:
    return f"```\n{command.get_help(context).strip()}\n```\n"


def _models(model: type[BaseModel], title: str) -> Iterator[tuple[str, type[BaseModel]]]:
    yield title, model
    for name, field in model.model_fields.items():
        for inner in _models_in(field.annotation):
            key = name if title == "The whole file" else f"{title.strip('`')}.{name}"
            tag = _tag_of(inner)
            yield from _models(inner, f"`{key}` ({tag})" if tag else f"`{key}`")


def _tag_of(model: type[BaseModel]) -> str | None:
    """Returns what chooses a model among those that a key may be, None where it is alone."""
    for name in ("kind", "name"):
        field = model.model_fields.get(name)
        values = typing.get_args(field.annotation) if field else ()
        if len(values) == 1:
            return str(values[0])
    return None


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in typing.get_args(annotation) for model in _models_in(inner)]


def _table(model: type[BaseModel]) -> str:
    meanings = _field_docstrings(model)
    rows = ["| key | type | default | meaning |", "|---|---|---|---|"]
    for name, field in model.model_fields.items():
        meaning = meanings.get(name, "").replace("|", "\\|")
        rows.append(f"| `{name}` | {_type(field)} | {_default(field)} | {meaning} |")
    return "\n".join(rows) + "\n"


def _field_docstrings(model: type[BaseModel]) -> dict[str, str]:
    """Returns the string under each field, by its name, those that it inherits among them."""
    found: dict[str, str] = {}
    for parent in reversed(model.__mro__):
        if issubclass(parent, BaseModel) and parent.__module__.startswith("agentlab"):
            found |= _own_docstrings(parent)
    return found


def _own_docstrings(model: type[BaseModel]) -> dict[str, str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for field, below in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            text = _string(below)
            if text is not None:
                found[field.target.id] = " ".join(text.split())
    return found


def _string(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return statement.value.value if isinstance(statement.value.value, str) else None
    return None


def _type(field: FieldInfo) -> str:
    bounds = "".join(
        f" {sign} {getattr(bound, word)}"
        for bound in field.metadata
        for word, sign in (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<"))
        if hasattr(bound, word)
    )
    return (_name_of(field.annotation) + bounds).replace("|", "\\|")


def _name_of(annotation: Any) -> str:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _name_of(inner[0])
    if origin is typing.Literal:
        return " | ".join(f"`{value}`" for value in inner)
    if origin in (typing.Union, types.UnionType):
        names = [_name_of(part) for part in inner if part is not type(None)]
        return " | ".join(dict.fromkeys(names))
    if origin is tuple:
        return f"list of {_name_of(inner[0])}"
    if origin is dict:
        return "mapping"
    if _models_in(annotation):
        return "section"
    words = {"str": "text", "int": "integer", "float": "number", "bool": "true or false"}
    return (words | {"Bound": "text"}).get(getattr(annotation, "__name__", ""), str(annotation))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True)
    if default is PydanticUndefined or isinstance(default, BaseModel) or default in ((), {}):
        return ""
    if default is None:
        return "none"
    if isinstance(default, tuple):
        return ", ".join(f"`{value}`" for value in default)
    return f"`{default}`"


def main() -> int:
    """Writes the pages, or tells whether they are as they would be written."""
    stale = [name for name, text in pages().items() if _current(name) != text]
    if "--check" in sys.argv[1:]:
        print("\n".join(f"docs/reference/{name} is stale; run: make docs" for name in stale))
        return 1 if stale else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (REFERENCE / name).write_text(pages()[name], encoding="utf-8")
        print(f"wrote docs/reference/{name}")
    return 0


def _current(name: str) -> str | None:
    file = REFERENCE / name
    return file.read_text(encoding="utf-8") if file.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
