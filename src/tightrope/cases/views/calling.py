"""Calls to the customer: by when, how they went, and when they are tried again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tightrope.cases import actions
from tightrope.cases.call_forms import PLAN, CallForm
from tightrope.cases.models import Attempt, Case
from tightrope.cases.views.acts import Act, answer
from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.ui import format as written


def _call(case: Case, facts: dict[str, Any], by: Actor) -> str:
    now, outcome = clock.now(), facts["outcome"]
    if outcome == PLAN:
        actions.plan_call(case, due_at=facts["due_at"], text=facts["text"], by=by, at=now)
        return _("The call is planned.")
    called = actions.log_call(
        case, outcome=outcome, text=facts["text"], later_at=facts["later_at"], by=by, at=now
    )
    if outcome == Attempt.Outcome.REACHED:
        return _("The talk is written down.")
    if called.call_due_at is None:
        return _("It was the last try; the customer is asked in writing when to call.")
    when = written.moment(called.call_due_at, now=now)
    return _("The try is written down; the next one is due %(when)s.") % {"when": when}


def calls(request: HttpRequest, public_id: str) -> HttpResponse:
    """Call the customer now, write down how it went, or plan the call."""
    return answer(request, public_id, CALL)


CALL = Act(
    title=gettext_lazy("Call the customer"),
    submit=gettext_lazy("Write down"),
    form=CallForm,
    do=_call,
    explains=gettext_lazy("A talk counts as an answer. Nobody there? The next call plans itself."),
)
