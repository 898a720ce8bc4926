"""The command line's top: which commands there are, and how each kind of error ends."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

from agentlab.cli import (
    aa,
    check,
    diff,
    doctor,
    envs,
    evaluate,
    export,
    init,
    promote,
    replay,
    report,
    resume,
    run,
    runs,
    serve,
    show,
    sign,
    status,
    sweep,
    verify,
)
from agentlab.cli.output import Failure, print_failure
from agentlab.errors import AgentlabError, InputError

__all__ = ["app", "call", "main"]

_INTERRUPTED = 130

app = typer.Typer(
    help="Agents that optimise agents, with results you can believe.",
    epilog="Exit codes: 0 done, whatever the verdict; 1 could not; 2 bad input; 130 interrupted.",
    # Rich help and rich tracebacks cost 150 ms at each start.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        from importlib import metadata

        typer.echo(f"agentlab {metadata.version('agentlab-autoresearch')}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_show_version, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    # What is given before a command; each option answers by itself.
    del version


app.command("run")(run.run)
app.command("resume")(resume.resume)
app.command("runs")(runs.runs)
app.command("status")(status.status)
app.command("show")(show.show)
app.command("diff")(diff.diff)
app.command("report")(report.report)
app.command("replay")(replay.replay)
app.command("evaluate")(evaluate.evaluate)
app.command("export")(export.export)
app.command("aa")(aa.aa)
app.command("sweep")(sweep.sweep)
app.command("promote")(promote.promote)
app.command("verify")(verify.verify)
app.command("sign")(sign.sign)
app.command("check")(check.check)
app.command("init")(init.init)
app.command("serve")(serve.serve)
app.command("envs")(envs.envs)
app.command("doctor")(doctor.doctor)


def main() -> None:
    """Runs the command line of this process; being asked to end is answered like Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(call(sys.argv[1:]))


def call(arguments: Sequence[str]) -> int:
    """Runs a command and returns its exit code."""
    as_json = "--json" in arguments
    try:
        return _invoke(arguments)
    except (typer.TyperException, AgentlabError, KeyboardInterrupt) as error:
        if "--debug" in arguments and error.__cause__ is not None:
            traceback.print_exception(error.__cause__)
        failure = _failure_of(error)
    except BrokenPipeError:
        # The reader (`| head`) has enough; Python would complain once more when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - the top: a bug is shown whole, JSON stays JSON
        traceback.print_exc()
        failure = Failure(type(error).__name__, (str(error) or repr(error),), 1)
        if not as_json:
            return failure.exit_code
    print_failure(failure, as_json=as_json)
    return failure.exit_code


def _invoke(arguments: Sequence[str]) -> int:
    command = get_command(app)
    try:
        # Not `command.main`: it answers Ctrl-C itself, and the way to resume would be lost.
        with command.make_context("agentlab", list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as error:
        return error.exit_code
    finally:
        sys.stdout.flush()
    return 0


def _failure_of(error: BaseException) -> Failure:
    # Notes are added on an error's way up, such as the command that resumes.
    hints = tuple(getattr(error, "__notes__", ()))
    if isinstance(error, typer.TyperException):
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "agentlab"
        return Failure("UsageError", (error.format_message(),), 2, (f"see: {path} --help",))
    if isinstance(error, AgentlabError):
        problems = error.problems if isinstance(error, InputError) else (str(error),)
        return Failure(type(error).__name__, problems, error.exit_code, hints)
    return Failure("Interrupted", ("interrupted",), _INTERRUPTED, hints)
