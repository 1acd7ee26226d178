"""Bytes to text when the label may be wrong.

A mail says `gb2312` and means GB18030, says `iso-8859-1` and means GBK, says `utf-8` and means Big5.
Valid UTF-8 and ISO-2022-JP announce themselves; everything else is decoded in each way that is plausible
for Chinese, Japanese and Latin text, and the reading that looks most like language wins. What counts as
common is taken from the standards themselves: GB 2312, Big5 and JIS X 0208 all put their everyday
characters in a first level.
"""

import codecs
import re
from functools import lru_cache
from typing import Final

from tightrope.channels.mail.common_characters import COMMON

MAX_SAMPLE_BYTES: Final = 3_000

# What senders write, and the wider charset that their software means by it.
_MEANT: Final = {
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gb_2312": "gb18030", "gbk": "gb18030",
    "cp936": "gb18030", "windows-936": "gb18030", "x-gbk": "gb18030", "gb18030": "gb18030",
    "euc-cn": "gb18030", "x-euc-cn": "gb18030", "cn-gb": "gb18030", "chinese": "gb18030",
    "hz": "hz", "hz-gb-2312": "hz",
    "big5": "big5hkscs", "big-5": "big5hkscs", "big5-hkscs": "big5hkscs", "cn-big5": "big5hkscs",
    "x-x-big5": "big5hkscs", "cp950": "big5hkscs", "windows-950": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932",
    "cp932": "cp932", "windows-31j": "cp932", "windows-932": "cp932", "shift_jisx0213": "cp932",
    "euc-jp": "euc_jp", "x-euc-jp": "euc_jp", "eucjp": "euc_jp", "ujis": "euc_jp", "eucjp-ms": "euc_jp",
    "iso-2022-jp": "iso2022", "iso-2022-jp-1": "iso2022", "iso-2022-jp-2": "iso2022",
    "iso-2022-jp-3": "iso2022", "iso-2022-jp-2004": "iso2022", "iso-2022-jp-ms": "iso2022",
    "cp50220": "iso2022", "cp50221": "iso2022", "csiso2022jp": "iso2022",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "cp949": "cp949", "uhc": "cp949",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "windows-1252": "cp1252",
    "us-ascii": "", "ascii": "", "ansi_x3.4-1968": "", "unknown-8bit": "", "x-unknown": "", "unknown": "",
    "default_charset": "", "8bit": "", "": "",
    "utf8": "utf-8", "utf-8": "utf-8", "unicode-1-1-utf-8": "utf-8", "utf-8-sig": "utf-8",
}  # fmt: skip

# Labels so often put on by programs that do not look at the text that they carry no information.
_SAYS_NOTHING: Final = {"", "cp1252", "utf-8"}
_ALWAYS_TRIED: Final = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp1252")
_FORBIDDEN: Final = {"utf-7", "utf7", "unicode-1-1-utf-7", "punycode", "idna", "undefined"}

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(rb"\x1b(\$\([A-Z]|\$[@AB]|\([A-Z])|([\x0e\x0f])")


