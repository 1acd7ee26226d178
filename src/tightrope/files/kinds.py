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
_ASKED_ABOVE = _SAME_INSIDE | _OFFICE
_PROGRAMS = {b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xfe\xed\xfa\xce"}


_BEGINNINGS = (
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"GIF87a", ".gif"),
    (b"GIF89a", ".gif"),
    (b"%PDF-", ".pdf"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
    (b"OggS", ".ogg"),
    (b"ID3", ".mp3"),
    (b"#!AMR", ".amr"),
    (b"\x1aE\xdf\xa3", ".webm"),
)
_BRANDS = {
    b"qt  ": ".mov",
    b"heic": ".heic",
    b"heix": ".heic",
    b"mif1": ".heic",
    b"M4A ": ".m4a",
    b"3gp": ".3gp",
}
"""What stands behind `ftyp` in the container that films, voice and the pictures of some phones share."""


def kind_of(head: bytes, name: str) -> tuple[str, Kind]:
    """Content type and kind of a file by its first bytes; what is not on the list is handed out as bytes only."""
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    if ending in _SAME_INSIDE and head[:4] == b"PK\x03\x04":
        return ALLOWED[ending]
    if ending in _OFFICE and head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return ALLOWED[ending]
    found = _by_beginning(head) or _by_library(head, ending)
    if found:
        return ALLOWED[found]
    if ending in PLAIN_TEXT and b"\x00" not in head:
        return ("text/plain; charset=utf-8", Kind.DOCUMENT)
    return UNKNOWN


def _by_beginning(head: bytes) -> str:
    for beginning, ending in _BEGINNINGS:
        if head.startswith(beginning):
            return ending
    if head[:4] == b"RIFF":
        return {b"WEBP": ".webp", b"WAVE": ".wav"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12]) or _BRANDS.get(head[8:11]) or ".mp4"
    return ""


def _by_library(head: bytes, ending: str) -> str:
    """The rarer kinds; a library's guess counts only when it is on the list and the name says the same."""
    return ending if ending in ALLOWED and ending not in _ASKED_ABOVE and ending in _guesses(head) else ""


def is_program(head: bytes) -> bool:
    """Whether this would run when somebody opens it: a program of Windows, Linux or macOS."""
    is_windows = head[:2] == b"MZ" and len(head) > 64
    return is_windows or head[:4] in _PROGRAMS


def _guesses(head: bytes) -> set[str]:
    try:
        return {match.extension.lower() for match in puremagic.magic_string(head) if match.confidence >= 0.5}
    except (puremagic.PureError, ValueError):
        return set()
