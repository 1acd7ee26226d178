"""Take the new words of an answer apart from what it quotes and from the signature below.

Plain text and HTML go the same way: both become lines that know whether they are quoted. When it is not
certain that something is a quotation, it is kept: a quotation too many is a nuisance, a lost sentence of
a customer is not.
"""

from dataclasses import dataclass

from tightrope.channels.mail.html_lines import Line, lines_of
from tightrope.channels.mail.reply_signs import (
    ATTRIBUTION_LINES,
    Separator,
    ends_our_signature,
    is_forward,
    is_marker,
    is_mobile_signature,
    is_quoted_line,
    points_below,
    separator_at,
)

MAX_LINES = 20_000
MAX_SIGNATURE_LINES = 12
OUR_SIGNATURE_LINES = 4


@dataclass(frozen=True, slots=True)
class Stripped:
    """The three parts of an answer. `html_cut` is where the quotation begins in the HTML source, or -1 if
    the HTML is to be shown whole."""

    new_text: str
    quoted_text: str = ""
    signature: str = ""
    html_cut: int = -1


def strip_text(text: str) -> Stripped:
    """Strip a plain-text answer."""
    lines = [Line(line.rstrip(), start=-1, is_quoted=is_quoted_line(line)) for line in text.split("\n")]
    return _strip(lines)


def strip_html(html: str) -> Stripped:
    """Strip an answer in HTML; blockquotes and the marks of mail programs count as well as words."""
    lines = lines_of(html)
    for line in lines:
        line.is_quoted = line.is_quoted or is_quoted_line(line.text)
    return _strip(lines)


def _strip(lines: list[Line]) -> Stripped:
    if len(lines) > MAX_LINES:
        return Stripped(_text(lines))
    own, quoted = _split(lines)
    tail_start = len(lines) - len(quoted)
    is_tail = bool(quoted) and tail_start > 0 and quoted[0] is lines[tail_start]
    cut = quoted[0].start if is_tail and _has_words(own) else -1
    own, signature = _without_signature(own)
    return Stripped(_text(own), _text(quoted), _text(signature), cut)


def _text(lines: list[Line]) -> str:
    return "\n".join(line.text for line in lines).strip("\n").rstrip()


def _split(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """What the sender wrote and what they quote. Nothing is quoted if nothing else would be left."""
    at_marker = next((number for number, line in enumerate(lines) if is_marker(line.text)), None)
    if at_marker is not None:
        own, _ = _split_at_separator(lines[:at_marker])
        own = _without_dangling_attribution(own)
        if _has_words(own):
            # Own words may stand below a quotation as well as above it: what is left is not always the end.
            kept = {id(line) for line in own}
            return own, [line for line in lines if id(line) not in kept]
    return _split_at_separator(lines)


def _split_at_separator(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    for number, line in enumerate(lines):
        if is_forward(line.text):
            return lines, []
        found = separator_at(lines, number)
        if found is Separator.NONE:
            continue
        above = lines[:number]
        if found is Separator.HARD:
            if _has_words(above) and not points_below(_text(above)):
                return above, lines[number:]
            return lines, []
        return _split_at_quotation(lines, number)
    return lines, []


def _split_at_quotation(lines: list[Line], start: int) -> tuple[list[Line], list[Line]]:
    """A quotation that is marked line by line: answers may stand above, below or between."""
    above = lines[:start]
    first_quoted = next((n for n in range(start, len(lines)) if lines[n].is_quoted), None)
    if first_quoted is None or _has_words(lines[start + ATTRIBUTION_LINES : first_quoted]):
        # An attribution whose quotation is not marked, as NetEase's web mail writes it.
        has_answer = _has_words(above) and not points_below(_text(above))
        return (above, lines[start:]) if has_answer else (lines, [])
    end_of_first = next((n for n in range(first_quoted, len(lines)) if _is_own_words(lines[n])), len(lines))
    last_own = _last_own_line(lines, end_of_first)
    if last_own < 0:
        return above, lines[start:]
    runs_on = any(line.is_quoted and line.text.strip(" >") for line in lines[end_of_first:last_own])
    if not _has_words(above) and not runs_on:
        return lines[end_of_first:], lines[:end_of_first]
    return lines[: last_own + 1], lines[last_own + 1 :]


def _last_own_line(lines: list[Line], after: int) -> int:
    """The last line below a quotation that its sender wrote, or -1. Signatures are no answers."""
    last = -1
    for number in range(after, len(lines)):
        line = lines[number]
        if (_is_signature_start(line) and not line.is_quoted) or separator_at(
            lines, number
        ) is Separator.HARD:
            break
        if _is_own_words(line):
            last = number
    return last


def _is_own_words(line: Line) -> bool:
    return bool(line.text.strip()) and not line.is_quoted


def _has_words(lines: list[Line]) -> bool:
    return any(
        line.text.strip(" -_=*　\xa0") and not line.is_quoted and not is_mobile_signature(line.text)
        for line in lines
    )


def _without_dangling_attribution(lines: list[Line]) -> list[Line]:
    """Above our marker line stands the attribution of the quotation that the marker begins."""
    for number in range(max(0, len(lines) - ATTRIBUTION_LINES - 2), len(lines)):
        if separator_at([*lines, Line(">", is_quoted=True)], number) is not Separator.NONE:
            return lines[:number]
    return lines


def _is_signature_start(line: Line) -> bool:
    return line.text in ("--", "-- ", "—") or line.marker == "signature" or is_mobile_signature(line.text)


def _end_of_ours(lines: list[Line], start: int) -> int:
    """Where the signature ends that begins here. Ours may stand in a quotation that nothing marks as one, and an
    answer below it: only what is known to be ours is taken off then."""
    for number in range(start + 1, min(start + 1 + OUR_SIGNATURE_LINES, len(lines))):
        if ends_our_signature(lines[number].text):
            return number + 1
    return len(lines)


def _without_signature(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    for number in range(max(0, len(lines) - MAX_SIGNATURE_LINES), len(lines)):
        line = lines[number]
        is_at_end = not is_mobile_signature(line.text) or not _has_words(lines[number + 1 :])
        if not line.is_quoted and _is_signature_start(line) and is_at_end and _has_words(lines[:number]):
            end = _end_of_ours(lines, number)
            return [*lines[:number], *lines[end:]], lines[number:end]
    return lines, []
