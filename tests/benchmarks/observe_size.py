"""Prints what an agent reads on a page of 1,000 rows: by `observe`, and by an `aria_snapshot`.

Whole episodes: open the record that is named, go on to the one that it names, four times, and order
the last. Nobody knows where in the thousand rows a record stands before reading. One agent asks by
`observe` for what it needs; the other gets Playwright's `aria_snapshot` at each step and parses it.
All that tools return to the first is counted, clicks included; of the second its snapshots alone.
The server's state judges both. Asked: at most 1/15 of the characters, success within 2 points.
"""

from __future__ import annotations

import contextlib
import random
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from playwright.sync_api import Error

from agentlab.core.value import JsonValue, canonical_json
from agentlab.errors import ToolError
from tests.environments.browser.world import World, part

_ROWS = 1000
_HOPS = 4
_EPISODES = 20
_COLUMNS = ("Part", "Name", "Shelf", "In stock", "Supplier")
_THINGS = ("hinge", "bracket", "valve", "bearing", "gasket", "spindle", "clamp", "washer")
_LOOKS = ("steel", "brass", "narrow", "wide", "long", "short", "coated", "plain")
_SUPPLIERS = ("Alder & Sons", "Brink", "Corvale", "Dunmore", "Eastgate")

# Any below: sites and episodes come from a folder that is loaded under a private name.
_site = part("sites.site")


class PartsSite:
    """A register of parts, each replaced by another; the server knows what was ordered."""

    start_path = "/"

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        numbers = self._chance.sample(range(1000, 9999), _ROWS)
        self._parts = [f"P-{number}" for number in numbers]
        followers = self._chance.sample(self._parts, _ROWS)
        self._replaced_by = dict(zip(self._parts, followers, strict=True))
        first = self._chance.choice(self._parts)
        self.truth = first
        for _ in range(_HOPS - 1):
            self.truth = self._replaced_by[self.truth]
        self.ordered: list[str] = []
        self.instruction = (
            f"Open part {first}, then the part it is replaced by, until {_HOPS} are opened; "
            "order the last."
        )
        self._list = self._table()

    def respond(self, request: Any) -> Any:
        """Answers with the list or with one part; a POST orders."""
        if request.method == "POST":
            self.ordered.append(request.form.get("part", ""))
        part = request.query.get("part", "")
        body = self._part(part) if part in self._replaced_by else self._list
        head = '<title>Parts</title><link rel="icon" href="data:,">'
        return _site.Response(f"<html><head>{head}</head><body>{body}</body></html>".encode())

    def judge(self, answer: JsonValue) -> Any:
        """Judges by what was ordered."""
        return _site.Judgement(self.ordered == [self.truth], 0.0, "")

    def _table(self) -> str:
        heads = "".join(f"<th>{name}</th>" for name in (*_COLUMNS, ""))
        rows = "".join(self._row(part) for part in self._parts)
        return f"<h1>Parts</h1><table><tr>{heads}</tr>{rows}</table>"

    def _row(self, part: str) -> str:
        draw = self._chance.choice
        cells = (
            part,
            f"{draw(_LOOKS)} {draw(_THINGS)} {self._chance.randrange(2, 90)} mm",
            f"{draw('ABCDEFGH')}{self._chance.randrange(1, 60)}",
            str(self._chance.randrange(500)),
            draw(_SUPPLIERS),
        )
        shown = "".join(f"<td>{cell}</td>" for cell in cells)
        return f'<tr>{shown}<td><a href="/?part={part}">Details of {part}</a></td></tr>'

    def _part(self, part: str) -> str:
        return (
            f"<h1>{part}</h1><dl><dt>Replaced by</dt><dd>{self._replaced_by[part]}</dd></dl>"
            f'<form method="post" action="/"><input type="hidden" name="part" value="{part}">'
            '<button>Order</button></form><a href="/">All parts</a>'
        )


