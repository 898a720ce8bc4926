"""The file of a computation graph in the ONNX format, with the few kinds of parts that we need.

ONNX is a protobuf format. These messages are written here, field by field after `onnx.proto` (IR
version 8), so that equal graphs are equal bytes on every machine and no code generator is needed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["VENDOR", "Attribute", "Graph"]

VENDOR = "com.microsoft"
"""The domain of ONNX Runtime's own operators."""

Attribute: TypeAlias = int | float | Sequence[int]

_IR_VERSION = 8
_OPERATORS = (("", 20), (VENDOR, 1))
"""Versions of the sets of operators, by domain."""

_ELEMENT_TYPES = {"float32": 1, "int8": 3, "int64": 7}


class Graph:
    """A graph in the making: values are known by their names."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[bytes] = []
        self._constants: dict[str, bytes] = {}
        self._values = 0

    def constant(self, name: str, array: NDArray[Any]) -> str:  # Any: floats and integers
        """Adds an array; one of the same name is taken to be the same. Returns the name."""
        if name not in self._constants:
            self._constants[name] = b"".join(
                (
                    *(_number(1, size) for size in array.shape),
                    _number(2, _ELEMENT_TYPES[array.dtype.name]),
                    _text(8, name),
                    _bytes(9, np.ascontiguousarray(array).tobytes()),
                )
            )
        return name

    def node(
        self,
        operator: str,
        *inputs: str,
        domain: str = "",
        output: str = "",
        **attributes: Attribute,
    ) -> str:
        """Adds an operator with one output; returns the output's name."""
        (name,) = self.nodes(operator, *inputs, outputs=(output,), domain=domain, **attributes)
        return name

    def nodes(
        self,
        operator: str,
        *inputs: str,
        outputs: Sequence[str],
        domain: str = "",
        **attributes: Attribute,
    ) -> list[str]:
        """Adds an operator; returns the names of its outputs, made up where they are empty."""
        names = [output or self._next() for output in outputs]
        self._nodes.append(
            b"".join(
                (
                    *(_text(1, name) for name in inputs),
                    *(_text(2, name) for name in names),
                    _text(4, operator),
                    *(_bytes(5, _attribute(*pair)) for pair in attributes.items()),
                    _text(7, domain),
                )
            )
        )
        return names

    def to_bytes(self, *, tokens: str, vector: str, dimensions: int) -> bytes:
        """Returns the file: from `tokens`, whole numbers of any count, to `vector`."""
        graph = b"".join(
            (
                *(_bytes(1, node) for node in self._nodes),
                _text(2, self._name),
                *(_bytes(5, constant) for constant in self._constants.values()),
                _bytes(11, _value(tokens, "int64", _text(2, "tokens"))),
                _bytes(12, _value(vector, "float32", _number(1, dimensions))),
            )
        )
        opsets = (_bytes(8, _text(1, domain) + _number(2, n)) for domain, n in _OPERATORS)
        return b"".join((_number(1, _IR_VERSION), _bytes(7, graph), *opsets))

    def _next(self) -> str:
        self._values += 1
        return f"v{self._values}"


def _value(name: str, element: str, dimension: bytes) -> bytes:
    shape = _bytes(1, dimension)
    tensor = _number(1, _ELEMENT_TYPES[element]) + _bytes(2, shape)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _attribute(name: str, value: Attribute) -> bytes:
    match value:
        case int():
            return _text(1, name) + _number(3, value) + _number(20, 2)
        case float():
            return _text(1, name) + _key(2, 5) + struct.pack("<f", value) + _number(20, 1)
    return b"".join((_text(1, name), *(_number(8, each) for each in value), _number(20, 7)))


def _text(field: int, text: str) -> bytes:
    return _bytes(field, text.encode())


def _bytes(field: int, data: bytes) -> bytes:
    return _key(field, 2) + _varint(len(data)) + data


def _number(field: int, number: int) -> bytes:
    return _key(field, 0) + _varint(number % 2**64)


def _key(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


def _varint(number: int) -> bytes:
    """Returns a whole number in groups of seven bits, the lowest first.

    >>> _varint(300).hex()
    'ac02'
    """
    return bytes(_groups(number))


def _groups(number: int) -> Iterable[int]:
    while number > 0x7F:
        yield number & 0x7F | 0x80
        number >>= 7
    yield number
