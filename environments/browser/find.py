"""Finding a Chromium on this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from agentlab.errors import InputError

__all__ = ["browser_version", "find_browser"]

_NAMES = (
    # The shell without windows opens a page in two thirds of the time.
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "chrome",
)
_PLACES = (
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/opt/google/chrome/chrome",
    "/opt/microsoft/msedge/msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_browser() -> str:
    """Returns the path of a Chromium, Chrome or Edge; `AGENTLAB_BROWSER` comes first.

    Raises:
        InputError: there is none; the message says how to get one.
    """
    given = os.environ.get("AGENTLAB_BROWSER")
    if given:
        if not os.access(given, os.X_OK):
            raise InputError(f"AGENTLAB_BROWSER: '{given}' is no program")
        return given
    found = [path for name in _NAMES if (path := shutil.which(name))]
    found += [place for place in _PLACES if os.access(place, os.X_OK)]
    found += _playwright_browsers()
    if not found:
        raise InputError(
            "no Chromium, Chrome or Edge on this machine; try: playwright install chromium, "
            "or: apt-get install chromium, or set AGENTLAB_BROWSER to one"
        )
    return found[0]


def browser_version(path: str) -> str:
    """Returns what a browser says of itself, such as `Chromium 120.0.1`."""
    answer = subprocess.run(
        [path, "--version"], capture_output=True, text=True, timeout=30, check=False
    )
    found = re.search(r".*?\d[\d.]*", answer.stdout)
    return found[0].strip() if found else "unknown"


def _playwright_browsers() -> list[str]:
    root = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    folder = Path(root) if root else Path.home() / ".cache" / "ms-playwright"
    patterns = ("chromium_headless_shell-*/*/*headless*shell*", "chromium-*/chrome-linux*/chrome")
    return [
        str(path) for pattern in patterns for path in sorted(folder.glob(pattern), reverse=True)
    ]
