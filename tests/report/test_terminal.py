from __future__ import annotations

import io

from agentlab.report.console import open_console
from agentlab.report.record import RunRecord
from agentlab.report.sections import next_commands
from agentlab.report.terminal import print_record


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def screen_of(record: RunRecord) -> str:
    stream = io.StringIO()
    print_record(record, open_console(stream))
    return stream.getvalue()


def test_the_screen_says_verdict_numbers_and_what_to_do_next(hostile_record: RunRecord) -> None:
    lines = [line.rstrip() for line in screen_of(hostile_record).splitlines()]
    assert lines[0] == "improved: success 0.6 -> 0.77 on the sealed test"
    assert lines[1] == "browser-20260101-000000 · completed in 7 min 12 s"
    heads = [line.split() for line in lines]
    assert ["baseline", "winner", "difference"] in heads
    wanted = "success 0.60 [0.54, 0.66] 0.77 [0.72, 0.82] +0.17 [+0.11, +0.23]"
    assert [" ".join(head) for head in heads].count(wanted) == 2
    assert lines.index("sealed test") > lines.index("validation, fresh seeds")
    assert any(line.startswith("2 proposals: 1 kept") for line in lines)
    assert any("agentlab diff" in line for line in lines)


def test_on_a_narrow_terminal_every_row_keeps_its_name(hostile_record: RunRecord) -> None:
    stream = io.StringIO()
    console = open_console(stream)
    console.width = 60
    print_record(hostile_record, console)
    lines = [line.split() for line in stream.getvalue().splitlines()]
    assert sum(line[:1] == ["success"] for line in lines) >= 2
    assert ["sealed", "test"] in lines


def test_every_command_stands_alone_on_its_line_at_any_width(hostile_record: RunRecord) -> None:
    for width in (40, 80):
        stream = io.StringIO()
        console = open_console(stream)
        console.width = width
        print_record(hostile_record, console)
        lines = [line.strip() for line in stream.getvalue().splitlines()]
        commands = [command for _, command in next_commands(hostile_record)]
        assert max(map(len, commands)) > 80
        assert [line for line in lines if line.startswith("agentlab ")] == commands


def test_a_run_of_a_script_is_offered_no_command_that_cannot_work(
    hostile_record: RunRecord,
) -> None:
    assert "agentlab evaluate" in screen_of(hostile_record)
    assert "agentlab evaluate" not in screen_of(hostile_record._replace(is_of_script=True))


def test_searches_to_compare_with_are_columns(compared_record: RunRecord) -> None:
    lines = [line.split() for line in screen_of(compared_record).splitlines()]
    assert ["baseline", "winner", "difference", "random"] in lines


def test_what_a_candidate_wrote_cannot_steer_the_terminal(hostile_record: RunRecord) -> None:
    screen = screen_of(hostile_record)
    assert r"\x1b[2J" in screen
    assert not set(screen) & set("\x1b\x07\r\u202e")


def test_only_its_own_colours_reach_a_terminal(hostile_record: RunRecord) -> None:
    stream = Terminal()
    print_record(hostile_record, open_console(stream))
    screen = stream.getvalue()
    assert "\x1b[2J" not in screen
    assert "\x1b]" not in screen
    assert "\u202e" not in screen


def test_markup_of_the_console_library_is_text(hostile_record: RunRecord) -> None:
    kept = hostile_record.result.kept[0].model_copy(update={"label": "[red]x[/red] :smile:"})
    result = hostile_record.result.model_copy(update={"kept": (kept,)})
    assert "[red]x[/red] :smile:" in screen_of(hostile_record._replace(result=result))


def test_a_path_or_command_is_never_broken_over_lines(hostile_record: RunRecord) -> None:
    deep = hostile_record.folder / ("x" * 200)
    deep.mkdir()
    assert f"agentlab show {deep}\n" in screen_of(hostile_record._replace(folder=deep))
