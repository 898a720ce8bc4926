"""Parts of a target that are tuned together or apart."""

from __future__ import annotations

from fnmatch import fnmatchcase

from agentlab.core.candidate import Files, TargetSpec
from agentlab.core.value import Value

__all__ = ["REST", "Components", "OpenTarget"]

REST = "rest"
"""The component of every editable file that no other one names."""


class Components(Value):
    """Which file belongs to which part."""

    globs: dict[str, tuple[str, ...]]
    """Patterns of files by the component's name; a file is of the first that has it."""

    def of(self, path: str) -> str:
        """Returns the component of an editable file.

        >>> Components(globs={"prompt": ("prompts/*.md",)}).of("rank.py")
        'rest'
        """
        for name, patterns in self.globs.items():
            if any(fnmatchcase(path, pattern) for pattern in patterns):
                return name
        return REST

    def changed(self, before: Files, after: Files) -> tuple[str, ...]:
        """Returns the components of the files that differ, by name."""
        paths = before.keys() | after.keys()
        differing = {self.of(path) for path in paths if before.get(path) != after.get(path)}
        return tuple(sorted(differing))


class OpenTarget(TargetSpec):
    """A target of which only some components may be changed for now."""

    components: Components
    open: tuple[str, ...]
    """Names of the components that may be changed."""

    def is_editable(self, path: str) -> bool:
        """Returns whether a meta-agent may change this file for now."""
        return super().is_editable(path) and self.components.of(path) in self.open

    def refusal(self, path: str) -> str:
        """Returns why a file may not be changed."""
        if not super().is_editable(path):
            return super().refusal(path)
        closed = self.components.of(path)
        return f"of component '{closed}', closed in this round (open: {', '.join(self.open)})"
