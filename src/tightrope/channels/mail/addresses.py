"""Address lists, read in one pass without recursion: comments may nest as deep as they like."""

import re
from dataclasses import dataclass, field
from typing import Final

from tightrope.channels.mail.charsets import decode
from tightrope.channels.mail.parsed import Address
from tightrope.channels.mail.words import decode_header

MAX_ADDRESSES: Final = 1_000

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x20]{1,64}@[^\s@<>()\[\],;:\"\\]{1,253}")
_MESSAGE_ID = re.compile(rb"<([^<>\s]{1,990})>")
# Between these the mailer means the characters literally, whatever they are.
_FULL_WIDTH: Final = str.maketrans({"＜": "<", "＞": ">", "＠": "@"})


@dataclass(slots=True)
class _Reading:
    name: list[str] = field(default_factory=list)
    angle: list[str] = field(default_factory=list)
    comment: list[str] = field(default_factory=list)
    had_angle: bool = False

    def is_empty(self) -> bool:
        return not (self.had_angle or "".join(self.name).strip() or "".join(self.comment).strip())


def read_addresses(value: bytes | None, *, hint: str = "") -> tuple[Address, ...]:
    """The addresses of a From, To or Cc header. What is no address keeps its text as the name."""
    if not value:
        return ()
    # Raw Chinese text is decoded first, since its bytes may contain quotes and commas; encoded words
    # stay as they are until the list is cut apart, since their text may contain them too.
    text = decode(value, hint=hint).translate(_FULL_WIDTH) if not value.isascii() else value.decode("ascii")
    found: list[Address] = []
    reading = _Reading()
    in_quotes = in_angle = escaped = False
    comment_depth = 0
    for character in text:
        if escaped:
            escaped = False
            (reading.comment if comment_depth else reading.name).append(character)
        elif character == "\\" and (in_quotes or comment_depth):
            escaped = True
        elif comment_depth:
            comment_depth += {"(": 1, ")": -1}.get(character, 0)
            if comment_depth:
                reading.comment.append(character)
        elif character == '"' and not in_angle:
            in_quotes = not in_quotes
        elif in_quotes:
            reading.name.append(character)
        elif in_angle:
            if character == ">":
                in_angle = False
            else:
                reading.angle.append(character)
        elif character == "<":
            in_angle = reading.had_angle = True
            reading.angle.clear()
        elif character == "(":
            comment_depth = 1
        elif character in ",;":
            _finish(reading, found, hint)
            reading = _Reading()
        elif character == ":" and "@" not in "".join(reading.name[-64:]):
            reading = _Reading()  # The name of a group, `colleagues: a@b, c@d;`
        else:
            reading.name.append(character)
        if len(found) >= MAX_ADDRESSES:
            return tuple(found)
    _finish(reading, found, hint)
    return tuple(found)


def _finish(reading: _Reading, found: list[Address], hint: str) -> None:
    if reading.is_empty():
        return
    name = "".join(reading.name).strip()
    if reading.had_angle:
        email = normal_address("".join(reading.angle))
        if not email:
            match = _ADDRESS.search(name)
            email = normal_address(match.group()) if match else ""
    else:
        match = _ADDRESS.search(name)
        email = normal_address(match.group()) if match else ""
        name = "".join(reading.comment) if email and match and match.group() == name else name
    shown = decode_header(name.encode("utf-8", "ignore"), hint=hint).strip(" '\"")
    if shown or email:
        found.append(Address("" if shown.lower() == email.lower() else shown[:200], email))


def normal_address(text: str) -> str:
    """The address with its domain in lower case, or "" if this is none."""
    text = text.strip().removeprefix("mailto:").strip()
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]  # An obsolete source route, `@relay:a@b`
    match = _ADDRESS.fullmatch(text)
    if match is None or len(text) > 254:
        return ""
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.lower().rstrip('.')}"


def read_message_ids(value: bytes | None) -> tuple[str, ...]:
    """The Message-IDs in a header, without their angle brackets, each once, at most 200."""
    if not value:
        return ()
    # One id that a gateway folded in the middle is one id; between several, white space separates.
    unfolded = b"".join(value.split()) if value.count(b"<") == 1 else value
    found = [match.decode("utf-8", "replace") for match in _MESSAGE_ID.findall(unfolded)]
    if not found and b"@" in value and not value.strip().count(b" "):
        found = [value.strip(b" <>").decode("utf-8", "replace")[:990]]
    return tuple(dict.fromkeys(found))[-200:]
