"""Signs that a case is a complaint: found by the machine, judged by a person (R146)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tightrope.cases import events
from tightrope.cases.access import Can, require
from tightrope.cases.actions.recording import record
from tightrope.cases.models import Case, ComplaintSign
from tightrope.core.actor import Actor


@transaction.atomic
def suspect_complaint(
    case: Case, *, ground: str, word: str, quote: str, by: Actor, at: datetime
) -> ComplaintSign | None:
    """Say on a case why it may be a complaint. The same ground is said once; what somebody dismissed stays so.

    None when there is nothing new to say: it is a complaint already, or this ground was judged.
    """
    case = Case.objects.lock(case.pk)
    if case.type == Case.Type.COMPLAINT or case.status in {Case.Status.MERGED, Case.Status.REJECTED}:
        return None
    sign, is_new = ComplaintSign.objects.get_or_create(
        case=case,
        ground=ground,
        word=word[:60],
        defaults={"quote": quote[:200], "found_at": at, "account_id": case.account_id},
    )
    if not is_new:
        return None
    case.signs += 1
    case.save(update_fields=["signs"])
    event = events.ComplaintSuspected(ground=ground, word=sign.word, quote=sign.quote)
    record(case, event, by=by, at=at)
    return sign


@transaction.atomic
def dismiss_signs(case: Case, *, by: Actor, at: datetime) -> Case:
    """These words are no complaint. Saying it twice is not an error. Raises Denied."""
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    dismissed = settle_signs(case, ComplaintSign.State.DISMISSED, by=by, at=at)
    if dismissed:
        case.save(update_fields=["signs"])
        words = [sign.word for sign in dismissed]
        record(case, events.SuspicionDismissed(words=words), by=by, at=at)
    return case


def settle_signs(case: Case, state: str, *, by: Actor, at: datetime) -> list[ComplaintSign]:
    """Somebody has judged what was found. The case must be locked; the caller saves it. Part of another act."""
    judged = list(ComplaintSign.objects.filter(case=case, state=ComplaintSign.State.OPEN))
    for sign in judged:
        sign.state, sign.settled_at, sign.settled_by = state, at, by.name[:200]
        sign.save(update_fields=["state", "settled_at", "settled_by"])
    case.signs = 0
    return judged
