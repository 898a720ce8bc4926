"""The frozen mock connectors are whole, decidable, split by connector, and name nobody real."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from scripts.tool_search.rows import DIFFICULTIES, ActionRow, QueryRow, Split
from tests.benchmarks.tool_search_data import FOLDER, Data, document, overlap, read, tokens

SHARES: Mapping[str, float] = {
    "plain": 0.19,
    "paraphrase": 0.19,
    "ambiguous": 0.22,
    "jargon": 0.31,
    "indirect": 0.09,
}
REAL = (Path(__file__).parent / "real_products.txt").read_text(encoding="utf-8").split()


@pytest.fixture(scope="module")
def data() -> Data:
    return read()


@pytest.fixture(scope="module")
def actions(data: Data) -> Mapping[str, ActionRow]:
    return {action.id: action for action in data.corpus}


@pytest.fixture(scope="module")
def texts(data: Data) -> str:
    """Returns all that is published, small."""
    published = [*data.connectors, *data.corpus, *data.queries]
    return "\n".join(row.model_dump_json() for row in published).casefold()


def test_there_are_thousands_over_many_connectors(data: Data) -> None:
    per_connector = Counter(action.group for action in data.corpus)

    assert len(data.connectors) >= 60
    assert len(data.corpus) >= 1_000
    assert len(data.queries) >= 1_800
    assert set(per_connector) == {connector.id for connector in data.connectors}
    assert min(per_connector.values()) >= 14


def test_an_action_is_called_by_connector_and_name(data: Data) -> None:
    assert all(action.id == f"{action.group}_{action.name}" for action in data.corpus)


def test_names_recur_across_connectors(data: Data) -> None:
    recurring = {
        name: count
        for name, count in Counter(action.name for action in data.corpus).items()
        if count > 1
    }

    assert sum(recurring.values()) >= 250
    assert recurring["list_users"] >= 10
    assert recurring["create_contact"] >= 2


def test_no_action_takes_an_argument_twice(data: Data) -> None:
    for action in data.corpus:
        names = [argument.name for argument in action.params]
        assert len(names) == len(set(names)), action.id


def test_every_gold_is_an_action_of_the_connector_asked(
    data: Data, actions: Mapping[str, ActionRow]
) -> None:
    assert set(data.golds) == {query.id for query in data.queries}
    for query in data.queries:
        assert {actions[gold].group for gold in data.golds[query.id]} == {query.group}


def test_two_golds_are_only_a_list_and_a_search_of_the_same_things(
    data: Data, actions: Mapping[str, ActionRow]
) -> None:
    for golds in data.golds.values():
        nouns = {actions[gold].name.partition("_")[2] for gold in golds}

        assert len(golds) <= 2
        assert len(nouns) == 1 or len(golds) == 1


def test_every_action_is_asked_for(data: Data) -> None:
    asked = {gold for golds in data.golds.values() for gold in golds}

    assert asked == {action.id for action in data.corpus}


def test_no_query_is_there_twice(data: Data) -> None:
    said = Counter(" ".join(sorted(tokens(query.text))) for query in data.queries)

    assert [text for text, count in said.items() if count > 1] == []


def test_queries_are_as_long_as_people_type_them(data: Data) -> None:
    lengths = [len(query.text.split()) for query in data.queries]

    assert min(lengths) >= 4
    assert max(lengths) <= 30
    assert all(query.text == " ".join(query.text.split()) for query in data.queries)


def test_difficulties_have_the_shares_that_are_told(data: Data) -> None:
    counts = Counter(query.difficulty for query in data.queries)
    shares = {difficulty: counts[difficulty] / len(data.queries) for difficulty in DIFFICULTIES}

    assert shares == pytest.approx(SHARES, abs=0.01)


def test_words_stand_less_in_the_gold_the_harder_the_query(data: Data) -> None:
    shares = overlap(data)
    means = {}
    for difficulty in DIFFICULTIES:
        of_it = [shares[query.id] for query in data.queries if query.difficulty == difficulty]
        means[difficulty] = sum(of_it) / len(of_it)

    assert means["plain"] > means["paraphrase"] > means["jargon"] > means["indirect"]


def test_what_tells_the_connector_is_its_name_or_its_trade(data: Data) -> None:
    name_of = {connector.id: connector.name.casefold() for connector in data.connectors}
    for query in data.queries:
        is_named = name_of[query.group] in query.text.casefold()
        assert query.resolved_by == ("name" if is_named else "trade"), query.text


def test_no_query_names_another_connector(data: Data) -> None:
    for query in data.queries:
        named = {c.id for c in data.connectors if c.name.casefold() in query.text.casefold()}
        assert named <= {query.group}, query.text


def test_what_several_connectors_could_answer_names_one(data: Data) -> None:
    common = {"plain", "paraphrase", "ambiguous"}

    assert {q.resolved_by for q in data.queries if q.difficulty in common} == {"name"}
    assert {q.resolved_by for q in data.queries if q.difficulty == "jargon"} == {"trade"}


def test_ambiguous_is_what_another_connector_does_with_the_same_things(
    data: Data, actions: Mapping[str, ActionRow]
) -> None:
    groups: dict[str, set[str]] = defaultdict(set)
    for action in data.corpus:
        groups[_noun(action)].add(action.group)
    for query in data.queries:
        if query.difficulty == "ambiguous":
            for gold in data.golds[query.id]:
                assert len(groups[_noun(actions[gold])]) > 1, query.text


def _noun(action: ActionRow) -> str:
    return action.name.partition("_")[2].removesuffix("s")


def test_connectors_of_validation_and_test_are_whole_and_a_sixth_each(data: Data) -> None:
    counts = Counter(connector.split for connector in data.connectors)
    split_of = {connector.id: connector.split for connector in data.connectors}

    assert counts["test"] / len(data.connectors) == pytest.approx(0.15, abs=0.02)
    assert counts["validation"] / len(data.connectors) == pytest.approx(0.15, abs=0.02)
    assert all(query.split == split_of[query.group] for query in data.queries)


def test_held_out_connectors_share_no_query_not_even_with_another_name(data: Data) -> None:
    splits: dict[frozenset[str], set[Split]] = defaultdict(set)
    for query in data.queries:
        splits[tokens(query.text) - {query.group}].add(query.split)

    assert {len(each) for each in splits.values()} == {1}


def test_held_out_connectors_are_no_doubles_of_those_in_train(data: Data) -> None:
    held = {connector.id for connector in data.connectors if connector.split != "train"}
    known = [
        tokens(document(action)) - {action.group}
        for action in data.corpus
        if action.group not in held
    ]
    alike: dict[str, list[bool]] = defaultdict(list)
    for action in data.corpus:
        if action.group in held:
            said = tokens(document(action)) - {action.group}
            alike[action.group].append(
                any(len(said & other) > 0.8 * len(said | other) for other in known)
            )

    assert {name: sum(each) / len(each) for name, each in alike.items()} == {
        name: pytest.approx(0.2, abs=0.2) for name in held
    }


@pytest.mark.parametrize("split", ["validation", "test"])
def test_each_split_has_every_difficulty(data: Data, split: Split) -> None:
    of_it: list[QueryRow] = [query for query in data.queries if query.split == split]

    assert len(of_it) >= 300
    assert {query.difficulty for query in of_it} == set(DIFFICULTIES)


def test_the_split_by_query_has_all_connectors_in_train(data: Data) -> None:
    counts = Counter(query.query_split for query in data.queries)

    assert counts["test"] / len(data.queries) == pytest.approx(0.15, abs=0.02)
    assert {q.group for q in data.queries if q.query_split == "train"} == {
        connector.id for connector in data.connectors
    }


def test_no_real_product_is_named(texts: str) -> None:
    named = [name for name in REAL if re.search(rf"\b{re.escape(name)}\b", texts)]

    assert named == []


def test_addresses_and_numbers_belong_to_nobody(texts: str) -> None:
    mails = re.findall(r"@([\w-]+(?:\.[\w-]+)+)", texts)
    hosts = re.findall(r"\b[\w-]+\.(?:com|net|org|io|co|eu|de|fr|uk)\b", texts)
    phones = re.findall(r"\+\d[\d ]{7,}\d", texts)
    addresses = re.findall(r"\b\d{1,3}(?:\.\d{1,3}){3}\b", texts)

    assert {mail for mail in mails if not mail.endswith(".example")} == set()
    assert hosts == []
    assert set(phones) == {"+44 7700 900123", "+32 2 555 0173"}
    assert {address.rpartition(".")[0] for address in addresses} <= {"203.0.113", "198.51.100"}


@pytest.mark.parametrize(
    "name", ["connectors.jsonl", "corpus.jsonl.gz", "queries.jsonl.gz", "qrels.jsonl.gz"]
)
def test_the_files_are_those_that_the_page_tells(name: str) -> None:
    sha256 = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()

    assert f"| `{name}` | `{sha256}` |" in (FOLDER / "README.md").read_text(encoding="utf-8")
