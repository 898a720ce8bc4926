from __future__ import annotations

import io
from pathlib import Path

from agentlab.report.console import open_console
from agentlab.report.promotion import print_promotion
from tests.report.promotions import PROMOTION


def shown(signer: str | None = None) -> str:
    stream = io.StringIO()
    print_promotion(PROMOTION, Path("r.json"), open_console(stream), signer=signer)
    return stream.getvalue()


def test_the_screen_says_what_was_decided_and_why() -> None:
    text = shown()
    assert text.startswith("refused: winner of a may not replace folder ")
    assert "browser: context tokens: worse" in text
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert (
        "success 0.50 [0.40, 0.60] 0.80 [0.70, 0.90] +0.30 [+0.20, +0.40] 0.05 shown open" in rows
    )
    assert "context tokens 1,000 [950, 1,050] 900 [850, 950] -20 % [-25, -15] 10 % LOSS" in rows, (
        text
    )
    assert "8 trials on 2 tasks x 2 seeds, 1 lost to our side" in text
    assert "candidates were NOT isolated" in text


def test_it_says_who_signed() -> None:
    assert "record r.json, not signed" in shown()
    assert f"record r.json, signed by {'f' * 16}\n" in shown("f" * 64)


def test_nothing_that_somebody_wrote_reaches_the_terminal_as_it_is() -> None:
    assert "\x1b" not in shown()
    assert r"\x1b[2J" in shown()
