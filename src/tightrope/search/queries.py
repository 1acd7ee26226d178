"""Finding: codes first, then all the words, then pieces of text, each newest first; else what comes near.

Whoever asks gets only what he may see. For a customer that is settled in the statement itself (documents
of his accounts that are public); for staff each capability judges its own kinds, candidate by candidate, so
no hit, count or page mark tells of anything else.
"""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from tightrope.core.actor import Actor, Kind
from tightrope.core.paging import BadCursor
from tightrope.search import registry
from tightrope.search.registry import Hit
from tightrope.search.words import Question

MOST_CANDIDATES = 1_500
"""How many documents one search looks at for someone who sees few of them."""
NEWEST_BY_WORDS, NEWEST_BY_PIECE, NEWEST_A_HIT = 3_000, 1_000, 16
"""So many of the newest documents, and so many for each hit that is wanted, are tried for a common word before an
index is asked: 2 ms that save 200."""
SAMPLE = 300
"""What stands in none of so many of the newest documents is rare, and its index is asked at once."""
NEAR_CANDIDATES = 500
"""Only the newest so many documents with any of the words are ranked: ranking reads every row."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found."""

    kind: str
    object_id: int
    at: datetime
    hit: Hit


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found. `next` is the mark of what follows; `is_near` says that nothing fits exactly."""

    rows: list[Found] = field(default_factory=list)
    next: str | None = None
    is_near: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    phase: int
    id: int
    kind: str
    object_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class _Reach:
    """The part of the index a doer may be told of, as a condition; narrow when it is some customer's own."""

    condition: str
    values: tuple[Any, ...]
    is_narrow: bool


def find(
    text: str, *, by: Actor, kinds: Collection[str] | None = None, limit: int = 20, after: str | None = None
) -> Hits:
    """What fits the text and `by` may see. Raises BadCursor, UnknownKind."""
    question = Question(text)
    reach = _reach_of(by, kinds)
    if question.is_empty or reach is None:
        return Hits()
    hits = _exact(question, reach, by=by, limit=limit, after=after)
    if not hits.rows and not after:
        return _near(question, reach, by=by, limit=limit)
    return hits


def find_each(text: str, *, by: Actor, limit: int = 5) -> dict[str, Hits]:
    """The first hits of every kind, for one box over everything. Kinds without any are left out."""
    question = Question(text)
    reaches = {kind: reach for kind in registry.kinds() if (reach := _reach_of(by, [kind]))}
    if question.is_empty:
        return {}
    found = _exact_each(question, reaches, by=by, limit=limit)
    if not any(hits.rows for hits in found.values()):
        found = {kind: _near(question, reach, by=by, limit=limit) for kind, reach in reaches.items()}
    return {kind: hits for kind, hits in found.items() if hits.rows}


def _reach_of(by: Actor, kinds: Collection[str] | None) -> _Reach | None:
    known = registry.kinds()
    wanted = known if kinds is None else [registry.findable(kind).kind for kind in kinds]
    if not wanted:
        return None
    condition, values = ("kind = ANY(%s)", (wanted,)) if len(wanted) < len(known) else ("TRUE", ())
    if by.is_staff or by.is_system:
        return _Reach(condition, values, is_narrow=False)
    if by.kind is not Kind.CONTACT:
        return None
    condition += (
        " AND audience = 'public' AND (account_id = ANY(%s) OR (account_id IS NULL AND contact_id = %s))"
    )
    return _Reach(condition, (*values, list(by.accounts), by.contact), is_narrow=True)


def _exact(question: Question, reach: _Reach, *, by: Actor, limit: int, after: str | None = None) -> Hits:
    kept: list[_Candidate] = []
    looked_at = 0
    for batch in _batches(
        question, reach, first=_first_size(limit), mark=_mark_read(after) if after else None
    ):
        looked_at += len(batch)
        kept.extend(_visible(batch, by))
        if len(kept) > limit or looked_at >= MOST_CANDIDATES:
            break
    more = len(kept) > limit
    kept = kept[:limit]
    return Hits(rows=_presented(kept), next=_mark(kept[-1]) if more else None)


