"""Opening the sandbox that an experiment asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from agentlab.core.goal import Blob
from agentlab.errors import InputError
from agentlab.sandbox.bubblewrap import open_bubblewrap
from agentlab.sandbox.interpreter import Interpreter
from agentlab.sandbox.plain import open_plain
from agentlab.sandbox.probe import probe
from agentlab.sandbox.sandbox import Sandbox

__all__ = ["Layer", "open_sandbox"]

Layer = Literal["auto", "bubblewrap", "plain"]


def open_sandbox(
    *,
    layer: Layer,
    packages: Sequence[str],
    blobs: Sequence[Blob],
    artefacts: Path | None,
    interpreter: Interpreter | None = None,
    has_loopback: bool = False,
) -> Sandbox:
    """Opens a sandbox of a layer; `auto` takes the strongest that this machine gives.

    Args:
        layer: Which.
        packages: Distributions that the target declares.
        blobs: Read-only files to show.
        artefacts: Host folder of artefacts, a folder for each by its digest.
        interpreter: What runs candidates; by default what runs this process.
        has_loopback: Whether candidates may open sockets, in a network where nobody else is.

    Raises:
        InputError: `bubblewrap` was asked for and is not to be had, or a package is missing.
    """
    if layer == "plain" or (layer == "auto" and not probe().is_isolated):
        return open_plain(
            packages=packages,
            blobs=blobs,
            artefacts=artefacts,
            interpreter=interpreter,
            has_loopback=has_loopback,
        )
    report = probe()
    if not report.is_isolated:
        remedy = f"; try: {report.remedy}" if report.remedy else ""
        raise InputError(f"sandbox: 'bubblewrap' cannot be had here: {report.reason}{remedy}")
    return open_bubblewrap(
        packages=packages,
        blobs=blobs,
        artefacts=artefacts,
        interpreter=interpreter,
        has_loopback=has_loopback,
    )
