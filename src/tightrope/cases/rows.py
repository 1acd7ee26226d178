"""How a case reads as a row of a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from tightrope.cases.dues import Calendars, Due, dues_of
from tightrope.cases.models import Case
from tightrope.cases.wording import joined, light_word
from tightrope.ui import format as written
from tightrope.ui.icons import icon_svg
from tightrope.ui.spark import run_svg


@dataclass(frozen=True, slots=True)
class Row:
    """Two lines: what and how long; whose, number, channel and the light."""

    case: Case
    url: str
    title: str
    about: str
    light: str
    light_icon: SafeString
    word: Any
    due: Due
    figure: str
    """What the due figure says: the time left, a margin, a pause."""
    due_iso: str
    due_moment: str
    run_bar: SafeString
    is_heard: bool


def rows_of(
    cases: Iterable[Case], *, at: datetime, query: str = "", calendars: Calendars | None = None
) -> list[Row]:
    """These cases as rows; `query` keeps the filters of the list in each address."""
    cases = list(cases)
    dues = dues_of(cases, at=at, calendars=calendars)
    tail = f"?{query}" if query else ""
    return [_row(case, dues[case.pk], at, tail) for case in cases]


def light_rows_of(cases: Iterable[Case], *, at: datetime) -> list[Row]:
    """The same without the promises, where only the light is shown: no statement at all."""
    return [_row(case, Due(), at, "") for case in cases]


def _row(case: Case, due: Due, at: datetime, tail: str) -> Row:
    light = case.light(at)
    who = case.account.name if case.account else case.contact.name if case.contact else ""
    return Row(
        case=case,
        url=reverse("cases:case", args=[case.public_id]) + tail,
        title=case.title,
        about=joined([who, case.number, case.get_channel_display()]),
        light=light,
        light_icon=_light_icon(light),
        word=light_word(case, light),
        due=due,
        figure=due.figure or (written.time_left(due.due_at, now=at) if due.due_at else ""),
        due_iso=due.due_at.isoformat(timespec="seconds") if due.due_at and not due.figure else "",
        due_moment=written.moment(due.due_at, now=at) if due.due_at else "",
        run_bar=_run_bar(due.run),
        is_heard=case.heard_at is not None and case.answered_at is not None,
    )


@cache
def _light_icon(light: str) -> SafeString:
    return icon_svg(f"light-{light}")


@cache
def _run_bar(run: int) -> SafeString:
    return run_svg(run)
