"""Where a picture was taken is nobody's business: phones write it into the picture, we blank it out.

Only the place is blanked, in the bytes as they are, so that the picture itself is not coded a second time
and stays what was photographed. Whatever cannot be read as Exif is left as it is.
"""

from __future__ import annotations

import re
import struct
import zlib

MARK = b"Exif\x00\x00"
GPS = 0x8825
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_XMP = re.compile(rb"""(exif:GPS\w+\s*=\s*["'])([^"'<>]{0,200})""")
_XMP_ELEMENT = re.compile(rb"(<exif:GPS\w+[^>]{0,100}>)([^<]{0,200})")
MOST_MARKS = 20


def without_place(content: bytes) -> bytes:
    """The same picture, of the same length, that no longer says where it was taken."""
    picture = bytearray(content)
    at, found = picture.find(MARK), 0
    while at >= 0 and found < MOST_MARKS:
        _blank(picture, at + len(MARK))
        at, found = picture.find(MARK, at + 1), found + 1
    if content[:4] in {b"II*\x00", b"MM\x00*"}:
        _blank(picture, 0)
    if content[:4] == b"RIFF":
        at = picture.find(b"EXIF", 12)
        if at >= 0:
            _blank(picture, at + 8)
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        _blank_png(picture)
    for pattern in (_XMP, _XMP_ELEMENT):
        for match in list(pattern.finditer(bytes(picture))) if b"exif:GPS" in picture else ():
            picture[match.start(2) : match.end(2)] = b" " * (match.end(2) - match.start(2))
    return bytes(picture)


def _blank_png(picture: bytearray) -> None:
    at = 8
    while at + 12 <= len(picture):
        (length,) = struct.unpack_from(">I", picture, at)
        if picture[at + 4 : at + 8] == b"eXIf" and at + 12 + length <= len(picture):
            _blank(picture, at + 8)
            struct.pack_into(">I", picture, at + 8 + length, zlib.crc32(picture[at + 4 : at + 8 + length]))
        at += 12 + length


def _blank(picture: bytearray, base: int) -> None:
    """Blank the table of the place in the Exif data that begins at `base`."""
    order = {b"II": "<", b"MM": ">"}.get(bytes(picture[base : base + 2]))
    if order is None:
        return
    try:
        (first,) = struct.unpack_from(f"{order}I", picture, base + 4)
        for entry in _entries(picture, base + first, order):
            tag, _kind, _count, value = struct.unpack_from(f"{order}HHII", picture, entry)
            if tag == GPS:
                _blank_table(picture, base, base + value, order)
    except struct.error:
        return


def _blank_table(picture: bytearray, base: int, table: int, order: str) -> None:
    for entry in _entries(picture, table, order):
        _tag, kind, count, value = struct.unpack_from(f"{order}HHII", picture, entry)
        size = _SIZES.get(kind, 1) * count
        if 4 < size <= 1024 and base + value + size <= len(picture):
            picture[base + value : base + value + size] = bytes(size)
        picture[entry : entry + 12] = bytes(12)
    struct.pack_into(f"{order}H", picture, table, 0)


def _entries(picture: bytearray, table: int, order: str) -> list[int]:
    (count,) = struct.unpack_from(f"{order}H", picture, table)
    if count > 200 or table + 2 + 12 * count > len(picture):
        return []
    return [table + 2 + 12 * number for number in range(count)]
