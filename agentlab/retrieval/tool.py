"""An embedder as a tool of an episode: trusted, cached, the same for every candidate."""

from __future__ import annotations

from agentlab.core.tool import ToolResult
from agentlab.errors import ToolError
from agentlab.retrieval.embedders.embedder import Embedder

__all__ = ["embed_as_tool"]


def embed_as_tool(
    embedder: Embedder, texts: list[str], *, most_texts: int = 256, most_signs: int = 8_000
) -> ToolResult:
    """Returns a vector for each text, for a method marked with `@tool`.

        @tool(step=False)
        def embed(self, texts: list[str]) -> ToolResult:
            \"\"\"Returns the vector of each text.\"\"\"
            return embed_as_tool(self._embedder, texts)

    Numbers are rounded to six places. Vectors of texts that are known beforehand go as a file
    instead: see `array_blob`.

    Raises:
        ToolError: kind `too_much`, more or longer texts than one call takes; kind `no_text`, what
            no encoding of characters knows.
    """
    if len(texts) > most_texts:
        raise ToolError("too_much", f"{len(texts)} texts; a call takes {most_texts}")
    for place, text in enumerate(texts):
        if len(text) > most_signs:
            raise ToolError("too_much", f"text {place} has {len(text)} signs of {most_signs}")
        if not _is_encodable(text):
            raise ToolError("no_text", f"text {place} holds half of a character")
    vectors = embedder.embed(texts)
    return ToolResult(value=[[round(float(x), 6) for x in vector] for vector in vectors])


def _is_encodable(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)
