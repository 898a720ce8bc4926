"""How an edit is told."""

from __future__ import annotations

import libcst as cst

from agentlab.meta.mutation.replacement import source_of


def test_source_is_told_on_one_line_and_shortened() -> None:
    node = cst.parse_expression("[\n    1,\n    2,\n]")
    assert source_of(node) == "[ 1, 2, ]"
    assert source_of(cst.parse_expression("a" * 99)).endswith("...")
