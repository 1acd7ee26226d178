"""What the lists show: what is due next, what waits, the ledger with its filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from tightrope.core.actor import Actor
from tightrope.core.paging import Page, page_by_key
from tightrope.customers.queries import family_of
from tightrope.promises.models import OWED, Promise, PromiseKind, PromiseSet, State, What
from tightrope.promises.subjects import model_of

OUTCOMES = ("decided", "kept", "beaten", "met", "missed", "withdrawn", "replaced")
PERIODS = (30, 90, 365)
_INSTANT = "%Y%m%dT%H%M%S.%fZ"


def due(view: str, *, by: Actor, after: str | None = None, size: int = 50) -> Page[Promise]:
    """What is owed and not paused, the next due first."""
    rows = _of_view(_with_people(Promise.objects.visible_to(by)), view, by)
    return page_by_key(rows.filter(OWED, paused_at=None), order=("due_at", "pk"), after=after, size=size)


def paused(view: str, *, by: Actor, most: int = 20) -> list[Promise]:
    """What stands still, the longest first."""
    rows = _of_view(_with_people(Promise.objects.visible_to(by)), view, by)
    return list(
        rows.filter(paused_at__isnull=False).prefetch_related("pauses").order_by("paused_at", "pk")[:most]
    )


def _with_people(rows: PromiseSet) -> PromiseSet:
    return rows.select_related("user", "team", "account", "maker")


def _of_view(rows: PromiseSet, view: str, by: Actor) -> PromiseSet:
    match view:
        case "mine":
            return rows.filter(user_id=by.user_id) if by.user_id else rows.none()
        case "team":
            return rows.filter(team_id__in=by.teams)
        case "words":
            return rows.filter(what=What.WORD)
    return rows


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the ledger is wanted. Unknown words in an address are ignored, never turned into look-ups."""

    outcome: str = "decided"
    kind: str = ""
    what: str = ""
    days: int = 30
    month: date | None = None
    span: tuple[datetime, datetime] | None = None
    person_id: int | None = None
    answers_id: int | None = None
    account_id: int | None = None
    category_id: int | None = None

    @classmethod
    def from_address(cls, asked: Mapping[str, str]) -> Asked:
        days = asked.get("days", "")
        outcome, kind, what = asked.get("outcome", ""), asked.get("kind", ""), asked.get("what", "")
        return cls(
            outcome=outcome if outcome in OUTCOMES else "decided",
            kind=kind if kind in PromiseKind.values else "",
            what=what if what in What.values else "",
            days=int(days) if days in {str(period) for period in PERIODS} else 30,
            month=_month(asked.get("month", "")),
            span=_span(asked.get("span", "")),
            person_id=_number(asked.get("person", "")),
            answers_id=_number(asked.get("answers", "")),
            account_id=_number(asked.get("account", "")),
            category_id=_number(asked.get("category", "")),
        )

    def period(self, at: datetime) -> tuple[datetime, datetime]:
        """From when until when: the span or the month that is asked for, else the last days up to now."""
        if self.span is not None:
            return self.span
        if self.month is None:
            return at - timedelta(days=self.days), at + timedelta(seconds=1)
        following = (self.month + timedelta(days=31)).replace(day=1)
        zone = timezone.get_current_timezone()
        return (
            datetime.combine(self.month, time(), zone),
            min(datetime.combine(following, time(), zone), at + timedelta(seconds=1)),
        )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _month(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return None


def written_span(since: datetime, until: datetime) -> str:
    """From when until when, as an address says it."""
    return f"{since.astimezone(UTC):{_INSTANT}}_{until.astimezone(UTC):{_INSTANT}}"


def _span(text: str) -> tuple[datetime, datetime] | None:
    since, _line, until = text.partition("_")
    try:
        first, last = (datetime.strptime(one, _INSTANT).replace(tzinfo=UTC) for one in (since, until))
    except ValueError:
        return None
    return (first, last) if first.year >= 1970 else None


def narrowed(asked: Asked, *, by: Actor) -> PromiseSet:
    """The promises the filters speak of, whatever became of them."""
    rows: PromiseSet = Promise.objects.visible_to(by)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.what:
        rows = rows.filter(what=asked.what)
    if asked.person_id is not None:
        rows = rows.filter(Q(user_id=asked.person_id) | Q(maker_id=asked.person_id))
    if asked.answers_id is not None:
        rows = rows.filter(user_id=asked.answers_id)
    if asked.account_id is not None:
        rows = rows.filter(account_id__in=family_of(asked.account_id))
    if asked.category_id is not None:
        rows = rows.filter(subject_type="case", subject_id__in=_cases_of(asked.category_id))
    return rows


def _cases_of(category_id: int) -> QuerySet[Model, Any]:
    """The cases filed under a category, 0 being none; there are none while no capability has cases."""
    model = model_of("case")
    if model is None:
        return Promise.objects.none()
    return model._base_manager.filter(category_id=category_id or None).values("pk")


def ledger(
    asked: Asked, *, by: Actor, at: datetime, after: str | None = None, size: int = 50
) -> Page[Promise]:
    """One page of the ledger, the latest first."""
    rows = _with_people(narrowed(asked, by=by))
    since, until = asked.period(at)
    if asked.outcome in {"withdrawn", "replaced"}:
        rows = rows.filter(state=asked.outcome, ended_at__gte=since, ended_at__lt=until)
        return page_by_key(rows, order=("-ended_at", "-pk"), after=after, size=size)
    rows = rows.filter(settled_at__gte=since, settled_at__lt=until)
    match asked.outcome:
        case "kept" | "missed":
            rows = rows.filter(state=State(asked.outcome))
        case "beaten":
            rows = rows.filter(is_beaten=True)
        case "met":
            rows = rows.filter(state=State.KEPT, is_beaten=False)
    return page_by_key(rows, order=("-settled_at", "-pk"), after=after, size=size)
