from __future__ import annotations

from markdown_it import MarkdownIt

from agentlab.report.markdown import to_markdown
from agentlab.report.record import RunRecord
from agentlab.report.tasks import Changes, TaskChange


def test_the_report_has_the_same_numbers_as_the_screen(hostile_record: RunRecord) -> None:
    lines = to_markdown(hostile_record).splitlines()
    row = "| success | 0.60 [0.54, 0.66] | 0.77 [0.72, 0.82] | **+0.17 [+0.11, +0.23]** |"
    assert lines.count(row) == 2
    for title in ("## Sealed test", "## Kept", "## Every proposal", "## Next"):
        assert title in lines


def test_a_search_to_compare_with_is_a_column_of_whole_tables(compared_record: RunRecord) -> None:
    lines = to_markdown(compared_record).splitlines()
    first = lines.index("| metric | baseline | winner | difference | random |")
    table = lines[first : lines.index("", first)]
    assert {line.count("|") for line in table} == {6}


def test_what_a_candidate_wrote_stays_text(hostile_record: RunRecord) -> None:
    page = to_markdown(hostile_record)
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(page)
    inline = [child for token in tokens for child in token.children or []]
    kinds = {token.type for token in (*tokens, *inline)}
    assert not kinds & {"html_block", "html_inline", "link_open", "image"}
    assert not set(page) & set("\x1b\x07\r\u202e")


def test_every_proposal_has_its_row(hostile_record: RunRecord) -> None:
    page = to_markdown(hostile_record)
    tokens = MarkdownIt("commonmark").enable("table").parse(page)
    assert sum(token.type == "tr_open" for token in tokens) == 1 + 6 + 1 + 5 + 1 + 2


def test_gains_and_losses_by_task_have_a_line_per_proposal(hostile_record: RunRecord) -> None:
    change = TaskChange("<b>[a](http://b)|", 0.2, 0.8, 5)
    found = {1: (Changes("success", (change,), (change,)),)}
    page = to_markdown(hostile_record._replace(changes=found))
    assert "## Gains and losses by task" in page
    assert "## Gains and losses by task" not in to_markdown(hostile_record)
    (line,) = [line for line in page.splitlines() if line.startswith(r"- \#1 kept: success")]
    assert line.count("0.20 -\\> 0.80") == 2
    kinds = {
        child.type for token in MarkdownIt().parse(page) for child in token.children or [token]
    }
    assert not kinds & {"html_inline", "link_open"}


def test_versions_are_told_as_text_and_only_where_they_are_known(
    hostile_record: RunRecord,
) -> None:
    assert "## Versions" not in to_markdown(hostile_record)
    versions = {"python": "3.11", "environment:<b>data": "\x1b[2J"}
    result = hostile_record.result.model_copy(update={"fingerprint": versions})
    report = to_markdown(hostile_record._replace(result=result))
    told = report[report.index("## Versions") :].splitlines()[2:4]
    assert told == [r"- environment\:\<b\>data\: \\x1b\[2J", r"- python\: 3.11"]
