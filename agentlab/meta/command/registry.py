"""The coding agents that can be asked by a command line: a row each."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple, get_args

from agentlab.errors import InputError, nearest

__all__ = ["CLIS", "Cli", "CliName", "Filled", "fill", "line_problem", "words_of"]

CliName = Literal[
    "claude-code",
    "codex",
    "gemini-cli",
    "opencode",
    "aider",
    "cursor-agent",
    "goose",
    "mini-swe-agent",
    "generic",
]

_PLACEHOLDER = re.compile(r"\{([a-z_]+)(?::(-[^{}\s]*))?\}")
_OPTIONAL = ("model", "cost_usd")
_KNOWN = ("prompt", "brief", "worktree", "files", *_OPTIONAL)

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Cli(NamedTuple):
    """How one coding agent is asked without a person beside it, and what is its own."""

    line: str
    """Its command line, with placeholders; see `fill`."""

    install: str = ""
    """The command that installs it."""

    keys: tuple[str, ...] = ()
    """Environment variables that hold its keys; those that are set are handed on."""

    logins: tuple[str, ...] = ()
    """Files below the home folder that hold its login and settings; it gets copies."""

    variables: Mapping[str, str] = _NOTHING
    """Environment variables that it is given, but for the keys."""

    reply: str = ""
    """Key of what it said in the JSON object that it prints; empty where it prints text."""

    spent: str = ""
    """Pattern of what it says that it spent, in US dollars; empty where it does not say."""


_MODEL_KEYS = ("ANTHROPIC_API_KEY", "GEMINI_API_KEY", "OPENAI_API_KEY", "OPENROUTER_API_KEY")

CLIS: Mapping[CliName, Cli] = {
    "claude-code": Cli(
        "claude -p {prompt} --output-format json --dangerously-skip-permissions "
        "{model:--model} {cost_usd:--max-budget-usd}",
        install="npm install -g @anthropic-ai/claude-code",
        keys=("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
        logins=(".claude/.credentials.json", ".claude/settings.json"),
        variables={"DISABLE_AUTOUPDATER": "1", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"},
        reply="result",
        spent=r'"total_cost_usd":\s*([\d.]+)',
    ),
    "codex": Cli(
        # Its own sandbox is left out: it stands in ours.
        "codex exec --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox "
        "{model:--model} {prompt}",
        install="npm install -g @openai/codex",
        keys=("CODEX_API_KEY", "OPENAI_API_KEY"),
        logins=(".codex/auth.json", ".codex/config.toml"),
    ),
    "gemini-cli": Cli(
        "gemini --prompt {prompt} --approval-mode yolo --output-format json {model:--model}",
        install="npm install -g @google/gemini-cli",
        keys=("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        logins=(".gemini/oauth_creds.json", ".gemini/settings.json"),
        reply="response",
    ),
    "opencode": Cli(
        "opencode run {model:--model} {prompt}",
        install="npm install -g opencode-ai",
        keys=_MODEL_KEYS,
        logins=(".config/opencode/opencode.json", ".local/share/opencode/auth.json"),
        variables={"OPENCODE_PERMISSION": '{"*":"allow"}', "OPENCODE_DISABLE_AUTOUPDATE": "1"},
    ),
    "aider": Cli(
        "aider --yes-always --no-git --no-check-update --no-analytics --no-show-release-notes "
        "--no-show-model-warnings --no-pretty --no-stream --no-suggest-shell-commands "
        "{model:--model} --message-file {brief} {files}",
        install="pip install aider-chat",
        keys=_MODEL_KEYS,
        logins=(".aider.conf.yml", ".aider.model.settings.yml", ".aider.model.metadata.json"),
        spent=r"\$([\d.]+) session",
    ),
    "cursor-agent": Cli(
        "cursor-agent -p --force --trust --output-format json {model:--model} {prompt}",
        install="curl https://cursor.com/install -fsS | bash",
        keys=("CURSOR_API_KEY",),
        logins=(".cursor/cli-config.json", ".config/cursor/auth.json"),
        reply="result",
    ),
    "goose": Cli(
        "goose run --no-session {model:--model} --instructions {brief}",
        install="https://block.github.io/goose",
        keys=(*_MODEL_KEYS, "GOOGLE_API_KEY"),
        logins=(".config/goose/config.yaml", ".config/goose/secrets.yaml"),
        variables={"GOOSE_MODE": "auto", "GOOSE_DISABLE_KEYRING": "1"},
    ),
    "mini-swe-agent": Cli(
        "mini --yolo --exit-immediately --output {worktree}/.agentlab/trajectory.json "
        "{model:--model} {cost_usd:--cost-limit} --task {prompt}",
        install="pip install mini-swe-agent",
        keys=_MODEL_KEYS,
        logins=(".config/mini-swe-agent/.env",),
        variables={"MSWEA_CONFIGURED": "true", "MSWEA_SILENT_STARTUP": "1"},
    ),
    "generic": Cli(""),
}
"""By name. `generic` has no line of its own: the experiment gives one."""

assert tuple(CLIS) == get_args(CliName)


class Filled(NamedTuple):
    """What the placeholders of a command line stand for."""

    prompt: str
    """One sentence that says where the brief lies."""

    brief: str
    """Path of the brief."""

    worktree: str
    """Path of the folder that it works in, its current one."""

    files: tuple[str, ...]
    """Paths of the editable files, relative to that."""

    model: str | None
    cost_usd: float | None


def words_of(line: str) -> list[str]:
    """Returns the words of a command line, as a shell would split them.

    Raises:
        InputError: a quote is left open, or a placeholder is none.
    """
    if (problem := line_problem(line)) is not None:
        raise InputError(problem)
    return shlex.split(line)


def line_problem(line: str) -> str | None:
    """Returns what is wrong with a command line, or None."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        return f"'{line}' is no command line: {str(error).lower()}"
    if not words:
        return "is empty; give a command line such as 'my-agent --task {brief}'"
    for name, flag in _PLACEHOLDER.findall(line):
        if name not in _KNOWN:
            return f"'{{{name}}}' is no placeholder{nearest(name, _KNOWN)} ({', '.join(_KNOWN)})"
        if flag and name not in _OPTIONAL:
            return f"'{{{name}:{flag}}}': only {' and '.join(_OPTIONAL)} may be left out so"
    return None


def fill(words: Sequence[str], values: Filled) -> list[str]:
    """Returns a command line with its placeholders filled.

    `{files}` alone is a word for each; `{model:--model}` is `--model` and the model in two words,
    or nothing where no model is given.

    >>> fill(["a", "{model:-m}", "{files}", "--at={brief}"],
    ...      Filled("", "b.md", "/w", ("x.py", "y.py"), None, None))
    ['a', 'x.py', 'y.py', '--at=b.md']
    """
    return [filled for word in words for filled in _fill_word(word, values)]


def _fill_word(word: str, values: Filled) -> Iterator[str]:
    whole = _PLACEHOLDER.fullmatch(word)
    if whole and whole[2]:
        value = getattr(values, whole[1])
        yield from () if value is None else (whole[2], str(value))
    elif whole and whole[1] == "files":
        yield from values.files
    else:
        yield _PLACEHOLDER.sub(lambda found: _text(getattr(values, found[1])), word)


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(value)
    return "" if value is None else str(value)
