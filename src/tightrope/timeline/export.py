"""The record as it leaves the house: lines that an outsider can check against each other.

Each line carries the very text its hash was taken of, so nobody needs to know how PostgreSQL writes JSON.
`tightrope.timeline.exported` is the check.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

STILL_BEING_WRITTEN = timedelta(minutes=1)
"""What was begun so recently may not be committed while an earlier number is; it comes with the next export."""

AT_ONCE = 1000
"""So many events are looked at in one statement, whether they are wanted or not: it ends in time."""

# The text in `sealed` is what timeline_hash (migration 0002) takes the hash of.
_LINES = """
SELECT id, subject_type, subject_id, seq, prev_hash, hash, at, recorded_at, kind, is_public, account_id,
  actor_kind, actor_id, actor_name, facts::text,
  jsonb_build_array(prev_hash, seq, extract(epoch FROM at), kind, is_public,
    subject_type, subject_id, account_id, actor_kind, actor_id, actor_name, facts)::text
FROM timeline_event e WHERE id > %(after)s AND recorded_at < %(settled)s{conditions}
ORDER BY id LIMIT %(most)s
"""
_CONDITIONS = {
    "since": "at >= %(since)s",
    "until": "at < %(until)s",
    "subject_type": "subject_type = %(subject_type)s",
    "subject_id": "subject_id = %(subject_id)s",
    "account_id": "account_id = %(account_id)s",
}


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of the record is wanted; what is None does not narrow it."""

    since: datetime | None = None
    until: datetime | None = None
    subject_type: str | None = None
    subject_id: int | None = None
    account_id: int | None = None
    person_id: int | None = None

    def told(self) -> dict[str, Any]:
        """The part in plain values, without what does not narrow it."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
            if value is not None
        }

    @property
    def has_whole_chains(self) -> bool:
        """Whether every entry of its subjects is in it, so that a missing one is a fault and no choice."""
        narrower = (self.since, self.until, self.account_id, self.person_id)
        return all(one is None for one in narrower)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the wanted part; `next` is the number to go on behind, None at the end."""

    lines: list[dict[str, Any]]
    next: int | None


def stretch(part: Part, *, taken_at: datetime, after: int = 0, most: int = AT_ONCE) -> Stretch:
    """The next stretch of the record, in the order in which it was written; perhaps empty with more behind it."""
    conditions = [text for name, text in _CONDITIONS.items() if getattr(part, name) is not None]
    values = asdict(part) | {"after": after, "settled": taken_at - STILL_BEING_WRITTEN, "most": most + 1}
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(conditions="".join(f" AND {one}" for one in conditions)), values)
        found = cursor.fetchall()
    looked_at = [_line(row) for row in found[:most]]
    return Stretch(
        lines=[line for line in looked_at if part.person_id is None or _is_of(line, part.person_id)],
        next=looked_at[-1]["id"] if len(found) > most else None,
    )


def _is_of(line: dict[str, Any], person_id: int) -> bool:
    """No index leads from a person to his acts; so they are picked out of each stretch."""
    return bool(line["actor"]["kind"] == "staff" and line["actor"]["id"] == person_id)


def _line(row: tuple[Any, ...]) -> dict[str, Any]:
    (number, subject_type, subject_id, seq, prev_hash, hash_, at, recorded_at, kind, is_public, account_id,
     actor_kind, actor_id, actor_name, facts, sealed) = row  # fmt: skip
    return {
        "id": number,
        "stream": f"{subject_type}:{subject_id}",
        "seq": seq,
        "prev_hash": prev_hash,
        "hash": hash_,
        "at": at.isoformat(),
        "recorded_at": recorded_at.isoformat(),
        "kind": kind,
        "is_public": is_public,
        "account_id": account_id,
        "actor": {"kind": actor_kind, "id": actor_id, "name": actor_name},
        "facts": json.loads(facts),
        "sealed": sealed,
    }


def as_lines(part: Part, *, taken_at: datetime) -> Iterator[str]:
    """The part as JSON lines: what it is, its events, and at the end how many there were and their digest."""
    yield _written({"record": "tightrope", "version": 1, "taken_at": taken_at.isoformat(),
                    "part": part.told(), "has_whole_chains": part.has_whole_chains})  # fmt: skip
    digest, count, after = hashlib.sha256(), 0, 0
    while True:
        piece = stretch(part, taken_at=taken_at, after=after)
        text = "".join(_written(line) for line in piece.lines)
        digest.update(text.encode())
        count += len(piece.lines)
        yield text
        if piece.next is None:
            break
        after = piece.next
    yield _written({"end": True, "events": count, "sha256": digest.hexdigest()})


def _written(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