def _exact_each(question: Question, reaches: dict[str, _Reach], *, by: Actor, limit: int) -> dict[str, Hits]:
    """`_exact` for several kinds, each way of fitting asked once for all of them that still want hits."""
    size = _first_size(limit)
    kept: dict[str, list[_Candidate]] = {kind: [] for kind in reaches}
    wanting, hidden = dict(reaches), set()
    shown: list[_Way] = []
    for way in _ways(question):
        batches = _newest_each(_Phase.of(way, shown), wanting, limit=size)
        if any(batches.values()):
            shown.append(way)
        seen = _visible([one for batch in batches.values() for one in batch], by)
        for one in seen:
            kept[one.kind].append(one)
        for kind, batch in batches.items():
            if len(kept[kind]) > limit:
                del wanting[kind]
            elif len(batch) >= size:  # there is more that fits this way, behind what he may not see
                hidden.add(kind)
                del wanting[kind]
        if not wanting:
            break
    first = _presented([one for kind in reaches if kind not in hidden for one in kept[kind][:limit]])
    found: dict[str, Hits] = {}
    for kind, reach in reaches.items():
        if kind in hidden:
            found[kind] = _exact(question, reach, by=by, limit=limit)
        else:
            mark = _mark(kept[kind][limit - 1]) if len(kept[kind]) > limit else None
            found[kind] = Hits(rows=[one for one in first if one.kind == kind], next=mark)
    return found


def _first_size(limit: int) -> int:
    """How many candidates are asked for first: one more than wanted tells that there are more, some may be hidden."""
    return limit + 1 + min(limit, 20)


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


def _batches(
    question: Question, reach: _Reach, *, first: int, mark: tuple[int, datetime, int] | None
) -> Iterator[list[_Candidate]]:
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
_BY_INDEX_OF_KINDS = """
WITH fitting AS MATERIALIZED (SELECT id, kind, object_id, at FROM search_document WHERE {clause} AND kind = ANY(%s))
SELECT id, kind, object_id, at FROM (
  SELECT *, row_number() OVER (PARTITION BY kind ORDER BY at DESC, id DESC) AS place FROM fitting
) placed WHERE place <= %s
"""


def _newest(
    phase: _Phase, reach: _Reach, *, limit: int, behind: tuple[datetime, int] | None
) -> list[_Candidate]:
    if behind:
        condition, values = f"{reach.condition} AND (at, id) < (%s, %s)", (*reach.values, *behind)
        reach = _Reach(condition, values, reach.is_narrow)
    return _newest_each(phase, {"": reach}, limit=limit)[""]


def _newest_each(phase: _Phase, reaches: dict[str, _Reach], *, limit: int) -> dict[str, list[_Candidate]]:
    """The newest that fit, for each of several parts of the index (kinds, when there are several); each tactic is
    one statement for all of them."""
    narrow = {name: _among_own(phase, reach, limit) for name, reach in reaches.items() if reach.is_narrow}
    wide = {name: reach for name, reach in reaches.items() if not reach.is_narrow}
    found = _asked(phase, narrow)
    if phase.newest:
        found |= _asked(phase, {name: _among_newest(phase, wide[name], limit, SAMPLE) for name in wide})
        common = [name for name in wide if 0 < len(found[name]) < limit]
        many = max(phase.newest, NEWEST_A_HIT * limit)
        found |= _asked(phase, {name: _among_newest(phase, wide[name], limit, many) for name in common})
    lacking = {name: reach for name, reach in wide.items() if len(found.get(name, ())) < limit}
    if len(lacking) > 1:
        return found | _by_index_of_kinds(phase, list(lacking), limit)
    return found | _asked(phase, {name: _by_index(phase, reach, limit) for name, reach in lacking.items()})


_Question = tuple[str, list[Any]]
"""A statement with its values."""


def _among_own(phase: _Phase, reach: _Reach, limit: int) -> _Question:
    own = _AMONG_OWN.format(reach=reach.condition, clause=phase.clause)
    return own, [*reach.values, *phase.values, limit]


