"""The house: every module has its test, every command its help, every environment its parts."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "agentlab"


def modules() -> list[Path]:
    """Returns the library's own modules; what candidates bring and what is generated is not."""
    skipped = {"targets", "migrations", "_bundled", "__pycache__"}
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if not skipped & set(path.relative_to(PACKAGE).parts)
    ]


def inner(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def does_something(path: Path) -> bool:
    """Tells code from what only names things: protocols, values, packages."""
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return any(_has_body(function) for function in functions)


def _has_body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return not all(
        isinstance(statement, ast.Pass)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in function.body
    )


# What runs inside the sandbox is tested through it, in tests/sandbox.
TESTED = [
    inner(path)
    for path in modules()
    if path.name not in {"__init__.py", "__main__.py"}
    and path.parent.name != "inside"
    and does_something(path)
]
ENVIRONMENTS = sorted(
    path.parent for path in (ROOT / "environments").glob("*/environment.py") if path.is_file()
)


@pytest.mark.parametrize("module", TESTED)
def test_every_module_has_its_test_file(module: str) -> None:
    folder, _, name = module.rpartition("/")
    mirror = ROOT / "tests" / folder / f"test_{name}"

    assert mirror.is_file(), f"agentlab/{module} has no {mirror.relative_to(ROOT)}"


@pytest.mark.parametrize("module", [inner(path) for path in modules()])
def test_public_names_are_declared_and_there(module: str) -> None:
    tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
    declared = _declared_names(tree)
    defined = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    public = {name for name in defined if not name.startswith("_")}

    assert public <= set(declared), "public, but not in __all__"
    assert sorted(declared, key=_constants_first) == declared, "not sorted"


def _declared_names(tree: ast.Module) -> list[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    return []


def _constants_first(name: str) -> tuple[int, str]:
    """Orders as ruff does: CONSTANTS, Classes, the rest."""
    kind = 0 if name.isupper() else 1 if name[:1].isupper() else 2
    return kind, name


@pytest.mark.parametrize("folder", ENVIRONMENTS, ids=lambda folder: folder.name)
def test_every_environment_is_complete(folder: Path) -> None:
    suites = (ROOT / "tests" / "environments" / folder.name).glob("test_*.py")
    inherits_suite = re.compile(r"^class \w+\(.*EnvironmentSuite.*\):", re.MULTILINE)

    assert (folder / "README.md").is_file()
    assert [*folder.glob("target/*.py"), *folder.glob("targets/*/*.py")]
    assert any(inherits_suite.search(path.read_text(encoding="utf-8")) for path in suites)


@pytest.mark.parametrize("folder", sorted((ROOT / "tasks").glob("*/")), ids=lambda path: path.name)
def test_every_task_folder_tells_its_source(folder: Path) -> None:
    assert (folder / "README.md").is_file()


def test_nothing_imports_an_environment_by_name() -> None:
    by_name = re.compile(
        r"(from|import) (environments|tasks)\b|import_module\(.(environments|tasks)\b"
    )
    guilty = [inner(path) for path in modules() if by_name.search(path.read_text(encoding="utf-8"))]

    assert guilty == []


def test_every_command_has_help_and_a_place_in_the_reference() -> None:
    from typer.main import get_command

    from agentlab.cli.main import app

    reference = (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8")
    commands = getattr(get_command(app), "commands")  # noqa: B009 - a group, which typer hides
    for name, command in commands.items():
        assert command.help, f"agentlab {name} has no help"
        assert f"## agentlab {name}\n" in reference, f"agentlab {name} is not in cli.md"
        without = [option.name for option in command.params if not getattr(option, "help", "x")]
        assert without == [], f"agentlab {name}: no help for {without}"


def test_no_open_ends() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    sources = [*modules(), *(ROOT / "environments").rglob("*.py"), *(ROOT / "docs").rglob("*.md")]
    guilty = [
        path.relative_to(ROOT).as_posix()
        for path in sources
        if marks.search(path.read_text(encoding="utf-8"))
    ]

    assert guilty == []
