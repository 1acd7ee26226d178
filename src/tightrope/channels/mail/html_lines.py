"""HTML to lines of plain text, each knowing where in the source it began.

A linear scan over tags, no tree: 100,000 nested elements cost what 100,000 flat ones do. It serves reading
(text of a mail that has only HTML), reply stripping (where the quotation begins) and the check before
sanitising (how deep, how many).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Final

from tightrope.channels.mail.charsets import tidy


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MAX_TEXT_CHARACTERS: Final = 1_000_000
MAX_TAGS_READ: Final = 200_000

_OPENING = re.compile(r"<(?:[!?]|/?[a-zA-Z])")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,60})((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,30})\s*=\s*(?:"([^"]{0,500})|'([^']{0,500})|([^\s"'>]{0,500}))""")
_SPACES = re.compile(r"[ \t\n\r\f\u200b\ufeff]+")

_SILENT: Final = frozenset({"script", "style", "title", "noscript", "template", "textarea", "xmp", "iframe"})
_SILENT_ENDS: Final = {name: re.compile(f"</{name}", re.IGNORECASE) for name in _SILENT}
_BLOCKS: Final = _words(
    "address article aside blockquote body center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header"
    " hr html li main nav ol p pre section table tbody tfoot thead tr ul includetail"
)
_VOID: Final = _words("area base br col embed hr img input link meta source track wbr")
# These end by themselves when the next one begins, so that leaving them open is not depth.
_SELF_ENDING: Final = frozenset({"p", "li", "td", "th", "tr", "dd", "dt", "option"})

_QUOTE_NAMES: Final = (
    "gmail_quote", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "moz-cite-prefix",
)  # fmt: skip
_HISTORY_NAMES: Final = (
    "divrplyfwdmsg", "appendonsend", "outlookmessageheader", "isreplycontent", "history-quote-wrapper",
    "__aliyun_previous", "origbody", "mail_quote_",
)  # fmt: skip
_SIGNATURE_NAMES: Final = ("gmail_signature", "moz-signature", "applemailsignature", "foxmail_signature")


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag as written: `attributes` is its raw text."""

    name: str
    attributes: str
    is_end: bool
    start: int
    end: int


@dataclass(slots=True)
class Line:
    """One line of text: where it began in the source, whether it stands in a quotation, and whether a
    mail program marked the place ("quote", "history" or "signature")."""

    text: str
    start: int = 0
    is_quoted: bool = False
    marker: str = ""


def tags(html: str) -> Iterator[Tag]:
    """The tags in order, and as tags without a name what a browser would not show either: comments,
    declarations, and a rest that never closes. The content of scripts and styles is passed over."""
    position = 0
    ends_unquoted = False
    while True:
        opening = _OPENING.search(html, position)
        if opening is None:
            return
        start = opening.start()
        if html.startswith("<!--", start):
            end = html.find("-->", start + 4)
            position = len(html) if end < 0 else end + 3
            yield Tag("", "", False, start, position)
            continue
        if html.startswith(("<!", "<?"), start):
            end = html.find(">", start)
            position = len(html) if end < 0 else end + 1
            yield Tag("", "", False, start, position)
            continue
        match = None if ends_unquoted else _TAG.match(html, start)
        if match is not None:
            name = match.group(2).lower()
            tag = Tag(name, match.group(3), bool(match.group(1)), start, match.end())
        else:
            # An attribute's quotation mark never closes. Trying the same from every later tag would take
            # quadratic time, so from here on a tag ends at the next ">".
            ends_unquoted = True
            end = html.find(">", start)
            if end < 0:
                yield Tag("", "", False, start, len(html))
                return
            words = html[start : min(end, start + 80)].strip("</").split()
            name = words[0].lower() if words else ""
            tag = Tag(name, html[start : min(end, start + 2_000)], html[start + 1] == "/", start, end + 1)
        position = tag.end
        yield tag
        if name in _SILENT and not tag.is_end:
            position = _after_silent(html, tag)


def attributes_of(tag: Tag) -> dict[str, str]:
    """The attributes of a tag, values unescaped and cut to 500 characters, at most 30 of them."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(tag.attributes[:8_000]):
        found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
        if len(found) >= 30:
            break
    return found


@dataclass(frozen=True, slots=True)
class Shape:
    """What makes a document expensive to sanitise."""

    depth: int
    tags: int
    entities: int
    widest_tag: int


