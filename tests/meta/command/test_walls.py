"""What a coding agent sees behind its walls."""

from __future__ import annotations

import json
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import agentlab
from agentlab.meta.command.process import Ended, run_command
from agentlab.meta.command.walls import HOME, WORKTREE, Desk, places_of, walled
from agentlab.sandbox.probe import probe
from agentlab.testing.commands import write_command
from tests.meta.command.test_keeper import ESCAPE, is_gone

needs_walls = pytest.mark.skipif(not probe().is_isolated, reason="no walls on this machine")
VARIABLES = {"AGENTLAB_SEED": "0", "AGENTLAB_ATTEMPT": "0", "HOME": str(HOME)}


def run(
    source: str,
    tmp_path: Path,
    *,
    places: tuple[Path, ...] = (),
    has_network: bool = True,
    wall_s: float = 60,
) -> Ended:
    desk = Desk.below(tmp_path)
    (desk.worktree / ".agentlab").mkdir()
    (desk.worktree / ".agentlab/brief.md").touch()
    program = write_command(tmp_path / "program", source)
    words = walled(
        [str(program)],
        desk,
        places=[*places_of(program), *places],
        has_network=has_network,
        is_isolated=True,
    )
    return run_command(
        words, folder=tmp_path, variables=VARIABLES, wall_s=wall_s, stop=threading.Event()
    )


def answer(source: str, tmp_path: Path, **options: Any) -> Any:
    ended = run(f"import json\n{source}", tmp_path, **options)
    assert ended.code == 0, ended.said
    return json.loads(ended.said)


@needs_walls
def test_it_sees_its_worktree_its_home_and_the_system(tmp_path: Path) -> None:
    seen = answer(
        "print(json.dumps([os.getcwd(), os.path.expanduser('~'), os.getuid(), os.listdir('/home'),"
        " os.path.isdir('/usr/bin'), os.listdir(os.path.expanduser('~'))]))",
        tmp_path,
    )
    assert seen == [str(WORKTREE), str(HOME), 1000, ["agent"], True, []]


@needs_walls
def test_it_sees_no_project_no_package_and_no_process_of_ours(tmp_path: Path) -> None:
    package = Path(agentlab.__file__).parent
    secret = tmp_path / "secret"
    secret.write_text("x")
    asked = [str(package), str(package.parent / "tasks"), str(Path.home() / ".ssh"), str(secret)]
    seen = answer(
        f"pids = [int(name) for name in os.listdir('/proc') if name.isdigit()]\n"
        f"print(json.dumps([[os.path.exists(p) and bool(os.listdir(p) if os.path.isdir(p) else 1)"
        f" for p in {asked!r}], max(pids) < 50]))",
        tmp_path,
    )
    assert seen == [[False, False, False, False], True]


@needs_walls
def test_our_package_stays_hidden_where_the_place_it_lies_in_is_shown(tmp_path: Path) -> None:
    package = Path(agentlab.__file__).parent
    shown = tuple(place for place in (package.parent,) if place.is_dir())
    seen = answer(
        f"print(json.dumps([os.listdir({str(package)!r}), os.path.isdir({str(shown[0])!r})]))",
        tmp_path,
        places=shown,
    )
    assert seen == [[], True]


@needs_walls
def test_what_it_is_shown_it_cannot_write(tmp_path: Path) -> None:
    shown = tmp_path / "shown"
    shown.mkdir()
    seen = answer(
        "def can_write(path):\n"
        "    try:\n        open(path, 'w').close()\n    except OSError:\n        return False\n"
        "    return True\n"
        f"print(json.dumps([can_write(p + '/x') for p in ('/usr', {str(shown)!r}, '/worktree')]))",
        tmp_path,
        places=(shown,),
    )
    assert seen == [False, False, True]
    assert (tmp_path / "worktree/x").is_file()


@needs_walls
@pytest.mark.parametrize("has_network", [True, False])
def test_the_network_is_there_if_it_may_be_used(has_network: bool, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        seen = answer(
            "import socket\n"
            f"try:\n    socket.create_connection(('127.0.0.1', {port})).close(); seen = True\n"
            "except OSError:\n    seen = False\n"
            "print(json.dumps(seen))",
            tmp_path,
            has_network=has_network,
        )
    assert seen is has_network


@needs_walls
@pytest.mark.parametrize("then", ["sys.exit(0)", "time.sleep(600)"])
def test_nothing_outlives_it_whether_it_ends_or_hangs(then: str, tmp_path: Path) -> None:
    source = "sys.argv[1:] = ['/worktree/pid']\n" + ESCAPE + then
    ended = run(source, tmp_path, wall_s=3 if "sleep" in then else 60)
    assert ended.code == (None if "sleep" in then else 0)
    assert (tmp_path / "worktree/pid").is_file(), "the grandchild ran"
    ours = [path for path in Path("/proc").glob("[0-9]*/cmdline") if _names(path, tmp_path)]
    assert [path for path in ours if not is_gone(int(path.parent.name))] == []


def _names(cmdline: Path, folder: Path) -> bool:
    try:
        return str(folder / "program").encode() in cmdline.read_bytes()
    except OSError:
        return False


def test_a_program_comes_with_its_interpreter_and_virtual_environment(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "pyvenv.cfg").touch()
    (venv / "bin/python").symlink_to(Path(sys.executable).resolve())
    program = venv / "bin/agent"
    program.write_text(f"#!{venv}/bin/python\n")
    link = tmp_path / "agent"
    link.symlink_to("venv/bin/agent")
    found = places_of(link)
    assert {link, program, venv, venv / "bin/python"} <= set(found)
    assert Path(sys.executable).resolve().parent.parent in found or sys.base_prefix == "/usr"


def test_a_script_of_node_comes_with_the_modules_it_lies_in(tmp_path: Path) -> None:
    modules = tmp_path / "lib/node_modules"
    script = modules / "agent/cli.js"
    script.parent.mkdir(parents=True)
    script.write_text("#!/usr/bin/env no-such-node\n")
    (tmp_path / "bin").mkdir()
    link = tmp_path / "bin/agent"
    link.symlink_to("../lib/node_modules/agent/cli.js")
    assert set(places_of(link)) == {link, script, modules}
