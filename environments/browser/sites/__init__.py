"""The sites: five families, each with four templates, in six skins.

Each split has templates and skins of its own, so that a gain on validation is one on sites that nobody
has seen, as it is on the test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from agentlab.core.task import SplitName, Task

from .chance import Chance
from .checkout import CheckoutSite
from .document import DocumentSite
from .entries import EntriesSite
from .settings import SettingsSite
from .shop import ShopSite
from .sides import SIDES
from .site import Site
from .skin import Skin, load_skin
from .table import TableSite

__all__ = ["make_site", "site_tasks"]

_Build = Callable[[str, Skin, Chance], Site]

_BUILDS: Mapping[str, Mapping[str, _Build]] = {
    "shop": dict.fromkeys(("list", "results", "shelf", "facets"), ShopSite),
    "checkout": dict.fromkeys(("single", "steps", "grouped", "wizard"), CheckoutSite),
    "table": dict.fromkeys(("paged", "filtered", "cards", "grid"), TableSite),
    "dialogs": {
        **dict.fromkeys(("settings", "tabs"), SettingsSite),
        **dict.fromkeys(("records", "pages"), EntriesSite),
    },
    "document": dict.fromkeys(("handbook", "clauses", "minutes", "chapters"), DocumentSite),
}
"""What builds each template, by family."""

_SKINS: Mapping[SplitName, Sequence[str]] = {
    "train": ("paper", "slate"),
    "validation": ("linen", "moss"),
    "test": ("ember", "chalk"),
}


def site_tasks(split: SplitName) -> Sequence[Task]:
    """Returns one task per family, template and skin of a split."""
    return [
        Task(id=f"{family}/{template}/{skin}", group=f"{template}/{skin}")
        for family, templates in _BUILDS.items()
        for template in templates
        if SIDES[template] == split
        for skin in _SKINS[split]
    ]


def make_site(task: Task, seed: int) -> Site:
    """Returns the instance of a task that a seed makes; the same pages for the same seed."""
    family, template, skin = task.id.split("/")
    return _BUILDS[family][template](template, load_skin(skin), Chance(task.id, seed))
