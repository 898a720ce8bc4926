"""Draws docs/pictures/ and writes the table of keep rules into docs/measurement.md: a minute.

    python -m scripts.draw_pictures [NAME ...]

What is drawn comes from the product's own functions and from simulations with fixed seeds.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from scripts.pictures import rules
from scripts.pictures.code_search import code_search
from scripts.pictures.hybrid_rank import hybrid_rank
from scripts.pictures.pairs import pairs
from scripts.pictures.peeking import peeking
from scripts.pictures.power import power
from scripts.pictures.stages import stages
from scripts.pictures.tool_search import tool_search

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs/pictures"
PAGE = ROOT / "docs/measurement.md"
TABLE = re.compile(r"(?<=<!-- table: keep_rules -->\n).*?(?=\n[^|]|\Z)", re.DOTALL)


def keep_rules() -> str:
    """Returns the picture of the keep rules."""
    return rules.keep_rules(rules.measured())


PICTURES: Mapping[str, Callable[[], str]] = {
    "stages": stages,
    "peeking": peeking,
    "pairs": pairs,
    "power": power,
    "hybrid_rank_ideas": hybrid_rank,
    "keep_rules": keep_rules,
    "code_search": code_search,
    "tool_search": tool_search,
}


def main() -> None:
    """Draws the pictures that are named, or all."""
    for name in sys.argv[1:] or PICTURES:
        (FOLDER / f"{name}.svg").write_text(PICTURES[name](), encoding="utf-8")
        print(f"drew docs/pictures/{name}.svg")
        if name == "keep_rules":
            page = PAGE.read_text(encoding="utf-8")
            PAGE.write_text(TABLE.sub(rules.table(rules.measured()), page), encoding="utf-8")


if __name__ == "__main__":
    main()
