"""The actions of a connector, documented in its style."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scripts.tool_search.rows import ActionRow, ParameterRow
from scripts.tool_search.written import (
    Connector,
    Field,
    Special,
    Style,
    Thing,
    Verb,
    read_fields,
    read_glossary,
    read_styles,
    words,
)

__all__ = ["action_id", "actions", "with_article"]

_STYLES = read_styles()
_GLOSSARY = read_glossary()
_SILENT = {"terse"}
"""Styles whose publisher documents an argument only where a general word is known for it."""

_NO_VOWEL = ("user", "one_", "utili")
_VOWELS = tuple("aeiou")


def actions(connector: Connector) -> Iterator[ActionRow]:
    """Yields all actions: the usual ones of each thing, then those of its own."""
    for thing in connector.things:
        for verb in thing.verbs:
            yield _usual(connector, thing, verb)
    for special in connector.specials:
        yield _own(connector, special)


def action_id(connector: Connector, thing: Thing, verb: Verb) -> str:
    """Returns the id of a usual action."""
    return f"{connector.id}_{_name(_STYLES[connector.style], thing, verb)}"


def with_article(name: str) -> str:
    """Returns an identifier as words with `a` or `an` before them."""
    is_vowel = name == "rfi" or (name.startswith(_VOWELS) and not name.startswith(_NO_VOWEL))
    return f"{'an' if is_vowel else 'a'} {words(name)}"


def _name(style: Style, thing: Thing, verb: Verb) -> str:
    many = verb in {"list", "search"}
    return f"{style.verbs[verb]}_{thing.many if many else thing.one}"


def _usual(connector: Connector, thing: Thing, verb: Verb) -> ActionRow:
    style = _STYLES[connector.style]
    return ActionRow(
        id=action_id(connector, thing, verb),
        name=_name(style, thing, verb),
        group=connector.id,
        text=_filled(style.texts[verb], thing),
        params=tuple(_arguments(connector.style, thing, verb)),
    )


def _own(connector: Connector, special: Special) -> ActionRow:
    return ActionRow(
        id=f"{connector.id}_{special.name}",
        name=special.name,
        group=connector.id,
        text=special.text,
        params=tuple(_argument(field, "", connector.style) for field in special.fields),
    )


def _filled(template: str, thing: Thing) -> str:
    article = with_article(thing.one)
    filled = template.format_map(
        {
            "one": thing.noun,
            "many": thing.nouns,
            "a one": article,
            "is": thing.what,
            "Many": _upper(thing.nouns),
            "A one": _upper(article),
            "One": _upper(thing.noun),
        }
    )
    return _upper(filled)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _arguments(style: str, thing: Thing, verb: Verb) -> Iterator[ParameterRow]:
    """Yields what a usual action takes."""
    key = ParameterRow(
        name=f"{thing.one}_id",
        type="string",
        required=True,
        text="" if style in _SILENT else f"Identifier of the {thing.noun}",
    )
    match verb:
        case "list":
            filters = (field for field in thing.fields if _is_filter(field))
            yield from (_argument(_optional(field), thing.noun, style) for field in filters)
            yield from _paging(style)
        case "search":
            yield _argument(Field("query", "string", True, ()), thing.noun, style)
            yield from _paging(style)
        case "create":
            yield from (_argument(field, thing.noun, style) for field in thing.fields)
        case "update":
            yield key
            yield from (_argument(_optional(field), thing.noun, style) for field in thing.fields)
        case "get" | "delete":
            yield key


def _is_filter(field: Field) -> bool:
    return bool(field.enum) or field.type in {"datetime", "boolean"} or field.name.endswith("_id")


def _optional(field: Field) -> Field:
    return field._replace(required=False)


def _paging(style: str) -> Iterator[ParameterRow]:
    for argument, text in _STYLES[style].paging:
        (field,) = read_fields(argument)
        yield ParameterRow(name=field.name, type=field.type, required=False, text=text)


def _argument(field: Field, noun: str, style: str) -> ParameterRow:
    return ParameterRow(
        name=field.name,
        type=field.type,
        required=field.required,
        text=_described(field, noun, _GLOSSARY, is_silent=style in _SILENT),
        enum=field.enum or None,
    )


def _described(field: Field, noun: str, glossary: Mapping[str, str], *, is_silent: bool) -> str:
    if field.name in glossary:
        return glossary[field.name].format(one=noun or "item")
    if is_silent:
        return ""
    name, what = words(field.name), f" of the {noun}" if noun else ""
    match field.type:
        case "boolean":
            return f"Whether {name} applies"
        case "datetime":
            return f"{_upper(name)}{what}, ISO 8601"
        case _ if field.name.endswith("_id"):
            return f"Identifier of the {name.removesuffix(' id')}"
        case _ if field.name.endswith("_ids"):
            return f"Identifiers of the {name.removesuffix(' ids')}s"
        case _ if field.name.endswith("_json"):
            return f"{_upper(name.removesuffix(' json'))} as a JSON object"
        case _:
            return f"{_upper(name)}{what}"
