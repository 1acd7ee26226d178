"""Who answers for a case, and where it stands."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tightrope.cases import act_forms as ask
from tightrope.cases import actions, queries
from tightrope.cases.access import Can
from tightrope.cases.actions.returning import must_wait_for_call, usual_due
from tightrope.cases.models import Case
from tightrope.cases.refusals import REFUSALS
from tightrope.cases.views.acts import Act, answer
from tightrope.cases.views.doors import case_or_404
from tightrope.cases.views.page import after_act, refused
from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.ui.onward import doer


@require_POST
def accept(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer for the case from now on; of two who press at once the second is told who was quicker."""
    shown, by, now = case_or_404(request, public_id), doer(request), clock.now()
    is_new = shown.status in {Case.Status.RECEIVED, Case.Status.REOPENED}
    try:
        if is_new:
            actions.accept_case(shown, by=by, at=now)
        else:
            actions.take_over(shown, by=by, at=now)
    except REFUSALS as refusal:
        return refused(request, shown, refusal)
    return after_act(request, shown, _("You answer for %(number)s now.") % {"number": shown.number})


def _assign(case: Case, facts: dict[str, Any], by: Actor) -> str:
    actions.assign_case(
        case, owner=facts["owner"], team=facts["team"], version=facts["version"], by=by, at=clock.now()
    )
    return _("The case is assigned.")


def assign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the case to a person, a team, or both."""
    return answer(request, public_id, ASSIGN)


def _hand_over(case: Case, facts: dict[str, Any], by: Actor) -> str:
    actions.hand_over_case(case, by=by, at=clock.now(), **facts)
    return _("The case is handed over to %(team)s.") % {"team": facts["team"].name}


def hand_over(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the case to another department or tier."""
    return answer(request, public_id, HAND_OVER)


def _wait(case: Case, facts: dict[str, Any], by: Actor) -> str:
    actions.wait_for_customer(case, by=by, at=clock.now(), **facts)
    return _("We wait for the customer; the clocks stand still.")


def wait(request: HttpRequest, public_id: str) -> HttpResponse:
    """The next step is the customer's."""
    return answer(request, public_id, WAIT)


@require_POST
def resume(request: HttpRequest, public_id: str) -> HttpResponse:
    """Go on without the customer's word."""
    shown = case_or_404(request, public_id)
    try:
        actions.resume_case(shown, by=doer(request), at=clock.now())
    except REFUSALS as refusal:
        return refused(request, shown, refusal)
    return after_act(request, shown, _("The clocks run again."))


def _solve(case: Case, facts: dict[str, Any], by: Actor) -> str:
    despite, now = facts.get("despite_children", ""), clock.now()
    with transaction.atomic():
        actions.solve_case(case, solution=facts["solution"], despite_children=despite, by=by, at=now)
        if facts.get("call"):
            due_at, text = usual_due(at=now), _("Tell the customer that it is solved")
            actions.plan_call(case, due_at=due_at, text=text, by=by, at=now)
    return _("%(number)s is solved; the customer is told in a moment.") % {"number": case.number}


