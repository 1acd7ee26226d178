"""What the desk sees of opinions: calls to make first, then everything customers said."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tightrope.cases import actions as cases
from tightrope.core import clock
from tightrope.core.paging import BadCursor
from tightrope.surveys import access, actions, bias, forms, queries
from tightrope.surveys.models import FollowUp, Survey
from tightrope.ui.onward import doer

PERIOD = timedelta(days=90)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Return calls due, the figures of the period, and all answers by filter."""
    by, now = doer(request), clock.now()
    wanted = queries.Filter.from_address(request.GET.dict())
    period = timedelta(days=wanted.days) if wanted.days else PERIOD
    try:
        found = queries.answers(wanted, by=by, at=now, after=request.GET.get("after"))
    except BadCursor:
        return redirect("surveys:list")
    context = {
        "calls": queries.calls_due(by=by) if found.is_first else [],
        "page": found,
        "wanted": wanted,
        "days": period.days,
        "figures": queries.figures(since=now - period, until=now, by=by),
        "now": now,
        "filters": _filters(wanted),
    }
    return render(request, "surveys/list.html", context)


def _filters(wanted: queries.Filter) -> list[dict[str, object]]:
    """The filters as chips: each sets one word of the address."""
    return [
        {"label": _("All answers"), "url": "?", "current": wanted == queries.Filter()},
        {
            "label": _("Last 30 days"),
            "url": f"?days={queries.LAST_MONTH}",
            "current": wanted.days == queries.LAST_MONTH,
        },
        {"label": _("Low scores"), "url": "?scores=low", "current": wanted.scores == "low"},
        {"label": _("High scores"), "url": "?scores=high", "current": wanted.scores == "high"},
        {"label": _("With words"), "url": "?words=1", "current": wanted.with_words},
        {"label": _("Would recommend"), "url": "?kind=nps", "current": wanted.kind == "nps"},
    ]


@require_safe
def answering(request: HttpRequest) -> HttpResponse:
    """Who of those who were asked answers, and who does not."""
    now = clock.now()
    found = bias.answering(by=doer(request), since=now - PERIOD, until=now)
    return render(request, "surveys/answering.html", {"found": found})


@require_safe
def one(request: HttpRequest, public_id: str) -> HttpResponse:
    """One answer with its case and its call."""
    try:
        survey = access.survey_for(doer(request), public_id)
    except Survey.DoesNotExist:
        raise Http404("survey") from None
    call = FollowUp.objects.filter(survey=survey).first()
    if call is not None:
        return redirect("surveys:call", call.public_id)
    return render(request, "surveys/one.html", {"survey": survey, "now": clock.now()})


def call(request: HttpRequest, public_id: str) -> HttpResponse:
    """One return call: whom, by when, about what; and what came of it."""
    by = doer(request)
    try:
        follow_up = access.call_for(by, public_id)
    except FollowUp.DoesNotExist:
        raise Http404("call") from None
    form = forms.CallForm(request.POST or None, kind=follow_up.survey.kind)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.note_call(follow_up, **form.cleaned_data, by=by, at=clock.now())
                messages.success(request, _("The call is noted."))
                return HttpResponseRedirect(reverse("surveys:list"), status=303)
            except (actions.AlreadyClosed, actions.NothingNoted, cases.TooLate) as wrong:
                form.add_error(None, str(wrong))
    context = {
        "call": follow_up,
        "survey": follow_up.survey,
        "form": form,
        "now": clock.now(),
        "may_call": follow_up.is_open and access.may_call(by, follow_up),
        "phones": _phones(follow_up),
    }
    return render(request, "surveys/call.html", context, status=status)


def _phones(follow_up: FollowUp) -> list[str]:
    if follow_up.contact is None:
        return []
    rows = follow_up.contact.addresses.filter(kind="phone").order_by("-is_primary", "pk")
    return list(rows.values_list("value", flat=True))
