"""What somebody else's request holds, looked at piece by piece; a mistake says where it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple, NoReturn

from agentlab.errors import nearest
from agentlab.llm.model import CompletionRequest

__all__ = ["Asked", "BadRequest", "no_others", "numbers", "texts", "wrong"]


class BadRequest(ValueError):
    """A request that cannot be answered, whatever the model."""


class Asked(NamedTuple):
    """A request of an SDK, understood."""

    request: CompletionRequest
    is_stream: bool


def wrong(where: str, what: str) -> NoReturn:
    """Says what is wrong where.

    Raises:
        BadRequest: always.
    """
    raise BadRequest(f"{where}: {what}")


def no_others(body: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuses settings that would have no effect here.

    Raises:
        BadRequest: the first that is not known.
    """
    for key, value in body.items():
        if key not in known and value is not None:
            wrong(key, f"has no effect here, so it may not be set{nearest(key, known)}")


def texts(given: Any, where: str) -> str:  # Any: whatever the SDK sent
    """Returns a content: a text, or blocks of text in one.

    Raises:
        BadRequest: it is something else, such as a picture.
    """
    if given is None:
        return ""
    if isinstance(given, str):
        return given
    if not isinstance(given, list):
        wrong(where, "neither a text nor a list of parts")
    for number, part in enumerate(given):
        is_text = isinstance(part, dict) and part.get("type") == "text"
        if not is_text or not isinstance(part.get("text"), str):
            wrong(f"{where}.{number}", "only text is taken")
    return "".join(part["text"] for part in given)


def numbers(body: Mapping[str, Any], *keys: str, default: int) -> int:
    """Returns the first of the whole numbers that is given.

    Raises:
        BadRequest: it is no whole number above 0.
    """
    for key in keys:
        given = body.get(key)
        if given is not None:
            if not isinstance(given, int) or isinstance(given, bool) or given < 1:
                wrong(key, "must be a whole number above 0")
            return given
    return default
