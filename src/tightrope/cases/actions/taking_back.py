"""Undoing within ten seconds: an answer goes back into the editor, waiting ends, what was solved is open again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope.cases import events
from tightrope.cases.access import Can, require
from tightrope.cases.actions import clocks
from tightrope.cases.actions.answering import take_word
from tightrope.cases.actions.calling import drop_call, open_call_of
from tightrope.cases.actions.holding import HOLD, Ending, end_hold
from tightrope.cases.actions.informing import end_wait, forget_word
from tightrope.cases.actions.recording import record
from tightrope.cases.actions.solving import CHANGED_BY_SOLVING, KEPT_BY_SOLVING, KEPT_BY_SOLVING_ALONE
from tightrope.cases.models import UNFINISHED, Case, IllegalMove
from tightrope.channels import actions as channels
from tightrope.channels.models import Direction, Message, MessageState
from tightrope.core.actor import SYSTEM, Actor
from tightrope.people.access import Denied
from tightrope.promises import actions as promises
from tightrope.promises.models import What
from tightrope.timeline import queries as timeline
from tightrope.timeline.queries import Happening


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
    end_wait(case, by=by, at=at)
    record(case, events.CaseResumed(), by=by, at=at)


@transaction.atomic
def take_back_reply(case: Case, message: Message, *, by: Actor, at: datetime) -> Message:
    """Take one's own answer back while it is held. The case stands as if nothing had been said: what the answer
    kept is owed again with its first due time, nobody waits for the customer because of it, and what was solved
    with it is open again.

    Raises channels.TooLate, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    if message.conversation_id != case.conversation_id or message.author_id != by.id:
        raise Denied("author of the message")
    if message.state == MessageState.TAKEN_BACK:
        return message
    message = channels.take_back_message(message, by=by, at=at)
    if case.status == Case.Status.SOLVED and case.solved_at == message.at:
        _reopen_as_it_was(case, KEPT_BY_SOLVING_ALONE, by=by, at=at)
    if case.status == Case.Status.WAITING and case.waiting_since == message.at:
        _resume(case, by=by, at=at)
    others = _answers_of(case)
    if case.answered_at == message.at:
        case.answered_at = others[0].at if others else None
    if case.status in UNFINISHED:
        _owe_again(case, message, others, by=by, at=at)
        forget_word(case, said_at=message.at, by=by, at=at)
    case.heard_at = _unanswered_since(case, message, others)
    clocks.refresh(case)
    case.version += 1
    case.save()
    record(case, events.ReplyTakenBack(message_id=message.pk), by=by, at=at)
    return message


@transaction.atomic
def take_back_solving(case: Case, *, by: Actor, at: datetime) -> Case:
    """Take back that it is solved, while the customer has not been told: the case stands as it stood, and what the
    solution kept is owed again. An answer that was sent with it is taken back with it.

    Raises channels.TooLate, IllegalMove, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    if case.status in UNFINISHED:
        return case
    if case.status != Case.Status.SOLVED:
        raise IllegalMove(case, Case.Status.ACCEPTED)
    said_with_it = next((said for said in _answers_of(case) if said.at == case.solved_at), None)
    if said_with_it is not None:
        take_back_reply(case, said_with_it, by=by, at=at)
        return Case.objects.get(pk=case.pk)
    _reopen_as_it_was(case, KEPT_BY_SOLVING, by=by, at=at)
    case.save()
    return case


def _reopen_as_it_was(case: Case, kept: Iterable[What], *, by: Actor, at: datetime) -> None:
    """Put a solved case back where it stood; what it `kept` is owed again. The case must be locked; the caller
    saves it."""
    assert case.solved_at is not None
    solved_at, heard_meanwhile = case.solved_at, case.heard_at
    solved = _solving_of(case)
    if solved is None or solved.actor_id != by.id:
        raise Denied("solver of the case")
    is_over = at >= solved_at + HOLD
    if is_over or end_hold(case, Ending.TAKEN_BACK, lambda: None, solved_at=solved_at, at=at) == Ending.TOLD:
        raise channels.TooLate(_("The customer was told already that it is solved."))
    # No move of the table, for nobody was told of one: the case stands as if it had not been made.
    for column in Case._meta.concrete_fields:
        if column.attname in CHANGED_BY_SOLVING:
            setattr(case, column.attname, column.to_python(solved.facts["before"][column.attname]))
    case.version += 1
    call = open_call_of(case)
    if call is not None and call.opened_at == solved_at:
        drop_call(case, reason=_("The case is not solved."), by=by, at=at)
    promises.unkeep_promises(case, kept, kept_at=solved_at, by=by, at=at)
    if heard_meanwhile is not None:
        take_word(case, said_at=heard_meanwhile, by=by, at=at)
    clocks.refresh(case)
    record(case, events.SolvingTakenBack(status=case.status), by=by, at=at)


def _solving_of(case: Case) -> Happening | None:
    """The event by which the case was solved as it stands."""
    newest, _older = timeline.events_of("case", case.pk, by=SYSTEM, since=case.solved_at, limit=50)
    return next((one for one in newest if one.kind == "case.solved" and one.at == case.solved_at), None)


def _owe_again(case: Case, message: Message, others: list[Message], *, by: Actor, at: datetime) -> None:
    """What the answer kept runs on; unless another answer stands after it: then that one has kept it."""
    answers = (What.FIRST_RESPONSE, What.NEXT_RESPONSE)
    unkept = promises.unkeep_promises(case, answers, kept_at=message.at, by=by, at=at)
    owed = {promise.what for promise in unkept}
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


def _unanswered_since(case: Case, message: Message, answers: list[Message]) -> datetime | None:
    """When the customer spoke the first word that no standing answer came after. What he had said in a case that
    was merged into this one stands in another conversation: it is known from what was answered with `message`."""
    rows = Message.objects.filter(conversation_id=case.conversation_id, direction=Direction.IN)
    if answers:
        rows = rows.filter(at__gt=answers[-1].at)
    own = rows.order_by("at", "id").values_list("at", flat=True).first()
    return min((one for one in (own, _answered_since(case, message, answers)) if one), default=None)


def _answered_since(case: Case, message: Message, answers: list[Message]) -> datetime | None:
    """Since when the customer had waited as this answer was written, or the one before it that was taken back too."""
    newest, _older = timeline.events_of("case", case.pk, by=SYSTEM, since=message.at - 2 * HOLD, limit=50)
    told = [
        one.facts["heard_at"]
        for one in newest
        if one.kind == "case.answered"
        and one.facts.get("heard_at")
        and not (answers and one.at <= answers[-1].at)
    ]
    return min((datetime.fromisoformat(one) for one in told), default=None)
