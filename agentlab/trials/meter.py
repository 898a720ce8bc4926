"""What a trial has spent so far. The meter is the wire: an agent cannot spend around it."""

from __future__ import annotations

from agentlab.core.environment import Traits
from agentlab.core.limits import Limits
from agentlab.core.outcome import Usage
from agentlab.core.tool import ToolResult
from agentlab.core.value import JsonValue, plain_json
from agentlab.llm.prices import simulated_cost_usd
from agentlab.llm.tokens import count_tokens

__all__ = ["LimitPassed", "Meter"]


class LimitPassed(Exception):
    """A limit of the trial was passed; `limit` names it."""

    def __init__(self, limit: str) -> None:
        self.limit = limit
        super().__init__(limit)


class Meter:
    """Counts calls, steps, tokens and money of one trial, and says when a limit is passed."""

    def __init__(self, limits: Limits, traits: Traits) -> None:
        self._limits = limits
        self._traits = traits
        self._tool_calls = 0
        self._steps = 0
        self._read_tokens = 0
        self._read_tokens_max = 0
        self._prompt_tokens = 0
        self._prompt_tokens_max = 0
        self._completion_tokens = 0
        self._metered_usd = 0.0
        self._result_tokens = 0

    def before_call(self, *, is_step: bool) -> None:
        """Counts a call that is about to be made.

        Raises:
            LimitPassed: the candidate has no calls left; the tool must not run.
        """
        self._tool_calls += 1
        self._steps += is_step
        if self._tool_calls > self._limits.tool_calls:
            raise LimitPassed("tool_calls")

    def after_call(self, result: ToolResult, text: str) -> None:
        """Counts what a call returned and spent.

        Args:
            result: What it returned.
            text: Its value as the candidate reads it, JSON.

        Raises:
            LimitPassed: tokens or money are spent; the result must not be sent.
        """
        read = count_tokens(text)
        self._read_tokens += read
        self._read_tokens_max = max(self._read_tokens_max, read)
        self._prompt_tokens += result.prompt_tokens
        self._prompt_tokens_max = max(self._prompt_tokens_max, result.prompt_tokens)
        self._completion_tokens += result.completion_tokens
        self._metered_usd += result.cost_usd
        if self._read_tokens + self._prompt_tokens + self._completion_tokens > self._limits.tokens:
            raise LimitPassed("tokens")
        if self._cost_usd() > self._limits.cost_usd:
            raise LimitPassed("cost_usd")

    def answered(self, answer: JsonValue) -> None:
        """Counts the answer, where the world charges for it."""
        if self._traits.context_meter == "result_tokens":
            self._result_tokens = count_tokens(plain_json(answer))

    def usage(self, *, wall_s: float, cpu_s: float) -> Usage:
        """Returns what was spent."""
        context, largest = self._context()
        return Usage(
            cost_usd=self._cost_usd(),
            cost_kind=self._traits.cost_kind,
            prompt_tokens=self._prompt_tokens,
            completion_tokens=self._completion_tokens,
            context_tokens=context,
            context_tokens_max=largest,
            wall_s=round(wall_s, 4),
            cpu_s=round(cpu_s, 4),
            tool_calls=self._tool_calls,
            steps=self._steps,
        )

    def _context(self) -> tuple[int, int]:
        match self._traits.context_meter:
            case "read_tokens":
                return self._read_tokens, self._read_tokens_max
            case "prompt_tokens":
                return self._prompt_tokens, self._prompt_tokens_max
            case "result_tokens":
                return self._result_tokens, self._result_tokens
            case "none":
                return 0, 0

    def _cost_usd(self) -> float:
        match self._traits.cost_kind:
            case "metered":
                return self._metered_usd
            case "simulated":
                return simulated_cost_usd(self._context()[0], self._completion_tokens)
            case "none":
                return 0.0