def solve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say that it is solved."""
    return answer(request, public_id, SOLVE)


@require_POST
def take_solving_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """It is not solved after all, and nobody was told."""
    shown = case_or_404(request, public_id)
    try:
        actions.take_back_solving(shown, by=doer(request), at=clock.now())
    except REFUSALS as refusal:
        return refused(request, shown, refusal)
    return after_act(request, shown, _("%(number)s stands as it stood.") % {"number": shown.number})


def _reopen(case: Case, facts: dict[str, Any], by: Actor) -> str:
    actions.reopen_case(case, reason=facts["reason"], by=by, at=clock.now())
    return _("%(number)s is open again.") % {"number": case.number}


def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """It was not solved after all."""
    return answer(request, public_id, REOPEN)


@require_POST
def confirm(request: HttpRequest, public_id: str) -> HttpResponse:
    """The customer said so, to one of us."""
    shown = case_or_404(request, public_id)
    try:
        actions.confirm_case(shown, by=doer(request), at=clock.now())
    except REFUSALS as refusal:
        return refused(request, shown, refusal)
    sentence = _("%(number)s is closed in agreement.")
    fresh = Case.objects.get(pk=shown.pk)
    if fresh.status == Case.Status.SOLVED and must_wait_for_call(fresh):
        sentence = _("The customer's word is kept; %(number)s is closed when the return call is made.")
    if queries.open_children_of(shown):
        sentence = _("The customer's word is kept; %(number)s is closed when the cases below it have ended.")
    return after_act(request, shown, sentence % {"number": shown.number})


def _severity(case: Case, facts: dict[str, Any], by: Actor) -> str:
    actions.change_severity(case, by=by, at=clock.now(), **facts)
    return _("The priority follows the new severity.")


def severity(request: HttpRequest, public_id: str) -> HttpResponse:
    """Judge impact and urgency anew."""
    return answer(request, public_id, SEVERITY)


def _category(case: Case, facts: dict[str, Any], by: Actor) -> str:
    actions.change_category(case, category=facts["category"], reason=facts["reason"], by=by, at=clock.now())
    return _("The case is filed under “%(category)s”.") % {"category": facts["category"].name}


def category(request: HttpRequest, public_id: str) -> HttpResponse:
    """File the case elsewhere."""
    return answer(request, public_id, CATEGORY)


def _retitle(case: Case, facts: dict[str, Any], by: Actor) -> str:
    actions.retitle_case(case, title=facts["title"], version=facts["version"], by=by, at=clock.now())
    return _("The title is changed.")


def retitle(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say better what it is about."""
    return answer(request, public_id, RETITLE)


def _tags(case: Case, facts: dict[str, Any], by: Actor) -> str:
    actions.tag_case(case, tags=facts["tags"], by=by, at=clock.now())
    return _("The tags are changed.")


def tags(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put words on the case by which it is found again."""
    return answer(request, public_id, TAGS)


ASSIGN = Act(
    title=gettext_lazy("Assign"), submit=gettext_lazy("Assign"), form=ask.AssignForm, do=_assign, needs=Can.ASSIGN
)  # fmt: skip
HAND_OVER = Act(
    title=gettext_lazy("Hand over to a department or tier"),
    submit=gettext_lazy("Hand over"),
    form=ask.HandOverForm,
    do=_hand_over,
    explains=gettext_lazy("A clock of its own runs until somebody there takes it over."),
)
WAIT = Act(
    title=gettext_lazy("Wait for the customer"),
    submit=gettext_lazy("Wait"),
    form=ask.WaitForm,
    do=_wait,
    explains=gettext_lazy(
        "The clocks stand still. The customer is reminded, and told before silence closes it."
    ),
)
SOLVE = Act(
    title=gettext_lazy("Solve"),
    submit=gettext_lazy("It is solved"),
    form=ask.SolveForm,
    do=_solve,
    undo="cases:solution_taking_back",
    explains=gettext_lazy(
        "The customer is told and asked whether it is. For ten seconds you can take it back."
    ),
)
REOPEN = Act(title=gettext_lazy("Reopen"), submit=gettext_lazy("Reopen"), form=ask.ReasonForm, do=_reopen)
SEVERITY = Act(
    title=gettext_lazy("Change the severity"),
    submit=gettext_lazy("Change"),
    form=ask.SeverityForm,
    do=_severity,
    needs=Can.SEVERITY,
    explains=gettext_lazy("Priority follows from impact × urgency. What was promised to the customer stays."),
)
CATEGORY = Act(
    title=gettext_lazy("File under another category"),
    submit=pgettext_lazy("to put into a category", "File"),
    form=ask.CategoryForm,
    do=_category,
)
RETITLE = Act(
    title=gettext_lazy("Change the title"), submit=gettext_lazy("Change"), form=ask.TitleForm, do=_retitle
)
TAGS = Act(title=gettext_lazy("Tags"), submit=gettext_lazy("Keep"), form=ask.TagsForm, do=_tags)
