"""What several steps find wrong, told at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from agentlab.errors import InputError

__all__ = ["Mistakes"]


class Mistakes:
    """Keeps the mistakes of steps that do not need one another, to be told after the last."""

    def __init__(self) -> None:
        self._errors: list[InputError] = []

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keeps the mistake that ends what is done inside, and lets the next step be tried."""
        try:
            yield
        except InputError as error:
            self._errors.append(error)

    def tell(self) -> None:
        """Ends here where there was a mistake.

        Raises:
            InputError: with every problem; the one error as it is where there is but one.
        """
        if len(self._errors) == 1:
            raise self._errors[0]
        if self._errors:
            raise InputError(*(problem for error in self._errors for problem in error.problems))
