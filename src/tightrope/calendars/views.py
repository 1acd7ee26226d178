"""Working calendars: the list, a year to look at, and changing them."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tightrope.calendars import actions, forms, queries, year
from tightrope.calendars.access import Can
from tightrope.calendars.models import Override, WorkCalendar
from tightrope.core import clock
from tightrope.ui.onward import doer, done


def _calendar_or_404(calendar_id: int) -> WorkCalendar:
    found: WorkCalendar | None = WorkCalendar.objects.filter(pk=calendar_id).first()
    if found is None:
        raise Http404("calendar")
    return found


def _today(calendar: WorkCalendar) -> date:
    return clock.now().astimezone(ZoneInfo(calendar.zone)).date()


def _url(calendar: WorkCalendar, number: int) -> str:
    return reverse("calendars:year", args=[calendar.pk, number])


@require_GET
def calendar_list(request: HttpRequest) -> HttpResponse:
    """Every calendar with its week, and which years somebody should look at."""
    rows = []
    for row in WorkCalendar.objects.prefetch_related("overrides").order_by("-is_default", "name"):
        this_year = _today(row).year
        rows.append(
            {
                "calendar": row,
                "url": _url(row, this_year),
                "week": [
                    (word, ", ".join(row.pattern.get(day, [])) or "–") for day, word in forms.DAYS.items()
                ],
                "doubts": year.doubts_of(row, years=range(this_year, this_year + 2)),
            }
        )
    return render(
        request, "calendars/list.html", {"rows": rows, "may_configure": doer(request).may(Can.CONFIGURE)}
    )


@require_GET
def show_year(request: HttpRequest, calendar_id: int, number: int) -> HttpResponse:
    """Twelve small months: holidays, make-up workdays and hours."""
    row = _calendar_or_404(calendar_id)
    first, last = queries.YEARS[0], queries.YEARS[-1]
    if not first <= number <= last:
        raise Http404("year")
    today = _today(row)
    weekdays = [str(word) for word in forms.DAYS.values()]
    return render(
        request,
        "calendars/year.html",
        {
            "calendar": row,
            "number": number,
            "year": year.year_of(row, number, today=today),
            "weekdays": weekdays,
            "before": _url(row, number - 1) if number > first else "",
            "after": _url(row, number + 1) if number < last else "",
            "doubts": year.doubts_of(row, years=range(number, number + 1)),
            "doubts_next": year.doubts_of(row, years=range(number + 1, number + 2))
            if number == today.year
            else [],
            "is_confirmed": number in row.confirmed_years,
            "may_configure": doer(request).may(Can.CONFIGURE),
        },
    )


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a calendar."""
    return _write(request, None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, calendar_id: int) -> HttpResponse:
    """Change a calendar."""
    return _write(request, _calendar_or_404(calendar_id))


def _write(request: HttpRequest, row: WorkCalendar | None) -> HttpResponse:
    initial: dict[str, Any] = forms.CalendarForm.initial_of(row) if row else {}
    form = forms.CalendarForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        by, at = doer(request), clock.now()
        try:
            if row is None:
                saved = actions.add_calendar(form.terms, by=by, at=at)
            else:
                saved = actions.change_calendar(
                    row, form.terms, version=form.cleaned_data["version"], by=by, at=at
                )
        except (actions.BadCalendar, actions.ChangedMeanwhile) as error:
            form.add_error(None, str(error))
        else:
            sentence = _("These hours hold from now on. Promises already made stay as they were said.")
            return done(request, _url(saved, _today(saved).year), sentence)
    status = 422 if form.errors else 200
    return render(
        request,
        "calendars/edit.html",
        {"calendar": row, "form": form, "days": list(forms.DAYS)},
        status=status,
    )


@require_http_methods(["GET", "POST"])
def day(request: HttpRequest, calendar_id: int, on: str) -> HttpResponse:
    """Say what one day is."""
    row = _calendar_or_404(calendar_id)
    try:
        chosen = date.fromisoformat(on)
    except ValueError:
        raise Http404("day") from None
    standing = Override.objects.filter(calendar=row, on=chosen).first()
    initial = (
        {"kind": standing.kind, "follows": standing.follows, "hours": standing.hours, "note": standing.note}
        if standing
        else {"kind": ""}
    )
    form = forms.DayForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        by, at = doer(request), clock.now()
        said = form.cleaned_data
        try:
            if said["kind"]:
                actions.set_day(
                    row,
                    chosen,
                    kind=Override.Kind(said["kind"]),
                    follows=said["follows"],
                    hours=said["hours"],
                    note=said["note"],
                    by=by,
                    at=at,
                )
            else:
                actions.clear_day(row, chosen, by=by, at=at)
        except actions.BadCalendar as error:
            form.add_error(None, str(error))
        else:
            return done(request, _url(row, chosen.year), _("The day is set."))
    status = 422 if form.errors else 200
    context = {"calendar": row, "on": chosen, "form": form, "back": _url(row, chosen.year)}
    return render(request, "calendars/day.html", context, status=status)


@require_POST
def confirm(request: HttpRequest, calendar_id: int, number: int) -> HttpResponse:
    """The holidays of a year were looked through."""
    row = _calendar_or_404(calendar_id)
    actions.confirm_year(row, number, by=doer(request), at=clock.now())
    return done(request, _url(row, number), _("The year is confirmed."))
