"""A candidate gets vectors by a call, within bounds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentlab.core.tool import ToolResult, Tools, tool
from agentlab.errors import ToolError
from agentlab.retrieval.embedders.hashing import HashEmbedder
from agentlab.retrieval.tool import embed_as_tool


class Episode:
    @tool(step=False)
    def embed(self, texts: list[str]) -> ToolResult:
        """Returns the vector of each text."""
        return embed_as_tool(HashEmbedder(dimensions=8), texts, most_texts=2, most_signs=20)


def embed(*texts: object) -> list[list[float]]:
    arguments: dict[str, Any] = {"texts": list(texts)}
    value = Tools.of(Episode())["embed"].call(arguments).value
    return json.loads(json.dumps(value))  # type: ignore[no-any-return]


def test_each_text_has_its_vector() -> None:
    first, second = embed("send a mail", "")

    assert sum(number**2 for number in first) == pytest.approx(1, abs=1e-4)
    assert second == [0.0] * 8
    assert embed("send a mail") == [first]


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["a", "b", "c"], "too_much"),
        (["a" * 21], "too_much"),
        (["half \ud83d"], "no_text"),
        ([7], "bad_arguments"),
    ],
)
def test_what_it_does_not_take_is_told(texts: list[object], kind: str) -> None:
    with pytest.raises(ToolError) as refused:
        embed(*texts)

    assert refused.value.kind == kind
