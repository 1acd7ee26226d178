"""Streaks: promises kept one after the other, per customer or per person, until one was missed.

A mean hides what one customer lived through. A streak says how often in a row he got what he was told, and the
promise at which that ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.urls import reverse

from tightrope.core.actor import Actor
from tightrope.core.paging import BadCursor
from tightrope.customers.models import Account
from tightrope.people.models import User
from tightrope.promises import lists
from tightrope.promises.models import Promise, PromiseKind

AT_LEAST = 2
"""One promise kept is no streak yet."""

SIZE = 50
Per = Literal["customer", "person"]
Ending = Literal["broken", "running"]
_MOST = 2**62

_RUNS = """
WITH RECURSIVE roots AS (
  SELECT gone.id, keep.id AS root_id FROM customers_account gone
    JOIN customers_account keep ON keep.id = gone.merged_into_id WHERE keep.merged_into_id IS NULL
  UNION ALL
  SELECT gone.id, roots.root_id FROM roots JOIN customers_account gone ON gone.merged_into_id = roots.id
), told AS (
  SELECT decided.id, {holder} AS holder_id, settled_at, state, is_beaten,
    count(*) FILTER (WHERE state = 'missed') OVER (PARTITION BY {holder} ORDER BY settled_at, decided.id)
      - (state = 'missed')::int AS misses_before
  FROM ({rows}) decided {joined}
), runs AS (
  SELECT holder_id,
    count(*) FILTER (WHERE state = 'kept') AS length,
    count(*) FILTER (WHERE is_beaten) AS beaten,
    min(settled_at) AS began_at,
    max(settled_at) FILTER (WHERE state = 'kept') AS last_at,
    max(id) FILTER (WHERE state = 'missed') AS broken_by,
    max(settled_at) FILTER (WHERE state = 'missed') AS broke_at
  FROM told GROUP BY holder_id, misses_before
)
SELECT coalesce(broken_by, holder_id) AS key, holder_id, length, beaten, began_at, last_at, broken_by
FROM runs
WHERE length >= %s AND {ending} AND (length, coalesce(broken_by, holder_id)) < (%s, %s)
ORDER BY length DESC, key DESC LIMIT %s
"""
"""Every miss closes a run, so the misses before a promise number its run. A merged customer is one customer."""

_TELLING: dict[Per, dict[str, str]] = {
    "customer": {
        "holder": "coalesce(roots.root_id, decided.account_id)",
        "joined": "LEFT JOIN roots ON roots.id = decided.account_id",
    },
    "person": {"holder": "decided.user_id", "joined": ""},
}
_ENDING: dict[Ending, str] = {
    "broken": "broken_by IS NOT NULL AND broke_at >= %s AND broke_at < %s",
    "running": "broken_by IS NULL AND last_at >= %s AND last_at < %s",
}


@dataclass(frozen=True, slots=True)
class Streak:
    """So many promises kept in a row, of them so many beaten; `broken_by` is the missed one that ended it."""

    name: str
    url: str
    length: int
    beaten: int
    began_at: datetime
    last_at: datetime
    rows_url: str
    broken_by: Promise | None = None


@dataclass(frozen=True, slots=True)
class Streaks:
    """One page of streaks, the longest first."""

    rows: list[Streak]
    next: str | None
    is_first: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Which streaks are wanted: of whom, ended how, of which promises. Unknown words are ignored."""

    promises: lists.Asked
    per: Per = "customer"
    ending: Ending = "broken"

    @classmethod
    def from_address(cls, asked: Mapping[str, str]) -> Asked:
        # Unless somebody asks otherwise only what customers were promised counts: internal targets would break
        # streaks that no customer noticed.
        told = lists.Asked.from_address({"kind": PromiseKind.CUSTOMER.value, **asked})
        return cls(
            promises=replace(told, month=None, span=None),
            per="person" if asked.get("per") == "person" else "customer",
            ending="running" if asked.get("ending") == "running" else "broken",
        )


def streaks(asked: Asked, *, by: Actor, at: datetime, after: str | None = None, size: int = SIZE) -> Streaks:
    """Broken ones by when they broke, running ones by their last promise; counted over all that this doer sees.

    One statement reckons them. It reads every decided promise that fits, also those before the period: a
    streak does not begin anew with a month. Raises BadCursor.
    """
    seen = lists.narrowed(asked.promises, by=by).filter(settled_at__isnull=False)
    seen = seen.filter(account__isnull=False) if asked.per == "customer" else seen.filter(user__isnull=False)
    facts = seen.values("id", "account_id", "user_id", "settled_at", "state", "is_beaten")
    mark = _mark(after)
    try:
        rows, values = facts.query.sql_with_params()
    except EmptyResultSet:  # Django's word for a reader to whom no promise is visible
        return Streaks(rows=[], next=None, is_first=not after)
    statement = _RUNS.format(rows=rows, ending=_ENDING[asked.ending], **_TELLING[asked.per])
    since, until = asked.promises.period(at)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, AT_LEAST, since, until, *mark, size + 1])
        found = cursor.fetchall()
    shown = found[:size]
    return Streaks(
        rows=_named(shown, asked, by=by),
        next=f"{shown[-1][2]}.{shown[-1][0]}" if len(found) > size else None,
        is_first=not after,
    )


def _mark(after: str | None) -> tuple[int, int]:
    """The last row seen, as its length and its key; without one, more than there can be."""
    if not after:
        return _MOST, _MOST
    length, _dot, key = after.partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in (length, key)):
        raise BadCursor(after)
    return int(length), int(key)


def _named(found: list[tuple[Any, ...]], asked: Asked, *, by: Actor) -> list[Streak]:
    holders = [row[1] for row in found]
    names = _names_of(asked.per, holders)
    pages = _pages_of(asked, holders, by=by)
    missed = Promise.objects.select_related("account").in_bulk([row[6] for row in found if row[6]])
    return [
        Streak(
            name=names[holder],
            url=pages.get(holder, ""),
            length=length,
            beaten=beaten,
            began_at=began_at,
            last_at=last_at,
            rows_url=_rows_url(asked, holder, began_at, last_at),
            broken_by=missed.get(broken_by),
        )
        for _key, holder, length, beaten, began_at, last_at, broken_by in found
    ]


def _names_of(per: Per, holders: list[int]) -> dict[int, str]:
    model: Any = {"customer": Account, "person": User}[per]
    return {pk: row.name for pk, row in model.objects.in_bulk(holders).items()}


def _pages_of(asked: Asked, holders: list[int], *, by: Actor) -> dict[int, str]:
    """Where a customer's page is, for those this doer may open; people have none here."""
    if asked.per == "person":
        return {}
    found = Account.objects.visible_to(by).filter(pk__in=holders).values_list("pk", "public_id")
    return {pk: reverse("customers:account", args=[public_id]) for pk, public_id in found}


def _rows_url(asked: Asked, holder: int, began_at: datetime, last_at: datetime) -> str:
    """The address of the promises that were kept in a row."""
    until = last_at + timedelta(microseconds=1)
    said = {
        "outcome": "kept",
        "kind": asked.promises.kind,
        "what": asked.promises.what,
        "account" if asked.per == "customer" else "answers": holder,
        "span": lists.written_span(began_at, until),
    }
    return f"{reverse('promises:ledger')}?{urlencode(said)}"
