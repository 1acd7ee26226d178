"""What a row, and the top of a page, say of the promises of a case: how much is left, or how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tightrope import worktime
from tightrope.calendars.queries import worktime_of
from tightrope.cases.models import Case
from tightrope.core import statements
from tightrope.core.statements import Given
from tightrope.promises.models import Promise, PromiseKind, PromiseSet, What
from tightrope.ui import format as written

ENDED = (Case.Status.SOLVED, Case.Status.CLOSED)
ORDER = {PromiseKind.CUSTOMER: 0, PromiseKind.CONTRACT: 1, PromiseKind.INTERNAL: 2}


_SHOWN = (
    "subject_id", "what", "kind", "due_at", "starts_at", "working_seconds", "paused_at", "kept_at", "ended_at",
    "calendar_id", "margin_working_seconds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """The promise that counts for a case right now. With a `figure` nothing counts down."""

    due_at: datetime | None = None
    figure: str = ""
    run: int = 0
    light: str = "accepted"
    promise: Promise | None = None


def dues_of(cases: Iterable[Case], *, at: datetime, calendars: Calendars | None = None) -> dict[int, Due]:
    """What each of these cases shows of its promises. One statement for the promises of all of them."""
    cases = list(cases)
    owed = [case.pk for case in cases if not case.is_finished]
    ended = [case.pk for case in cases if case.status in ENDED]
    promises: dict[int, list[Promise]] = {case.pk: [] for case in cases}
    for promise in _shown_of(owed, ended):
        promises[promise.subject_id].append(promise)
    calendars = calendars or Calendars()
    return {case.pk: due_of(case, promises[case.pk], at=at, calendars=calendars) for case in cases}


def _shown_of(owed: list[int], ended: list[int]) -> list[Promise]:
    """What runs about open cases and what was kept of the solution of ended ones."""
    if owed and ended:
        return statements.written("promises of a list", lambda: _running() | _kept()).all(
            owed=owed, ended=ended
        )
    if owed:
        return statements.written("promises that run", _running).all(owed=owed)
    return statements.written("promises that were kept", _kept).all(ended=ended) if ended else []


def _running() -> PromiseSet:
    return _about_cases().filter(subject_id__any_of=Given("owed")).running()


def _kept() -> PromiseSet:
    return _about_cases().filter(
        subject_id__any_of=Given("ended"),
        what=What.RESOLUTION,
        kind=PromiseKind.CUSTOMER,
        kept_at__isnull=False,
    )


def _about_cases() -> PromiseSet:
    rows: PromiseSet = Promise.objects.filter(subject_type="case").only(*_SHOWN)
    return rows


def due_of(
    case: Case, promises: Iterable[Promise], *, at: datetime, calendars: Calendars | None = None
) -> Due:
    """The one promise that counts: to the customer first, of these the next due; after the end, the solution."""
    calendars = calendars or Calendars()
    if case.status in ENDED:
        return _to_call(case, at) if case.call_due_at is not None else _ended(promises)
    if case.is_finished:
        return Due(figure="–", light="received")
    owed = sorted((p for p in promises if p.is_running), key=lambda p: (ORDER[PromiseKind(p.kind)], p.due_at))
    if not owed:
        return Due(figure=_("no promise"), light="received")
    ticking = [promise for promise in owed if not promise.is_paused]
    if not ticking or case.status == Case.Status.WAITING:
        resting = next((promise for promise in owed if promise.is_paused), owed[0])
        run = calendars.share_of(resting, at=resting.paused_at or at)
        return Due(figure=pgettext("clock", "paused"), run=run, light="waiting", promise=resting)
    first = ticking[0]
    is_late = first.due_at <= at
    run = 100 if is_late else calendars.share_of(first, at=at)
    return Due(due_at=first.due_at, run=run, light="late" if is_late else "accepted", promise=first)


def _to_call(case: Case, at: datetime) -> Due:
    """What is solved and still has a call to be made counts down to it."""
    is_late = case.call_due_at is not None and case.call_due_at <= at
    light = "late" if is_late else "solved"
    return Due(due_at=case.call_due_at, run=100 if is_late else 0, light=light)


def _ended(promises: Iterable[Promise]) -> Due:
    kept = [p for p in promises if p.what == What.RESOLUTION and p.kept_at and p.kind == PromiseKind.CUSTOMER]
    if not kept:
        return Due(figure="–", light="solved")
    last = max(kept, key=lambda promise: promise.kept_at or promise.due_at)
    early = last.margin_working_seconds or 0.0
    is_early = early >= 0
    granted = last.working_seconds or 0
    run = round(100 * (1 - early / granted)) if granted and is_early else 100
    return Due(figure=written.margin(early), run=run, light="solved" if is_early else "late", promise=last)


class Calendars:
    """Working time by calendar, each asked for once."""

    def __init__(self) -> None:
        self._known: dict[int | None, worktime.Calendar] = {}

    def share_of(self, promise: Promise, *, at: datetime) -> int:
        """How much of the promise's time is used up, in percent from 0 to 100."""
        if promise.calendar_id not in self._known:
            self._known[promise.calendar_id] = worktime_of(promise.calendar_id)
        calendar = self._known[promise.calendar_id]
        granted = promise.working_seconds or 0.0
        left = worktime.working_seconds_between(calendar, start=at, end=promise.due_at)
        if not granted:  # a word with a date: by the hours of the clock
            granted = (promise.due_at - promise.starts_at).total_seconds()
            left = (promise.due_at - at).total_seconds()
        return round(min(max(1 - left / granted, 0.0), 1.0) * 100) if granted > 0 else 100
