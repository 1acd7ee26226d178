"""Where contents lie: under random names in two levels of folders, outside of the web's reach."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

CHUNK = 256 * 1024


class TooLarge(ValueError):
    """The file is larger than the administrator allows."""


class EmptyFile(ValueError):
    """There is nothing in this file."""


def new_key() -> str:
    """A random name with its two folders."""
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name[2:4]}/{name[4:]}"


def path_of(key: str) -> Path:
    """Where the content of a key lies."""
    return Path(settings.FILES_ROOT) / key


def write(content: BinaryIO, key: str, *, at_most: int) -> tuple[int, str]:
    """Write a content so that it is whole or not there, also when the power fails. Returns size and SHA-256.

    Raises TooLarge, EmptyFile; nothing is left behind then.
    """
    target = path_of(key)
    _make_folder(target.parent)
    temporary = target.with_suffix(".part")
    digest, size = hashlib.sha256(), 0
    try:
        with temporary.open("xb") as out:
            while chunk := content.read(CHUNK):
                size += len(chunk)
                if size > at_most:
                    raise TooLarge
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if size == 0:
            raise EmptyFile
        temporary.replace(target)
        _settle(target.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return size, digest.hexdigest()


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _settle(folder.parent)


def _settle(folder: Path) -> None:
    """A name is in its folder for good only when the folder itself is written, too."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(key: str) -> bytes:
    """The whole content of a key."""
    return path_of(key).read_bytes()


def chunks(key: str, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The content from `start` until `end` (not included), piece by piece."""
    with path_of(key).open("rb") as content:
        content.seek(start)
        left = None if end is None else end - start
        while left is None or left > 0:
            chunk = content.read(CHUNK if left is None else min(CHUNK, left))
            if not chunk:
                return
            if left is not None:
                left -= len(chunk)
            yield chunk


def delete(key: str) -> None:
    """Remove a content; gone already is fine."""
    path_of(key).unlink(missing_ok=True)


def everything() -> Iterator[tuple[str, datetime]]:
    """Every content that lies here, half-written ones too, with when it was written."""
    root = Path(settings.FILES_ROOT)
    for path in root.glob("??/??/*"):
        try:
            written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:
            continue  # its act has just finished or given up
        yield str(path.relative_to(root)), written_at
