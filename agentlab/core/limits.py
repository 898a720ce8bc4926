"""What one trial may spend; passing a limit ends the trial with that word, never the run."""

from __future__ import annotations

from pydantic import Field

from agentlab.core.value import Value

__all__ = ["Limits"]


class Limits(Value):
    """Caps on one trial. All are enforced on the trusted side or by the kernel."""

    wall_s: float = Field(default=30.0, gt=0)
    """Seconds from the start frame to the answer; passing it is the fate `timeout`."""

    cpu_s: float = Field(default=20.0, gt=0)
    """Processor seconds of the candidate's processes."""

    mem_mb: int = Field(default=512, gt=0)
    """Resident memory of all the candidate's processes together, MiB."""

    processes: int = Field(default=16, gt=0)
    """Processes and threads of the candidate at one time, looked at twenty times a second; between
    two looks the kernel stops it at twice as many and 16."""

    file_mb: int = Field(default=16, gt=0)
    """Size of the episode's private writable folder, MiB."""

    artefact_mb: int = Field(default=256, gt=0)
    """Size of what `prepare()` may leave behind, MiB."""

    output_kb: int = Field(default=1024, gt=0)
    """Size of one frame from the candidate, and of all it prints, KiB each."""

    tool_calls: int = Field(default=200, gt=0)
    """Calls of tools."""

    tokens: int = Field(default=1_000_000, gt=0)
    """Tokens to and from language models, and tokens read from tools."""

    cost_usd: float = Field(default=1.0, gt=0)
    """US dollars, metered or simulated."""
