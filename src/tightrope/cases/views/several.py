"""Acts on several cases at once: the act on one, case by case. What is refused of one keeps no other from its turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tightrope.cases import actions
from tightrope.cases import several_forms as ask
from tightrope.cases.models import Case
from tightrope.cases.refusals import REFUSALS
from tightrope.cases.several_forms import AT_MOST, Chosen, SeveralForm, chosen_in
from tightrope.cases.views.doors import is_htmx, see_other, url_of
from tightrope.cases.views.queue import OUTCOME, own_address
from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.core.db import BUSY, retrying
from tightrope.core.idempotency import once
from tightrope.people.access import Denied
from tightrope.ui.onward import doer, new_token

Facts = dict[str, Any]


@dataclass(frozen=True)
class SeveralAct:
    """How one act is asked for and done. `do` calls the action on one case, `said` is the sentence about those that
    were done."""

    title: Any
    submit: Any
    form: type[SeveralForm]
    do: Callable[[Case, Chosen, Facts, Actor], Any]
    said: Callable[[int, Facts], str]
    explains: Any = ""
    kind: str = "primary"


def answer(request: HttpRequest, act: SeveralAct) -> HttpResponse:
    """Ask with a form for all that were chosen, or act on each and go back to the list."""
    if request.method != "POST":
        chosen = chosen_in(request.GET.getlist("case"))
        back = own_address(QueryDict(request.GET.get("back", "")))
        if not chosen or len(chosen) > AT_MOST:
            sentence = _("At most %(most)s cases at once.") if chosen else _("Choose at least one case.")
            return see_other(request, _list_url(back), sentence % {"most": AT_MOST})
        values = [f"{one.public_id}.{one.version}" for one in chosen]
        form = act.form(initial={"case": values, "form_token": new_token(), "back": back})
        return _asked(request, act, form, chosen, back)
    form = act.form(request.POST)
    back = own_address(QueryDict(request.POST.get("back", "")))
    if not form.is_valid():
        return _asked(request, act, form, chosen_in(request.POST.getlist("case")), back, status=422)
    request.session[OUTCOME] = _outcome(act, form.cleaned_data, by=doer(request))
    return see_other(request, _list_url(back))


def _list_url(back: str) -> str:
    return f"{reverse('cases:queue')}?{back}"


def _asked(
    request: HttpRequest,
    act: SeveralAct,
    form: SeveralForm,
    chosen: list[Chosen],
    back: str,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "act": act,
        "form": form,
        "cases": _cases_of(chosen[:AT_MOST], doer(request)).values(),
        "back_url": _list_url(back),
        "action": request.path,
    }
    template = "cases/several_form.html" if is_htmx(request) else "cases/several.html"
    return render(request, template, context, status=status)


def _cases_of(chosen: list[Chosen], by: Actor) -> dict[str, Case]:
    """The chosen cases that are this doer's to see, in the order of the list."""
    rows = Case.objects.visible_to(by).with_people().filter(public_id__in=[one.public_id for one in chosen])
    found = {case.public_id: case for case in rows}
    return {one.public_id: found[one.public_id] for one in chosen if one.public_id in found}


def _outcome(act: SeveralAct, facts: Facts, *, by: Actor) -> dict[str, Any]:
    """Act on each case and gather what the page says of it afterwards: how many were done, and why the others not."""
    chosen: list[Chosen] = facts["case"]
    cases, refused, done = _cases_of(chosen, by), [], 0
    for one in chosen:
        case = cases.get(one.public_id)
        if case is None:
            continue
        if why := _refusal_of(act, case, one, facts, by):
            refused.append({"number": case.number, "url": url_of(case), "why": why})
        else:
            done += 1
    return {
        "done": act.said(done, facts) if done else "",
        "refused": refused,
        "gone": len(chosen) - len(cases),
    }


def _refusal_of(act: SeveralAct, case: Case, seen: Chosen, facts: Facts, by: Actor) -> str:
    """Do it to one case, in a transaction of its own; why it was not done, or nothing."""

    def acted() -> dict[str, Any]:
        act.do(case, seen, facts, by)
        return {"case": case.pk}

    try:
        # Each case has a key of its own: a second press does none twice, and goes on where a first one was cut off.
        retrying(once)("several", f"{facts['form_token']}:{case.pk}", acted, at=clock.now())
    except Denied:
        return _("That is not yours to do.")
    except REFUSALS as refusal:
        return str(refusal)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) not in BUSY:
            raise
        return _("Somebody works on it at this very moment.")
    return ""


