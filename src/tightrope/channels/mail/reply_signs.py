"""How mail programs announce a quotation, in the languages that customers write in."""

import re
from enum import Enum, auto
from typing import Final

from tightrope.channels.mail.html_lines import Line

MARKER_LINE: Final = "## 请在此行上方回复 / Reply above this line ##"
PORTAL: Final = "/portal/"
"""Where the portal lies on our own site, with which the signature below our letters ends."""
ATTRIBUTION_LINES: Final = 4
MAX_LINE_CHARACTERS: Final = 500


class Separator(Enum):
    """NONE; a QUOTATION whose lines are marked one by one; or HARD: all below is the older mail."""

    NONE = auto()
    QUOTATION = auto()
    HARD = auto()


_MARKER = re.compile(
    r"##\s*(?:请在此行上方回复|請在此行上方回覆|reply above this line)[^#]{0,80}##", re.IGNORECASE
)

# The end of an attribution: "..., Wang Lei <...> wrote:" and its kin.
_ATTRIBUTION_END = re.compile(
    r"(?:wrote|schrieb|schrieb\s(?=.{0,200}[:：]\s*$).{0,200}|a écrit|escribió|ha scritto|escreveu|schreef|写道|寫道|写到|寫到|"
    r"書きました|のメール|napisał\(a\))\s*[:：]?\s*$",
    re.IGNORECASE,
)
_ATTRIBUTION_START = re.compile(
    r"\s*(?:(?:on|at|am|le|el|il|em|op|den)\s|[在於于]|.{0,200}\S@\S|.{0,200}\d{4}\s*[年/.-]\s*\d{1,2}|.{1,60}さん)",
    re.IGNORECASE,
)
_STRONG_START = re.compile(
    r"\s*(?:(?:on|at|am|le|el|il|em|op|den)\s|[在於于]|20\d\d\s*[年/.-])", re.IGNORECASE
)
_NAMED_ADDRESS = re.compile(r"[<＜]\S{1,64}@\S{1,190}[>＞]")
_HAS_DATE_OR_ADDRESS = re.compile(r"\d{1,4}\s*[年月/.:-]\s*\d{1,2}|@|\b20\d\d\b")
# Gmail in Japanese ends in a bare colon: 2026年11月20日(金) 10:00 田中 <t@example.jp>:
_JAPANESE_GMAIL = re.compile(r"\s*20\d\d年\d{1,2}月\d{1,2}日.{0,200}<\S{1,254}>\s*[:：]\s*$")

_ORIGINAL_WORDS: Final = (
    r"original (?:message|mail|appointment)|ursprüngliche nachricht|original-?nachricht|message d'origine|"
    r"mensaje original|original(?=\s*-{2,60}\s*$)|原始邮件|原始郵件|原邮件|原郵件|邮件原件|回复的原邮件|回复的邮件|元のメッセージ|原文"
)
_ORIGINAL = re.compile(
    rf"\s*>?\s*(?:[-_—=*─·]{{2,60}}\s*(?:{_ORIGINAL_WORDS})\s*[-_—=*─·]{{0,60}}|(?:原始邮件|原始郵件))\s*[:：]?\s*$",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"\s*(?:[-_—=*]{2,60}\s*(?:forwarded (?:message|mail)|weitergeleitete nachricht|message transféré|"
    r"转发(?:的)?邮件(?:信息)?|轉寄(?:的)?郵件|转发信息|転送(?:された)?メッセージ|転送メール)\s*[-_—=*]{0,60}"
    r"|begin forwarded message:|以下是转发的邮件[:：]|anfang der weitergeleiteten nachricht:|下面是被转发的邮件[:：])\s*$",
    re.IGNORECASE,
)

_FROM: Final = r"from|von|de|da|van|发件人|發件人|寄件者|寄件人|差出人|送信者|보낸\s?사람"
_OTHERS: Final = (
    r"sent|date|to|cc|subject|reply-to|gesendet|datum|an|betreff|envoyé|à|objet|enviado(?: el)?|para|asunto|"
    r"发送时间|发送日期|日期|时间|收件人|抄送|主题|傳送日期|傳送時間|寄件日期|寄送時間|收件者|副本|主旨|"
    r"发送日|送信日時|日時|宛先|件名"
)
_FROM_LINE = re.compile(rf"[\s>*|]*(?:{_FROM})\s*\*?\s*[:：]\s*\*?\s*\S", re.IGNORECASE)
_FROM_ALONE = re.compile(rf"[\s>*|]*(?:{_FROM})\s*\*?\s*[:：]\s*\*?\s*$", re.IGNORECASE)
_OTHER_LINE = re.compile(rf"[\s>*|]*(?:{_OTHERS})\s*\*?\s*[:：]", re.IGNORECASE)
# Foxmail and some phones write the whole block on one line.
_FROM_INLINE = re.compile(
    rf"\s*(?:{_FROM})\s*[:：].{{1,200}}(?:发送时间|寄件日期|傳送日期|sent|gesendet)\s*[:：]", re.IGNORECASE
)
_RULE = re.compile(r"\s*[-_—=*─]{5,}\s*$")

