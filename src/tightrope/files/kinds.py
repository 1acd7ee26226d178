"""What may be kept, told by looking inside; the sender's word for it counts for nothing."""

from __future__ import annotations

import puremagic

from tightrope.files.models import Attachment

Kind = Attachment.Kind

ALLOWED: dict[str, tuple[str, Kind]] = {
    ".jpg": ("image/jpeg", Kind.IMAGE),
    ".jpeg": ("image/jpeg", Kind.IMAGE),
    ".png": ("image/png", Kind.IMAGE),
    ".gif": ("image/gif", Kind.IMAGE),
    ".webp": ("image/webp", Kind.IMAGE),
    ".bmp": ("image/bmp", Kind.IMAGE),
    ".heic": ("image/heic", Kind.IMAGE),
    ".tif": ("image/tiff", Kind.IMAGE),
    ".tiff": ("image/tiff", Kind.IMAGE),
    ".mp4": ("video/mp4", Kind.VIDEO),
    ".m4v": ("video/mp4", Kind.VIDEO),
    ".mov": ("video/quicktime", Kind.VIDEO),
    ".webm": ("video/webm", Kind.VIDEO),
    ".3gp": ("video/3gpp", Kind.VIDEO),
    ".mp3": ("audio/mpeg", Kind.AUDIO),
    ".m4a": ("audio/mp4", Kind.AUDIO),
    ".ogg": ("audio/ogg", Kind.AUDIO),
    ".oga": ("audio/ogg", Kind.AUDIO),
    ".opus": ("audio/ogg", Kind.AUDIO),
    ".wav": ("audio/wav", Kind.AUDIO),
    ".amr": ("audio/amr", Kind.AUDIO),
    ".pdf": ("application/pdf", Kind.DOCUMENT),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", Kind.DOCUMENT),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Kind.DOCUMENT),
    ".pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", Kind.DOCUMENT),
    ".doc": ("application/msword", Kind.DOCUMENT),
    ".xls": ("application/vnd.ms-excel", Kind.DOCUMENT),
    ".zip": ("application/zip", Kind.OTHER),
}
PLAIN_TEXT = {".txt", ".csv", ".log", ".md", ".json", ".eml", ".ics"}
UNKNOWN = ("application/octet-stream", Kind.OTHER)
_SAME_INSIDE = {".docx", ".xlsx", ".pptx", ".zip"}
_OFFICE = {".doc", ".xls"}


def kind_of(head: bytes, name: str) -> tuple[str, Kind]:
    """Content type and kind of a file by its first bytes; what is not on the list is handed out as bytes only."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    found = {match.extension.lower() for match in _matches(head)}
    if ending in _SAME_INSIDE and head[:4] == b"PK\x03\x04":
        return ALLOWED[ending]
    if ending in _OFFICE and head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return ALLOWED[ending]
    if ending in ALLOWED and ending in found:
        return ALLOWED[ending]
    for extension in found:
        if extension in ALLOWED and ALLOWED[extension][1] is not Kind.OTHER:
            return ALLOWED[extension]
    if ending in PLAIN_TEXT and b"\x00" not in head:
        return ("text/plain; charset=utf-8", Kind.DOCUMENT)
    return UNKNOWN


def _matches(head: bytes) -> list[puremagic.PureMagicWithConfidence]:
    try:
        return [match for match in puremagic.magic_string(head) if match.confidence >= 0.5]
    except (puremagic.PureError, ValueError):
        return []
