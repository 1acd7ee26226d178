"""Where the capabilities, their sources and their catalogues lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "tightrope"
SOURCE_LANGUAGES = ("zh_Hans", "zh_Hant")
OUTSIDE_TEMPLATES = {"tests", "migrations", "locale", "static", "node_modules", "__pycache__"}


class UnknownCapability(Exception):
    """Somebody named a capability that has no folder."""


def capabilities(names: list[str], package: Path = PACKAGE) -> list[Path]:
    """The folders of the named capabilities, or of all when none is named."""
    if not names:
        return sorted(f for f in package.iterdir() if f.is_dir() and f.name not in OUTSIDE_TEMPLATES)
    folders = []
    for name in names:
        folder = package / name.strip("/").split("/")[-1]
        if not folder.is_dir():
            raise UnknownCapability(f"there is no capability {name!r} in {package}")
        folders.append(folder)
    return folders


def catalogue_of(folder: Path, language: str) -> Path:
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"


def sources_of(folder: Path) -> Iterator[Path]:
    """Every Python file and every template of a capability, tests and migrations left out, in a steady order."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if not path.is_file() or OUTSIDE_TEMPLATES.intersection(inner.parts[:-1]):
            continue
        if path.suffix == ".py" or "templates" in inner.parts[:-1]:
            yield path
