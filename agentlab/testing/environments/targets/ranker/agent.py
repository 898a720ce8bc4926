"""Ranks documents by how many words of the query they hold."""

import json
import re
from pathlib import Path

REPEATS = 0.5


def prepare(goal, tools):
    with Path(goal.inputs["documents"]).open(encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    index = {document["id"]: words(document["text"]) for document in documents}
    (tools.artefact / "index.json").write_text(json.dumps(index))


def solve(goal, tools):
    index = json.loads((tools.artefact / "index.json").read_text())
    return {name: rank(text, index) for name, text in goal.inputs["queries"].items()}


def rank(query, index):
    asked = words(query)
    best = sorted(index, key=lambda document: (-score(asked, index[document]), document))
    return best[:10]


def score(asked, document):
    found = [word for word in asked if word in document]
    return len(set(found)) + REPEATS * sum(document.count(word) for word in found)


def words(text):
    return re.findall(r"[a-z]+", text.lower())
