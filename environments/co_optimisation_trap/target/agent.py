"""Has the query expanded as the prompt says and answers the document that is ranked first."""

from pathlib import Path

from rank import score

PROMPT = Path(__file__).parent / "prompts" / "expansion.md"


def solve(goal, tools):
    documents = tools.search(instructions=PROMPT.read_text(encoding="utf-8"))
    scores = [score(asked, added) for asked, added in documents]
    return scores.index(max(scores))
