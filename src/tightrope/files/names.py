"""File names of strangers, made harmless. They are shown and offered for saving, never used as a path."""

from __future__ import annotations

import re
import unicodedata

_DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
LONGEST = 120


def safe_name(name: str) -> str:
    """The name without folders, control and invisible characters, trailing dots and device names."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = unicodedata.normalize("NFC", name)
    name = "".join(
        c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .")
    if not name or _DEVICES.match(name):
        name = f"file {name}".strip()
    if len(name) > LONGEST:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: LONGEST - len(ending) - 1]}.{ending}" if dot and len(ending) < 12 else name[:LONGEST]
    return name
