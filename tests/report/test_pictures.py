"""What the report says of pictures, and which it shows: small ones that are what they say."""

from __future__ import annotations

from pathlib import Path

from agentlab.core.outcome import Fate
from agentlab.core.pictured import Pictured
from agentlab.report import pictures
from agentlab.report.markdown import to_markdown
from agentlab.report.pictures import picture_lines, picture_sections
from agentlab.report.record import RunRecord

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def pictured(*files: str, task: str = "place") -> Pictured:
    return Pictured(
        who="winner",
        which="worst",
        candidate="c",
        split="validation",
        task=task,
        seed=7,
        fate=Fate.FAILED,
        success=0.25,
        folder="evidence/winner-worst",
        files=files,
    )


def place(folder: Path, **files: bytes) -> None:
    made = folder / "evidence" / "winner-worst"
    made.mkdir(parents=True)
    for name, content in files.items():
        (made / name.replace("_", ".")).write_bytes(content)


def test_a_picture_is_told_with_what_it_is_of_and_the_clip_first() -> None:
    (line,) = picture_lines([pictured("strip.png", "clip.gif")], "runs/x/")
    assert line == (
        "winner, worst failing: place, seed 7 of validation, failed, success 0.25",
        "runs/x/evidence/winner-worst/clip.gif",
    )


def test_pictures_are_shown_and_all_else_is_a_link(tmp_path: Path) -> None:
    place(tmp_path, strip_png=PNG, clip_mp4=b"1", notes_txt=b"2")
    ((title, links),) = picture_sections([pictured("strip.png", "clip.mp4", "notes.txt")], tmp_path)
    assert title.startswith("winner, worst failing")
    assert links == (
        "![winner, worst failing\\: strip.png](evidence/winner-worst/strip.png)",
        "[winner, worst failing\\: clip.mp4](evidence/winner-worst/clip.mp4)",
        "[winner, worst failing\\: notes.txt](evidence/winner-worst/notes.txt)",
    )


def test_what_is_no_picture_is_not_shown_as_one(tmp_path: Path) -> None:
    place(tmp_path, strip_png=b"<svg onload=evil()>", clip_gif=b"GIF89a...")
    ((_, links),) = picture_sections([pictured("strip.png", "clip.gif", "gone.png")], tmp_path)
    assert [link[0] for link in links] == ["[", "!", "["]


def test_a_picture_that_is_too_large_is_a_link(tmp_path: Path) -> None:
    place(tmp_path, strip_png=PNG + bytes(pictures.MAX_SHOWN_BYTES))
    ((_, (link,)),) = picture_sections([pictured("strip.png")], tmp_path)
    assert link.startswith("[")


def test_of_one_trial_two_pictures_are_shown(tmp_path: Path) -> None:
    place(tmp_path, a_png=PNG, b_png=PNG, c_png=PNG)
    ((_, links),) = picture_sections([pictured("a.png", "b.png", "c.png")], tmp_path)
    assert [link[0] for link in links] == ["!", "!", "["]


def test_a_task_that_would_be_shown_unescaped_is_not(hostile_record: RunRecord) -> None:
    place(hostile_record.folder, strip_png=PNG)
    hostile = "\x1b[2J<img src=x>](http://evil)"
    result = hostile_record.result.model_copy(
        update={"pictured": (pictured("strip.png", task=hostile),)}
    )
    shown = to_markdown(hostile_record._replace(result=result))
    assert "## Pictures" in shown
    assert "(evidence/winner-worst/strip.png)" in shown
    assert "<img" not in shown.replace("\\<img", "")
    assert "\x1b" not in shown
    ((told, _),) = picture_lines(result.pictured, "")
    assert "\x1b" not in told


def test_a_run_without_pictures_says_nothing_of_them(hostile_record: RunRecord) -> None:
    assert "Pictures" not in to_markdown(hostile_record)
