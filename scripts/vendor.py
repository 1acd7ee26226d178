#!/usr/bin/env python3
"""Copy the front-end files named in frontend/vendor.toml from node_modules to where they are served.

  vendor.py          copies; refuses a file that is not byte for byte what vendor.toml names
  vendor.py --pin    writes the SHA-256 of what node_modules holds now into vendor.toml

Nothing beyond Python's own library is needed, so that it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class WrongFile(Exception):
    """A front-end file that is missing or is not the one that was looked at."""


def vendor(root: Path = ROOT) -> list[dict[str, str]]:
    """Copy all files and write the manifest. The target is replaced as a whole, so nothing old stays."""
    target = root / "src" / "tightrope" / "ui" / "static" / "vendor"
    fresh = target.with_name(".vendor-new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "licences").mkdir(parents=True)
    manifest = []
    for entry in _entries(root):
        package = root / "frontend" / "node_modules" / entry["package"]
        content = _content(package / entry["from"])
        found = hashlib.sha256(content).hexdigest()
        if found != entry["sha256"]:
            raise WrongFile(
                f"{entry['package']}/{entry['from']} has the SHA-256 {found}, vendor.toml names {entry['sha256'] or 'none'}"
            )
        name = _below(fresh, entry["to"])
        name.parent.mkdir(parents=True, exist_ok=True)
        name.write_bytes(content)
        facts = json.loads(_content(package / "package.json"))
        licence = f"licences/{entry['package'].replace('/', '-')}.txt"
        (fresh / licence).write_bytes(_content(package / entry["licence"]))
        manifest.append(
            {
                "file": entry["to"],
                "package": entry["package"],
                "version": facts["version"],
                "sha256": found,
                "licence": str(facts.get("license", "")),
                "licence_text": licence,
            }
        )
    (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return manifest


def pin(root: Path = ROOT) -> None:
    """Write today's hashes into vendor.toml, every other byte kept."""
    path = root / "frontend" / "vendor.toml"
    text = path.read_text(encoding="utf-8")
    for entry in _entries(root):
        content = _content(root / "frontend" / "node_modules" / entry["package"] / entry["from"])
        place = re.compile(rf'(to = "{re.escape(entry["to"])}"\nsha256 = ")[0-9a-f]*(")')
        text, count = place.subn(rf"\g<1>{hashlib.sha256(content).hexdigest()}\g<2>", text)
        if count != 1:
            raise WrongFile(f'vendor.toml: the line after to = "{entry["to"]}" must be its sha256')
    path.write_text(text, encoding="utf-8")


def _entries(root: Path) -> list[dict[str, str]]:
    return tomllib.loads((root / "frontend" / "vendor.toml").read_text(encoding="utf-8"))["file"]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise WrongFile(f"{path} is missing: run `npm ci --ignore-scripts` in frontend/ first") from None


def _below(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise WrongFile(f"{name} would lie outside the folder of served files")
    return path


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pin", action="store_true", help="accept what node_modules holds now")
    try:
        if parser.parse_args().pin:
            pin()
        else:
            for file in vendor():
                print(f"{file['file']}: {file['package']} {file['version']} ({file['licence']})")
    except WrongFile as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
