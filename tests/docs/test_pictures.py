"""The pictures are what the product would draw: none is stale, and none is drawn by hand."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from scripts.draw_pictures import FOLDER, PAGE, PICTURES, TABLE
from scripts.pictures import rules
from scripts.pictures.svg import WIDTH, Axes, Picture, Scale
from tests.docs.conftest import PAGES

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_IN_A_MINUTE = "keep_rules"
_IN_TEN_SECONDS = "power"


def parts(drawn: str) -> tuple[list[str], list[float]]:
    """Returns the words and marks between numbers, and the numbers."""
    return _NUMBER.split(drawn), [float(number) for number in _NUMBER.findall(drawn)]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow if name == _IN_TEN_SECONDS else ())
        for name in PICTURES
        if name != _IN_A_MINUTE
    ],
)
def test_a_picture_is_what_would_be_drawn(name: str) -> None:
    words, numbers = parts((FOLDER / f"{name}.svg").read_text(encoding="utf-8"))
    words_anew, numbers_anew = parts(PICTURES[name]())

    assert words == words_anew
    # Processors differ in the last digit of a logarithm, and so in a tenth of a pixel.
    assert numbers == pytest.approx(numbers_anew, abs=0.11), (
        f"python -m scripts.draw_pictures {name}"
    )


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_table_and_picture_of_the_rules_are_what_the_benchmark_finds() -> None:
    found = TABLE.search(PAGE.read_text(encoding="utf-8"))

    assert found is not None
    assert found.group() == rules.table(rules.measured())
    assert (FOLDER / "keep_rules.svg").read_text(encoding="utf-8") == PICTURES[_IN_A_MINUTE]()


def test_the_rules_drawn_are_those_of_the_table() -> None:
    """Says without a simulation that the two were written together."""
    found = TABLE.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    rows = [line.split(" | ") for line in found.group().splitlines()[2:]]
    root = ElementTree.fromstring((FOLDER / "keep_rules.svg").read_text(encoding="utf-8"))
    texts = [text.text for text in root.iter() if text.tag.endswith("text")]

    assert [row[0].removeprefix("| ") for row in rows] == list(rules.measured(1))
    for row in rows:
        name, false = row[0].removeprefix("| "), row[2]
        assert f"{false} false" in texts[texts.index(name) :][:3]


def test_every_picture_is_on_a_page_and_every_one_there_is_drawn() -> None:
    pages = [page.read_text(encoding="utf-8") for page in PAGES]
    shown = [name for page in pages for name in re.findall(r"\(pictures/(\w+)\.svg\)", page)]

    assert sorted(shown) == sorted(PICTURES)
    assert sorted(shown) == sorted(path.stem for path in FOLDER.glob("*.svg"))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_fits_the_page_and_says_what_it_shows(name: str) -> None:
    root = ElementTree.fromstring((FOLDER / f"{name}.svg").read_text(encoding="utf-8"))
    told = {child.tag.rpartition("}")[2]: child.text for child in root}

    assert root.get("width") == str(WIDTH) == "700"
    assert told["title"]
    assert told["desc"]
    assert "prefers-color-scheme: dark" in (told["style"] or "")


def test_a_scale_puts_values_where_they_belong() -> None:
    straight = Scale(0, 10, (0, 5, 10), "pairs")
    logarithmic = Scale(1, 100, (1, 10, 100), "e-value", is_log=True)

    assert [straight.share(value) for value in (-1, 0, 5, 99)] == [0, 0, 0.5, 1]
    assert logarithmic.share(10) == pytest.approx(0.5)
    assert logarithmic.share(0) == 0


def test_axes_begin_at_the_bottom_on_the_left() -> None:
    across, up = Scale(0, 2, (), "across"), Scale(0, 4, (), "up")
    axes = Axes(Picture("a", height=200, told="b"), 50, 20, 100, 80, across, up)

    assert (axes.x(0), axes.y(0)) == (50, 100)
    assert (axes.x(2), axes.y(4)) == (150, 20)


def test_what_is_written_is_text_and_no_markup() -> None:
    picture = Picture("a < b", height=100, told="c & d")
    picture.text(1, 2, "<script>")
    root = ElementTree.fromstring(picture.render())

    assert [text.text for text in root.iter() if text.tag.endswith("text")] == ["a < b", "<script>"]
