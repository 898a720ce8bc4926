"""The numbers of a source file that are quantities, and the file with others in their place.

Numbers are replaced byte by byte: formatting, comments and everything else stay.
"""

from __future__ import annotations

import ast
import codecs
import functools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import libcst as cst
from libcst import matchers
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper, PositionProvider

from agentlab.core.value import digest
from agentlab.meta.numeric.evolution import Number

__all__ = ["Site", "numbers_of", "sites_of", "with_numbers"]


class Site(NamedTuple):
    """A number in a source file, its sign included."""

    key: str
    """Names the place, whatever the number is and wherever in the file the place has moved."""

    start: int
    """First byte."""

    text: str
    value: Number
    line: int
    name: str
    """What it is called (a variable, a parameter, a keyword); empty where it has no name."""

    is_quantity: bool
    """Whether more or less of it may be better; see `_is_quantity`."""


@functools.lru_cache(maxsize=32)
def sites_of(source: bytes) -> tuple[Site, ...]:
    """Returns all numbers of a Python source in their order; none if it cannot be parsed.

    None either of a file that is not plain UTF-8: there bytes are not where the parser counts them.
    """
    try:
        wrapper = MetadataWrapper(cst.parse_module(source))
        if wrapper.module.encoding != "utf-8" or source.startswith(codecs.BOM_UTF8):
            return ()
        collector = _Collector(wrapper.module, source)
        wrapper.visit(collector)
    except (cst.ParserSyntaxError, SyntaxError, UnicodeDecodeError, RecursionError):
        return ()
    return tuple(collector.sites)


def numbers_of(source: bytes, *, like: bytes) -> dict[str, Number]:
    """Returns the numbers of a source by key; in a blink where only numbers differ from another."""
    found: dict[str, Number] = {}
    here = there = 0
    for site in sites_of(like):
        between = like[there : site.start]
        match = _NUMBER.match(source, here + len(between))
        value = _value_of(match[0]) if match else None
        if match is None or value is None or source[here : match.start()] != between:
            break
        found[site.key] = value
        here, there = match.end(), site.start + len(site.text)
    if source[here:] == like[there:]:
        return found
    return {site.key: site.value for site in sites_of(source)}


def with_numbers(source: bytes, numbers: Mapping[str, Number]) -> bytes:
    """Returns the source with other numbers at the places of these keys."""
    changed = source
    for site in sorted(sites_of(source), key=lambda site: -site.start):
        value = numbers.get(site.key, site.value)
        if value != site.value:
            text = f"{value:_}" if "_" in site.text and isinstance(value, int) else repr(value)
            if value < 0 and (sign := _APART.match(site.text)):
                text = sign[0] + text[1:]
            end = site.start + len(site.text)
            changed = changed[: site.start] + text.encode("ascii") + changed[end:]
    return changed


_APART = re.compile(r"-[ \t]+")
_DIGITS = rb"(?:\d[\w.]*|\.\d\w*)(?:(?<=[eE])[-+]\d+)?"
_NUMBER = re.compile(rb"(?:-[ \t]*)?" + _DIGITS)
_MASKED = re.compile(rb"(?<!\w)-?" + _DIGITS)
"""What looks like a number; a minus that stands apart is mostly a subtraction."""

_NO_QUANTITY = re.compile(
    r"(?:^|_)(?:port|version|seed|year|status|code|masks?|bits?|flags?|indent|digits|ids?)(?:$|_)",
    re.IGNORECASE,
)
"""Names of numbers of which more is not more: another one is another thing."""

_COLLECTIONS = (
    cst.Tuple, cst.List, cst.Set, cst.Dict, cst.Element, cst.DictElement,
)  # fmt: skip
_WITHOUT_SIZE = (
    cst.Modulo, cst.BitAnd, cst.BitOr, cst.BitXor, cst.LeftShift, cst.RightShift,
)  # fmt: skip
_NAMES_A_THING = (cst.Equal, cst.NotEqual, cst.In, cst.NotIn, cst.Is, cst.IsNot)