def shape_of(html: str) -> Shape:
    """Measure nesting and size in one pass, which stops when the count of tags alone says enough."""
    # A "<" that begins no tag costs the sanitiser as much as one that does.
    angles = html.count("<")
    if angles > MAX_TAGS_READ:
        return Shape(0, angles, html.count("&"), 0)
    depth = deepest = count = widest = 0
    for tag in tags(html):
        count += 1
        widest = max(widest, tag.attributes.count("=") + tag.attributes.count(" "))
        if tag.name in _VOID or tag.name in _SELF_ENDING:
            continue
        depth = max(0, depth - 1) if tag.is_end else depth + 1
        deepest = max(deepest, depth)
    return Shape(deepest, count, html.count("&"), widest)


def lines_of(html: str) -> list[Line]:
    """The visible text as lines, blank ones merged."""
    reader = _LineReader()
    position = 0
    html = html[: 4 * MAX_TEXT_CHARACTERS]
    for tag in islice(tags(html), MAX_TAGS_READ):
        if tag.start > position:
            reader.text(html[position : tag.start], position)
        position = tag.end
        if tag.name in _SILENT and not tag.is_end:
            position = _after_silent(html, tag)
        reader.tag(tag)
    if position < len(html):
        reader.text(html[position:], position)
    reader.end_line(len(html))
    return reader.lines


def _after_silent(html: str, tag: Tag) -> int:
    match = _SILENT_ENDS[tag.name].search(html, tag.end)
    return match.start() if match else len(html)


def text_of_html(html: str) -> str:
    """The text of a document, quotations marked with `>` as in plain mail."""
    shown = [f"> {line.text}" if line.is_quoted else line.text for line in lines_of(html)]
    return "\n".join(shown).strip()[:MAX_TEXT_CHARACTERS]


class _LineReader:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._pieces: list[str] = []
        self._start = 0
        self._quotes = 0
        self._preformatted = 0
        self._pending = ""

    def text(self, raw: str, at: int) -> None:
        text = tidy(unescape(raw)).replace("\xa0", " ")
        if self._preformatted:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.end_line(at, is_forced=True)
                self._add(line, at)
            return
        self._add(_SPACES.sub(" ", text), at)

    def _add(self, text: str, at: int) -> None:
        if not self._pieces:
            text = text if self._preformatted else text.lstrip(" ")
            if not text:
                return
            self._start = min(self._start, at) if self._start else at
        self._pieces.append(text)

    def tag(self, tag: Tag) -> None:
        if tag.name == "br":
            self.end_line(tag.start, is_forced=True)
            return
        if tag.name in ("td", "th") and not tag.is_end and self._pieces:
            self._pieces.append(" ")
        if tag.name in _BLOCKS:
            self.end_line(tag.start)
        if not tag.is_end:
            marker = _marker_of(tag)
            if marker:
                self.end_line(tag.start)
                self._pending = marker
                self._start = tag.start
            if tag.name == "li":
                self._add("- ", tag.start)
            if tag.name == "hr":
                self._add("---", tag.start)
                self.end_line(tag.end)
        if tag.name == "blockquote":
            self._quotes = max(0, self._quotes + (-1 if tag.is_end else 1))
        elif tag.name == "pre":
            self._preformatted = max(0, self._preformatted + (-1 if tag.is_end else 1))
        elif tag.name == "p" and not self._pieces and self.lines and self.lines[-1].text:
            self.lines.append(Line("", tag.start, self._quotes > 0))

    def end_line(self, at: int, *, is_forced: bool = False) -> None:
        text = "".join(self._pieces).rstrip()
        if text or is_forced or self._preformatted:
            if text or not self.lines or self.lines[-1].text or self._preformatted:
                start = self._start or at
                self.lines.append(Line(text, start, self._quotes > 0, self._pending if text else ""))
            if text:
                self._pending = ""
        self._pieces.clear()
        self._start = self._start if self._pending else 0


def _marker_of(tag: Tag) -> str:
    if not tag.attributes or len(tag.attributes) < 5:
        return ""
    lower = tag.attributes.lower()
    if "class" not in lower and "id" not in lower:
        return ""
    attributes = attributes_of(tag)
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}".lower()
    if any(name in names for name in _SIGNATURE_NAMES) or attributes.get("id") == "Signature":
        return "signature"
    if any(name in names for name in _HISTORY_NAMES):
        return "history"
    if any(name in names for name in _QUOTE_NAMES):
        return "quote"
    return ""