_MOBILE = re.compile(
    r"\s*(?:sent from (?:my|outlook|mail for|yahoo|proton|samsung|the)\b.{0,80}|get outlook for .{0,80}|"
    r"von meinem .{1,40} gesendet.{0,20}|gesendet (?:von|mit) .{1,60}|diese nachricht wurde von meinem .{1,80}|"
    r"envoyé (?:de|depuis) mon .{1,40}|enviado desde mi .{1,40}|"
    r"(?:发|發|來|来|傳|传|寄)(?:送)?(?:自|从)\s*(?:我的)?.{1,40}|(?:从|從)我的.{1,30}(?:发送|發送|傳送|传送)|"
    r"由我的.{1,30}(?:发送|傳送)|取得\s?outlook.{0,40}|获取\s?outlook.{0,40}|"
    r".{0,20}iphoneから送信|.{0,30}から送信(?:しました)?|발신:.{0,30})[。.!！]?\s*$",
    re.IGNORECASE,
)
_POINTS_BELOW = re.compile(
    r"(?:see|answers?|comments?|repl(?:y|ies)|responses?|my notes?)\W{1,3}(?:\w{1,12}\s){0,3}(?:below|inline|in ?line|between)"
    r"|\binline\b|siehe unten|antworten? (?:im text|unten)|见下|見下|如下文|下文(?:中|红|紅)|(?:红|紅|蓝|藍)(?:色|字)|"
    r"在原文|原文中|逐条|逐條|邮件中|以下(?:に|の通り)|下記",
    re.IGNORECASE,
)


_OUR_END = re.compile(rf"<?https?://[^\s<>]+{PORTAL}>?(?:\s*<[^\s<>]+>)?")


def is_marker(text: str) -> bool:
    """Our own line, which asks to answer above it; possibly quoted already."""
    return len(text) <= MAX_LINE_CHARACTERS and _MARKER.search(text) is not None


def is_quoted_line(text: str) -> bool:
    return text.lstrip(" \t\xa0").startswith((">", "＞"))


def is_forward(text: str) -> bool:
    """The head of a forwarded mail, which is what its sender wants to be read."""
    return len(text) <= 120 and _FORWARD.match(text) is not None


def is_mobile_signature(text: str) -> bool:
    return 0 < len(text) <= 120 and _MOBILE.match(text) is not None


def ends_our_signature(text: str) -> bool:
    """The last line of the signature below our own letters; some programs write an address twice."""
    return len(text) <= MAX_LINE_CHARACTERS and _OUR_END.fullmatch(text.strip()) is not None


def points_below(text: str) -> bool:
    """Whether a short answer says that the real one stands in the quotation."""
    return len(text) <= 300 and _POINTS_BELOW.search(text) is not None


def separator_at(lines: list[Line], number: int) -> Separator:
    """What begins at this line."""
    line = lines[number]
    text = line.text[:MAX_LINE_CHARACTERS]
    if line.marker == "history":
        return Separator.HARD
    if line.marker == "quote":
        return Separator.QUOTATION
    if not text.strip():
        return Separator.NONE
    if line.is_quoted:
        return Separator.QUOTATION
    if _ORIGINAL.match(text):
        return Separator.HARD
    if _is_header_block(lines, number):
        return Separator.HARD
    if _attribution_length(lines, number):
        return Separator.QUOTATION
    return Separator.NONE


def _is_header_block(lines: list[Line], number: int) -> bool:
    """From, and below it two of Sent, To, Cc, Subject; a rule drawn above belongs to it."""
    text = _label_text(lines[number])
    if _RULE.match(text):
        following = [n for n in range(number + 1, min(number + 3, len(lines))) if lines[n].text.strip()]
        return (
            bool(following)
            and not _RULE.match(lines[following[0]].text)
            and _is_header_block(lines, following[0])
        )
    if _FROM_INLINE.match(text):
        return True
    if not (_FROM_LINE.match(text) or _FROM_ALONE.match(text)):
        return False
    below = [_label_text(line) for line in lines[number + 1 : number + 12] if line.text.strip()]
    return sum(_OTHER_LINE.match(other) is not None for other in below[:8]) >= 2


def _label_text(line: Line) -> str:
    """Alibaba's and NetEase's mail set 主　题 and 日　期 wide."""
    return line.text[:MAX_LINE_CHARACTERS].replace("\u3000", "")


def _attribution_length(lines: list[Line], number: int) -> int:
    """Over how many lines an attribution runs that begins here; 0 if none does."""
    if _ATTRIBUTION_START.match(lines[number].text[:MAX_LINE_CHARACTERS]) is None:
        return 0
    joined = ""
    for length in range(1, ATTRIBUTION_LINES + 1):
        if number + length > len(lines) or lines[number + length - 1].is_quoted:
            return 0
        part = lines[number + length - 1].text[:MAX_LINE_CHARACTERS].strip()
        if not part:
            return 0
        joined = f"{joined} {part}".strip()[:MAX_LINE_CHARACTERS]
        if _JAPANESE_GMAIL.match(joined):
            return length
        if _ATTRIBUTION_END.search(joined) and _HAS_DATE_OR_ADDRESS.search(joined):
            if length > 1 and _begins_later(lines, number, length):
                return 0
            needs_colon = not joined.endswith((":", "："))
            if needs_colon and not _is_followed_by_quotation(lines, number + length):
                return 0
            return length
    return 0


def _begins_later(lines: list[Line], number: int, length: int) -> bool:
    """Whether the words of the sender run straight into the attribution, which begins on a later line."""
    first = lines[number].text.strip()
    second = lines[number + 1].text.strip()
    if _STRONG_START.match(first) is None and _NAMED_ADDRESS.search(first) is None:
        return True
    if first.endswith(">") and second[:1] in ("于", "於"):
        return False
    return any(
        _STRONG_START.match(lines[later].text[:MAX_LINE_CHARACTERS]) is not None
        and _attribution_length(lines, later) > 0
        for later in range(number + 1, number + length)
    )


def _is_followed_by_quotation(lines: list[Line], number: int) -> bool:
    following = next((line for line in lines[number : number + 3] if line.text.strip()), None)
    return following is not None and following.is_quoted
