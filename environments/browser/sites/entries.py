"""Entries under notices and confirmations: delete, archive or rename the one that was named.

Templates: `records` (all actions beside each entry, in dialogs), `pages` (a page per entry).
"""

from __future__ import annotations

from agentlab.core.value import JsonValue

from .account import draw_entries
from .chance import Chance
from .judging import Check, judged
from .markup import Html, tag
from .shell import Link, Shell, draw_notices, redirect
from .site import Judgement, Request, Response
from .skin import Skin

__all__ = ["EntriesSite"]

_ACTIONS = ("rename", "archive", "delete")


class EntriesSite:
    """One list; its entries and its archive are the state."""

    def __init__(self, template: str, skin: Skin, chance: Chance) -> None:
        self.task = draw_entries(template, chance)
        self.names = dict(enumerate(self.task.names))
        """Names of what is on the list, by a number that stays."""

        self.archive: dict[int, str] = {}
        self.skin = skin
        self.template = template
        self.instruction = self.task.instruction
        self.start_path = "/"
        word = skin.word
        self.shell = Shell(
            skin,
            self.task.title,
            [Link(word("dialogs.list"), "/"), Link(word("dialogs.archived"), "/archive")],
            notices=draw_notices(chance, 0.4, most=2),
        )

    def respond(self, request: Request) -> Response:
        """Answers with a page, or does something to an entry."""
        answered = self.shell.answer(request)
        if answered is not None:
            return answered
        word = self.skin.word
        if request.method == "POST":
            return self._act(request)
        if request.path == "/":
            return self.shell.page(request, word("dialogs.list"), self._list())
        if request.path == "/archive":
            items = [tag("li", name, class_="item") for name in self.archive.values()]
            return self.shell.page(
                request, word("dialogs.archived"), tag("ul", *items, class_="items")
            )
        number = request.query.get("id", "")
        if request.path == "/entry" and number.isdecimal() and int(number) in self.names:
            name = self.names[int(number)]
            return self.shell.page(request, name, self._actions(int(number), name))
        return self.shell.missing(request)

    def judge(self, answer: JsonValue) -> Judgement:
        """Judges what is on the list and in the archive."""
        task = self.task
        number = task.names.index(task.name)
        names = dict(enumerate(task.names))
        archive = {}
        if task.action == "rename":
            names[number] = task.fresh
        else:
            del names[number]
        if task.action == "archive":
            archive[number] = task.name
        is_touched = (self.names, self.archive) != (dict(enumerate(task.names)), {})
        is_done = self.names.get(number) == names.get(number)
        is_rest = is_touched and (self.names, self.archive) == (names, archive)
        asked = f"asked to {task.action} {task.name}"
        held = f"the list holds {', '.join(self.names.values())}"
        kept = f"the archive holds {', '.join(self.archive.values()) or 'nothing'}"
        return judged([Check(is_done, asked), Check(is_rest, f"{held}; {kept}")])

    def _act(self, request: Request) -> Response:
        action = request.path.removeprefix("/")
        given = request.form.get("id", "")
        number = int(given) if given.isdecimal() else -1
        if action not in _ACTIONS or number not in self.names:
            return redirect("/")
        name = self.names[number]
        if action == "rename":
            fresh = " ".join(request.form.get("name", "").split())
            if not fresh:
                self.shell.message = self.skin.word("dialogs.empty")
                return redirect("/")
            self.names[number] = fresh
        else:
            del self.names[number]
        if action == "archive":
            self.archive[number] = name
        what = f"{self.skin.word(f'dialogs.{action}')} {name}"
        self.shell.message = self.skin.word("dialogs.done", what=what)
        return redirect("/")

    def _list(self) -> Html:
        word = self.skin.word
        items = []
        for number, name in self.names.items():
            link = tag("a", word("dialogs.open", name=name), href=f"/entry?id={number}")
            last = link if self.template == "pages" else self._actions(number, name)
            items.append(tag("li", self.skin.arrange(tag("strong", name), last), class_="item"))
        return tag("ul", *items, class_="items")

    def _actions(self, number: int, name: str) -> Html:
        word = self.skin.word
        openers = [
            self.skin.opener(word(f"dialogs.{action}"), opens=f"{action}-{number}", spoken=name)
            for action in _ACTIONS
        ]
        dialogs = [self._dialog(action, number, name) for action in _ACTIONS]
        return tag("div", tag("div", self.skin.arrange(*openers), class_="inline"), *dialogs)

    def _dialog(self, action: str, number: int, name: str) -> Html:
        word = self.skin.word
        field = self.skin.field("name", word("dialogs.new_name"), value=name, key=str(number))
        buttons = self.skin.arrange(
            self.skin.button_for(word(f"dialogs.{action}_yes")),
            self.skin.closer(word(f"dialogs.{action}_no")),
        )
        form = self.skin.form(
            f"/{action}",
            field if action == "rename" else tag("p", word("dialogs.warning")),
            tag("div", buttons, class_="actions"),
            id=str(number),
        )
        return self.shell.dialog(
            f"{action}-{number}", word(f"dialogs.{action}_title", name=name), form
        )
