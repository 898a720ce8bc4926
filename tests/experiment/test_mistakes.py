from __future__ import annotations

import pytest

from agentlab.errors import InputError, UnknownReference
from agentlab.experiment.mistakes import Mistakes


def test_mistakes_of_several_steps_are_told_at_once() -> None:
    mistakes = Mistakes()
    with mistakes.kept():
        raise InputError("one", "two")
    with mistakes.kept():
        raise UnknownReference("three")
    with pytest.raises(InputError) as caught:
        mistakes.tell()
    assert caught.value.problems == ("one", "two", "three")


def test_a_mistake_that_is_alone_keeps_its_class_and_none_is_none() -> None:
    mistakes = Mistakes()
    with mistakes.kept():
        pass
    mistakes.tell()
    with mistakes.kept():
        raise UnknownReference("three")
    with pytest.raises(UnknownReference, match="three"):
        mistakes.tell()
    with pytest.raises(ZeroDivisionError), mistakes.kept():
        raise ZeroDivisionError
