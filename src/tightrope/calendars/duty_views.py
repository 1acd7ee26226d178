"""The roster: who is on duty now for each team, and planning it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tightrope.calendars import actions, duty
from tightrope.calendars.access import Can
from tightrope.calendars.duty_forms import DutyOnceForm, WeeklyDutyForm
from tightrope.calendars.models import Duty
from tightrope.core import clock
from tightrope.core.paging import BadCursor
from tightrope.people.access import Belonging, reaches
from tightrope.people.models import Team
from tightrope.ui.onward import doer, done


@require_GET
def roster(request: HttpRequest) -> HttpResponse:
    """Every team with who is on duty at this moment."""
    teams = list(Team.objects.filter(is_open=True).order_by("name"))
    now_on = duty.on_duty_of([team.pk for team in teams], at=clock.now())
    rows = [{"team": team, "on": now_on.get(team.pk)} for team in teams]
    return render(request, "calendars/duty.html", {"rows": rows})


@require_GET
def team_roster(request: HttpRequest, team_id: int) -> HttpResponse:
    """What is planned for one team, week by week and for single times."""
    team = _team_or_404(team_id)
    return _page(request, team, WeeklyDutyForm(team=team), DutyOnceForm(team=team))


@require_POST
def weekly(request: HttpRequest, team_id: int) -> HttpResponse:
    """Somebody is on duty every week."""
    team = _team_or_404(team_id)
    form = WeeklyDutyForm(request.POST, team=team)
    if form.is_valid():
        try:
            actions.plan_weekly_duty(team, **form.plan, by=doer(request), at=clock.now())
        except actions.BadDuty as error:
            form.add_error(None, str(error))
        else:
            return done(request, _url(team), _("The duty stands on the roster."))
    return _page(request, team, form, DutyOnceForm(team=team))


@require_POST
def once(request: HttpRequest, team_id: int) -> HttpResponse:
    """Somebody is on duty from then to then."""
    team = _team_or_404(team_id)
    form = DutyOnceForm(request.POST, team=team)
    if form.is_valid():
        try:
            actions.plan_duty(team, **form.plan, by=doer(request), at=clock.now())
        except actions.BadDuty as error:
            form.add_error(None, str(error))
        else:
            return done(request, _url(team), _("The duty stands on the roster."))
    return _page(request, team, WeeklyDutyForm(team=team), form)


@require_POST
def end(request: HttpRequest, duty_id: int) -> HttpResponse:
    """Take a duty off the roster."""
    row = Duty.objects.select_related("team", "user").filter(pk=duty_id).first()
    if row is None:
        raise Http404("duty")
    actions.end_duty(row, by=doer(request), at=clock.now())
    return done(request, _url(row.team), _("The duty is off the roster."))


def _team_or_404(team_id: int) -> Team:
    team = Team.objects.filter(pk=team_id).first()
    if team is None:
        raise Http404("team")
    return team


def _url(team: Team) -> str:
    return reverse("calendars:duty_of_team", args=[team.pk])


def _page(
    request: HttpRequest, team: Team, weekly_form: WeeklyDutyForm, once_form: DutyOnceForm
) -> HttpResponse:
    by, now = doer(request), clock.now()
    try:
        page = duty.once_of(team.pk, at=now, after=request.GET.get("after"))
    except BadCursor:
        return HttpResponseBadRequest(_("This page mark is not one of ours."))
    belonging = Belonging(team_id=team.pk, region_id=team.region_id)
    context: dict[str, Any] = {
        "team": team,
        "now": now,
        "on": duty.on_duty(team.pk, at=now),
        "weekly": duty.weekly_of(team.pk),
        "page": page,
        "weekly_form": weekly_form,
        "once_form": once_form,
        "may_plan": reaches(by.scope(Can.PLAN_DUTY), by, belonging),
    }
    status = 422 if weekly_form.errors or once_form.errors else 200
    return render(request, "calendars/duty_of_team.html", context, status=status)
