"""Whose a case is, what it belongs together with, and what is no case at all."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tightrope.cases import access, actions, queries
from tightrope.cases import act_forms as ask
from tightrope.cases.access import Can
from tightrope.cases.detection import reason_of
from tightrope.cases.models import Case
from tightrope.cases.refusals import REFUSALS, status_of
from tightrope.cases.rows import rows_of
from tightrope.cases.views.acts import Act, answer
from tightrope.cases.views.doors import case_or_404, url_of
from tightrope.cases.views.page import after_act, refused
from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.ui.onward import doer


def _join(case: Case, facts: dict[str, Any], by: Actor) -> str:
    actions.join_case(case, account=facts["account"], contact=None, by=by, at=clock.now())
    return _("%(number)s is a case of %(account)s now.") % {
        "number": case.number,
        "account": facts["account"].name,
    }


def customer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say whose case this is."""
    return answer(request, public_id, JOIN)


def merge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let this case live on in another one of the same customer."""
    shown, by, now = case_or_404(request, public_id), doer(request), clock.now()
    access.require(by, Can.MERGE, shown)
    refusal, status = "", 200
    if request.method == "POST":
        keep = case_or_404(request, request.POST.get("into", ""))
        try:
            actions.merge_cases(keep, shown, by=by, at=now)
        except REFUSALS as wrong:
            refusal, status = str(wrong), status_of(wrong)
        else:
            sentence = _("%(gone)s lives on in %(kept)s.") % {"gone": shown.number, "kept": keep.number}
            return after_act(request, keep, sentence)
    asked = request.GET.get("q", "")
    context = {
        "case": shown,
        "back_url": url_of(shown),
        "asked": asked,
        "rows": rows_of(queries.mergeable_with(shown, asked, by=by), at=now),
        "refusal": refusal,
    }
    return render(request, "cases/merge.html", context, status=status)


def _reject(case: Case, facts: dict[str, Any], by: Actor) -> str:
    actions.reject_case(case, outcome=facts["outcome"], reason=facts["reason"], by=by, at=clock.now())
    return _("%(number)s is rejected. It can be taken back under “Rejected”.") % {"number": case.number}


def reject(request: HttpRequest, public_id: str) -> HttpResponse:
    """This is no case."""
    return answer(request, public_id, REJECT)


@require_POST
def restore(request: HttpRequest, public_id: str) -> HttpResponse:
    """It was a case after all."""
    shown = case_or_404(request, public_id)
    try:
        actions.restore_case(shown, by=doer(request), at=clock.now())
    except REFUSALS as refusal:
        return refused(request, shown, refusal)
    return after_act(request, shown, _("%(number)s is in the queue again.") % {"number": shown.number})


def _complain(case: Case, facts: dict[str, Any], by: Actor) -> str:
    actions.make_complaint(case, accused=facts["accused"], reason=facts["reason"], by=by, at=clock.now())
    return _("%(number)s is a complaint now, with clocks of its own.") % {"number": case.number}


def complaint(request: HttpRequest, public_id: str) -> HttpResponse:
    """Treat the case as a complaint from now on."""
    return answer(request, public_id, COMPLAINT)


def _uncomplain(case: Case, facts: dict[str, Any], by: Actor) -> str:
    actions.unmake_complaint(case, reason=facts["reason"], by=by, at=clock.now())
    return _("%(number)s is no longer treated as a complaint.") % {"number": case.number}


def no_complaint(request: HttpRequest, public_id: str) -> HttpResponse:
    """It was taken for a complaint and is none."""
    return answer(request, public_id, NO_COMPLAINT)


@require_POST
def signs(request: HttpRequest, public_id: str) -> HttpResponse:
    """Judge what sounds like a complaint, with one press: it is one, or it is none."""
    shown, by, now = case_or_404(request, public_id), doer(request), clock.now()
    is_one = request.POST.get("verdict") == "complaint"
    try:
        if is_one:
            reasons = [reason_of(sign) for sign in queries.open_signs(shown)]
            actions.make_complaint(
                shown, accused=shown.accused_team, reason=" ".join(reasons)[:500], by=by, at=now
            )
        else:
            actions.dismiss_signs(shown, by=by, at=now)
    except REFUSALS as refusal:
        return refused(request, shown, refusal)
    if not is_one:
        return after_act(request, shown, _("It is no complaint; this is not suggested again."))
    sentence = _("%(number)s is a complaint now, with clocks of its own.")
    return after_act(request, shown, sentence % {"number": shown.number})


def _cause(case: Case, facts: dict[str, Any], by: Actor) -> str:
    actions.record_cause(case, by=by, at=clock.now(), **facts)
    return _("Cause and prevention are written down.")


def cause(request: HttpRequest, public_id: str) -> HttpResponse:
    """Why it came to this, and what keeps it from happening again."""
    return answer(request, public_id, CAUSE)


def links(request: HttpRequest, public_id: str) -> HttpResponse:
    """The private link of the customer; a new one ends the old one at once."""
    shown, by = case_or_404(request, public_id), doer(request)
    access.require(by, Can.WORK, shown)
    if request.method == "POST":
        actions.revoke_links(shown, by=by, at=clock.now())
        return after_act(request, shown, _("The old link is dead; the customer needs the new one."))
    link = actions.private_link_of(shown, shown.contact)
    context = {
        "case": shown,
        "back_url": url_of(shown),
        "link_url": f"{settings.PUBLIC_URL}/s/{link.token}/" if link else "",
    }
    return render(request, "cases/links.html", context)


JOIN = Act(
    title=gettext_lazy("Whose case is this?"),
    submit=gettext_lazy("It is theirs"),
    form=ask.CustomerForm,
    do=_join,
)
REJECT = Act(
    title=gettext_lazy("Reject: this is no case"),
    submit=gettext_lazy("Reject"),
    form=ask.RejectForm,
    do=_reject,
    needs=Can.REJECT,
    kind="danger",
    explains=gettext_lazy("For spam and mistakes. Nothing is deleted; it can be taken back."),
)
COMPLAINT = Act(
    title=gettext_lazy("Treat as a complaint"),
    submit=gettext_lazy("It is a complaint"),
    form=ask.ComplaintForm,
    do=_complain,
    explains=gettext_lazy("A complaint is answered for outside the department it is about."),
)
CAUSE = Act(
    title=gettext_lazy("Cause and prevention"), submit=gettext_lazy("Keep"), form=ask.CauseForm, do=_cause
)
NO_COMPLAINT = Act(
    title=gettext_lazy("It is no complaint"),
    submit=gettext_lazy("It is none"),
    form=ask.ReasonForm,
    do=_uncomplain,
    needs=Can.REJECT,
    explains=gettext_lazy("What was promised because of it stays promised."),
)
