"""Look at the raw bytes of a mail before anything parses them.

The standard library's parser builds strings and lists of lines for the whole mail and recurses into it:
50 MB take 446 MB of memory there, and 1,000 nested messages a RecursionError. This walker goes over the
bytes once, keeps offsets instead of copies, and stops at fixed limits.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from tightrope.channels.mail.parameters import ContentType, read_content_type

MAX_MAIL_BYTES: Final = 50 * 1024 * 1024
MAX_HEADERS: Final = 1_000
MAX_HEADER_BYTES: Final = 16 * 1024
MAX_HEADER_LINES: Final = 200_000
MAX_PARTS: Final = 1_000
MAX_DEPTH: Final = 50
MAX_DASH_LINES: Final = 1_000_000
MAX_BOUNDARY_BYTES: Final = 250

_DASH_LINE = re.compile(rb"^--([^\r\n]{0,252})", re.MULTILINE)
_HEADER_NAME = re.compile(rb"[!-9;-~]{1,200}(?=[ \t]*:)")


class MailRefused(ValueError):
    """The mail exceeds a limit that protects the reader; `reason` is a short fixed word."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"This mail was not read: {reason}.")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Header:
    """One header: its name in lower case and its unfolded raw value, cut to 16 kB."""

    name: str
    value: bytes
    was_cut: bool = False


