"""The reception's log: the day's visitors and calls, one more, and the day for a spreadsheet."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tightrope.cases import receptions
from tightrope.cases.access import Can
from tightrope.cases.actions import log_reception
from tightrope.cases.reception_form import ReceptionForm
from tightrope.cases.refusals import REFUSALS, status_of
from tightrope.cases.views.doors import see_other
from tightrope.core import clock
from tightrope.core.idempotency import once
from tightrope.ui.onward import doer, new_token


def reception(request: HttpRequest) -> HttpResponse:
    """Who was received on a day; POST writes one more down."""
    by, now = doer(request), clock.now()
    if request.method != "POST":
        form = ReceptionForm(initial={"form_token": new_token()}, by=by)
        return _page(request, form)
    form = ReceptionForm(request.POST, by=by)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        once(
            "form",
            form.cleaned_data["form_token"],
            lambda: {"reception": log_reception(by=by, at=now, **form.facts()).pk},
            at=now,
        )
    except REFUSALS as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=status_of(refusal))
    return see_other(request, reverse("cases:reception"), _("The visit is written down."))


@require_GET
def reception_csv(request: HttpRequest) -> HttpResponse:
    """The day's list for a spreadsheet."""
    day, zone = _day_of(request), _zone()
    rows = receptions.received_on(day, by=doer(request), zone=zone)
    answer = HttpResponse(
        "\ufeff" + receptions.as_csv(rows, zone=zone), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="reception-{day.isoformat()}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _page(request: HttpRequest, form: ReceptionForm, *, status: int = 200) -> HttpResponse:
    by, day = doer(request), _day_of(request)
    context = {
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < _today() else None,
        "rows": receptions.received_on(day, by=by, zone=_zone()),
        "form": form,
        "may_log": by.may(Can.OPEN),
    }
    return render(request, "cases/reception.html", context, status=status)


def _zone() -> ZoneInfo:
    return ZoneInfo(timezone.get_current_timezone_name())


def _today() -> date:
    return clock.now().astimezone(_zone()).date()


def _day_of(request: HttpRequest) -> date:
    """The day in the address; today when there is none that can be read."""
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        asked = None
    return asked if asked is not None and 2000 < asked.year < 2200 else _today()
