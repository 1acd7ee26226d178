"""The case and its promises: which clocks it has, and what the queue is ordered by."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Model

from tightrope.cases.actions.recording import topics_of
from tightrope.cases.models import Call, Case
from tightrope.core import live
from tightrope.core.actor import Actor
from tightrope.promises import actions as promises
from tightrope.promises import queries
from tightrope.promises.models import Promise, What


def facts_of(case: Case) -> promises.PolicyFacts:
    """What a policy may look at."""
    category_ids: list[int] = []
    category = case.category
    while category is not None:
        category_ids.append(category.pk)
        category = category.parent
    return promises.PolicyFacts(
        category_ids=tuple(category_ids),
        severity=case.priority,
        account_id=case.account_id,
        importance=case.account.importance if case.account else 1,
        case_type=case.type,
        tier=case.tier,
    )


def start(case: Case, *what: What, told_at: datetime, by: Actor, at: datetime) -> list[Promise]:
    """Start the clocks that the policies give this case, from the moment the customer spoke."""
    return promises.start_clocks(
        case,
        account_id=case.account_id,
        policy_facts=facts_of(case),
        told_at=told_at,
        user_id=case.owner_id,
        team_id=case.team_id,
        what=what,
        by=by,
        at=at,
    )


def ready(case: Case, *what: What, told_at: datetime, by: Actor, at: datetime) -> list[Promise]:
    """The clocks that the policies give a case which is about to be opened; `promises.run_clocks` starts them."""
    return promises.clocks_by_policy(
        facts_of(case),
        told_at=told_at,
        user_id=case.owner_id,
        team_id=case.team_id,
        what=what,
        by=by,
        at=at,
    )


def refresh(case: Case) -> None:
    """Take over from the ledger when the next promise is due. The case must be saved by the caller."""
    case.next_due_at = queries.next_due(case)


def waits_for(case: Model) -> str:
    """What the customer is to give us before his clocks run on. Read anew: the ledger has locked the row since."""
    waiting = Case.objects.filter(pk=case.pk, status=Case.Status.WAITING)
    return waiting.values_list("waiting_for", flat=True).first() or ""


def follow_ledger(case: Model) -> None:
    """A promise was made, kept or ended on a page of the ledger: the queue is ordered by what is due now."""
    assert isinstance(case, Case)
    _follow_call(case)
    if not case.is_finished:
        Case.objects.filter(pk=case.pk).update(next_due_at=queries.next_due(case))
    live.announce(*topics_of(case))


def _follow_call(case: Case) -> None:
    """The promise of a call was put off, kept or withdrawn on a page of the ledger: the call is due with it. It
    stays open until somebody writes down how it went."""
    call = Call.objects.filter(case=case, outcome=Call.Outcome.OPEN).select_related("promise").first()
    if call is None or call.promise is None or call.promise.is_running:
        return
    call.promise = call.promise.replaced_by
    if call.promise is not None:
        call.due_at = call.promise.due_at
        Case.objects.filter(pk=case.pk).update(call_due_at=call.due_at)
    call.save(update_fields=["promise", "due_at"])
