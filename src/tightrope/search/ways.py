"""The ways in which a document fits a question, and what fits each of them, the newest first, batch by batch.

This is the plain way to find, for one part of the index and for a doer who sees few of its documents. The first
hits of all kinds at once have a quicker one: `search.first`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tightrope.search.words import Question

NEWEST_BY_WORDS, NEWEST_BY_PIECE, NEWEST_A_HIT = 3_000, 1_000, 16
"""So many of the newest documents, and so many for each hit that is wanted, are tried for a common word before an
index is asked: 2 ms that save 200."""
SAMPLE = 300
"""What stands in none of so many of the newest documents is rare, and its index is asked at once."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that fits, before it is known whether the doer may see it."""

    way: int
    id: int
    kind: str
    object_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """The part of the index a doer may be told of, as a condition; narrow when it is some customer's own."""

    condition: str
    values: tuple[Any, ...]
    is_narrow: bool


@dataclass(frozen=True, slots=True)
class _Way:
    """One way of fitting, the better ones first: its condition, and how many of the newest documents are tried first."""

    number: int
    condition: str
    value: str
    newest: int


@dataclass(frozen=True, slots=True)
class _Phase:
    """What fits one way and none of the ways by which something was found before: that was shown there."""

    number: int
    clause: str
    values: tuple[str, ...]
    newest: int

    @classmethod
    def of(cls, way: _Way, shown: Collection[_Way]) -> _Phase:
        clause = " AND ".join([way.condition, *(f"NOT {one.condition}" for one in shown)])
        return cls(way.number, clause, (way.value, *(one.value for one in shown)), way.newest)


def _ways(question: Question) -> list[_Way]:
    ways = [
        _Way(0, "tsv @@ %s::tsquery", question.code, 0),
        _Way(1, "tsv @@ %s::tsquery", question.all_words, NEWEST_BY_WORDS),
        _Way(2, "text LIKE %s", question.like, NEWEST_BY_PIECE),
    ]
    return [way for way in ways if way.value]


def batches(
    question: Question, reach: Reach, *, first: int, mark: tuple[int, datetime, int] | None
) -> Iterator[list[Candidate]]:
    """Candidates in order, each once, in batches that grow while few of them are visible."""
    size = first
    shown: list[_Way] = []
    for way in _ways(question):
        if mark and way.number < mark[0]:
            shown.append(way)
            continue
        seen = (mark[1], mark[2]) if mark and way.number == mark[0] else None
        phase, is_shown = _Phase.of(way, shown), seen is not None
        while True:
            batch = _newest(phase, reach, limit=size, behind=seen)
            if batch:
                is_shown = True
                yield batch
            if len(batch) < size:
                break
            seen = (batch[-1].at, batch[-1].id)
            size *= 2
        if is_shown:
            shown.append(way)


# A common word is found among the newest documents without its hundred thousand others being read; a rare
# one by its index; a few of the newest documents tell which it is. The planner cannot be left to choose: it knows
# nothing of words outside its statistics and then reads a million rows in order of time. The statements therefore
# leave it no choice. What is a customer's own is read whole.
_AMONG_NEWEST = """
SELECT id, kind, object_id, at FROM (
  SELECT id, kind, object_id, at, tsv, text FROM search_document WHERE {reach} ORDER BY at DESC, id DESC LIMIT {newest}
) newest WHERE {clause} ORDER BY at DESC, id DESC LIMIT %s
"""
_AMONG_OWN = """
SELECT id, kind, object_id, at FROM (
  SELECT id, kind, object_id, at, tsv, text FROM search_document WHERE {reach} OFFSET 0
) own WHERE {clause} ORDER BY at DESC, id DESC LIMIT %s
"""
_BY_INDEX = """
WITH fitting AS MATERIALIZED (SELECT id, kind, object_id, at FROM search_document WHERE {clause} AND {reach})
SELECT id, kind, object_id, at FROM fitting ORDER BY at DESC, id DESC LIMIT %s
"""


def _newest(
    phase: _Phase, reach: Reach, *, limit: int, behind: tuple[datetime, int] | None
) -> list[Candidate]:
    if behind:
        condition, values = f"{reach.condition} AND (at, id) < (%s, %s)", (*reach.values, *behind)
        reach = Reach(condition, values, reach.is_narrow)
    if reach.is_narrow:
        return _asked(
            phase, _AMONG_OWN.format(reach=reach.condition, clause=phase.clause),
            [*reach.values, *phase.values, limit],
        )  # fmt: skip
    if phase.newest:
        found = _among_newest(phase, reach, limit, SAMPLE)
        if 0 < len(found) < limit:
            found = _among_newest(phase, reach, limit, max(phase.newest, NEWEST_A_HIT * limit))
        if len(found) >= limit:
            return found
    return _asked(
        phase, _BY_INDEX.format(clause=phase.clause, reach=reach.condition),
        [*phase.values, *reach.values, limit],
    )  # fmt: skip


def _among_newest(phase: _Phase, reach: Reach, limit: int, newest: int) -> list[Candidate]:
    among = _AMONG_NEWEST.format(reach=reach.condition, newest=newest, clause=phase.clause)
    return _asked(phase, among, [*reach.values, *phase.values, limit])


def _asked(phase: _Phase, statement: str, values: list[Any]) -> list[Candidate]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [Candidate(phase.number, *row) for row in cursor.fetchall()]


__all__ = ["Candidate", "Reach", "batches"]
