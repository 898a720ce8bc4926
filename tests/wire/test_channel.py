"""The trusted end of the wire keeps its promises whatever the other end does."""

from __future__ import annotations

import contextlib
import json
import math
import os
import threading
import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentlab.core.value import JsonValue
from agentlab.wire.channel import Channel, FrameTooLarge, WireError

_MAX_BYTES = 32 * 1024
_text = st.text(st.characters(exclude_categories=["Cs"]))
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4),
    max_leaves=12,
)
_frames = st.dictionaries(_text, _json, max_size=4)


class Wire(NamedTuple):
    channel: Channel
    read_fd: int
    """What the candidate reads."""

    write_fd: int
    """What the candidate writes."""


@contextlib.contextmanager
def open_wire(max_frame_bytes: int = _MAX_BYTES) -> Iterator[Wire]:
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    channel = Channel(ours_in, ours_out, max_frame_bytes=max_frame_bytes)
    try:
        yield Wire(channel, theirs_in, theirs_out)
    finally:
        channel.close()
        for fd in (theirs_in, theirs_out):
            with contextlib.suppress(OSError):
                os.close(fd)


def soon(seconds: float = 5.0) -> float:
    return time.monotonic() + seconds


@given(_frames)
def test_a_frame_arrives_as_it_was_sent(frame: dict[str, JsonValue]) -> None:
    with open_wire() as wire:
        wire.channel.send(frame, soon())
        line = os.read(wire.read_fd, 1 << 20)
        assert line.endswith(b"\n")
        assert line.count(b"\n") == 1
        os.write(wire.write_fd, line)
        assert wire.channel.receive(soon()) == frame


@given(st.lists(_frames, min_size=1, max_size=4), st.data())
def test_where_the_bytes_are_cut_does_not_matter(
    frames: list[dict[str, JsonValue]], data: st.DataObject
) -> None:
    whole = b"".join(json.dumps(frame).encode() + b"\n" for frame in frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    with open_wire(1 << 20) as wire:
        writer = threading.Thread(target=_write_pieces, args=(wire.write_fd, whole, cuts))
        writer.start()
        assert [wire.channel.receive(soon()) for _ in frames] == frames
        writer.join()


def _write_pieces(fd: int, whole: bytes, cuts: list[int]) -> None:
    for begin, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        os.write(fd, whole[begin:end])


@given(st.binary(max_size=400))
def test_any_line_is_a_frame_or_a_wire_error(line: bytes) -> None:
    with open_wire() as wire:
        os.write(wire.write_fd, line.replace(b"\n", b" ") + b"\n")
        with contextlib.suppress(WireError):
            frame = wire.channel.receive(soon())
            json.dumps(frame, allow_nan=False, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"1",
        b"[]",
        b"null",
        b"{",
        b'{"answer": NaN}',
        b'{"answer": -Infinity}',
        b'{"answer": Infinity}',
        b'{"answer": 1e999}',
        b'{"answer": -1.5E+0400}',
        b'{"answer": 1' + b"0" * 310 + b".0}",
        b'{"answer": "\\ud800"}',
        b'{"answer": "\xff"}',
        b"\xef\xbb\xbf{}",
        b'{"answer": ' + b"1" * 5000 + b"}",
        b'{"answer": ' + b"[" * 65 + b"]" * 65 + b"}",
        b'{"answer": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"}",
        b"cos\nsystem\n(S'true'\ntR.",
    ],
    ids=lambda line: repr(line[:24]),
)
def test_junk_is_refused(line: bytes) -> None:
    with open_wire(1 << 20) as wire:
        os.write(wire.write_fd, line + b"\n")
        with pytest.raises(WireError):
            wire.channel.receive(soon())


_digits = st.text("0123456789", min_size=1, max_size=320)
_exponents = st.builds(
    "{}{}{}".format,
    st.sampled_from("eE"),
    st.sampled_from(["", "+", "-"]),
    st.integers(0, 400).map(str) | st.integers(0, 400).map("{:04}".format),
)


