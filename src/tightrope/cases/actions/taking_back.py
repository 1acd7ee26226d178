"""Undoing within ten seconds: an answer goes back into the editor, waiting ends."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tightrope.cases import events
from tightrope.cases.access import Can, require
from tightrope.cases.actions import clocks
from tightrope.cases.actions.recording import record
from tightrope.cases.models import UNFINISHED, Case
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
    record(case, events.CaseResumed(), by=by, at=at)
    return case


def _resume(case: Case, *, by: Actor, at: datetime) -> None:
    case.move_to(Case.Status.ACCEPTED)
    case.waiting_since = None
    case.waiting_for = ""
    case.look_again_at = None
    promises.resume_promises(case, by=by, at=at)


@transaction.atomic
def take_back_reply(case: Case, message: Message, *, by: Actor, at: datetime) -> Message:
    """Take one's own answer back while it has not left. The case owes the customer a word again, counted from
    when he spoke, and no longer waits for him when the answer asked for something.

    Raises channels.TooLate, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    if message.conversation_id != case.conversation_id or message.author_id != by.id:
        raise Denied("author of the message")
    if message.state == MessageState.TAKEN_BACK:
        return message
    message = channels.take_back(message, by=by, at=at)
    if case.status == Case.Status.WAITING and case.waiting_since == message.at:
        _resume(case, by=by, at=at)
    last_word = _last_word_of_customer(case)
    if case.answered_at == message.at:
        case.answered_at = None
    if last_word is not None and _is_unanswered(case, last_word):
        case.heard_at = last_word.at
    if case.status in UNFINISHED and case.heard_at is not None:
        owed = What.FIRST_RESPONSE if case.answered_at is None else What.NEXT_RESPONSE
        told_at = case.told_at if owed == What.FIRST_RESPONSE else case.heard_at
        clocks.start(case, owed, told_at=told_at, by=by, at=at)
    clocks.refresh(case)
    case.version += 1
    case.save()
    record(case, events.ReplyTakenBack(message_id=message.pk), by=by, at=at)
    return message


def _last_word_of_customer(case: Case) -> Message | None:
    rows = Message.objects.filter(conversation_id=case.conversation_id, direction=Direction.IN)
    return rows.order_by("-at", "-id").first()


def _is_unanswered(case: Case, word: Message) -> bool:
    answers = Message.objects.filter(
        conversation_id=case.conversation_id, direction=Direction.OUT, is_automatic=False, at__gt=word.at
    )
    return not answers.exclude(state=MessageState.TAKEN_BACK).exists()
