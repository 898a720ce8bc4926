"""What happened in an episode, and what it was worth."""

from __future__ import annotations

from typing import Literal, NamedTuple

from agentlab.core.environment import Metric
from agentlab.core.outcome import Outcome

__all__ = ["METRICS", "SUCCESS_METRICS", "Aim", "Course", "SuccessRule"]

SuccessRule = Literal["final", "any", "return", "graded"]
"""`final`: the world says success at the last step. `any`: at some step. `return`: rewards add up
to `solved_return`. `graded`: the share of the way from `worst_return` to it."""

METRICS = (
    Metric(name="return", direction="higher", description="Sum of the rewards."),
    Metric(
        name="length",
        direction="lower",
        unit="steps",
        description="Steps until the world ended the episode; in some worlds more are better.",
    ),
)
SUCCESS_METRICS = (
    Metric(name="success_final", direction="higher", description="1 where the last step succeeds."),
    Metric(name="success_any", direction="higher", description="1 where some step succeeds."),
    Metric(
        name="steps_to_success",
        direction="lower",
        unit="steps",
        description="The first step that succeeds; max_steps where none does.",
    ),
    Metric(
        name="steps_lost",
        direction="lower",
        unit="steps",
        description="Steps of max_steps that do not succeed; a world that ends with success loses "
        "none of the rest. With a reward of -1 away from the goal it is minus the return.",
    ),
)
"""Those of worlds that say at each step whether it succeeds."""


class Aim(NamedTuple):
    """What counts as success."""

    rule: SuccessRule
    max_steps: int
    solved_return: float = 0.0
    worst_return: float = 0.0

    @property
    def words(self) -> str:
        """What an agent is told to reach."""
        match self.rule:
            case "final":
                return "its goal is reached at the last step"
            case "any":
                return "its goal is reached at some step"
            case "return":
                return f"the rewards add up to {self.solved_return:g} or more"
            case "graded":
                return f"the rewards add up to as much of {self.solved_return:g} as possible"


class Course:
    """The steps of one episode."""

    def __init__(self, aim: Aim) -> None:
        self._aim = aim
        self._total = 0.0
        self._succeeds: list[bool] = []
        self.is_over = False
        self.broke = False
        """Whether the simulation left the finite numbers."""

    @property
    def length(self) -> int:
        """Steps made."""
        return len(self._succeeds)

    def add(self, reward: float, *, succeeds: bool, is_over: bool) -> None:
        """Takes a step."""
        self._total += reward
        self._succeeds.append(succeeds)
        self.is_over = is_over or self.length >= self._aim.max_steps

    def outcome(self, *, has_success: bool, played_on: int) -> Outcome:
        """Returns what it was worth, once it is over.

        Args:
            has_success: Whether the world says if a step succeeds.
            played_on: Steps that were made for the agent after it left.
        """
        metrics = {"return": self._total, "length": float(self.length)}
        left = f"; left {played_on} steps before the end" if played_on else ""
        if has_success:
            metrics |= self._of_success()
        if self.broke:
            return Outcome(
                success=0, progress=0, metrics=metrics, feedback="the simulation became unstable"
            )
        return Outcome(
            success=self._success(),
            progress=self._progress(),
            metrics=metrics,
            feedback=f"return {self._total:.4g} in {self.length} steps{self._said(metrics)}{left}",
        )

    def _of_success(self) -> dict[str, float]:
        most, held = self._aim.max_steps, self._succeeds
        is_held = bool(held) and held[-1]
        at_goal = sum(held) + (most - len(held) if is_held else 0)
        return {
            "success_final": float(is_held),
            "success_any": float(any(held)),
            "steps_to_success": float(held.index(True) + 1 if any(held) else most),
            "steps_lost": float(most - at_goal),
        }

    def _success(self) -> float:
        match self._aim.rule:
            case "final":
                return float(bool(self._succeeds) and self._succeeds[-1])
            case "any":
                return float(any(self._succeeds))
            case "return":
                return float(self._total >= self._aim.solved_return)
            case "graded":
                return self._share()

    def _progress(self) -> float:
        """Returns the share of steps that succeed, or of the return that is wanted."""
        if self._aim.rule in ("return", "graded"):
            return self._share()
        return max(self._success(), 1 - self._of_success()["steps_lost"] / self._aim.max_steps)

    def _share(self) -> float:
        worst, solved = self._aim.worst_return, self._aim.solved_return
        return min(1.0, max(0.0, (self._total - worst) / (solved - worst)))

    def _said(self, metrics: dict[str, float]) -> str:
        if "steps_lost" not in metrics:
            return ""
        if not metrics["success_any"]:
            return "; the goal was never reached"
        held = "held to the end" if metrics["success_final"] else "lost again"
        return f"; the goal was reached at step {metrics['steps_to_success']:g} and {held}"
