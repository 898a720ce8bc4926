"""What `import agentlab` and `agentlab --help` cost and load, each in a Python of its own."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import agentlab

HEAVY = {
    "alembic",
    "bm25s",
    "cryptography",
    "langgraph",
    "libcst",
    "litellm",
    "mujoco",
    "numpy",
    "onnxruntime",
    "playwright",
    "ray",
    "sqlalchemy",
    "sqlmodel",
    "tokenizers",
    "torch",
}

REPORT = """
import json, resource, sys
used = resource.getrusage(resource.RUSAGE_SELF)
loaded = sorted({name.partition(".")[0] for name in sys.modules})
print("\\n" + json.dumps({"cpu_s": used.ru_utime + used.ru_stime, "loaded": loaded}))
"""


def outcome_of(program: str) -> tuple[float, set[str]]:
    """Returns the CPU seconds of a fresh Python that runs the program, and what it has loaded."""
    ran = subprocess.run(
        [sys.executable, "-c", program + REPORT], capture_output=True, text=True, check=True
    )
    report = json.loads(ran.stdout.splitlines()[-1])
    return report["cpu_s"], set(report["loaded"])


def least_cpu_s(program: str) -> float:
    """Returns the least of several runs: what is above it was spent by the machine."""
    return min(outcome_of(program)[0] for _ in range(5))


HELP = """
from agentlab.cli.main import call
assert call(["--help"]) == 0
"""


@pytest.mark.parametrize("program", ["import agentlab", HELP], ids=["import", "help"])
def test_nothing_heavy_is_loaded(program: str) -> None:
    _, loaded = outcome_of(program)

    assert "agentlab" in loaded
    assert loaded & HEAVY == set()


def test_import_alone_does_not_load_pydantic() -> None:
    _, loaded = outcome_of("import agentlab")

    assert "pydantic" not in loaded


@pytest.mark.serial
@pytest.mark.parametrize(
    ("program", "most_s"), [("import agentlab", 0.150), (HELP, 0.300)], ids=["import", "help"]
)
def test_starting_is_quick(program: str, most_s: float) -> None:
    assert least_cpu_s(program) - least_cpu_s("") <= most_s


@pytest.mark.parametrize("name", agentlab.__all__)
def test_every_public_name_can_be_had(name: str) -> None:
    assert getattr(agentlab, name) is not None
    assert name in dir(agentlab)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Enviroment'"):
        getattr(agentlab, "Enviroment")  # noqa: B009 - mypy knows that there is none


def test_type_checkers_and_python_see_the_same_names() -> None:
    tree = ast.parse(Path(agentlab.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    typed = {
        (alias.name, node.module)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    assert typed == set(agentlab._MODULE_OF.items())
    assert {name for name, _ in typed} | {"__version__"} == set(agentlab.__all__)
