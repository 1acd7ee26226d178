"""Cases that belong together: a parent and its children, two matters that came in one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tightrope.cases import act_forms as ask
from tightrope.cases import actions
from tightrope.cases.access import Can
from tightrope.cases.models import Case
from tightrope.cases.refusals import REFUSALS
from tightrope.cases.views.acts import Act, answer
from tightrope.cases.views.doors import case_or_404
from tightrope.cases.views.page import after_act, refused
from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.core.idempotency import once
from tightrope.ui.onward import doer


def _put_under(case: Case, facts: dict[str, Any], by: Actor) -> str:
    parent = facts["number"]
    actions.put_under(case, parent, by=by, at=clock.now())
    return _("%(number)s is below %(parent)s now.") % {"number": case.number, "parent": parent.number}


def parent(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put the case under another one."""
    return answer(request, public_id, PUT_UNDER)


@require_POST
def no_parent(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let it stand on its own again."""
    shown = case_or_404(request, public_id)
    try:
        actions.take_out(shown, by=doer(request), at=clock.now())
    except REFUSALS as refusal:
        return refused(request, shown, refusal)
    return after_act(request, shown, _("%(number)s stands on its own.") % {"number": shown.number})


def _split(case: Case, facts: dict[str, Any], by: Actor) -> str:
    now = clock.now()

    def split() -> dict[str, Any]:
        second = actions.split_case(
            case, facts["words"], title=facts["title"], category=facts["category"], by=by, at=now
        )
        return {"number": second.number}

    made, _is_new = once("form", facts["form_token"], split, at=now)
    return _("%(number)s is open; the customer is told its number.") % made


def split(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the second matter a case of its own."""
    return answer(request, public_id, SPLIT)


PUT_UNDER = Act(
    title=gettext_lazy("Put under another case"),
    submit=gettext_lazy("Put it there"),
    form=ask.ParentForm,
    do=_put_under,
    needs=Can.MERGE,
    explains=gettext_lazy(
        "For one problem behind several cases. Each customer is still answered on his own case and sees nothing "
        "of the other's; the case above ends after those below it."
    ),
)
SPLIT = Act(
    title=gettext_lazy("Split off a second case"),
    submit=gettext_lazy("Open the second case"),
    form=ask.SplitForm,
    do=_split,
    needs=Can.MERGE,
    explains=gettext_lazy(
        "For two matters in one case. The chosen words are copied; both cases keep their history. The clocks of "
        "the second count from when the customer spoke, and he gets an acknowledgement with its number."
    ),
)
