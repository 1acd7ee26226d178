"""Undoing within ten seconds: an answer goes back into the editor, waiting ends."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope.cases import events
from tightrope.cases.access import Can, require
from tightrope.cases.actions import clocks
from tightrope.cases.actions.informing import begin_reports, forget_word
from tightrope.cases.actions.recording import record
from tightrope.cases.models import UNFINISHED, Case
from tightrope.cases.queries import is_held
from tightrope.channels import actions as channels
from tightrope.channels.models import Direction, Message, MessageState
from tightrope.core.actor import Actor
from tightrope.people.access import Denied
from tightrope.promises import actions as promises
from tightrope.promises.models import What


@transaction.atomic
def resume_case(case: Case, *, by: Actor, at: datetime) -> Case:
    """Go on without the customer's word: the clocks run again. Saying it twice is not an error. Raises Denied."""
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    if case.status != Case.Status.WAITING:
        return case
    _resume(case, by=by, at=at)
    clocks.refresh(case)
    case.save()
    return case


def _resume(case: Case, *, by: Actor, at: datetime) -> None:
    case.move_to(Case.Status.ACCEPTED)
    case.waiting_since = None
    case.waiting_for = ""
    case.look_again_at = None
    promises.resume_promises(case, by=by, at=at)
    begin_reports(case, by=by, at=at)
    record(case, events.CaseResumed(), by=by, at=at)


@transaction.atomic
def take_back_reply(case: Case, message: Message, *, by: Actor, at: datetime) -> Message:
    """Take one's own answer back while it is held. The case stands as if nothing had been said: what the answer
    kept is owed again with its first due time, and nobody waits for the customer because of it.

    Raises channels.TooLate, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    if message.conversation_id != case.conversation_id or message.author_id != by.id:
        raise Denied("author of the message")
    if message.state == MessageState.TAKEN_BACK:
        return message
    if not is_held(Message.objects.select_for_update().get(id=message.pk, at=message.at)):
        raise channels.TooLate(_("The customer can read this answer already."))
    message = channels.take_back(message, by=by, at=at)
    if case.status == Case.Status.WAITING and case.waiting_since == message.at:
        _resume(case, by=by, at=at)
    others = _answers_of(case)
    if case.answered_at == message.at:
        case.answered_at = others[0].at if others else None
    if case.status in UNFINISHED:
        _owe_again(case, message, others, by=by, at=at)
        forget_word(case, said_at=message.at, by=by, at=at)
    case.heard_at = _unanswered_since(case, others)
    clocks.refresh(case)
    case.version += 1
    case.save()
    record(case, events.ReplyTakenBack(message_id=message.pk), by=by, at=at)
    return message


def _owe_again(case: Case, message: Message, others: list[Message], *, by: Actor, at: datetime) -> None:
    """What the answer kept runs on; unless another answer stands after it: then that one has kept it."""
    answers = (What.FIRST_RESPONSE, What.NEXT_RESPONSE)
    owed = {
        promise.what for promise in promises.unkeep_promises(case, answers, kept_at=message.at, by=by, at=at)
    }
    later = next((other for other in others if other.at > message.at), None)
    if later is not None:
        for what in owed:
            promises.keep_promises(case, What(what), by=by, at=later.at)
    elif What.FIRST_RESPONSE in owed and What.NEXT_RESPONSE not in owed:
        # A word that came in meanwhile asked for a next answer; now it waits for the first like all before it.
        reason = _("The first answer was taken back.")
        promises.withdraw_promises(case, reason=reason, what=What.NEXT_RESPONSE, by=by, at=at)


def _answers_of(case: Case) -> list[Message]:
    """What people answered and did not take back, oldest first."""
    rows = Message.objects.filter(
        conversation_id=case.conversation_id, direction=Direction.OUT, is_automatic=False
    )
    return list(rows.exclude(state=MessageState.TAKEN_BACK).defer("html", "text").order_by("at", "id"))


def _unanswered_since(case: Case, answers: list[Message]) -> datetime | None:
    """When the customer spoke the first word that no standing answer came after."""
    rows = Message.objects.filter(conversation_id=case.conversation_id, direction=Direction.IN)
    if answers:
        rows = rows.filter(at__gt=answers[-1].at)
    return rows.order_by("at", "id").values_list("at", flat=True).first()
