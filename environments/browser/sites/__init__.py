"""The sites: five families, each with four templates, in four skins.

Train and validation share templates and skins and differ by seed; the test has others of both.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from agentlab.core.task import SplitName, Task

from .checkout import CheckoutSite
from .document import DocumentSite
from .entries import EntriesSite
from .settings import SettingsSite
from .shop import ShopSite
from .site import Site
from .skin import Skin, load_skin
from .table import TableSite

__all__ = ["make_site", "site_tasks"]

_Build = Callable[[str, Skin, random.Random], Site]

_SEEN: Mapping[str, Mapping[str, _Build]] = {
    "shop": {"list": ShopSite, "results": ShopSite},
    "checkout": {"single": CheckoutSite, "steps": CheckoutSite},
    "table": {"paged": TableSite, "filtered": TableSite},
    "dialogs": {"settings": SettingsSite, "records": EntriesSite},
    "document": {"handbook": DocumentSite, "clauses": DocumentSite},
}
"""Templates of train and validation by family."""

_UNSEEN: Mapping[str, Mapping[str, _Build]] = {
    "shop": {"shelf": ShopSite, "facets": ShopSite},
    "checkout": {"grouped": CheckoutSite, "wizard": CheckoutSite},
    "table": {"cards": TableSite, "grid": TableSite},
    "dialogs": {"tabs": SettingsSite, "pages": EntriesSite},
    "document": {"minutes": DocumentSite, "chapters": DocumentSite},
}
"""Templates of the test by family."""

_SEEN_SKINS, _UNSEEN_SKINS = ("paper", "slate"), ("linen", "ember")


def site_tasks(split: SplitName) -> Sequence[Task]:
    """Returns one task per family, template and skin of a split."""
    is_test = split == "test"
    return [
        Task(id=f"{family}/{template}/{skin}", group=f"{template}/{skin}")
        for family, templates in (_UNSEEN if is_test else _SEEN).items()
        for template in templates
        for skin in (_UNSEEN_SKINS if is_test else _SEEN_SKINS)
    ]


def make_site(task: Task, seed: int) -> Site:
    """Returns the instance of a task that a seed makes; the same pages for the same seed."""
    family, template, skin = task.id.split("/")
    build = {**_SEEN[family], **_UNSEEN[family]}[template]
    return build(template, load_skin(skin), random.Random(f"{task.id}#{seed}"))
