"""A request as a person types it: what is asked for, in a frame, with or without the product."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

from scripts.tool_search.written import Core, read_sections

__all__ = ["Phrased", "Phraser"]

_QUESTION = re.compile(r"(who|which|what|how|where|when|why)\b")
_ASKS = re.compile(
    r"(who|which|what|how|where|is|are|do|does|can|could|would|may|shall|any)\b", re.IGNORECASE
)
"""How a text begins behind which nobody puts a full stop."""

_FRAMES = read_sections("frames.txt")
_PLACES = read_sections("places.txt")
_PLAIN = 0.3
"""Share of requests in the interface's words that have its verb, too."""

_LONG = 8
"""Words from which on nothing is put behind what is asked for."""


@dataclass(frozen=True)
class Phrased:
    """A request."""

    text: str
    is_plain: bool
    """The frame has the verb of the interface."""


@dataclass
class Phraser:
    """Phrases the requests to one product; no frame comes again before the others came."""

    name: str
    rng: random.Random
    decks: dict[str, list[str]] = field(default_factory=dict)
    """Frames by family, those to come first."""

    def phrase(self, core: Core) -> Phrased:
        """Returns a request for it; the product is named unless the core tells it."""
        if core.is_complete:
            return Phrased(core.text, is_plain=False)
        family = self._family(core)
        is_open = len(core.text.split()) < _LONG and "," not in core.text
        frame = self._draw(family, is_open=is_open)
        if core.noun == "trade":
            text = _filled(frame, core.text, "")
        else:
            text = self._placed(frame, core.text, is_open=is_open)
        return Phrased(self._registered(text), is_plain=family.endswith("plain"))

    def _family(self, core: Core) -> str:
        is_plain = core.noun == "plain" and self.rng.random() < _PLAIN
        if _QUESTION.match(core.text):
            return "question other"
        return f"{core.verb} {'plain' if is_plain else 'other'}"

    def _draw(self, family: str, *, is_open: bool) -> str:
        """Returns the next frame that suits; behind a long text no frame goes on."""
        deck = self.decks.setdefault(family, self._shuffled(family))
        number = next(at for at, frame in enumerate(deck) if is_open or _ends_with_it(frame))
        frame = deck.pop(number)
        deck.append(frame)
        return frame

    def _shuffled(self, family: str) -> list[str]:
        frames = list(_FRAMES[family])
        self.rng.shuffle(frames)
        return frames

    def _placed(self, frame: str, text: str, *, is_open: bool) -> str:
        """Returns the request with the product named inside, before or after it."""
        before_it = frame.index("{in}") < frame.index("{x}")
        if before_it or (is_open and self.rng.random() < 0.65):
            inside = self.rng.choice(_PLACES["inside"]).format(name=self._called())
            return _filled(frame, text, inside)
        request = _filled(frame, text, "")
        if ":" not in frame and self.rng.random() < 0.6:
            before = self.rng.choice(_PLACES["before"])
            return before.format(name=self._called(), text=request)
        return self._after(request)

    def _after(self, request: str) -> str:
        after = self.rng.choice(_PLACES["after"])
        if request.endswith("?") and not after.startswith("{text}."):
            return after.format(name=self._called(), text=request[:-1]) + "?"
        if request.endswith("?"):
            after = after.replace("{text}.", "{text}")
        return after.format(name=self._called(), text=request)

    def _called(self) -> str:
        return self.name.lower() if self.rng.random() < 0.2 else self.name

    def _registered(self, text: str) -> str:
        """Returns it as a hasty or a careful person types it."""
        if self.rng.random() < 0.35:
            text = text[:1].upper() + text[1:]
            is_statement = text[-1].isalnum() and not _ASKS.match(text)
            if is_statement and self.rng.random() < 0.6:
                text += "."
        elif text.endswith("?") and self.rng.random() < 0.3:
            text = text[:-1]
        return text


def _ends_with_it(frame: str) -> bool:
    return frame.removesuffix("?").endswith("{x} {in}") or frame.endswith("{x}")


def _filled(frame: str, text: str, place: str) -> str:
    filled = frame.replace("{x}", text).replace("{in}", place)
    return re.sub(r" +([,:?]|$)", r"\1", re.sub(r"  +", " ", filled)).strip()
