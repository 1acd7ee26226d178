"""Which words of complaint a customer used himself: not in what he quotes, not in what repeats our own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

AROUND = 40
"""So many characters on either side are kept, to judge the word by."""
_QUOTED_LINE = re.compile(
    r"^\s*(?:[>|＞]|on .{0,200} wrote:|在.{0,200}写道[:：]|於.{0,200}寫道[:：]|-{3,} ?original)", re.I
)
_IN_QUOTES = re.compile(r"“[^”\n]*”|「[^」\n]*」|『[^』\n]*』|《[^》\n]*》|(?<!\w)\"[^\"\n]*\"(?!\w)")


@dataclass(frozen=True, slots=True)
class Found:
    """One word of complaint with the words around it."""

    word: str
    quote: str


def found_in(text: str, words: Mapping[str, Iterable[str]], *, ours: Iterable[str] = ()) -> list[Found]:
    """The words of the list that the customer used himself, each once, in the order of the list."""
    own = own_words(text, ours=ours)
    found: dict[str, Found] = {}
    for listed in words.values():
        for word in listed:
            known = word.strip().casefold()
            if known and known not in found and (match := _pattern(known).search(own.casefold())):
                found[known] = Found(known, _around(own, match.start(), match.end()))
    return list(found.values())


def own_words(text: str, *, ours: Iterable[str] = ()) -> str:
    """What is the customer's: without quoted lines, without what stands in quotation marks, without our lines."""
    said = {line.strip() for words in ours for line in words.splitlines() if line.strip()}
    lines = [line for line in text.splitlines() if not _QUOTED_LINE.match(line) and line.strip() not in said]
    return _IN_QUOTES.sub(" ", "\n".join(lines))


def _pattern(word: str) -> re.Pattern[str]:
    """Chinese has no spaces: its words are found anywhere; others only as whole words or numbers."""
    escaped = re.escape(word)
    if not word.isascii():
        return re.compile(escaped)
    return re.compile(rf"(?<![a-z0-9-]){escaped}(?![a-z0-9-])")


def _around(text: str, start: int, end: int) -> str:
    return " ".join(text[max(0, start - AROUND) : end + AROUND].split())
