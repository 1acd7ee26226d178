"""How figures are written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tightrope.cases.models import Case
from tightrope.cases.rows import address_of
from tightrope.core.actor import Actor
from tightrope.measures.dictionary import Measure
from tightrope.measures.queries import Shown
from tightrope.measures.tables import Cell, Tile
from tightrope.ui import format as formats
from tightrope.ui.drawn import kept_html, row_html

register = template.Library()


@register.filter
def written(value: float | None, unit: str) -> str:
    """A figure in the reader's way: "87 %", "3:20 h", "1,204", or a dash where there are no rows."""
    if value is None or value == "":  # a figure that was never taken reaches a filter as an empty text
        return "–"
    if unit == "share":
        return formats.percent(value)
    if unit == "hours":
        return formats.short_duration(value * 3600)
    if unit == "mean":
        return formats.number(round(value, 2), digits=2)
    if unit == "change":
        return f"{'+' if value > 0 else ''}{formats.number(round(value, 2), digits=2)}"
    return formats.number(value)


@register.filter
def cell_written(cell: Cell, unit: str) -> str:
    """A cell of a report in its column's unit."""
    return str(cell.value) if unit == "text" else written(cell.value, unit)  # type: ignore[arg-type]


@register.filter
def tile_change(tile: Tile) -> str:
    """How far a figure moved since the equally long period before."""
    if tile.value is None or tile.before is None or abs(tile.value - tile.before) < 0.0005:
        return ""
    change = tile.value - tile.before
    return moved(change, tile.unit)


@register.filter
def tile_light(tile: Tile) -> str:
    """Whether the movement is to the good."""
    if tile.more_is_better is None or not tile_change(tile):
        return ""
    return "solved" if (tile.value > tile.before) is tile.more_is_better else "late"  # type: ignore[operator]


def moved(change: float, unit: str) -> str:
    """A movement in words, against the equally long period before."""
    amount = written(abs(change), unit)
    if unit == "share":
        amount = _("%(points)s points") % {"points": formats.number(round(abs(change) * 100, 1))}
    if change > 0:
        return _("%(amount)s more than in the period before") % {"amount": amount}
    if unit == "count":
        return _("%(amount)s fewer than in the period before") % {"amount": amount}
    return _("%(amount)s less than in the period before") % {"amount": amount}


@register.filter
def rows_for(measure: Measure, actor: Actor | None) -> str:
    """The address of the rows behind a figure, when the reader may open them."""
    return measure.rows if actor is not None and actor.may(measure.permission) else ""


@register.filter
def unit_word(unit: str) -> str:
    """What stands small behind a figure, so that hours are not taken for a time of day."""
    return pgettext("hours and minutes", "h") if unit == "hours" else ""


@register.filter
def change_words(change: float | None, measure: Measure) -> str:
    """How far a figure moved against the equally long period before, with its direction."""
    return "" if change is None or abs(change) < 0.0005 else moved(change, measure.unit)


@register.filter
def change_light(change: float | None, measure: Measure) -> str:
    """Whether the movement is to the good."""
    if change is None or abs(change) < 0.0005:
        return ""
    return "solved" if (change > 0) is measure.more_is_better else "late"


@register.filter
def few_words(count: int | None) -> str:
    """Why a figure is missing: it would be one of too few."""
    return _("only %(n)s so far") % {"n": formats.number(count)} if count else ""


@register.simple_tag
def tile(shown: Shown, actor: Actor | None) -> SafeString:
    """A figure that opens the rows behind it. The same for all who may, until the figures are taken anew."""
    measure = shown.measure
    return kept_html(
        "figure",
        label=measure.name,
        value=written(shown.value, measure.unit),
        unit=unit_word(measure.unit),
        distance=change_words(shown.change, measure),
        distance_light=change_light(shown.change, measure),
        values=tuple(point for point in shown.points if point is not None),
        note=few_words(shown.count),
        url=rows_for(measure, actor),
    )


@register.simple_tag
def case_lines(cases: Iterable[Case], now: datetime) -> SafeString:
    """These cases as lines of a list."""
    paused = pgettext("clock", "paused")
    return SafeString("".join(_line(case, paused, now) for case in cases))


def _line(case: Case, paused: str, now: datetime) -> SafeString:
    url, light = address_of(case), case.light(now)
    if case.status == Case.Status.WAITING:
        return row_html(
            url=url, title=case.title, about=about_case(case), light=light, figure=paused, now=now
        )
    share = due_share(case, now)
    return row_html(
        url=url,
        title=case.title,
        about=about_case(case),
        light=light,
        due_at=case.next_due_at,
        run=share,
        now=now,
    )


def due_share(case: Case, now: datetime) -> int:
    """How much of the time between the customer's word and the promise has run, for the hairline."""
    if case.next_due_at is None:
        return 0
    whole = (case.next_due_at - case.told_at).total_seconds()
    return max(0, min(100, round(100 * (now - case.told_at).total_seconds() / whole))) if whole > 0 else 100


def about_case(case: Case) -> str:
    """The quiet line of a case: whose it is, its number, how it came."""
    who = case.account.name if case.account else case.contact.name if case.contact else _("not known yet")
    return " · ".join((who, case.number, str(case.get_channel_display())))
