"""What a function says it does, and its code without saying so."""

from __future__ import annotations

import ast
import textwrap

from hypothesis import given
from hypothesis import strategies as st

from tests.environments.code_search.conftest import part

functions = part("functions")

SOURCE = '''
class Paper:
    @staticmethod
    def fold(sheet, times=1):
        """Fold a sheet
        of paper.

        More than seven times is not possible.
        """
        # A comment stays.
        return fold(sheet.folded(times))

    def cut(self): "Cut it into two halves."; return 2

    def burn(self):
        """Burn it."""
        return None

    def tear(self):
        """Tear it into many pieces."""
'''


def test_a_documented_function_is_its_first_paragraph_and_its_code_without_it() -> None:
    found = list(functions.functions_of("paper", SOURCE))

    assert [(each.module, each.name, each.said) for each in found] == [
        ("paper", "fold", "Fold a sheet of paper.")
    ]
    assert found[0].code == textwrap.dedent("""\
        @staticmethod
        def fold(sheet, times=1):
            # A comment stays.
            return fold(sheet.folded(times))""")


def test_a_name_can_be_hidden_wherever_it_stands() -> None:
    (fold,) = functions.functions_of("paper", SOURCE)

    hidden = functions.without_name(fold)

    assert "def function(sheet" in hidden
    assert "return function(sheet.folded(times))" in hidden


words = st.lists(st.sampled_from(["fold", "paper", "many", "times", "again"]), max_size=8)


@given(said=words, body=st.lists(st.sampled_from(["x = 1", "# why", "return x"]), max_size=3))
def test_code_is_python_that_says_nothing(said: list[str], body: list[str]) -> None:
    lines = [f'"""{" ".join(said)}."""', *body]
    source = "def work(x):\n" + textwrap.indent("\n".join(lines), "    ") + "\n"

    for found in functions.functions_of("m", source):
        assert len(said) >= 4
        assert found.said == " ".join(said) + "."
        if "x = 1" in body or "return x" in body:
            (node,) = ast.parse(found.code).body
            assert ast.get_docstring(node) is None
