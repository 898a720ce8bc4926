"""A coding agent as a meta-agent, with real programs."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from agentlab.core.attempt import Attempt
from agentlab.core.candidate import Candidate, TargetSpec
from agentlab.core.meta_agent import MetaAgent
from agentlab.core.objective import Objective
from agentlab.errors import ProposerDown
from agentlab.meta.command.agent import CommandAgent, CommandSettings
from agentlab.meta.command.registry import CLIS
from agentlab.search.lab import RunLab
from agentlab.testing.commands import write_command
from agentlab.testing.meta_agent_suite import MetaAgentSuite
from tests.meta.command.test_keeper import is_gone, wait_until

BASELINE = Candidate(
    files={
        "agent.py": b"LIMIT = 1\n\n\ndef solve(goal, tools):\n    return LIMIT\n",
        "judge.py": b"frozen\n",
    }
)
TARGET = TargetSpec(editable=("agent.py",))

RAISE = """
file = worktree / "agent.py"
file.write_text(f"# {seed} {attempt} {len(file.read_text())}\\n" + file.read_text())
hypothesis(f"Attempt {attempt}\\nThe limit is too low: all tasks, +0.1.")
"""

Make = Callable[..., CommandAgent]


def fresh_lab() -> RunLab:
    return RunLab(
        target=TARGET,
        objective=Objective(),
        baseline=BASELINE,
        candidate={BASELINE.digest: BASELINE}.__getitem__,
    )


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def make_agent(source: str, *, attempts: Path | None = None, **settings: Any) -> CommandAgent:
        program = write_command(tmp_path / "program", source)
        chosen = {"is_isolated": False, "wall_s": 60.0, "cli": CLIS["generic"], **settings}
        return CommandAgent(
            CommandSettings(name="scripted", program=program, words=(), **chosen),
            attempts=attempts,
        )

    return make_agent


class Asked(NamedTuple):
    candidates: Sequence[Candidate]
    failures: list[str]
    attempts: Sequence[Attempt]


def ask(agent: CommandAgent, *, count: int = 1, seed: int = 1) -> Asked:
    lab = fresh_lab()
    found = agent.propose(lab, [BASELINE], count=count, seed=seed)
    attempts = lab.take_reported()
    made = [attempt.candidate for attempt in attempts if attempt.candidate]
    assert made == [candidate.digest for candidate in found]
    return Asked(found, [attempt.failure for attempt in attempts if attempt.failure], attempts)


class TestCommandAgent(MetaAgentSuite):
    rounds = 2

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.program = write_command(tmp_path / "program", RAISE)

    def make_agent(self, baseline: Candidate) -> MetaAgent:
        return CommandAgent(
            CommandSettings(
                name="scripted",
                cli=CLIS["generic"],
                program=self.program,
                words=(),
                is_isolated=False,
            )
        )


def test_what_it_leaves_is_proposed_with_its_hypothesis(make: Make) -> None:
    ((candidate,), _, (attempt,)) = ask(make(RAISE))
    assert attempt.approach == candidate.label
    assert candidate.files["agent.py"].startswith(b"# 1 0 ")
    assert candidate.parent == BASELINE.digest
    assert candidate.label == "Attempt 0"
    assert "all tasks, +0.1" in candidate.hypothesis
    assert candidate.provenance == "model"


def test_a_hypothesis_may_stand_in_the_last_lines_that_it_prints(make: Make) -> None:
    edit = "(worktree / 'agent.py').write_text(brief and 'def solve(g, t): return 2\\n')\n"
    ((candidate,), _, _) = ask(
        make(edit + "print('Hypothesis: no\\n**Hypothesis:** twice is better')")
    )
    assert candidate.hypothesis == "twice is better"
    ((silent,), _, _) = ask(make(edit))
    assert (silent.label, silent.hypothesis) == ("agent.py", "none was told")


def test_a_hypothesis_and_a_price_are_read_from_a_json_answer(make: Make, tmp_path: Path) -> None:
    said = json.dumps({"result": "Done.\nHypothesis: it helps", "total_cost_usd": 0.25})
    edit = "(worktree / 'agent.py').write_text('def solve(g, t): return 2\\n')\n"
    agent = make(f"{edit}print({said!r})", cli=CLIS["claude-code"], attempts=tmp_path / "attempts")
    ((candidate,), _, (attempt,)) = ask(agent)
    assert (candidate.hypothesis, attempt.cost_usd) == ("it helps", 0.25)
    (kept,) = (tmp_path / "attempts").iterdir()
    assert json.loads(kept.read_text())["cost_usd"] == 0.25


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("(worktree / 'judge.py').write_text('mine')", "judge.py: changed, but frozen"),
        ("(worktree / '.git').mkdir()", ".git: Git's own files may not be written"),
        ("(worktree / 'agent.py').unlink()", "agent.py: removed"),
        ("(worktree / 'agent.py').write_text('def solve(:')", "agent.py: does not parse"),
        ("(worktree / 'agent.py').write_text('import torch')", "imports 'torch'"),
        ("print('All is well.')", "changed nothing; it said: All is well."),
    ],
)
def test_what_may_not_be_is_refused_and_nothing_of_it_is_taken(
    source: str, said: str, make: Make
) -> None:
    found, (failure,), _ = ask(make(RAISE + source if "worktree" in source else source))
    assert said in failure
    assert found == []


def test_a_twin_of_an_earlier_proposal_is_refused(make: Make) -> None:
    edit = "(worktree / 'agent.py').write_text('def solve(g, t): return 2\\n')"
    found, failures, _ = ask(make(edit), count=2)
    assert len(found) == 1
    assert failures == ["the same files as an earlier proposal"]


def test_edits_of_one_that_ended_badly_count_all_the_same(make: Make) -> None:
    assert len(ask(make(RAISE + "sys.exit(1)")).candidates) == 1


def test_of_one_that_hangs_nothing_is_taken(make: Make) -> None:
    found, (failure,), _ = ask(make(RAISE + "time.sleep(600)", wall_s=1.5))
    assert failure.startswith("did not end within 1.5 s, so it was ended")
    assert found == []


def test_one_that_does_not_work_is_asked_three_times_in_all(make: Make, tmp_path: Path) -> None:
    count = f"open({str(tmp_path / 'asked')!r}, 'a').write('x')\n"
    agent = make(count + "print('no key'); sys.exit(3)")
    assert ask(agent).failures == ["ended with exit 3; it said: no key"]
    with pytest.raises(
        ProposerDown, match=r"scripted did not work 3 times in a row.*exit 3; it said"
    ):
        ask(agent, count=4, seed=2)
    assert len((tmp_path / "asked").read_text()) <= 1 + 4


def test_no_attempt_is_made_twice(make: Make, tmp_path: Path) -> None:
    count = f"open({str(tmp_path / 'asked')!r}, 'a').write('x')\n"
    first = ask(make(count + RAISE, attempts=tmp_path / "attempts"), count=2)
    again = ask(make(count + RAISE, attempts=tmp_path / "attempts"), count=3)
    assert again.candidates[:2] == first.candidates
    assert (tmp_path / "asked").read_text() == "xxx"


def test_one_that_did_not_work_is_asked_again_after_a_resume(make: Make, tmp_path: Path) -> None:
    assert ask(make("sys.exit(1)", attempts=tmp_path / "attempts")).failures
    assert not ask(make(RAISE, attempts=tmp_path / "attempts")).failures


def test_attempts_go_side_by_side(make: Make, tmp_path: Path) -> None:
    meet = f"""
