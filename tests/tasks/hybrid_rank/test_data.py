"""The frozen places: whole, right by construction, dealt by subject."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from agentlab.data_file import read_jsonl
from scripts.hybrid_rank.frozen import DEPTH, SEED, answerable, lines, made
from scripts.hybrid_rank.places import Place, World, places, read_world
from scripts.hybrid_rank.rows import SPLITS, TYPES, PlaceRow, QueryRow, SimilaritiesRow

FOLDER = Path(__file__).resolve().parents[3] / "tasks/hybrid_rank"
README = (FOLDER / "README.md").read_text(encoding="utf-8")


class Data(NamedTuple):
    """The three files, and the truth behind them."""

    corpus: Sequence[PlaceRow]
    queries: Sequence[QueryRow]
    nearest: Mapping[str, SimilaritiesRow]
    world: World
    truth: Mapping[str, Place]


@pytest.fixture(scope="module")
def data() -> Data:
    world = read_world()
    rows = read_jsonl(FOLDER / "similarities.jsonl.gz", SimilaritiesRow, key="query").rows
    return Data(
        corpus=read_jsonl(FOLDER / "corpus.jsonl.gz", PlaceRow, key="id").rows,
        queries=read_jsonl(FOLDER / "queries.jsonl.gz", QueryRow, key="id").rows,
        nearest={row.query: row for row in rows},
        world=world,
        truth={place.id: place for place in places(world, seed=SEED)},
    )


def test_the_files_are_those_that_were_frozen() -> None:
    told = dict(re.findall(r"\| `(\S+)` \| `(\w{64})` \|", README))

    assert told == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(FOLDER.glob("*.jsonl.gz"))
    }


def test_what_is_written_makes_the_same_lines_again(data: Data) -> None:
    again = made()
    asked = {query.id: query for query in again.queries}

    assert lines(again.corpus) == lines(data.corpus)
    assert all(asked[query.id] == query for query in data.queries)


def test_there_are_thousands_of_candidates_and_hundreds_of_queries(data: Data) -> None:
    assert len(data.corpus) >= 1_500
    assert len(data.queries) >= 400
    assert {query.type for query in data.queries} == set(TYPES)


def test_every_split_has_clusters_enough_and_no_subject_of_another(data: Data) -> None:
    subjects = defaultdict(set)
    for query in data.queries:
        subjects[query.split].add(query.subject)

    assert all(len(subjects[split]) >= 60 for split in ("train", "validation", "test"))
    assert sum(len(found) for found in subjects.values()) == len(set().union(*subjects.values()))
    assert set(subjects) == set(SPLITS)


def test_gold_is_every_place_that_truly_is_what_is_asked_for(data: Data) -> None:
    towns = list(data.world.towns)
    activities = [activity.tag for activity in data.world.activities]
    traits = [trait.tag for trait in data.world.traits]
    for query in data.queries:
        if query.type == "location":
            is_it = {p.id for p in data.truth.values() if towns[p.town] == query.subject}
        elif query.type == "activity":
            wanted = activities.index(query.subject)
            is_it = {p.id for p in data.truth.values() if wanted in p.activities}
        else:
            either = {traits.index(tag) for tag in query.subject.split(" or ")}
            is_it = {p.id for p in data.truth.values() if p.traits & either}
        assert set(query.gold) == is_it, query


def test_a_person_can_decide_since_every_place_says_what_is_true_of_it(data: Data) -> None:
    for row in data.corpus:
        place, text = data.truth[row.id], row.text.lower()
        assert data.world.towns[place.town] in row.text
        for number in place.activities:
            terms = data.world.activities[number].terms
            assert any(term.lower() in text for term in terms), row.id
        for number, trait in enumerate(data.world.traits):
            is_said = any(line.lower() in text for line in trait.says)
            assert is_said == (number in place.traits), row.id


def test_no_id_tells_what_a_place_or_a_query_is(data: Data) -> None:
    towns = [data.truth[row.id].town for row in data.corpus]
    subjects = [query.subject for query in data.queries]

    assert sum(one == other for one, other in pairwise(towns)) < len(towns) / 20
    assert sum(one == other for one, other in pairwise(subjects)) < 5


def test_candidates_are_the_nearest_and_enough_of_them_are_right(data: Data) -> None:
    for row in data.nearest.values():
        assert len(row.documents) == len(set(row.documents)) == len(row.similarities) == DEPTH
        assert row.similarities == sorted(row.similarities, reverse=True)

    assert set(data.nearest) == {query.id for query in data.queries}
    assert answerable(data.queries, list(data.nearest.values())) == tuple(data.queries)


def test_a_query_that_could_not_be_filled_is_left_out(data: Data) -> None:
    query = data.queries[0]
    poor = query.model_copy(update={"gold": query.gold[:11]})

    assert answerable([poor], list(data.nearest.values())) == ()


def test_no_two_queries_say_the_same(data: Data) -> None:
    said = Counter(query.text.casefold() for query in data.queries)

    assert [text for text, count in said.items() if count > 1] == []


def test_a_town_is_in_queries_that_are_about_another_thing(data: Data) -> None:
    towns = [town.casefold() for town in data.world.towns]
    others = [query for query in data.queries if query.type != "location"]
    named = [q for q in others if any(town in q.text.casefold() for town in towns)]

    assert 0.05 < len(named) / len(others) < 0.4