def tidy(text: str) -> str:
    """Line ends as `\\n`; without the control characters and lone surrogates that no database stores."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))


def meant_charset(label: str) -> str:
    """The codec meant by a label; "" if the label says nothing or is not known here."""
    name = label.strip().strip("'\"").lower().replace(" ", "")
    if name in _MEANT:
        return _MEANT[name]
    if not name or name in _FORBIDDEN or len(name) > 40:
        return ""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    # Python knows codecs that are no charsets at all (zlib, rot13, idna): never for a stranger's bytes.
    is_charset = getattr(found, "_is_text_encoding", False)
    return "" if found.name in _FORBIDDEN or not is_charset else _MEANT.get(found.name, found.name)


def decode(raw: bytes, label: str = "", *, hint: str = "") -> str:
    """Text of these bytes, by their label where it is true and by their look where it is not."""
    return decode_with_charset(raw, label, hint=hint)[0]


def decode_with_charset(raw: bytes, label: str = "", *, hint: str = "") -> tuple[str, str]:
    """The text and the charset that it was read in. `hint` is what other parts of the mail were in."""
    charset = charset_of(raw, label, hint=hint)
    return tidy(_decode_as(raw, charset)), charset


def charset_of(raw: bytes, label: str = "", *, hint: str = "") -> str:
    """The charset these bytes are most plausibly in, starting from what their label claims."""
    declared = meant_charset(label)
    for mark, codec in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return codec
    if raw.isascii():
        return _charset_of_seven_bits(raw, declared, hint)
    if declared.startswith(("utf-16", "utf-32")) and b"\x00" in raw[:200]:
        return declared
    sample = _sample(raw)
    candidates = dict.fromkeys(
        [c for c in (declared, hint, *_ALWAYS_TRIED) if c and c not in ("hz", "ascii")]
    )
    if _is_utf8(sample):
        if _has_long_sequences(sample):
            return "utf-8"
        # A no-break space in UTF-8 is an everyday character in GBK; nobody writes the one and not the label.
        is_latin = all(character < "\u0250" for character in sample.decode("utf-8", "ignore"))
        if is_latin and declared in _SAYS_NOTHING and hint in _SAYS_NOTHING:
            return "utf-8"
        candidates["utf-8"] = None
    if b"\x1b$" in raw:
        candidates["iso2022"] = None
    scores: dict[str, float] = {}
    for codec in candidates:
        text = _decode_as(sample, codec, final=False)
        scores[codec] = plausibility(text)
        if codec == declared and codec not in _SAYS_NOTHING:
            # GB 2312 has kana in the same cells as EUC-JP: there the ideographs decide, not the label.
            scores[codec] += 0.0 if codec == "gb18030" and _is_mostly_kana(text) else 0.35
        elif codec == declared:
            scores[codec] += 0.1
        if codec == "utf-8":
            # Two bytes that are valid UTF-8 by chance come out as Greek or Cyrillic, hardly as Latin.
            scores[codec] += 0.3 if any(character >= "\u0370" for character in text) else 0.6
        if codec == hint and codec not in _SAYS_NOTHING:
            scores[codec] += 0.25
    return max(scores, key=lambda codec: scores[codec])


def _charset_of_seven_bits(raw: bytes, declared: str, hint: str) -> str:
    if b"\x1b$" in raw or b"\x1b(I" in raw or (declared == "iso2022" and b"\x1b" in raw):
        return "iso2022"
    has_hz = b"~{" in raw and b"~}" in raw
    if declared == "hz" or (has_hz and (declared == "gb18030" or hint == "hz")):
        return "hz"
    if declared.startswith(("utf-16", "utf-32")) and b"\x00" in raw[:200]:
        return declared
    return "utf-8"


def _sample(raw: bytes) -> bytes:
    """The part of a long text that says most about its charset: from its first high byte on."""
    if len(raw) <= MAX_SAMPLE_BYTES:
        return raw
    first = re.search(rb"[\x80-\xff]", raw)
    start = 0 if first is None else raw.rfind(b"\n", 0, first.start()) + 1
    if first is not None and first.start() - start > 200:
        start = first.start()
    return raw[start : start + MAX_SAMPLE_BYTES]


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(sample, final=False)
    except UnicodeDecodeError:
        # A text that a server cut or defaced in one place is still UTF-8 in all the others.
        wrong = sample.decode("utf-8", "replace").count("�")
        return wrong * 40 < sum(byte >= 0xE0 for byte in sample)
    return True


def _has_long_sequences(sample: bytes) -> bool:
    return re.search(rb"[\xe0-\xf4][\x80-\xbf]{2}", sample) is not None


def _decode_as(raw: bytes, codec: str, *, final: bool = True) -> str:
    if codec == "iso2022":
        return _decode_iso2022(raw)
    try:
        decoder = codecs.getincrementaldecoder(codec)("replace")
        return decoder.decode(raw, final)
    except (LookupError, UnicodeError, ValueError):
        return raw.decode("utf-8", "replace")


def _decode_iso2022(raw: bytes) -> str:
    """ISO-2022-JP as Windows and Japanese phones write it: with ①, ㈱ and half-width katakana, which the
    standard's own codec refuses. Also its Chinese and Korean escapes."""
    pieces: list[str] = []
    mode = "ascii"
    shifted = False
    position = 0
    for match in (*_ESCAPE.finditer(raw), None):
        end = len(raw) if match is None else match.start()
        chunk = raw[position:end]
        if chunk:
            pieces.append(_decode_chunk(chunk, "kana" if shifted and mode == "ascii" else mode))
        if match is None:
            break
        position = match.end()
        if match.group(2):
            shifted = match.group(2) == b"\x0e"
        else:
            mode = _MODES.get(match.group(1), "ascii")
    return "".join(pieces)