here = pathlib.Path({str(tmp_path)!r})
(here / f"here-{{attempt}}").touch()
while len(list(here.glob("here-*"))) < 3:
    time.sleep(0.01)
"""
    found, failures, _ = ask(make(meet + RAISE, parallel=3), count=3)
    assert [candidate.label for candidate in found] == ["Attempt 0", "Attempt 1", "Attempt 2"]
    assert failures == []


def test_its_environment_holds_its_keys_and_nothing_else_of_ours(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUR_SECRET", "hidden")
    agent = make(
        "print(sorted(os.environ), os.environ['ITS_KEY'])",
        keys={"ITS_KEY": "a-long-secret"},
        variables={"MODE": "auto"},
        attempts=tmp_path / "attempts",
    )
    ask(agent)
    (kept,) = (tmp_path / "attempts").iterdir()
    said = json.loads(kept.read_text())["said"]
    assert "'ITS_KEY'" in said
    assert "'MODE'" in said
    assert "OUR_SECRET" not in said
    assert "a-long-secret" not in kept.read_text(), "keys are not kept"


def test_its_login_is_a_copy(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    (home / ".tool").mkdir(parents=True)
    (home / ".tool/auth.json").write_text("mine")
    monkeypatch.setenv("HOME", str(home))
    login = "login = pathlib.Path.home() / '.tool/auth.json'\n"
    source = f"{login}assert login.read_text() == 'mine'\nlogin.write_text('spoiled')\n{RAISE}"
    cli = CLIS["generic"]._replace(logins=(".tool/auth.json",))
    assert ask(make(source, cli=cli)).failures == []
    assert (home / ".tool/auth.json").read_text() == "mine"


def test_an_interrupt_ends_what_is_running(make: Make, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    agent = make(f"pathlib.Path({str(begun)!r}).write_text(str(os.getpid()))\ntime.sleep(600)")

    def interrupt() -> None:
        wait_until(lambda: begun.exists() and begun.read_text() != "")
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    # Where the suite runs in the background, SIGINT is ignored from the start.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            ask(agent)
        thread.join()
    finally:
        signal.signal(signal.SIGINT, before)
    assert is_gone(int(begun.read_text()))


def test_placeholders_reach_the_program(tmp_path: Path) -> None:
    program = write_command(tmp_path / "program", f"print(sys.argv[1:])\n{RAISE}")
    settings = CommandSettings(
        name="scripted",
        cli=CLIS["generic"],
        program=program,
        words=("{model:--model}", "{cost_usd:--cap}", "{files}", "{brief}"),
        model="a/b",
        is_isolated=False,
    )
    ask(CommandAgent(settings, attempts=tmp_path / "attempts"))
    (kept,) = (tmp_path / "attempts").iterdir()
    said = json.loads(kept.read_text())["said"]
    assert said.startswith("['--model', 'a/b', 'agent.py', '/")
    assert said.endswith("worktree/.agentlab/brief.md']\n")
