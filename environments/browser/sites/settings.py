"""Settings under notices and confirmations: change what was asked, nothing else, and save it.

Templates: `settings` (a page per section), `tabs` (all sections on one page, one shown at a time).
"""

from __future__ import annotations

from agentlab.core.value import JsonValue

from .account import Setting, draw_settings
from .chance import Chance
from .judging import Check, judged
from .markup import Html, tag
from .shell import Link, Shell, draw_notices, redirect
from .site import Judgement, Request, Response
from .skin import Option, Skin

__all__ = ["SettingsSite"]


class SettingsSite:
    """One account; the saved settings are the state."""

    def __init__(self, template: str, skin: Skin, chance: Chance) -> None:
        self.settings = draw_settings(template, chance)
        self.asks = chance.random() < 0.4
        """Whether saving has to be confirmed."""

        self.values = dict(self.settings.values)
        self.skin = skin
        self.template = template
        self.instruction = self.settings.instruction
        self.start_path = "/"
        links = [Link(skin.word("dialogs.overview"), "/")]
        if template == "settings":
            links += [Link(section, f"/{section.lower()}") for section in self.settings.sections]
        self.shell = Shell(
            skin, self.settings.title, links, notices=draw_notices(chance, 0.4, most=2)
        )

    def respond(self, request: Request) -> Response:
        """Answers with a page, or saves a section."""
        answered = self.shell.answer(request)
        if answered is not None:
            return answered
        sections = {f"/{section.lower()}": section for section in self.settings.sections}
        section = sections.get(request.path)
        if section and request.method == "POST":
            return self._save(section, request)
        if self.template == "settings" and section:
            return self.shell.page(request, section, self._form(section))
        if request.path != "/":
            return self.shell.missing(request)
        front = self._tabs() if self.template == "tabs" else self._front()
        return self.shell.page(request, self.skin.word("dialogs.overview"), front)

    def judge(self, answer: JsonValue) -> Judgement:
        """Judges how the settings stand."""
        before, wanted = self.settings.values, self.settings.wanted
        checks = [
            Check(self.values[label] == value, _told(label, self.values[label], value))
            for label, value in wanted.items()
            if value != before[label]
        ]
        spoilt = [
            _told(label, self.values[label], value)
            for label, value in wanted.items()
            if value == before[label] != self.values[label]
        ]
        is_changed = self.values != before
        words = "; ".join(spoilt) if spoilt else "nothing was saved"
        return judged([*checks, Check(is_changed and not spoilt, words)])

    def _save(self, section: str, request: Request) -> Response:
        for setting in self.settings.sections[section]:
            given = " ".join(request.form.get(setting.label, "").split())
            if setting.kind == "text" or given in setting.values:
                self.values[setting.label] = given
        self.shell.message = self.skin.word("dialogs.saved")
        return redirect(request.path if self.template == "settings" else "/")

    def _front(self) -> Html:
        lines = [
            part
            for section, settings in self.settings.sections.items()
            for part in (
                tag("dt", tag("a", section, href=f"/{section.lower()}")),
                tag("dd", ", ".join(setting.label for setting in settings)),
            )
        ]
        return tag("dl", *lines)

    def _tabs(self) -> Html:
        sections = list(self.settings.sections)
        tabs = [
            tag(
                "button",
                section,
                type="button",
                role="tab",
                class_="tab",
                aria_selected="true" if section == sections[0] else "false",
                aria_controls=f"panel-{section.lower()}",
            )
            for section in sections
        ]
        panels = [
            tag(
                "div",
                self._form(section),
                role="tabpanel",
                id=f"panel-{section.lower()}",
                hidden=section != sections[0],
            )
            for section in sections
        ]
        return tag("div", tag("div", *tabs, role="tablist", class_="tabs"), *panels)

    def _form(self, section: str) -> Html:
        fields = [self._field(setting) for setting in self.settings.sections[section]]
        return self.skin.form(
            f"/{section.lower()}", self.skin.arrange(*fields), *self._save_button(section)
        )

    def _field(self, setting: Setting) -> Html:
        value = self.values[setting.label]
        if setting.kind == "tick":
            return self.skin.tick(setting.label, setting.label, is_on=bool(value))
        options = [Option(value=value, label=value) for value in setting.values]
        is_list = setting.kind == "choice"
        key = setting.label.replace(" ", "-").lower()
        return self.skin.field(
            setting.label, setting.label, value=value, options=options if is_list else (), key=key
        )

    def _save_button(self, section: str) -> tuple[Html, ...]:
        word = self.skin.word
        if not self.asks:
            return (self.skin.button_for(word("dialogs.save")),)
        name = f"sure-{section.lower()}"
        actions = self.skin.arrange(
            self.skin.button_for(word("dialogs.yes")), self.skin.closer(word("dialogs.no"))
        )
        dialog = self.shell.dialog(
            name,
            word("dialogs.sure_title"),
            tag("p", word("dialogs.sure")),
            tag("div", actions, class_="actions"),
        )
        return self.skin.opener(word("dialogs.save"), opens=name), dialog


def _told(label: str, value: str, wanted: str) -> str:
    return f"{label} is {value or 'off'}, it should be {wanted or 'off'}"
