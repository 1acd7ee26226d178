"""`Content-Type: text/plain; charset=gb2312; name*0*=...`: a value and its parameters, in linear time."""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes

MAX_PARAMETERS: Final = 100

_NAME = re.compile(rb"[ \t\r\n;]*([^\s=;\"]{1,100})[ \t\r\n]*=[ \t\r\n]*")
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"?', re.DOTALL)
_BARE = re.compile(rb"[^;\r\n]*")
_MIME = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,120}")
_SECTION = re.compile(r"(?P<name>[^*]+)(?:\*(?P<section>\d{1,3}))?(?P<encoded>\*)?")


@dataclass(frozen=True, slots=True)
class EncodedValue:
    """A parameter as sent: its bytes, and the charset if RFC 2231 named one."""

    value: bytes
    charset: str = ""
    is_extended: bool = False


@dataclass(frozen=True, slots=True)
class ContentType:
    """A media type with its parameters; `mime` is always a plausible lower-case `type/subtype`."""

    mime: str
    parameters: dict[str, EncodedValue] = field(default_factory=dict)

    @property
    def boundary(self) -> bytes:
        found = self.parameters.get("boundary")
        return found.value.rstrip() if found else b""

    def word(self, name: str) -> str:
        """A parameter that is a plain ASCII word, such as a charset, in lower case."""
        found = self.parameters.get(name)
        return found.value.decode("ascii", "ignore").strip().strip("'\"").lower()[:100] if found else ""


def read_content_type(value: bytes | None, *, default: str = "text/plain") -> ContentType:
    """Read a Content-Type; what is missing or malformed counts as the default."""
    if not value:
        return ContentType(default)
    main, parameters = read_parameters(value)
    mime = main.decode("ascii", "ignore").lower().replace(" ", "")
    if _MIME.fullmatch(mime) is None:
        # RFC 2045 section 5.2: what cannot be understood is plain text, but "text" alone is common.
        mime = "text/html" if mime == "html" else "text/plain"
    return ContentType(mime, parameters)


def read_parameters(value: bytes) -> tuple[bytes, dict[str, EncodedValue]]:
    """Split a header value into its main word and its parameters, RFC 2231 continuations joined."""
    main, _, _ = value.partition(b";")
    position = len(main)
    found: list[tuple[str, bytes]] = []
    while position < len(value) and len(found) < MAX_PARAMETERS:
        match = _NAME.match(value, position)
        if match is None:
            next_semicolon = value.find(b";", position + 1)
            if next_semicolon < 0:
                break
            position = next_semicolon
            continue
        name = match.group(1).decode("ascii", "ignore").lower()
        position = match.end()
        quoted = _QUOTED.match(value, position)
        if quoted is not None:
            found.append((name, re.sub(rb"\\([\"\\])", rb"\1", quoted.group(1))))
            position = quoted.end()
        else:
            bare = _BARE.match(value, position)
            text = bare.group() if bare else b""
            found.append((name, text.strip()))
            position += len(text)
        # Whatever stands between this value and the next semicolon is a comment or garbage.
        next_semicolon = value.find(b";", position)
        position = len(value) if next_semicolon < 0 else next_semicolon
    return main.strip(), _join_continuations(found)


def _join_continuations(found: list[tuple[str, bytes]]) -> dict[str, EncodedValue]:
    plain: dict[str, EncodedValue] = {}
    pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for raw_name, value in found:
        match = _SECTION.fullmatch(raw_name)
        if match is None or (match["section"] is None and match["encoded"] is None):
            plain.setdefault(raw_name, EncodedValue(value))
            continue
        section = int(match["section"] or 0)
        pieces.setdefault(match["name"], {}).setdefault(section, (value, match["encoded"] is not None))
    for name, sections in pieces.items():
        charset = ""
        whole = bytearray()
        for number in sorted(sections):
            value, is_encoded = sections[number]
            if is_encoded:
                if not whole and value.count(b"'") >= 2:
                    charset_bytes, _, value = value.split(b"'", 2)
                    charset = charset_bytes.decode("ascii", "ignore").lower()[:100]
                value = unquote_to_bytes(value)
            whole += value
        plain[name] = EncodedValue(bytes(whole), charset, is_extended=True)
    return plain
