from __future__ import annotations

import io

from agentlab.report.console import open_console


def test_a_file_is_wide_enough_for_tables_and_gets_no_colour() -> None:
    stream = io.StringIO()
    console = open_console(stream)
    console.print("x" * 105, style="bold red")
    assert stream.getvalue() == "x" * 105 + "\n"
