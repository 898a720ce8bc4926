"""Prints what `import agentlab` and `agentlab --help` cost over a bare Python, and load.

Processor time of fresh interpreters, taken in turns, the median of 15 rounds each. Asked: at most
150 ms for the import, 300 ms for the help; neither loads Ray, the database, a browser or a model.
"""

from __future__ import annotations

import statistics

from tests.test_imports import HEAVY, HELP, outcome_of

_ROUNDS = 15
_PROGRAMS = {"bare Python": "", "import agentlab": "import agentlab", "agentlab --help": HELP}
_ASKED_MS = {"bare Python": 0, "import agentlab": 150, "agentlab --help": 300}


def main() -> None:
    """Measures and prints."""
    cpu_ms: dict[str, list[float]] = {name: [] for name in _PROGRAMS}
    heavy: dict[str, set[str]] = {name: set() for name in _PROGRAMS}
    for _ in range(_ROUNDS):
        for name, program in _PROGRAMS.items():
            cpu_s, loaded = outcome_of(program)
            cpu_ms[name].append(1000 * cpu_s)
            heavy[name] |= loaded & HEAVY
    bare = statistics.median(cpu_ms["bare Python"])
    print(f"{'program':16} {'CPU ms':>7} {'over bare':>10} {'asked':>6}  heavy packages loaded")
    for name, times in cpu_ms.items():
        median = statistics.median(times)
        told = ", ".join(sorted(heavy[name])) or "none"
        print(f"{name:16} {median:7.0f} {median - bare:10.0f} {_ASKED_MS[name]:6}  {told}")


if __name__ == "__main__":
    main()
