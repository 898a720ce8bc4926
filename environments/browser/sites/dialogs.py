"""Accounts under banners, pop-ups and confirmations: change one thing, and only that."""

from __future__ import annotations

import random
from html import escape

from agentlab.core.value import JsonValue

from .shell import Skin, page, redirect
from .site import Judgement, Request, Response
from .words import PROJECTS

__all__ = ["DialogSite"]

_LANGUAGES = ("English", "Deutsch", "Suomi", "Italiano", "Norsk")
_SWITCHES = {
    "newsletter": "Weekly newsletter",
    "alerts": "Security alerts",
    "beta": "Beta features",
}
_KINDS = ("language", "switch", "delete", "rename")


class DialogSite:
    """Settings and projects of an account; they are the state."""

    start_path = "/"

    def __init__(self, template: str, skin: Skin, rng: random.Random) -> None:
        self._template = template
        self._skin = skin
        self._banner = rng.choice(("none", "bar", "veil"))
        self._popup = rng.random() < 0.4
        self.settings = {
            "language": rng.choice(_LANGUAGES),
            "title": f"Workspace {rng.randrange(10, 99)}",
            **{key: rng.choice(("yes", "")) for key in _SWITCHES},
        }
        self.projects = rng.sample(PROJECTS, 5)
        self._kind = rng.choice(
            _KINDS if template in ("settings", "tabs") else ("delete", "rename", "delete")
        )
        self.goal_settings, self.goal_projects = dict(self.settings), list(self.projects)
        self.instruction = self._set_goal(rng)
        self._before = (dict(self.settings), list(self.projects))

    def respond(self, request: Request) -> Response:
        """Serves the account; dismissed banners stay dismissed by cookie."""
        if request.method == "POST":
            return self._take(request)
        show = request.query.get("show", "")
        if show.startswith("delete:"):
            return self._page(self._confirm(show.removeprefix("delete:")), request)
        body = {
            "settings": lambda: self._settings_form() + self._project_list(),
            "records": lambda: self._title_form() + self._project_list(),
            "tabs": lambda: self._tabs(show),
            "menu": lambda: self._title_form() + self._menus(show),
        }[self._template]()  # fmt: skip
        return self._page(body, request)

    def judge(self, answer: JsonValue) -> Judgement:
        """Succeeds if just the thing asked for is different, and it is as asked."""
        found = (self.settings, self.projects)
        wanted = (self.goal_settings, self.goal_projects)
        is_right = found == wanted
        changed = found != self._before
        words = (
            "nothing was changed"
            if not changed
            else "done"
            if is_right
            else f"it stands at {found}"
        )
        return Judgement(is_right, 1.0 if is_right else 0.3 if changed else 0.0, words)

    def _set_goal(self, rng: random.Random) -> str:
        if self._kind == "language":
            new = rng.choice([word for word in _LANGUAGES if word != self.settings["language"]])
            self.goal_settings["language"] = new
            return rng.choice(
                (
                    f"Set the language to {new}.",
                    f"Change the language of the account to {new} and save it.",
                )
            )
        if self._kind == "switch":
            key = rng.choice(list(_SWITCHES))
            is_on = self.settings[key] == "yes"
            self.goal_settings[key] = "" if is_on else "yes"
            verb = "Turn off" if is_on else "Turn on"
            return rng.choice(
                (f"{verb} the {_SWITCHES[key].lower()}.", f'{verb} "{_SWITCHES[key]}" and save.')
            )
        if self._kind == "delete":
            name = rng.choice(self.projects)
            self.goal_projects.remove(name)
            return rng.choice(
                (
                    f"Delete the project {name}.",
                    f'Remove the project "{name}" for good, and nothing else.',
                )
            )
        new = f"{rng.choice(('Studio', 'Atelier', 'Garage', 'Library'))} {rng.randrange(10, 99)}"
        self.goal_settings["title"] = new
        return rng.choice(
            (
                f'Rename the workspace to "{new}".',
                f'Change the title of the workspace to "{new}" and save.',
            )
        )

    def _take(self, request: Request) -> Response:
        form = request.form
        if request.path == "/settings":
            self.settings |= {key: form.get(key, "") for key in ("language", *_SWITCHES)}
            if self.settings["language"] not in _LANGUAGES:
                self.settings["language"] = self._before[0]["language"]
        if request.path == "/title" and form.get("title"):
            self.settings["title"] = form["title"].strip()
        if request.path == "/delete" and form.get("project") in self.projects:
            self.projects.remove(form["project"])
        if request.path == "/dismiss":
            return Response(
                b"", "text/plain", 303,
                {"Location": "/", "Set-Cookie": f"{form.get('what', 'bar')}=seen; Path=/"},
            )  # fmt: skip
        return redirect("/")

    def _settings_form(self) -> str:
        skin = self._skin
        switches = "".join(
            skin.tick(key, label=label, is_on=self.settings[key] == "yes")
            for key, label in _SWITCHES.items()
        )
        choice = skin.choice(
            "language", _LANGUAGES, label="Language", value=self.settings["language"]
        )
        form = (
            f'<form method="post" action="/settings">{choice}{switches}{skin.button("save")}</form>'
        )
        return f"<h2>{escape(skin.word('settings'))}</h2>{form}" + self._title_form()

    def _title_form(self) -> str:
        field = self._skin.field("title", label="Workspace title", value=self.settings["title"])
        return f'<form method="post" action="/title">{field}{self._skin.button("save")}</form>'

    def _project_list(self) -> str:
        return "<h2>Projects</h2>" + "".join(
            f'<div class="item"><span>{name}</span> '
            f'<a href="/?show=delete:{name}"{self._about(name)}>{escape(self._skin.word("delete"))}</a></div>'
            for name in self.projects
        )

    def _about(self, name: str) -> str:
        if self._skin.label_style != "label":
            return ""
        return f' aria-label="{escape(self._skin.word("delete"))} {name}"'

    def _tabs(self, show: str) -> str:
        places = (("general", "General"), ("projects", "Projects"))
        nav = "".join(f'<a role="tab" href="/?show={key}">{label}</a> ' for key, label in places)
        return nav + (self._project_list() if show == "projects" else self._settings_form())

    def _menus(self, show: str) -> str:
        """Projects whose actions are in a menu that must be opened first."""
        items = []
        for name in self.projects:
            word = escape(self._skin.word("options"))
            opened = f'<a role="menuitem" href="/?show=delete:{name}">{escape(self._skin.word("delete"))}</a>'
            menu = opened if show == f"menu:{name}" else f'<a href="/?show=menu:{name}">{word}</a>'
            items.append(f'<div class="item"><span>{name}</span> {menu}</div>')
        return "<h2>Projects</h2>" + "".join(items)

    def _confirm(self, name: str) -> str:
        skin = self._skin
        return (
            f'<div class="veil"><div class="box" role="dialog"><p>Is the project {escape(name)} to go? This cannot be undone.</p>'
            f'<form method="post" action="/delete"><input type="hidden" name="project" value="{escape(name)}">'
            f'{skin.button("confirm")}</form><a href="/">{escape(skin.word("cancel"))}</a></div></div>'
        )

    def _page(self, body: str, request: Request) -> Response:
        over = ""
        if self._banner != "none" and "bar" not in request.cookies:
            over += self._over(
                "bar", "We use cookies to remember your visit.", "accept", self._banner
            )
        elif self._popup and "news" not in request.cookies:
            over += self._over(
                "news", "Join our mailing list for ten percent off!", "close", "veil"
            )
        return page(self._skin, self.settings["title"], body + over)

    def _over(self, what: str, text: str, button: str, shape: str) -> str:
        inner = (
            f'<p>{text}</p><form method="post" action="/dismiss"><input type="hidden" name="what" value="{what}">'
            f"{self._skin.button(button)}</form>"
        )
        box = f'<div class="box" role="dialog">{inner}</div>' if shape == "veil" else inner
        return f'<div class="{shape}">{box}</div>'