def _assign(case: Case, seen: Chosen, facts: Facts, by: Actor) -> None:
    team = facts["team"] or case.team
    actions.assign_case(
        case, owner=facts["owner"], team=team, version=seen.version, by=by, at=clock.now()
    )  # fmt: skip


def _assigned(done: int, facts: Facts) -> str:
    sentence = ngettext("%(n)s case given to %(name)s.", "%(n)s cases given to %(name)s.", done)
    return sentence % {"n": done, "name": facts["owner"].name}


def assign(request: HttpRequest) -> HttpResponse:
    """Give them to a person."""
    return answer(request, ASSIGN)


def _hand_over(case: Case, _seen: Chosen, facts: Facts, by: Actor) -> None:
    team, reason, source = facts["team"], facts["reason"], facts["source"]
    actions.hand_over_case(case, team=team, reason=reason, source=source, by=by, at=clock.now())


def _handed_over(done: int, facts: Facts) -> str:
    sentence = ngettext("%(n)s case handed over to %(team)s.", "%(n)s cases handed over to %(team)s.", done)
    return sentence % {"n": done, "team": facts["team"].name}


def hand_over(request: HttpRequest) -> HttpResponse:
    """Give them to another department or tier."""
    return answer(request, HAND_OVER)


def _judge(case: Case, _seen: Chosen, facts: Facts, by: Actor) -> None:
    impact, urgency, reason = facts["impact"], facts["urgency"], facts["reason"]
    actions.change_severity(case, impact=impact, urgency=urgency, reason=reason, by=by, at=clock.now())


def _judged(done: int, _facts: Facts) -> str:
    sentence = ngettext(
        "The priority of %(n)s case follows the new severity.",
        "The priority of %(n)s cases follows the new severity.",
        done,
    )
    return sentence % {"n": done}


def severity(request: HttpRequest) -> HttpResponse:
    """Judge impact and urgency of all of them anew."""
    return answer(request, SEVERITY)


def _tag(case: Case, _seen: Chosen, facts: Facts, by: Actor) -> None:
    held = Case.objects.lock(case.pk)  # a tag that a colleague puts on it meanwhile is not lost
    actions.tag_case(held, tags=[*held.tags, *facts["tags"]], by=by, at=clock.now())


def _tagged(done: int, facts: Facts) -> str:
    sentence = ngettext("%(n)s case tagged “%(tags)s”.", "%(n)s cases tagged “%(tags)s”.", done)
    return sentence % {"n": done, "tags": ", ".join(facts["tags"])}


def tags(request: HttpRequest) -> HttpResponse:
    """Put one more word on each, by which they are found again."""
    return answer(request, TAGS)


def _reject(case: Case, _seen: Chosen, facts: Facts, by: Actor) -> None:
    actions.reject_case(case, outcome=facts["outcome"], reason=facts["reason"], by=by, at=clock.now())


def _rejected(done: int, _facts: Facts) -> str:
    sentence = ngettext(
        "%(n)s case rejected. It can be taken back under “Rejected”.",
        "%(n)s cases rejected. They can be taken back under “Rejected”.",
        done,
    )
    return sentence % {"n": done}


def reject(request: HttpRequest) -> HttpResponse:
    """These are no cases."""
    return answer(request, REJECT)


ASSIGN = SeveralAct(
    title=gettext_lazy("Assign several cases"),
    submit=gettext_lazy("Assign"),
    form=ask.AssignSeveral,
    do=_assign,
    said=_assigned,
    explains=gettext_lazy("Whatever changed hands since you saw it stays with whoever was quicker."),
)
HAND_OVER = SeveralAct(
    title=gettext_lazy("Hand over several cases"),
    submit=gettext_lazy("Hand over"),
    form=ask.HandOverSeveral,
    do=_hand_over,
    said=_handed_over,
    explains=gettext_lazy("For each case a clock of its own runs until somebody there takes it over."),
)
SEVERITY = SeveralAct(
    title=gettext_lazy("Change the severity of several cases"),
    submit=gettext_lazy("Change"),
    form=ask.SeveritySeveral,
    do=_judge,
    said=_judged,
    explains=gettext_lazy("Priority follows from impact × urgency. What was promised to the customer stays."),
)
TAGS = SeveralAct(
    title=gettext_lazy("Tag several cases"),
    submit=gettext_lazy("Keep"),
    form=ask.TagSeveral,
    do=_tag,
    said=_tagged,
)
REJECT = SeveralAct(
    title=gettext_lazy("Reject several cases"),
    submit=gettext_lazy("Reject"),
    form=ask.RejectSeveral,
    do=_reject,
    said=_rejected,
    kind="danger",
)