class _Collector(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (ByteSpanPositionProvider, PositionProvider)

    def __init__(self, module: cst.Module, source: bytes) -> None:
        super().__init__()
        self._module = module
        self._source = source
        self._ancestors: list[cst.CSTNode] = []
        self._scopes: list[str] = []
        self._places: Counter[str] = Counter()
        self._texts: dict[int, str] = {}
        self.sites: list[Site] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Import | cst.ImportFrom):
            return False
        if _is_number(node):
            self._collect(node)
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._scopes.append(node.name.value)
        self._ancestors.append(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if self._ancestors and self._ancestors[-1] is original_node:
            self._ancestors.pop()
            if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
                self._scopes.pop()

    def _collect(self, node: cst.CSTNode) -> None:
        place = digest([self._scopes, self._masked()])[:12]
        self._places[place] += 1
        span = self.get_metadata(ByteSpanPositionProvider, node)
        text = self._source[span.start : span.start + span.length].decode("utf-8", "replace")
        value = _value_of(text.encode())
        if value is not None:
            self.sites.append(
                Site(
                    key=f"{place}:{self._places[place]}",
                    start=span.start,
                    text=text,
                    value=value,
                    line=self.get_metadata(PositionProvider, node).start.line,
                    name=_name(self._ancestors),
                    is_quantity=_is_quantity(node, value, text, self._ancestors),
                )
            )

    def _masked(self) -> str:
        """Returns the source of the statement around, or of its head, without its numbers."""
        outer = (cst.SimpleStatementLine, cst.BaseCompoundStatement, cst.BaseSuite, cst.Module)
        depth = next(
            depth
            for depth in range(len(self._ancestors) - 1, -1, -1)
            if isinstance(self._ancestors[depth], outer)
        )
        inner = self._ancestors[depth + 1 : depth + 2]
        if not inner:
            return "#"
        if id(inner[0]) not in self._texts:
            text = self._module.code_for_node(inner[0])
            plain = _MASKED.sub(b"#", " ".join(text.split()).encode())
            self._texts[id(inner[0])] = plain.decode()
        return self._texts[id(inner[0])]


def _is_number(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.UnaryOperation):
        inner = node.expression
        return isinstance(node.operator, cst.Minus) and _is_number(inner) and not inner.lpar
    return isinstance(node, cst.Integer | cst.Float)


def _value_of(text: bytes) -> Number | None:
    try:
        value = ast.literal_eval(text.decode())
    except (SyntaxError, ValueError):
        return None
    return value if isinstance(value, int | float) else None


def _name(ancestors: Sequence[cst.CSTNode]) -> str:
    for node in reversed(ancestors):
        if isinstance(node, cst.Arg) and node.keyword is not None:
            return node.keyword.value
        if isinstance(node, cst.Param):
            return node.name.value
        if isinstance(node, cst.Assign) and isinstance(node.targets[0].target, cst.Name):
            return node.targets[0].target.value
        if isinstance(node, cst.AnnAssign) and isinstance(node.target, cst.Name):
            return node.target.value
        if isinstance(node, cst.BaseStatement):
            break
    return ""


def _is_quantity(
    node: cst.CSTNode, value: Number, text: str, ancestors: Sequence[cst.CSTNode]
) -> bool:
    """Returns whether more or less of a number may be better.

    Left out are numbers that name a thing: an index, a key, what is compared by equality, a port, a
    version, a pattern of bits, the square and the root of a distance; and 0 and 1, which mostly
    mean "none", "the first" or "the next", unless they are the value of a setting: a constant, a
    default, a named argument.
    """
    if text.lstrip("-")[:2].lower() in {"0x", "0o", "0b"} or _NO_QUANTITY.search(_name(ancestors)):
        return False
    parent = ancestors[-1]
    if isinstance(parent, cst.Index | cst.MatchValue):
        return False
    if isinstance(parent, cst.DictElement) and parent.key is node:
        return False
    if isinstance(parent, cst.BinaryOperation):
        if isinstance(parent.operator, _WITHOUT_SIZE):
            return False
        if parent.right is node and _is_of_distance(parent):
            return False
    if _is_compared(ancestors, _NAMES_A_THING):
        return False
    return abs(value) not in {0, 1} or _is_setting(value, ancestors)


def _is_of_distance(power: cst.BinaryOperation) -> bool:
    """Returns whether it is `(a - b) ** 2`, or a power of a sum that holds one."""
    held = matchers.BinaryOperation(operator=matchers.Subtract() | matchers.Power())
    return isinstance(power.operator, cst.Power) and bool(matchers.findall(power.left, held))


def _is_compared(ancestors: Sequence[cst.CSTNode], operators: tuple[type, ...]) -> bool:
    """Returns whether one of these operators has the number, or a collection of it, at a side."""
    for node in reversed(ancestors):
        if isinstance(node, cst.Comparison):
            return any(isinstance(target.operator, operators) for target in node.comparisons)
        if not isinstance(node, (*_COLLECTIONS, cst.ComparisonTarget)):
            return False
    return False


def _is_setting(value: Number, ancestors: Sequence[cst.CSTNode]) -> bool:
    if abs(value) == 1 and isinstance(value, float):
        return not _is_compared(ancestors, (cst.BaseCompOp,))
    for place in range(len(ancestors) - 1, -1, -1):
        node = ancestors[place]
        if isinstance(node, cst.Param):
            return True
        if isinstance(node, cst.Arg):
            return node.keyword is not None
        if isinstance(node, cst.Assign | cst.AnnAssign):
            return not any(isinstance(outer, cst.FunctionDef) for outer in ancestors[:place])
        if not isinstance(node, _COLLECTIONS):
            return False
    return False
