"""The ledger on other pages: what is promised stands above "now", how it went so far in a card."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from tightrope.core.actor import Actor
from tightrope.customers.panels import LineItem, Panel
from tightrope.customers.queries import family_of
from tightrope.promises import queries
from tightrope.promises.access import Can
from tightrope.promises.models import Promise, PromiseKind, PromiseSet
from tightrope.promises.subjects import key_of, presented
from tightrope.timeline.actions import type_of
from tightrope.ui.format import margin

MOST = 40
YEAR = timedelta(days=365)


def ahead(subject: models.Model, by: Actor, at: datetime) -> Panel | None:
    """What is owed about an account or a case, for the part of its line above "now", with its record."""
    items = line_items(_owed(subject, by), by=by, at=at, page_of=subject)
    context = _record_context(subject, by, at)
    if not items and not context["records"] and not by.may(Can.MAKE):
        return None
    about = f"{type_of(subject)}:{subject.pk}"
    return Panel(
        title=_("Promises"),
        template="promises/_record.html",
        context=context,
        action_url=f"{reverse('promises:new')}?about={about}" if by.may(Can.MAKE) else "",
        action_label=_("Give a word"),
        ahead=tuple(items),
    )


def line_items(
    promises: list[Promise], *, by: Actor, at: datetime, page_of: models.Model | None = None
) -> list[LineItem]:
    """Promises as entries of the line, the furthest first; on the page of their subject it is not named again."""
    own = (type_of(page_of), page_of.pk) if page_of is not None else None
    hits = presented((promise for promise in promises if key_of(promise) != own), by=by)
    return [
        _line_item(promise, hits.get(key_of(promise)), at)
        for promise in sorted(promises, key=lambda promise: promise.due_at, reverse=True)
    ]


def _line_item(promise: Promise, hit: Any, at: datetime) -> LineItem:
    who = promise.user or promise.team
    parts = [
        hit.title if hit else "",
        promise.get_kind_display() if promise.kind != PromiseKind.CUSTOMER else "",
        str(who) if who else "",
    ]
    late = promise.is_late(at)
    verdict = ""
    if promise.is_paused:
        verdict = _("paused")
    elif late:
        verdict = margin(promise.due_at - at)
    return LineItem(
        at=promise.due_at,
        title=promise.text or promise.get_what_display(),
        body=" · ".join(filter(None, parts)),
        kind="late" if late else "promise",
        verdict=verdict,
        url=reverse("promises:promise", args=[promise.public_id]),
    )


def _is_one_thing(subject: models.Model) -> bool:
    return type_of(subject) != "account"


def _of_account(account: models.Model, by: Actor) -> PromiseSet:
    rows: PromiseSet = Promise.objects.visible_to(by).select_related("user", "team")
    return rows.filter(account_id__in=family_of(account.pk))


def _owed(subject: models.Model, by: Actor) -> list[Promise]:
    if _is_one_thing(subject):
        return queries.owed_about(type_of(subject), subject.pk, by=by, limit=MOST)
    return list(_of_account(subject, by).running().order_by("due_at", "pk")[:MOST])


def _record_context(subject: models.Model, by: Actor, at: datetime) -> dict[str, Any]:
    since, until = at - YEAR, at + timedelta(seconds=1)
    if _is_one_thing(subject):
        records = queries.record_about(type_of(subject), subject.pk, by=by, since=since, until=until)
    else:
        records = queries.record_of(_of_account(subject, by), since=since, until=until)
    names = dict(PromiseKind.choices)
    return {"records": [{"name": names[record.group], "record": record} for record in records]}
