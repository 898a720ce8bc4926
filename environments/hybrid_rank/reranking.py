"""A batch of queries whose candidates are put in another order, and what is told of the order."""

from __future__ import annotations

from pydantic import JsonValue

from agentlab.core.outcome import Outcome
from agentlab.retrieval.judging import rankings_in
from agentlab.retrieval.ranking_episode import RankingEpisode

__all__ = ["RerankingEpisode"]

_WORST_TOLD = 5


class RerankingEpisode(RankingEpisode):
    """A batch to be re-ranked."""

    def judge(self, answer: JsonValue) -> Outcome:
        """Scores each query by itself, and tells those of which least is right."""
        outcome = super().judge(answer)
        return outcome.model_copy(update={"feedback": self._told(answer, outcome)})

    def _told(self, answer: JsonValue, outcome: Outcome) -> str:
        """Returns the queries with the lowest success, and what first stood in the way."""
        batch = self.batch
        rankings = rankings_in(answer, batch.queries, depth=batch.depth)
        rows = sorted(
            zip(outcome.items, batch.queries, rankings, strict=True), key=lambda row: row[0].success
        )
        lines = [f"{batch.success} {outcome.success:.2f}; the worst queries:"]
        for item, query, ranking in rows[:_WORST_TOLD]:
            wrong = next((name for name in ranking if name not in query.gold), "nothing")
            shown = wrong if wrong in batch.collection.place_of else "no document"
            lines.append(f"{query.text!r}: {item.success:.2f}, the first wrong one is {shown}")
        return "\n".join(lines)
