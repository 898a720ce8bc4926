"""`agentlab envs`: what is built in."""

from __future__ import annotations

from pathlib import Path

from agentlab.cli.options import Json

__all__ = ["envs"]


def envs(*, as_json: Json = False) -> None:
    """List environments and built-in experiments."""
    from agentlab.cli.output import print_json
    from agentlab.report.console import open_console
    from agentlab.report.escape import one_line

    environments, experiments = _environments(), _experiments()
    if as_json:
        print_json({"environments": environments, "experiments": experiments})
        return
    console = open_console()
    for title, entries in (("environments", environments), ("experiments", experiments)):
        width = max((len(entry["reference"]) for entry in entries), default=0)
        console.print(title, style="bold")
        for entry in entries:
            line = f"  {entry['reference']:<{width}}  {one_line(entry['summary'], limit=160)}"
            console.print(line, soft_wrap=True)


def _environments() -> list[dict[str, str]]:
    """Returns each environment once; the project's own wins over one built in."""
    from agentlab.references import builtin_root

    found: dict[str, dict[str, str]] = {}
    for root in (Path.cwd(), builtin_root()):
        for module in sorted((root / "environments").glob("*/environment.py")):
            name = module.parent.name
            summary = _first_words(module.parent / "README.md")
            entry = {"reference": f"environments/{name}", "summary": summary}
            found.setdefault(name, {**entry, "folder": str(module.parent)})
    return [found[name] for name in sorted(found)]


def _experiments() -> list[dict[str, str]]:
    from agentlab.references import builtin_root

    root = builtin_root()
    files = sorted((root / "experiments").rglob("*.yaml"))
    return [
        {
            "reference": file.relative_to(root).as_posix(),
            "summary": _first_words(file),
            "folder": str(file.parent),
        }
        for file in files
    ]


def _first_words(file: Path) -> str:
    """Returns the first line of text: of a README below its title, of YAML its first comment."""
    if not file.is_file():
        return ""
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    if file.suffix == ".md":
        return next(
            (line.strip() for line in lines if line.strip() and not line.startswith("#")), ""
        )
    return lines[0].removeprefix("#").strip() if lines and lines[0].startswith("#") else ""
