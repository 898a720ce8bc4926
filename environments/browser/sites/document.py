"""Long documents: 50,000 characters and more, one fact of them asked for, its likes all around."""

from __future__ import annotations

import random
import re

from agentlab.core.value import JsonValue

from .shell import Skin, page
from .site import Judgement, Request, Response
from .words import CITIES, FILLER, GROUPS, RULES

__all__ = ["DocumentSite"]

_MIN_CHARACTERS = 52_000


class DocumentSite:
    """A handbook by office; the same rules with other numbers in each of its chapters."""

    start_path = "/"

    def __init__(self, template: str, skin: Skin, rng: random.Random) -> None:
        self._template = template
        self._skin = skin
        cities = rng.sample(CITIES, 8)
        self.facts = {
            (city, rule, group): rng.randrange(3, 99)
            for city in cities
            for rule in RULES
            for group in rng.sample(GROUPS, 3)
        }
        self.asked = rng.choice(list(self.facts))
        self.truth = self.facts[self.asked]
        self._body = self._write(cities, rng)
        city, rule, group = self.asked
        self.instruction = rng.choice((
            f"According to the handbook, what is the {rule} for {group} in the {city} office, in days?",
            f"How many days is the {rule} for {group} at the {city} office? Answer with the number.",
            f"Find the {rule} of {group} in {city} in the handbook and answer with the number of days.",
        ))  # fmt: skip

    def respond(self, request: Request) -> Response:
        """Serves the one page."""
        return page(self._skin, "Staff handbook", self._body)

    def judge(self, answer: JsonValue) -> Judgement:
        """Succeeds if the one number in the answer is the one asked for."""
        numbers = re.findall(r"\d+", str(answer)) if isinstance(answer, str | int) else []
        is_right = numbers == [str(self.truth)]
        city, rule, group = self.asked
        likes = {
            str(n)
            for (c, r, g), n in self.facts.items()
            if (c == city) + (r == rule) + (g == group) == 2
        }
        progress = 1.0 if is_right else 0.5 if set(numbers) & likes else 0.1 if numbers else 0.0
        return Judgement(
            is_right, progress, f"asked for {self.truth}, the answer was {answer!r:.80}"
        )

    def _write(self, cities: list[str], rng: random.Random) -> str:
        notes: list[str] = []
        chapters = [self._chapter(city, notes, rng) for city in cities]
        if notes:
            items = "".join(f"<p>Note {n}: {text}</p>" for n, text in enumerate(notes, start=1))
            chapters.append(f"<h2>Notes</h2>{items}")
        return "".join(chapters)

    def _chapter(self, city: str, notes: list[str], rng: random.Random) -> str:
        parts = [f"<h2>{city} office</h2>"]
        for rule in RULES:
            values = [
                (group, n) for (c, r, group), n in self.facts.items() if (c, r) == (city, rule)
            ]
            parts.append(self._section(city, rule, values, notes, rng))
        text = "".join(parts)
        while len(text) < _MIN_CHARACTERS // 8:
            text += f"<p>{' '.join(rng.sample(FILLER, 5))}</p>"
        return text

    def _section(
        self,
        city: str,
        rule: str,
        values: list[tuple[str, int]],
        notes: list[str],
        rng: random.Random,
    ) -> str:
        filler = f"<p>{' '.join(rng.sample(FILLER, 4))}</p>"
        match self._template:
            case "sentences":
                said = "".join(
                    f"<p>In the {city} office the {rule} for {group} is {n} days.</p>"
                    for group, n in values
                )
                return filler + said
            case "sections":
                said = "".join(f"<p>For {group} it is {n} days.</p>" for group, n in values)
                return f"<h3>{rule.capitalize()}</h3>{filler}{said}"
            case "lists":
                said = "".join(
                    f"<dt>{group.capitalize()}</dt><dd>{n} days</dd>" for group, n in values
                )
                return f"<h3>{rule.capitalize()}</h3>{filler}<dl>{said}</dl>"
            case _:
                said = ""
                for group, n in values:
                    notes.append(f"{n} days.")
                    said += (
                        f"<p>The {rule} for {group} in {city} is given in note {len(notes)}.</p>"
                    )
                return filler + said
