"""Text that a candidate or a model wrote, made harmless for the medium it is shown in."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["for_markdown", "for_terminal", "one_line"]

# Control, format (bidirectional overrides, zero width), surrogate, private, unassigned characters
# and the separators that only Unicode calls a line's end: none of them is what it looks like.
_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~&:@#$!{}])")
_LIST_OR_HEADING = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)
_BARE_WWW = re.compile(r"(?i)(www)\.")


def for_terminal(text: str) -> str:
    r"""Returns text in which nothing can move the cursor, colour, hide or reorder what is shown.

    Line ends and tabs stay; every other invisible character is spelled out.

    >>> for_terminal("a\x1b[31mred\u202e")
    'a\\x1b[31mred\\u202e'
    """
    return "".join(_visible(character) for character in text)


def one_line(text: str, *, limit: int = 100) -> str:
    r"""Returns the first line that says something, harmless in a terminal, cut to a length.

    >>> one_line("  first\nsecond")
    'first'
    """
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    shown = for_terminal(first).replace("\t", " ")
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def for_markdown(text: str) -> str:
    r"""Returns one line of text that Markdown shows as it stands: no markup, link, image or HTML.

    >>> for_markdown("<b>[x](http://y)</b>\n# z")
    '\\<b\\>\\[x\\](http\\://y)\\</b\\> \\# z'
    """
    flat = " ".join(for_terminal(text).split())
    escaped = _BARE_WWW.sub(r"\1\\.", _MARKDOWN.sub(r"\\\1", flat))
    return _LIST_OR_HEADING.sub(lambda match: f"{match[1]}{match[2][:-1]}\\{match[2][-1]}", escaped)


def _visible(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in _INVISIBLE:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