def _among_newest(phase: _Phase, reach: _Reach, limit: int, newest: int) -> _Question:
    among = _AMONG_NEWEST.format(reach=reach.condition, newest=newest, clause=phase.clause)
    return among, [*reach.values, *phase.values, limit]


def _by_index(phase: _Phase, reach: _Reach, limit: int) -> _Question:
    return _BY_INDEX.format(clause=phase.clause, reach=reach.condition), [
        *phase.values, *reach.values, limit,
    ]  # fmt: skip


def _by_index_of_kinds(phase: _Phase, kinds: list[str], limit: int) -> dict[str, list[_Candidate]]:
    """`_by_index` for several kinds: the index is read once for all of them."""
    found: dict[str, list[_Candidate]] = {kind: [] for kind in kinds}
    with connection.cursor() as cursor:
        cursor.execute(_BY_INDEX_OF_KINDS.format(clause=phase.clause), [*phase.values, kinds, limit])
        for row in cursor.fetchall():
            one = _Candidate(phase.number, *row)
            found[one.kind].append(one)
    return _sorted(found)


def _asked(phase: _Phase, questions: dict[str, _Question]) -> dict[str, list[_Candidate]]:
    """The answers to several questions from one statement, each the newest first."""
    found: dict[str, list[_Candidate]] = {name: [] for name in questions}
    if not questions:
        return found
    names = list(questions)
    parts = [
        f"(SELECT {place}, q.* FROM ({questions[name][0]}) q)"  # noqa: S608 - our own words above
        for place, name in enumerate(names)
    ]
    values = [value for name in names for value in questions[name][1]]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        for place, *row in cursor.fetchall():
            found[names[place]].append(_Candidate(phase.number, *row))
    return _sorted(found)


def _sorted(found: dict[str, list[_Candidate]]) -> dict[str, list[_Candidate]]:
    """The newest of each first: what answers several questions at once promises no order."""
    for candidates in found.values():
        candidates.sort(key=lambda one: (one.at, one.id), reverse=True)
    return found


def _near(question: Question, reach: _Reach, *, by: Actor, limit: int) -> Hits:
    if not question.any_word:
        return Hits()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, object_id, at FROM ("  # noqa: S608
            "  SELECT id, kind, object_id, at, tsv FROM search_document"
            f" WHERE tsv @@ %s::tsquery AND {reach.condition} ORDER BY at DESC, id DESC LIMIT %s) newest "
            "ORDER BY ts_rank('{0.2, 0.3, 0.9, 1.0}', tsv, %s::tsquery) DESC, at DESC, id DESC LIMIT %s",
            [question.any_word, *reach.values, NEAR_CANDIDATES, question.any_word, 10 * limit],
        )
        candidates = [_Candidate(0, *row) for row in cursor.fetchall()]
    return Hits(rows=_presented(_visible(candidates, by)[:limit]), is_near=True)


def _visible(candidates: list[_Candidate], by: Actor) -> list[_Candidate]:
    ids: dict[str, set[int]] = defaultdict(set)
    for one in candidates:
        ids[one.kind].add(one.object_id)
    known = set(registry.kinds())
    seen = {
        kind: registry.findable(kind).visible(by, wanted) for kind, wanted in ids.items() if kind in known
    }
    return [one for one in candidates if one.object_id in seen.get(one.kind, ())]


def _presented(candidates: list[_Candidate]) -> list[Found]:
    ids: dict[str, list[int]] = defaultdict(list)
    for one in candidates:
        ids[one.kind].append(one.object_id)
    hits = {kind: registry.findable(kind).present(wanted) for kind, wanted in ids.items()}
    return [
        Found(kind=one.kind, object_id=one.object_id, at=one.at, hit=hits[one.kind][one.object_id])
        for one in candidates
        if one.object_id in hits[one.kind]  # gone since it was indexed
    ]


def _mark(candidate: _Candidate) -> str:
    plain = json.dumps([candidate.phase, candidate.at.isoformat(), candidate.id])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _mark_read(mark: str) -> tuple[int, datetime, int]:
    try:
        phase, at, document_id = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        return int(phase), datetime.fromisoformat(at), int(document_id)
    except (ValueError, TypeError) as error:
        raise BadCursor(mark) from error
