"""Finding: codes first, then all the words, then pieces of text, each newest first; else what comes near.

Whoever asks gets only what he may see. For a customer that is settled in the statement itself (documents
of his accounts that are public); for staff each capability judges its own kinds, candidate by candidate, so
no hit, count or page mark tells of anything else.
"""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from tightrope.core.actor import Actor, Kind
from tightrope.core.paging import BadCursor
from tightrope.search import registry
from tightrope.search.first import first_of
from tightrope.search.registry import Hit
from tightrope.search.ways import Candidate, Reach, batches
from tightrope.search.words import Question

MOST_CANDIDATES = 1_500
"""How many documents one search looks at for someone who sees few of them."""
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


def _reach_of(by: Actor, kinds: Collection[str] | None) -> Reach | None:
    known = registry.kinds()
    wanted = known if kinds is None else [registry.findable(kind).kind for kind in kinds]
    if not wanted:
        return None
    condition, values = ("kind = ANY(%s)", (wanted,)) if len(wanted) < len(known) else ("TRUE", ())
    if by.is_staff or by.is_system:
        return Reach(condition, values, is_narrow=False)
    if by.kind is not Kind.CONTACT:
        return None
    condition += (
        " AND audience = 'public' AND (account_id = ANY(%s) OR (account_id IS NULL AND contact_id = %s))"
    )
    return Reach(condition, (*values, list(by.accounts), by.contact), is_narrow=True)


def _exact(question: Question, reach: Reach, *, by: Actor, limit: int, after: str | None = None) -> Hits:
    kept: list[Candidate] = []
    looked_at = 0
    for batch in batches(
        question, reach, first=_first_size(limit), mark=_mark_read(after) if after else None
    ):
        looked_at += len(batch)
        kept.extend(_visible(batch, by))
        if len(kept) > limit or looked_at >= MOST_CANDIDATES:
            break
    more = len(kept) > limit
    kept = kept[:limit]
    return Hits(rows=_presented(kept), next=_mark(kept[-1]) if more else None)


def _exact_each(question: Question, reaches: dict[str, Reach], *, by: Actor, limit: int) -> dict[str, Hits]:
    """`_exact` for several kinds, all of them by the same few statements as far as these find enough."""
    if any(reach.is_narrow for reach in reaches.values()):
        return {kind: _exact(question, reach, by=by, limit=limit) for kind, reach in reaches.items()}
    size = limit + 1 if all(registry.findable(kind).sees_all(by) for kind in reaches) else _first_size(limit)
    firsts = first_of(question, reaches, size=size)
    seen = _visible([one for batch in firsts.values() for one in batch], by)
    kept: dict[str, list[Candidate]] = {kind: [] for kind in reaches}
    for one in seen:
        kept[one.kind].append(one)
    # There may be more that fits behind what he may not see.
    whole = [kind for kind, batch in firsts.items() if len(kept[kind]) > limit or len(batch) < size]
    shown = _presented([one for kind in whole for one in kept[kind][:limit]])
    found: dict[str, Hits] = {}
    for kind, reach in reaches.items():
        if kind not in whole:
            found[kind] = _exact(question, reach, by=by, limit=limit)
            continue
        mark = _mark(kept[kind][limit - 1]) if len(kept[kind]) > limit else None
        found[kind] = Hits(rows=[one for one in shown if one.kind == kind], next=mark)
    return found


def _first_size(limit: int) -> int:
    """How many candidates are asked for first: one more than wanted tells that there are more, some may be hidden."""
    return limit + 1 + min(limit, 20)


def _near(question: Question, reach: Reach, *, by: Actor, limit: int) -> Hits:
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
        candidates = [Candidate(0, *row) for row in cursor.fetchall()]
    return Hits(rows=_presented(_visible(candidates, by)[:limit]), is_near=True)


def _visible(candidates: list[Candidate], by: Actor) -> list[Candidate]:
    ids: dict[str, set[int]] = defaultdict(set)
    for one in candidates:
        ids[one.kind].add(one.object_id)
    known = set(registry.kinds())
    seen = {kind: _seen(kind, wanted, by) for kind, wanted in ids.items() if kind in known}
    return [one for one in candidates if one.object_id in seen.get(one.kind, ())]


def _seen(kind: str, ids: set[int], by: Actor) -> set[int]:
    findable = registry.findable(kind)
    return ids if findable.sees_all(by) else findable.visible(by, ids)


def _presented(candidates: list[Candidate]) -> list[Found]:
    ids: dict[str, list[int]] = defaultdict(list)
    for one in candidates:
        ids[one.kind].append(one.object_id)
    hits = {kind: registry.findable(kind).present(wanted) for kind, wanted in ids.items()}
    return [
        Found(kind=one.kind, object_id=one.object_id, at=one.at, hit=hits[one.kind][one.object_id])
        for one in candidates
        if one.object_id in hits[one.kind]  # gone since it was indexed
    ]


def _mark(candidate: Candidate) -> str:
    plain = json.dumps([candidate.way, candidate.at.isoformat(), candidate.id])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _mark_read(mark: str) -> tuple[int, datetime, int]:
    try:
        phase, at, document_id = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        return int(phase), datetime.fromisoformat(at), int(document_id)
    except (ValueError, TypeError) as error:
        raise BadCursor(mark) from error
