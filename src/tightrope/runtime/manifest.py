"""What a backup says of itself."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tightrope.runtime.fingerprints import TableFacts
from tightrope.runtime.problems import UnusableBackup

FORMAT = 1
MANIFEST, DUMP, FILES, FILE_LIST = "manifest.json", "database.dump", "files", "files.jsonl"


@dataclass(frozen=True)
class Manifest:
    """Versions, and count and hash of all that was saved. Files are listed in `files.jsonl`, one a line."""

    format: int
    made_at: str
    tightrope: str
    postgresql: int
    dump_sha256: str
    tables: TableFacts
    files: int
    files_bytes: int
    file_list_sha256: str
    files_gone_meanwhile: int

    def summary(self) -> str:
        rows = sum(int(facts["rows"]) for facts in self.tables.values())
        return f"{rows} rows of {len(self.tables)} tables and {self.files} files ({self.files_bytes} bytes)"

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Raises UnusableBackup when the folder is no backup, or one of a later release."""
    path = folder / MANIFEST
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        manifest = Manifest(**facts)
    except FileNotFoundError:
        raise UnusableBackup(f"{folder} holds no backup: {MANIFEST} is missing.") from None
    except (ValueError, TypeError) as problem:
        raise UnusableBackup(f"{path} cannot be read: {problem}") from None
    if manifest.format != FORMAT:
        raise UnusableBackup(
            f"{folder} was made by Tightrope {manifest.tightrope}, in a form unknown to this release."
        )
    return manifest
