"""The worlds of the browser environment: five families of sites, four templates, four skins each.

Train and validation share templates and skins; the test has others of both, so that what is
measured there is whether a mechanism carries over.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from agentlab.core.task import SplitName, Task

from .checkout import CheckoutSite
from .dialogs import DialogSite
from .document import DocumentSite
from .shell import SKINS, Skin
from .shop import ShopSite
from .site import Site
from .table import TableSite

__all__ = ["make_site", "site_tasks"]

_FAMILIES: dict[str, Callable[[str, Skin, random.Random], Site]] = {
    "shop": ShopSite,
    "checkout": CheckoutSite,
    "table": TableSite,
    "dialogs": DialogSite,
    "document": DocumentSite,
}
_TEMPLATES = {
    "shop": (("grid", "search"), ("paged", "facets")),
    "checkout": (("single", "steps"), ("folded", "review")),
    "table": (("flat", "filter"), ("paged", "cards")),
    "dialogs": (("settings", "records"), ("tabs", "menu")),
    "document": (("sections", "lists"), ("sentences", "notes")),
}
"""By family: those of train and validation, those of the test."""

_SKINS = (("plain", "soft"), ("dense", "roles"))


def site_tasks(split: SplitName) -> list[Task]:
    """Returns the tasks of a split: family x template x skin."""
    side = 1 if split == "test" else 0
    return [
        Task(id=f"{family}/{template}/{skin}", group=f"{template}/{skin}")
        for family, templates in _TEMPLATES.items()
        for template in templates[side]
        for skin in _SKINS[side]
    ]


def make_site(task: Task, seed: int) -> Site:
    """Returns a live site; the same task and seed make the same site, byte for byte."""
    family, template, skin = task.id.split("/")
    rng = random.Random(f"{task.id}/{seed}")
    return _FAMILIES[family](template, SKINS[skin], rng)
