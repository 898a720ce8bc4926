"""A long document: find the one fact that was asked for among near-alike ones, and answer it.

Templates: `handbook` (one page, facts in sentences), `chapters` (a page per section, facts in
tables), `minutes` (one page, facts in lists), `clauses` (one page of sections that unfold, facts
beside their labels).
"""

from __future__ import annotations

from agentlab.core.value import JsonValue

from .chance import Chance
from .judging import judged_answer
from .markup import Html, join, tag
from .shell import Link, Shell, draw_notices
from .site import Judgement, Request, Response
from .skin import Skin
from .writing import Part, Section, draw_document

__all__ = ["TEMPLATES", "DocumentSite"]

TEMPLATES = ("handbook", "chapters", "minutes", "clauses")


class DocumentSite:
    """One document; nothing on it can be changed, only the answer counts."""

    def __init__(self, template: str, skin: Skin, chance: Chance) -> None:
        self.document = draw_document(template, chance)
        self.skin = skin
        self.template = template
        self.instruction = self.document.instruction
        self.start_path = "/"
        self.shell = Shell(
            skin,
            self.document.title,
            [Link(skin.word("document.contents"), "/")],
            notices=draw_notices(chance, 0.15),
        )

    def respond(self, request: Request) -> Response:
        """Answers with the document, its list of contents, or a chapter."""
        answered = self.shell.answer(request)
        if answered is not None:
            return answered
        sections = self.document.sections
        if request.path == "/":
            whole = tag(
                "div", *(self._section(number) for number in range(len(sections))), class_="text"
            )
            body = None if self.template == "chapters" else whole
            return self.shell.page(request, self.document.title, self._contents(), body)
        number = request.path.removeprefix("/chapter/")
        if self.template == "chapters" and number.isdecimal() and 0 < int(number) <= len(sections):
            return self._chapter(request, int(number) - 1)
        return self.shell.missing(request)

    def judge(self, answer: JsonValue) -> Judgement:
        """Judges the answer; the same label's value from another section is half of the way."""
        return judged_answer(answer, self.document.truth, self.document.near)

    def _contents(self) -> Html | None:
        """Returns the list of sections; the unfolding ones are their own."""
        if self.template == "clauses":
            return None
        target = "/chapter/{}" if self.template == "chapters" else "#part-{}"
        links = [
            tag("li", tag("a", section.thing, href=target.format(number)))
            for number, section in enumerate(self.document.sections, 1)
        ]
        return tag("div", tag("h2", self.skin.word("document.contents")), tag("ol", *links))

    def _chapter(self, request: Request, number: int) -> Response:
        section = self.document.sections[number]
        back = tag("a", self.skin.word("document.back"), href="/")
        parts = tag("div", *(self._part(part) for part in section.parts), class_="text")
        return self.shell.page(request, section.thing, parts, back)

    def _section(self, number: int) -> Html:
        section: Section = self.document.sections[number]
        parts = [self._part(part) for part in section.parts]
        if self.template == "clauses":
            return tag("details", tag("summary", section.thing), *parts)
        return tag("section", tag("h2", section.thing, id=f"part-{number + 1}"), *parts)

    def _part(self, part: Part) -> Html:
        word = self.skin.word
        paragraphs = [tag("p", paragraph) for paragraph in part.paragraphs]
        if part.former:
            former = part.former
            told = word("document.old", label=former.label.lower(), value=former.value)
            paragraphs.append(tag("p", told))
        if part.refers_to:
            told = word("document.refer", part=part.heading.lower(), thing=part.refers_to)
            paragraphs.append(tag("p", told[0].upper() + told[1:]))
        content = self.skin.arrange(join(*paragraphs), self._facts(part))
        return join(tag("h3", part.heading), content)

    def _facts(self, part: Part) -> Html:
        if not part.facts:
            return join()
        if self.template == "handbook":
            told = (
                self.skin.word("document.fact", label=label, value=value)
                for label, value in part.facts
            )
            return tag("p", " ".join(told))
        if self.template == "chapters":
            rows = (tag("tr", tag("td", label), tag("td", value)) for label, value in part.facts)
            return tag("table", *rows)
        if self.template == "minutes":
            return tag("ul", *(tag("li", f"{label}: {value}") for label, value in part.facts))
        pairs = (
            part for label, value in part.facts for part in (tag("dt", label), tag("dd", value))
        )
        return tag("dl", *pairs)