@given(_digits, st.just("") | _digits.map(".{}".format), st.just("") | _exponents)
def test_a_number_is_refused_if_no_float_holds_it(whole: str, part: str, exponent: str) -> None:
    number = f"{whole.lstrip('0') or '0'}{part}{exponent}"
    is_finite = not (part or exponent) or math.isfinite(float(number))
    with open_wire() as wire:
        os.write(wire.write_fd, f'{{"answer": [-{number}]}}\n'.encode())
        with contextlib.nullcontext() if is_finite else pytest.raises(WireError):
            assert wire.channel.receive(soon()) == {"answer": [json.loads(f"-{number}")]}


def test_what_is_json_already_is_sent_as_it_is() -> None:
    with open_wire() as wire:
        wire.channel.send_text('{"result":1,"value":"\u00fc"}', soon())
        assert os.read(wire.read_fd, 100) == '{"result":1,"value":"\u00fc"}\n'.encode()


def test_half_a_sign_arrives_as_it_was() -> None:
    with open_wire() as wire:
        wire.channel.send({"result": 1, "value": "ü\ud83d"}, soon())
        assert json.loads(os.read(wire.read_fd, 100)) == {"result": 1, "value": "ü\ud83d"}


def test_a_frame_of_many_shallow_lists_is_accepted() -> None:
    frame: dict[str, JsonValue] = {"answer": [[number] for number in range(500)]}
    with open_wire() as wire:
        os.write(wire.write_fd, json.dumps(frame).encode() + b"\n")
        assert wire.channel.receive(soon()) == frame


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["without end", "with end"])
def test_a_frame_that_is_too_long_is_refused(end: bytes) -> None:
    with open_wire(1000) as wire:
        os.write(wire.write_fd, b'{"answer": "' + b"x" * 2000 + b'"}' + end)
        with pytest.raises(FrameTooLarge, match="more than 1000 bytes"):
            wire.channel.receive(soon())


def test_a_hang_up_is_none_also_within_a_frame() -> None:
    with open_wire() as wire:
        os.write(wire.write_fd, b'{"answer": ')
        os.close(wire.write_fd)
        assert wire.channel.receive(soon()) is None


def test_silence_ends_at_the_deadline() -> None:
    with open_wire() as wire, pytest.raises(TimeoutError):
        wire.channel.receive(soon(0.01))


def test_frames_without_end_end_at_the_deadline() -> None:
    with open_wire() as wire:
        stop = threading.Event()
        flood = threading.Thread(target=_flood, args=(wire.write_fd, stop))
        flood.start()
        deadline = soon(0.1)
        try:
            with pytest.raises(TimeoutError):
                _receive_all(wire, deadline)
        finally:
            stop.set()
            os.set_blocking(wire.write_fd, False)
            with contextlib.suppress(TimeoutError):
                _receive_all(wire, soon(0.2))
            flood.join()


def _flood(fd: int, stop: threading.Event) -> None:
    with contextlib.suppress(BlockingIOError):
        while not stop.is_set():
            os.write(fd, b'{"artefact": {"path": "a", "data": ""}}\n' * 100)


def _receive_all(wire: Wire, deadline: float) -> None:
    while True:
        wire.channel.receive(deadline)


def test_a_candidate_that_does_not_read_ends_at_the_deadline() -> None:
    with open_wire() as wire, pytest.raises(TimeoutError):
        wire.channel.send({"start": "x" * (1 << 20)}, soon(0.05))


def test_a_large_frame_reaches_a_slow_reader_whole() -> None:
    frame: dict[str, JsonValue] = {"start": "x" * (1 << 20)}
    with open_wire() as wire:
        received: list[bytes] = []
        reader = threading.Thread(target=_read_line, args=(wire.read_fd, received))
        reader.start()
        wire.channel.send(frame, soon())
        reader.join()
        assert json.loads(b"".join(received)) == frame


def _read_line(fd: int, received: list[bytes]) -> None:
    while not received or not received[-1].endswith(b"\n"):
        received.append(os.read(fd, 4096))


def test_sending_to_one_that_is_gone_is_a_connection_error() -> None:
    with open_wire() as wire:
        os.close(wire.read_fd)
        with pytest.raises(ConnectionError):
            wire.channel.send({"result": 1}, soon())


def test_closing_twice_closes_once() -> None:
    with open_wire() as wire:
        wire.channel.close()
        reopened = os.dup(0)
        wire.channel.close()
        os.fstat(reopened)
        os.close(reopened)