_MODES: Final = {
    b"$@": "jis", b"$B": "jis", b"$(B": "jis", b"$(O": "jis", b"$(Q": "jis", b"$(D": "jis2",
    b"$A": "gb2312", b"$(C": "euc_kr", b"(I": "kana",
}  # fmt: skip


def _decode_chunk(chunk: bytes, mode: str) -> str:
    if mode == "ascii":
        return chunk.decode("cp932", "replace")
    if mode == "kana":
        return bytes(byte | 0x80 for byte in chunk).decode("cp932", "replace")
    text: list[str] = []
    # A line end inside two-byte mode resets it (RFC 1468), so lines are read one by one.
    for number, line in enumerate(re.split(rb"(\r?\n)", chunk)):
        if number % 2:
            text.append("\n")
        elif mode == "jis":
            text.append(_jis_to_shift_jis(line).decode("cp932", "replace"))
        elif mode == "jis2":
            doubled = b"".join(
                b"\x8f" + bytes(b | 0x80 for b in line[i : i + 2]) for i in range(0, len(line), 2)
            )
            text.append(doubled.decode("euc_jp", "replace"))
        else:
            text.append(bytes(byte | 0x80 for byte in line).decode(mode, "replace"))
    return "".join(text)


def _jis_to_shift_jis(line: bytes) -> bytes:
    """Two-byte JIS to the same character's Shift_JIS bytes, so that cp932 supplies the vendor rows."""
    out = bytearray()
    for index in range(0, len(line) - 1, 2):
        row, cell = line[index] & 0x7F, line[index + 1] & 0x7F
        if row < 0x21:
            out += bytes((row, cell))
            continue
        lead = (row + 1) // 2 + (0x70 if row <= 0x5E else 0xB0)
        trail = cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E
        out += bytes((lead, trail & 0xFF))
    return bytes(out)


def _is_mostly_kana(text: str) -> bool:
    high = sum(character > "\x7f" for character in text)
    return sum("\u3040" <= character <= "\u30ff" for character in text) > 0.2 * high


def plausibility(text: str) -> float:
    """How much this looks like written language: mean points per byte that is not ASCII."""
    high_bytes = 0
    points = 0.0
    before = " "
    for character in text:
        if character < "\x80":
            before = character
            continue
        weight, bytes_used = _points(character)
        if weight == _LATIN:
            # An accented letter stands among plain letters; a row of them is a misread Asian text.
            among_letters = before.isalpha() or before == " "
            weight = 0.9 if among_letters and not (before > "\x7f" and before.isalpha()) else -0.6
        points += weight
        high_bytes += bytes_used
        before = character
    return points / high_bytes if high_bytes else 0.0


_LATIN: Final = 99.0


@lru_cache(maxsize=20_000)
def _points(character: str) -> tuple[float, int]:
    """Points for one character and the bytes it took in a legacy charset."""
    code = ord(character)
    if character == "�" or 0xE000 <= code <= 0xF8FF or 0x80 <= code < 0xA0:
        return -4.0, 1
    if 0xA0 <= code < 0x250:
        if character.isalpha():
            return _LATIN, 1
        return (-0.2 if character in "\xa0«»°§€£©®·" else -1.2), 1
    if character in "–—‘’“”„•…€™‹›":
        return 0.4, 1
    if 0x3040 <= code <= 0x30FF:
        return 2.6, 2
    if 0x3001 <= code <= 0x3011 or 0xFF01 <= code <= 0xFF5E:
        return 1.6, 2
    if 0x4E00 <= code <= 0x9FFF:
        if character in COMMON:
            return 3.0, 2
        return (1.0 if _is_everyday(character) else -1.4), 2
    if 0xFF61 <= code <= 0xFF9F:
        return -0.9, 1
    if 0xAC00 <= code <= 0xD7A3:
        return 1.8, 2
    if 0x3400 <= code <= 0x4DBF or code >= 0x20000:
        return -3.0, 2
    if 0x0370 <= code <= 0x06FF or 0x0E00 <= code <= 0x0E7F:
        # Greek, Cyrillic, Hebrew, Arabic and Thai: one byte a letter, and only where a label says so.
        return 0.9, 1
    return -0.6, 2


def _is_everyday(character: str) -> bool:
    """In the first level of GB 2312, of Big5 or of JIS X 0208."""
    for codec, last_lead in (("gb2312", 0xD7), ("big5", 0xC6), ("euc_jp", 0xCF)):
        try:
            lead = character.encode(codec)[0]
        except UnicodeEncodeError:
            continue
        if lead <= last_lead:
            return True
    return False