@dataclass(slots=True)
class Part:
    """One node of the MIME tree, by offsets into the raw mail."""

    headers: tuple[Header, ...]
    content_type: ContentType
    parent: int
    depth: int
    start: int
    body_start: int
    body_end: int
    is_container: bool = False

    def header(self, name: str) -> bytes | None:
        """The first header of that (lower-case) name."""
        return next((header.value for header in self.headers if header.name == name), None)

    def headers_named(self, name: str) -> list[bytes]:
        return [header.value for header in self.headers if header.name == name]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner found: the parts in order (the first is the mail itself), what was cut,
    and, if the mail must not be parsed at all, why."""

    parts: tuple[Part, ...] = ()
    cuts: tuple[str, ...] = ()
    refused: str = ""

    @property
    def root(self) -> Part:
        return self.parts[0]


@dataclass(slots=True)
class _Walk:
    raw: bytes
    max_parts: int
    max_depth: int
    parts: list[Part] = field(default_factory=list)
    cuts: set[str] = field(default_factory=set)
    header_lines: int = 0
    # The open multiparts, outermost first, and for each boundary the innermost of them that uses it.
    open_parts: list[int] = field(default_factory=list)
    boundaries: dict[bytes, int] = field(default_factory=dict)


def scan(
    raw: bytes, *, max_parts: int = MAX_PARTS, max_depth: int = MAX_DEPTH, max_bytes: int = MAX_MAIL_BYTES
) -> Verdict:
    """Find the parts of a mail in one pass. Never raises: a mail beyond the limits is refused by name."""
    if len(raw) > max_bytes:
        return Verdict(refused="too-big")
    walk = _Walk(raw=raw, max_parts=max_parts, max_depth=max_depth)
    try:
        _walk(walk)
    except MailRefused as refusal:
        return Verdict(cuts=tuple(sorted(walk.cuts)), refused=refusal.reason)
    return Verdict(parts=tuple(walk.parts), cuts=tuple(sorted(walk.cuts)))


def _walk(walk: _Walk) -> None:
    raw = walk.raw
    position = _open_part(walk, _start_of_mail(raw), parent=-1)
    dash_lines = 0
    while walk.open_parts:
        match = _DASH_LINE.search(raw, position)
        if match is None:
            break
        dash_lines += 1
        if dash_lines > MAX_DASH_LINES:
            raise MailRefused("too-many-boundaries")
        position = match.end()
        found = _delimiter(walk, match.group(1))
        if found is None:
            continue
        level, is_last = found
        _close_down_to(walk, level, at=match.start())
        parent = walk.open_parts[level]
        walk.parts[parent].is_container = True
        if is_last:
            _forget(walk, level)
            continue
        after_line = raw.find(b"\n", position)
        position = _open_part(walk, len(raw) if after_line < 0 else after_line + 1, parent=parent)
    _close_down_to(walk, -1, at=len(raw))


def _start_of_mail(raw: bytes) -> int:
    """Skip what is not part of the mail: leading blank lines and the `From ` line of a mailbox file."""
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    while start < min(len(raw), 64) and raw[start] in b"\r\n":
        start += 1
    if raw.startswith((b"From ", b">From "), start):
        end = raw.find(b"\n", start)
        return len(raw) if end < 0 else end + 1
    return start


def _open_part(walk: _Walk, start: int, *, parent: int) -> int:
    if len(walk.parts) > walk.max_parts:
        raise MailRefused("too-many-parts")
    depth = walk.parts[parent].depth + 1 if parent >= 0 else 0
    if depth > walk.max_depth:
        raise MailRefused("too-deep")
    headers, body_start = _read_headers(walk, start)
    value = next((header.value for header in headers if header.name == "content-type"), None)
    default = "text/plain"
    if parent >= 0 and walk.parts[parent].content_type.mime == "multipart/digest":
        default = "message/rfc822"
    content_type = read_content_type(value, default=default)
    index = len(walk.parts)
    walk.parts.append(Part(headers, content_type, parent, depth, start, body_start, len(walk.raw)))
    boundary = content_type.boundary
    if content_type.mime.startswith("multipart/") and 0 < len(boundary) <= MAX_BOUNDARY_BYTES:
        walk.open_parts.append(index)
        walk.boundaries[boundary] = len(walk.open_parts) - 1
    return body_start


def _read_headers(walk: _Walk, start: int) -> tuple[tuple[Header, ...], int]:
    """The headers from `start` and where the body begins: after a blank line, or at the first line that
    cannot be a header."""
    raw = walk.raw
    found: list[tuple[str, bytearray, int]] = []
    position = start
    while position < len(raw):
        newline = raw.find(b"\n", position)
        end, after = (len(raw), len(raw)) if newline < 0 else (newline, newline + 1)
        if end > position and raw[end - 1] == 13:
            end -= 1
        if end == position:
            position = after
            break
        walk.header_lines += 1
        if walk.header_lines > MAX_HEADER_LINES:
            raise MailRefused("too-many-header-lines")
        if raw[position] in b" \t" and found:
            _append(found[-1][1], raw[position : min(end, position + MAX_HEADER_BYTES + 1)])
        elif walk.open_parts and raw.startswith(b"--", position) and _is_delimiter(walk, position, end):
            break
        else:
            match = _HEADER_NAME.match(raw, position, end)
            if match is None:
                break
            value_start = raw.index(b":", match.end()) + 1
            value = bytearray(raw[value_start : min(end, value_start + MAX_HEADER_BYTES + 1)])
            found.append((match.group().decode("ascii").lower(), value, value_start))
        position = after
    if len(found) > MAX_HEADERS:
        walk.cuts.add("headers")
        del found[MAX_HEADERS:]
    headers = []
    for name, value, _ in found:
        was_cut = len(value) > MAX_HEADER_BYTES
        if was_cut:
            walk.cuts.add(f"header {name}"[:80])
        headers.append(Header(name, bytes(value[:MAX_HEADER_BYTES]).strip(b" \t\r"), was_cut))
    return tuple(headers), position


def _append(value: bytearray, line: bytes) -> None:
    if len(value) <= MAX_HEADER_BYTES:
        value += line


def _is_delimiter(walk: _Walk, position: int, end: int) -> bool:
    return _delimiter(walk, walk.raw[position + 2 : min(end, position + 254)]) is not None


def _delimiter(walk: _Walk, after_dashes: bytes) -> tuple[int, bool] | None:
    """Which open multipart this line delimits, and whether it is the closing delimiter."""
    line = after_dashes.rstrip(b" \t")
    level = walk.boundaries.get(line)
    if level is not None:
        return level, False
    if line.endswith(b"--"):
        level = walk.boundaries.get(line[:-2])
        if level is not None:
            return level, True
    return None


def _close_down_to(walk: _Walk, level: int, *, at: int) -> None:
    """The delimiter of an outer multipart ends everything inside it, closed or not."""
    raw = walk.raw
    end = at
    if at < len(raw) and end > 0 and raw[end - 1] == 10:
        end -= 1
        if end > 0 and raw[end - 1] == 13:
            end -= 1
    while len(walk.open_parts) > level + 1:
        _forget(walk, len(walk.open_parts) - 1)
    if walk.parts:
        last = walk.parts[-1]
        if last.body_end == len(raw) and not last.is_container:
            last.body_end = max(last.body_start, end)


def _forget(walk: _Walk, level: int) -> None:
    while len(walk.open_parts) > level:
        index = walk.open_parts.pop()
        boundary = walk.parts[index].content_type.boundary
        walk.boundaries = {known: at for known, at in walk.boundaries.items() if at < len(walk.open_parts)}
        # A boundary that an outer part shares with a closed inner one belongs to the outer one again.
        for outer, outer_index in enumerate(walk.open_parts):
            if walk.parts[outer_index].content_type.boundary == boundary:
                walk.boundaries[boundary] = outer
