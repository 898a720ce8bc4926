"""Text to the token numbers of a model, by its own `tokenizer.json`."""

from __future__ import annotations

from agentlab.errors import InputError
from agentlab.retrieval.embedders.checkpoint import Checkpoint

__all__ = ["Tokens"]


class Tokens:
    """The tokenizer of a model; a text longer than `max_tokens` is cut at its end."""

    def __init__(self, checkpoint: Checkpoint, max_tokens: int) -> None:
        try:
            from tokenizers import Tokenizer
        except ImportError as error:
            raise InputError(
                "the tokenizers package is missing; pip install 'agentlab-autoresearch[retrieval]'"
            ) from error
        self._tokenizer = Tokenizer.from_file(str(checkpoint.file("tokenizer.json")))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)

    def numbers(self, text: str) -> list[int]:
        """Returns the tokens of a text between the two that mark its start and end."""
        return list(self._tokenizer.encode(text).ids)
