"""The bytes of mails as they came: in the storage of files, under random names, out of the web's reach.

They are written to the disk for good before the row that names them commits. A table is no place for them:
50 MB take ten seconds to get into one.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection

from tightrope.channels.models import RawMail
from tightrope.files import storage


def keep(content: bytes) -> str:
    """Write a mail's bytes and say under which key; an empty mail needs none."""
    if not content:
        return ""
    key = storage.new_key()
    storage.write(io.BytesIO(content), key, at_most=len(content))
    return key


def content_of(raw: RawMail) -> bytes:
    """The bytes as they came; none of a mail that was forgotten."""
    return storage.read(raw.storage_key) if raw.storage_key else bytes(raw.content)


def head_of(raw: RawMail, at_most: int) -> bytes:
    """Their beginning."""
    if not raw.storage_key:
        return bytes(raw.content[:at_most])
    return b"".join(storage.chunks(raw.storage_key, end=at_most))


def is_whole(raw: RawMail) -> bool:
    """Whether what lies there is what came in, by its hash."""
    digest = hashlib.sha256()
    if not raw.storage_key:
        digest.update(bytes(raw.content))
    elif storage.path_of(raw.storage_key).is_file():
        for piece in storage.chunks(raw.storage_key):
            digest.update(piece)
    return digest.hexdigest() == raw.sha256


def drop(keys: Collection[str]) -> None:
    """Remove contents that no row names any more."""
    for key in filter(None, keys):
        storage.delete(key)


def known_keys(keys: list[str]) -> set[str]:
    """Which of these contents are mails."""
    rows = RawMail.objects.filter(storage_key__in=keys).exclude(storage_key="")
    return set(rows.values_list("storage_key", flat=True))
