"""Words that sites are made of."""

from __future__ import annotations

__all__ = [
    "CITIES",
    "COLOURS",
    "COUNTRIES",
    "DEPARTMENTS",
    "FILLER",
    "FIRST",
    "GROUPS",
    "LAST",
    "NOUNS",
    "PROJECTS",
    "RULES",
    "SIZES",
    "STREETS",
]  # fmt: skip

FIRST = (
    "Dana",
    "Maya",
    "Omar",
    "Ines",
    "Tomas",
    "Ruth",
    "Leon",
    "Priya",
    "Nora",
    "Hugo",
    "Alma",
    "Ivan",
)
LAST = (
    "Whitfield",
    "Lindqvist",
    "Okafor",
    "Moreau",
    "Castillo",
    "Brandt",
    "Haugen",
    "Silva",
    "Novak",
    "Tanaka",
)
CITIES = (
    "Lyon",
    "Oslo",
    "Porto",
    "Graz",
    "Turku",
    "Ghent",
    "Malaga",
    "Leeds",
    "Brno",
    "Cork",
    "Bergen",
    "Trieste",
)
COUNTRIES = (
    "Austria",
    "Belgium",
    "Finland",
    "France",
    "Ireland",
    "Italy",
    "Norway",
    "Portugal",
    "Spain",
    "Sweden",
)
STREETS = (
    "Birch Lane",
    "Mill Road",
    "Harbour Street",
    "Chapel Hill",
    "Station Road",
    "Orchard Way",
)
DEPARTMENTS = ("Sales", "Finance", "Design", "Support", "Legal", "Logistics")
NOUNS = (
    "mug",
    "bowl",
    "lamp",
    "cushion",
    "notebook",
    "backpack",
    "scarf",
    "teapot",
    "blanket",
    "tray",
)
COLOURS = ("red", "blue", "green", "grey", "yellow", "black")
SIZES = ("small", "medium", "large")
PROJECTS = (
    "Apollo",
    "Borealis",
    "Cascade",
    "Dynamo",
    "Ember",
    "Fjord",
    "Granite",
    "Horizon",
    "Indigo",
    "Juniper",
)
GROUPS = ("contractors", "interns", "managers", "drivers", "engineers", "analysts", "trainers")
RULES = (
    "notice period",
    "holiday allowance",
    "probation period",
    "sick leave limit",
    "training allowance",
    "travel lead time",
    "parental leave",
    "handover period",
)
FILLER = (
    "This section was reviewed by the council and replaces earlier versions of the same text.",
    "Questions about its use go to the office that keeps the register, which answers within the week.",
    "Where two rules seem to meet, the more recent one is followed and the case is noted.",
    "Forms are kept at the front desk; copies are sent to those who ask for them in writing.",
    "Local practice may add to these rules but never takes anything away from them.",
    "A summary is read out once a year, usually in spring, and minutes are taken.",
    "Examples in the margin explain the wording and are not part of the rule itself.",
    "The people named here act for the whole group and not for their own unit alone.",
)  # fmt: skip