class ByQuery:
    """Asks for what it needs, by the environment's own tools."""

    def __init__(self, episode: Any) -> None:
        self._tools = episode.tools
        self.read_characters = 0

    def replacement(self) -> str:
        """Returns what stands after the label on a part's page."""
        names = [node["name"] for node in self._call("observe", roles=["definition"])["nodes"]]
        return str(names[0])

    def press(self, role: str, name: str) -> None:
        """Clicks the one thing of this role and name."""
        found = self._call("observe", roles=[role], text=name, fields=["ref", "name"])["nodes"]
        (ref,) = (node["ref"] for node in found if node["name"] == name)
        self._call("click", ref=ref)

    def _call(self, tool: str, **arguments: Any) -> Any:
        value = self._tools[tool].call(arguments).value
        self.read_characters += len(canonical_json(value))
        return value


class BySnapshot:
    """Reads the whole page as Playwright tells it, at each step."""

    def __init__(self, episode: Any) -> None:
        self._page = episode._page.page
        self.read_characters = 0

    def replacement(self) -> str:
        """Returns what stands after the label on a part's page."""
        (found,) = re.findall(r"^\s*- definition: (\S+)$", self._snapshot(), re.MULTILINE)
        return str(found)

    def press(self, role: str, name: str) -> None:
        """Clicks the one thing of this role and name."""
        (_,) = re.findall(rf'^\s*- {role} "{re.escape(name)}":?$', self._snapshot(), re.MULTILINE)
        with self._page.expect_navigation():
            self._page.get_by_role(role, name=name, exact=True).click()

    def _snapshot(self) -> str:
        told: str = self._page.locator("body").aria_snapshot()
        self.read_characters += len(told)
        return told


Reader = ByQuery | BySnapshot


class Read(NamedTuple):
    """What an episode took, and whether the server was content."""

    characters: int
    is_solved: bool


def main() -> None:
    """Measures and prints."""
    readers: dict[str, Callable[[Any], Reader]] = {
        "observe": ByQuery,
        "aria_snapshot": BySnapshot,
    }
    world = World()
    try:
        reads = {
            name: [_read(world, seed, reader) for seed in range(_EPISODES)]
            for name, reader in readers.items()
        }
    finally:
        world.close()
    print(f"{_EPISODES} episodes of {_HOPS} unknown rows among {_ROWS}")
    print(f"{'read by':14} {'characters an episode':>22} {'success':>8}")
    for name, found in reads.items():
        print(f"{name:14} {_characters(found):22,.0f} {_success(found):8.0%}")
    ratio = _characters(reads["aria_snapshot"]) / _characters(reads["observe"])
    points = 100 * (_success(reads["observe"]) - _success(reads["aria_snapshot"]))
    print(
        f"observe reads 1/{ratio:.0f} (asked: 1/15); success {points:+.0f} points (asked: within 2)"
    )


def _read(world: World, seed: int, reader: Callable[[Any], Reader]) -> Read:
    site = PartsSite(seed)
    episode = part("episode").BrowserEpisode(site, world.server.open(site), world.pool)
    agent = reader(episode)
    # An agent that finds nothing, or too much, has failed; the server says so.
    with contextlib.suppress(ValueError, ToolError, Error):
        follow(episode.goal.instruction, agent)
    is_solved = episode.judge(None).success == 1
    episode.close()
    return Read(agent.read_characters, is_solved)


def follow(instruction: str, agent: Reader) -> None:
    """Does what the instruction says: the same decisions, however the page is read."""
    (wanted,) = re.findall(r"P-\d+", instruction)
    for hop in range(_HOPS):
        agent.press("link", f"Details of {wanted}")
        if hop + 1 < _HOPS:
            wanted = agent.replacement()
            agent.press("link", "All parts")
    agent.press("button", "Order")


def _characters(reads: list[Read]) -> float:
    return sum(read.characters for read in reads) / len(reads)


def _success(reads: list[Read]) -> float:
    return sum(read.is_solved for read in reads) / len(reads)


if __name__ == "__main__":
    main()
