"""From text to the lexemes of the index, and from what somebody typed to a question to it.

Everything is computed here and handed to PostgreSQL as a literal, so that no text search configuration of
the server matters. Index and question go through the same folding: full-width forms (NFKC), letter case,
accents of Latin letters, and Traditional to Simplified Chinese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

MOST_TEXT = 20_000
"""Characters of one text that are indexed. A case's whole conversation rarely reaches a tenth of it."""
MOST_LEXEMES = 4_000
LONGEST_LEXEME = 64
MOST_QUERY = 200
MOST_QUERY_RUNS = 12

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_HAN_RUN = re.compile(f"[{_HAN}]+")
_RUN = re.compile(rf"[{_HAN}]+|[0-9a-z]+(?:[-_./][0-9a-z]+)*|[^\W_0-9a-z{_HAN}]+")
_PARTS = re.compile(r"[0-9a-z]+")
_PIECES = re.compile(r"[0-9]+|[a-z]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_NOT_CODE = re.compile(r"[^0-9a-z\u3400-\u9fff]")

STOP_WORDS = frozenset(
    [
        "的",
        "了",
        "是",
        "在",
        "我",
        "你",
        "他",
        "她",
        "它",
        "们",
        "我们",
        "你们",
        "他们",
        "和",
        "与",
        "及",
        "也",
        "都",
        "就",
        "还",
        "又",
        "很",
        "吗",
        "呢",
        "吧",
        "啊",
        "把",
        "被",
        "请",
        "请问",
        "您",
        "这",
        "那",
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "our",
        "please",
        "the",
        "this",
        "to",
        "was",
        "we",
        "with",
        "you",
        "your",
    ]
)
"""Words that say nothing about what is sought: neither indexed nor asked for."""


@cache
def _to_simplified() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


def warm() -> None:
    """Load the dictionaries (about 0.15 s once a process), so that no reader waits for them."""
    normalised("繁體")
    _cut("预热")


def normalised(text: str) -> str:
    """The text as it is compared: one width, one case, no accents on Latin letters, Simplified Chinese."""
    text = _CONTROL.sub(" ", text[:MOST_TEXT])
    text = unicodedata.normalize("NFKC", text).lower()
    if not text.isascii():
        text = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))
        text = _to_simplified().convert(text)
    return text


def code(text: str) -> str:
    """A number, serial, phone number or mail address as it is compared: `C-10293` and `c 10293` are one."""
    text = normalised(text.strip())
    if "@" in text:
        return text[:LONGEST_LEXEME]
    return _NOT_CODE.sub("", text)[:LONGEST_LEXEME]


def _cut(run: str) -> list[str]:
    import rjieba

    words: list[str] = rjieba.cut_for_search(run)
    return words


def _bigrams(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _lexemes_of_run(run: str, *, with_bigrams: bool) -> Iterator[str]:
    if _HAN_RUN.match(run):
        yield from _cut(run)
        if with_bigrams:
            yield from _bigrams(run)
        return
    parts = _PARTS.findall(run)
    if not parts:
        yield run
        return
    yield "".join(parts)
    if len(parts) > 1:
        yield from parts
    for part in parts:
        pieces = _PIECES.findall(part)
        if len(pieces) > 1:
            yield from pieces


def lexemes(text: str, *, with_bigrams: bool = False) -> list[str]:
    """The words of a normalised text in their order, each at most once."""
    found: dict[str, None] = {}
    for run in _RUN.findall(text):
        for word in _lexemes_of_run(run, with_bigrams=with_bigrams):
            if word not in STOP_WORDS and len(word) <= LONGEST_LEXEME:
                found.setdefault(word)
    return list(found)[:MOST_LEXEMES]


def vector(*, title: str, body: str, codes: Iterable[str]) -> str:
    """The literal of a tsvector: words of the title weigh A, codes B, words of the body D."""
    weights: dict[str, str] = {}
    for word in lexemes(title, with_bigrams=True):
        weights.setdefault(word, "A")
    for one in codes:
        if key := code(one):
            weights.setdefault(f"={key}", "B")
    for word in lexemes(body):
        weights.setdefault(word, "D")
    return " ".join(
        f"{_quoted(word)}:{place}{weight}" for place, (word, weight) in enumerate(weights.items(), start=1)
    )


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


class Question:
    """What somebody typed, ready to be asked: as a code, as all words, as any word, as a piece of text."""

    def __init__(self, text: str) -> None:
        self.text = " ".join(normalised(text[:MOST_QUERY]).split())
        runs = _RUN.findall(self.text)[:MOST_QUERY_RUNS]
        last = len(runs) - 1
        clauses = [
            clause for place, run in enumerate(runs) if (clause := _clause(run, is_last=place == last))
        ]
        self.clauses = clauses
        self.code = self._code_question()
        self.all_words = " & ".join(clauses)
        self.any_word = " | ".join(clauses) if len(clauses) > 1 else ""
        self.like = self._like() if len(self.text) >= 3 else ""

    @property
    def is_empty(self) -> bool:
        """Nothing in it that could be looked for."""
        return not (self.code or self.all_words or self.like)

    def _code_question(self) -> str:
        asked = [self.text, *self.text.split()] if self.text.count(" ") <= MOST_QUERY_RUNS else []
        keys = {key for one in asked if (key := code(one)) and ("@" in key or any(c.isdigit() for c in key))}
        return " | ".join(_quoted(f"={key}") for key in sorted(keys))

    def _like(self) -> str:
        escaped = self.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return f"%{escaped}%"


def _clause(run: str, *, is_last: bool) -> str:
    """What a document must have for one run of the question; empty when the run says nothing."""
    if _HAN_RUN.match(run):
        return _han_clause(run)
    parts = _PARTS.findall(run)
    if not parts:
        return "" if run in STOP_WORDS else _quoted(run)
    joined = "".join(parts)
    if joined in STOP_WORDS:
        return ""
    pieces = _PIECES.findall(joined) if len(parts) == 1 else parts
    clause = _prefix(joined, is_last=is_last)
    # "kfr35" also means kfr and 35 side by side; "e3" does not mean any e with any 3.
    if len(pieces) > 1 and all(len(piece) >= 2 for piece in pieces):
        clause = f"({clause} | ({' & '.join(_quoted(piece) for piece in pieces)}))"
    return clause


def _prefix(word: str, *, is_last: bool) -> str:
    # The word that is still being typed and an uninflected word find longer forms; "E3" must not find E30.
    is_open = len(word) >= (3 if word.isalpha() else 4) and (is_last or word.isalpha())
    return _quoted(word) + (":*" if is_open else "")


def _han_clause(run: str) -> str:
    words = [word for word in dict.fromkeys(_cut(run)) if word not in STOP_WORDS]
    if not words:
        return ""
    # A lone character at the end may be the beginning of a word; before that it stands for itself, because
    # everything that begins with 人 is a great part of the index.
    opens = len(words[-1]) == 1 and (len(words) == 1 or len(words[-2]) > 1)
    by_words = " & ".join(map(_quoted, words)) + (":*" if opens else "")
    pairs = _bigrams(run)
    if not pairs or pairs == words:
        return f"({by_words})"
    # Names are often cut differently alone than in a sentence; titles carry every pair of characters.
    by_pairs = " & ".join(_quoted(pair) for pair in dict.fromkeys(pairs))
    return f"(({by_words}) | ({by_pairs}))"
