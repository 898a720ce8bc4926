"""What is written by hand makes the frozen files, and nothing else does."""

from __future__ import annotations

import gzip
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.tool_search.actions import with_article
from scripts.tool_search.frozen import Rows, compressed, lines, made
from scripts.tool_search.phrasing import Phraser
from scripts.tool_search.shared import with_shared
from scripts.tool_search.written import (
    VERBS,
    Connector,
    Core,
    Field,
    Verb,
    read_connectors,
    read_fields,
    read_sections,
    read_shared,
    read_styles,
)
from tests.benchmarks.tool_search_data import FOLDER

SEEDS = st.integers(0, 10**9)
VERB = st.sampled_from(sorted(VERBS.values()))


@pytest.fixture(scope="module")
def rows() -> Rows:
    return made()


@pytest.fixture(scope="module")
def connectors() -> tuple[Connector, ...]:
    return read_connectors()


def core(verb: Verb, text: str = "the blue kettle", *, trade: bool = False) -> Core:
    return Core(verb, "trade" if trade else "plain", text, is_complete=False)


@pytest.mark.parametrize("name", ["corpus", "queries", "qrels"])
def test_it_makes_the_frozen_lines(rows: Rows, name: str) -> None:
    frozen = gzip.decompress((FOLDER / f"{name}.jsonl.gz").read_bytes())

    assert lines(getattr(rows, name)) == frozen


def test_it_makes_the_frozen_connectors(rows: Rows) -> None:
    assert lines(rows.connectors) == (FOLDER / "connectors.jsonl").read_bytes()


def test_what_is_compressed_tells_no_time_and_no_name() -> None:
    assert compressed(b"rows")[3:8] == bytes(5)
    assert gzip.decompress(compressed(b"rows")) == b"rows"


def test_another_seed_words_the_same_questions_otherwise(rows: Rows) -> None:
    others = made(seed=1)

    assert others.corpus == rows.corpus
    assert others.queries != rows.queries
    assert len(others.queries) == len(rows.queries)


@pytest.mark.parametrize("verb", sorted(VERBS.values()))
def test_every_verb_has_sixty_frames_and_none_twice(verb: str) -> None:
    sections = read_sections("frames.txt")
    frames = [*sections[f"{verb} plain"], *sections[f"{verb} other"]]

    assert len(frames) == len(set(frames)) >= 60
    assert all(frame.count("{x}") == frame.count("{in}") == 1 for frame in frames)


def test_every_connector_has_a_style_that_is_written(connectors: tuple[Connector, ...]) -> None:
    used = {connector.style for connector in connectors}

    assert used == set(read_styles())
    assert len(used) >= 8


def test_every_thing_and_action_is_asked_for(connectors: tuple[Connector, ...]) -> None:
    for connector in connectors:
        for thing in connector.things:
            assert {asked.verb for asked in thing.cores} <= set(thing.verbs), thing
            assert thing.cores, thing
        for special in connector.specials:
            assert special.asks, special


def test_what_several_connectors_share_is_asked_of_each(
    connectors: tuple[Connector, ...],
) -> None:
    shared = read_shared()
    users = next(entry for entry in shared if entry.thing.one == "user")
    joined = {connector.id: connector for connector in with_shared(connectors, shared)}

    for id_ in users.connectors:
        (thing,) = (thing for thing in joined[id_].things if thing.one == "user")
        assert {asked.verb for asked in thing.cores} == {"list", "get"}


@given(seed=SEEDS, verb=VERB)
def test_a_request_names_the_product_and_holds_what_is_asked_for(seed: int, verb: Verb) -> None:
    text = Phraser("Pipewell", random.Random(seed)).phrase(core(verb)).text

    assert "the blue kettle" in text.casefold()
    assert "pipewell" in text.casefold()
    assert "{" not in text
    assert "  " not in text


@given(seed=SEEDS, verb=VERB)
def test_what_its_trade_tells_is_asked_without_the_name(seed: int, verb: Verb) -> None:
    text = Phraser("Pipewell", random.Random(seed)).phrase(core(verb, trade=True)).text

    assert "pipewell" not in text.casefold()
    assert "the blue kettle" in text.casefold()


@given(seed=SEEDS, verb=VERB)
def test_behind_a_long_text_only_the_product_follows(seed: int, verb: Verb) -> None:
    long = "the blue kettle that Olga sent back, with a crack in it"
    text = Phraser("Pipewell", random.Random(seed)).phrase(core(verb, long)).text
    _, _, after = text.partition("with a crack in it")

    assert len(after.split()) <= 5


@given(seed=SEEDS)
def test_no_frame_comes_again_before_the_others(seed: int) -> None:
    phraser = Phraser("Pipewell", random.Random(seed))
    said = [
        phraser.phrase(core("list", trade=True)).text.casefold().rstrip("?.") for _ in range(30)
    ]

    assert len(set(said)) == 30


def test_a_whole_request_stays_as_it_is() -> None:
    whole = Core("update", "trade", "we've run out of plaice, 86 it", is_complete=True)

    assert Phraser("Tablemere", random.Random(0)).phrase(whole).text == whole.text


def test_arguments_are_read_with_type_and_values() -> None:
    assert read_fields("title!, stage:lead|won, ids[]!, at@, on?") == (
        Field("title", "string", True, ()),
        Field("stage", "string", False, ("lead", "won")),
        Field("ids", "array", True, ()),
        Field("at", "datetime", False, ()),
        Field("on", "boolean", False, ()),
    )


def test_what_is_no_argument_is_refused() -> None:
    with pytest.raises(ValueError, match="no argument: 'two words'"):
        read_fields("title, two words")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("deal", "a deal"),
        ("time_off_request", "a time off request"),
        ("user", "a user"),
        ("offer", "an offer"),
        ("rfi", "an RFI"),
        ("one_on_one", "a one on one"),
    ],
)
def test_an_identifier_is_said_with_its_article(name: str, said: str) -> None:
    assert with_article(name) == said
