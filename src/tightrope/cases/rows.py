"""How a case reads as a row of a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy

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
    mark: str
    """The one thing about it that is to be seen first, or nothing: see `_MARKS`."""


def rows_of(
    cases: Iterable[Case], *, at: datetime, query: str = "", calendars: Calendars | None = None
) -> list[Row]:
    """These cases as rows; `query` keeps the filters of the list in each address."""
    cases = list(cases)
    dues = dues_of(cases, at=at, calendars=calendars)
    tail, language = f"?{query}" if query else "", get_language() or "en"
    return [_row(case, dues[case.pk], at, tail, language) for case in cases]


def light_rows_of(cases: Iterable[Case], *, at: datetime) -> list[Row]:
    """The same without the promises, where only the light is shown: no statement at all."""
    language = get_language() or "en"
    return [_row(case, Due(), at, "", language) for case in cases]


def _row(case: Case, due: Due, at: datetime, tail: str, language: str) -> Row:
    light = case.light(at)
    who = case.account.name if case.account else case.contact.name if case.contact else ""
    return Row(
        case=case,
        url=address_of(case) + tail,
        title=case.title,
        about=joined([who, case.number, _channel(case.channel, language)]),
        light=light,
        light_icon=_light_icon(light),
        word=_light_word(case.status, light, language),
        due=due,
        figure=due.figure or (written.time_left(due.due_at, now=at) if due.due_at else ""),
        due_iso=due.due_at.isoformat(timespec="seconds") if due.due_at and not due.figure else "",
        due_moment=written.moment(due.due_at, now=at) if due.due_at else "",
        run_bar=_run_bar(due.run),
        mark=_mark_of(case),
    )


# A list draws thirty to fifty rows on every page of the desk. What is the same in many of them is looked up once
# for each language, and the rows are put together here and not by the template: that halves the cost of the page.


def address_of(case: Case) -> str:
    """Where a case opens. Only its name differs from the next one's, so the routes are searched once."""
    before, after = _address()
    return f"{before}{case.public_id}{after}"


@cache
def _address() -> tuple[str, str]:
    before, _name, after = reverse("cases:case", args=["~"]).partition("~")
    return before, after


@cache
def _channel(channel: str, language: str) -> str:
    return str(dict(Case.Channel.choices).get(channel, channel))


@cache
def _light_word(status: str, light: str, language: str) -> str:
    return str(light_word(Case(status=status), light))


@cache
def _light_icon(light: str) -> SafeString:
    return icon_svg(f"light-{light}")


@cache
def _run_bar(run: int) -> SafeString:
    return run_svg(run)


def drawn(rows: Iterable[Row], *, current_id: int | None = None) -> SafeString:
    """The rows as a list shows them, one of them marked as the case that stands open beside it."""
    marks = _marks()
    return SafeString("".join(_drawn(row, current_id, marks) for row in rows))


def drawn_to_choose(rows: Iterable[Row], *, current_id: int | None = None) -> SafeString:
    """The same, each with a box by which it is chosen for an act on several."""
    marks = _marks()
    return SafeString("".join(_box(row.case) + _drawn(row, current_id, marks) + "</div>" for row in rows))


def _box(case: Case) -> str:
    """Sends which case is meant and how it was when it was seen: whoever was quicker since is not overridden."""
    name = escape(case.public_id)
    return (
        '<div class="rows-pick" data-choice><label>'
        f'<input type="checkbox" name="case" form="several" id="choose-{name}" value="{name}.{case.version}"'
        f' aria-label="{escape(case.number)}"></label>'
    )


def _marks() -> dict[str, str]:
    return {name: _mark(name, icon, str(words)) for name, (icon, words) in _MARKS.items()}


_MARKS = {
    "heard": ("chat", gettext_lazy("The customer wrote and waits for an answer")),
    "overlooked": ("warning", gettext_lazy("Nobody has looked at it yet")),
    "call": ("phone", gettext_lazy("The customer is to be called")),
    "again": ("refresh", gettext_lazy("The customer complains of the same again")),
    "suspected": ("warning", gettext_lazy("It may be a complaint")),
}


def _mark_of(case: Case) -> str:
    """What is most pressing: who waits for a word, then who is to be called, then what stands behind it."""
    if case.heard_at is not None and case.answered_at is not None:
        return "heard"
    if case.is_overlooked:
        return "overlooked"
    if case.call_due_at is not None:
        return "call"
    if case.again_times:
        return "again"
    return "suspected" if case.signs else ""


@cache
def _mark(name: str, icon: str, words: str) -> str:
    return f'<span class="case-{name}" title="{escape(words)}">{icon_svg(icon, size=12)}</span> '


def _drawn(row: Row, current_id: int | None, marks: dict[str, str]) -> str:
    figure = escape(row.figure)
    if row.due_iso:
        time = f'<time datetime="{row.due_iso}" title="{escape(row.due_moment)}">{figure}</time>'
        figure = f'<due-clock datetime="{row.due_iso}">{time}</due-clock>'
    current = ' aria-current="true"' if row.case.pk == current_id else ""
    mark = marks[row.mark] if row.mark else ""
    return (
        f'<a class="rows-row" href="{escape(row.url)}" data-key-row data-case="{escape(row.case.public_id)}"{current}>'
        f'<span class="rows-line"><b>{mark}{escape(row.title)}</b>'
        f'<span class="due" data-light="{row.due.light}"><span class="due-figure">{figure}</span>{row.run_bar}</span></span>'
        f'<span class="rows-line"><span class="quiet">{escape(row.about)}</span>'
        f'<span class="light" data-light="{row.light}">{row.light_icon}{escape(str(row.word))}</span></span></a>'
    )
