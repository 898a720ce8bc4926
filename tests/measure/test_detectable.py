"""What a design can see, and what it would take to see less."""

from __future__ import annotations

import numpy as np
import pytest

from agentlab.measure.detectable import clusters_needed, detectable_effect

MIXED = np.array([1.0, 0.0, 0.0, -1.0] * 10)


def test_four_times_the_clusters_see_half_the_effect() -> None:
    assert detectable_effect(MIXED, 400, alpha=0.01) == pytest.approx(
        detectable_effect(MIXED, 100, alpha=0.01) / 2
    )


def test_needed_clusters_and_detectable_effect_are_inverse() -> None:
    effect = detectable_effect(MIXED, 200, alpha=0.05)
    assert clusters_needed(MIXED, effect, alpha=0.05) == pytest.approx(200, abs=1)


def test_clusters_that_all_agree_do_not_promise_to_see_anything() -> None:
    assert detectable_effect(np.zeros(100), 100, alpha=0.01) > 0


def test_a_stricter_level_needs_more() -> None:
    assert clusters_needed(MIXED, 0.1, alpha=0.01) > clusters_needed(MIXED, 0.1, alpha=0.05)
