"""Reading a bank of ideas: one Markdown file each, or a folder of patches.

An idea file has YAML front matter and one or more edits:

    ---
    title: dismiss what lies in the way
    hypothesis: an overlay swallows clicks; closing it first solves the dialog tasks
    author: a language model, from the target and its train traces
    ---
    ```edit agent.py
    <<<<<<< SEARCH
    old lines
    =======
    new lines
    >>>>>>> REPLACE
    ```

An empty SEARCH in a file that does not exist yet makes that file. A `.patch` or `.diff` file is a
unified diff whose first line before the diff is its hypothesis.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import ConfigDict, ValidationError

from agentlab.core.value import Value
from agentlab.errors import InputError

__all__ = ["Change", "Idea", "read_bank"]


class Change(NamedTuple):
    """Old lines of a file and what stands in their place."""

    path: str
    old: str
    new: str


class Idea(NamedTuple):
    """A recorded proposal."""

    name: str
    """The file's name without its ending; unique in the bank."""

    title: str
    hypothesis: str
    author: str
    changes: tuple[Change, ...]


class _FrontMatter(Value):
    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    hypothesis: str
    author: str


_IDEA = re.compile(r"\A---\n(?P<front>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_BLOCK = re.compile(r"^```edit[ ]+(?P<path>\S+)\n(?P<text>.*?)^```[ ]*$", re.DOTALL | re.MULTILINE)
_CHANGE = re.compile(
    r"^<<<<<<< SEARCH\n(?P<old>.*?)^=======\n(?P<new>.*?)^>>>>>>> REPLACE\n",
    re.DOTALL | re.MULTILINE,
)


def read_bank(folder: Path) -> tuple[Idea, ...]:
    """Returns the ideas of a folder in the order of their file names.

    Raises:
        InputError: every problem of every file, with file and line.
    """
    ideas: list[Idea] = []
    problems: list[str] = []
    for path in sorted(folder.iterdir()):
        reader = {".md": _read_idea, ".patch": _read_patch, ".diff": _read_patch}.get(path.suffix)
        if reader is None or path.name.lower() == "readme.md":
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            problems.append(f"{path}: is not UTF-8")
            continue
        found = reader(path, text)
        if isinstance(found, Idea):
            ideas.append(found)
        else:
            problems += found
    if not ideas and not problems:
        problems.append(f"{folder}: holds no ideas (*.md) and no patches (*.patch, *.diff)")
    if problems:
        raise InputError(*problems)
    return tuple(ideas)


def _read_idea(path: Path, text: str) -> Idea | list[str]:
    match = _IDEA.match(text)
    if match is None:
        return [f"{path}:1: begins with front matter between two lines of '---'"]
    try:
        front = _FrontMatter.model_validate(yaml.safe_load(match["front"]))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return [f"{path}:{mark.line + 2 if mark else 1}: front matter is not YAML"]
    except ValidationError as error:
        keys = [(".".join(map(str, e["loc"])) or "front matter", e["msg"]) for e in error.errors()]
        return [f"{path}:2: {key}: {message}" for key, message in keys]
    changes = tuple(
        Change(block["path"], change["old"], change["new"])
        for block in _BLOCK.finditer(match["body"])
        for change in _CHANGE.finditer(block["text"])
    )
    if not changes:
        line = text[: match.start("body")].count("\n") + 1
        return [f"{path}:{line}: holds no ```edit FILE block with SEARCH and REPLACE"]
    return Idea(path.stem, front.title, front.hypothesis, front.author, changes)


def _read_patch(path: Path, text: str) -> Idea | list[str]:
    lines = text.splitlines(keepends=True)
    first = next((line.strip() for line in lines if line.strip()), "")
    subject = re.sub(r"^Subject: (\[PATCH[^]]*\] )?", "", first)
    named = next((line for line in lines if line.startswith("Subject: ")), None)
    if named is not None:
        subject = re.sub(r"^Subject: (\[PATCH[^]]*\] )?", "", named).strip()
    changes = tuple(_hunks(lines))
    if not changes:
        return [f"{path}:1: holds no hunk of a unified diff"]
    title = path.stem if subject.startswith(("diff ", "--- ")) else subject
    return Idea(path.stem, title, title, "a patch", changes)


def _hunks(lines: list[str]) -> Iterator[Change]:
    """Yields the hunks of a unified diff as changes of old to new lines."""
    path, old, new, is_in_hunk = "", "", "", False
    for line in [*lines, "@@ end"]:
        is_header = line.startswith(("--- ", "+++ ", "diff ", "@@", "-- \n"))
        if is_header and is_in_hunk:
            yield Change(path, old, new)
            old, new, is_in_hunk = "", "", False
        if line.startswith("+++ "):
            path = line[4:].split("\t")[0].strip().removeprefix("b/")
        elif line.startswith("@@") and path:
            is_in_hunk = True
        elif is_in_hunk and not line.startswith("\\"):
            sign, rest = line[:1], line[1:]
            old += rest if sign in " -" else ""
            new += rest if sign in " +" else ""
