"""The conversation: answering, noting, waiting, hearing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.cases import events
from tightrope.cases.access import Can, require
from tightrope.cases.actions import clocks
from tightrope.cases.actions.holding import HOLD
from tightrope.cases.actions.informing import end_wait, promise_next_word
from tightrope.cases.actions.recording import record
from tightrope.cases.actions.routing import is_accused
from tightrope.cases.models import UNFINISHED, Case, Rules
from tightrope.channels import actions as channels
from tightrope.channels.models import Message
from tightrope.core.actor import Actor
from tightrope.customers.models import Contact
from tightrope.files.models import Attachment
from tightrope.promises import actions as promises
from tightrope.promises.models import Source, What


class EmptyText(ValueError):
    """Nothing was written."""


@transaction.atomic
def send_reply(
    case: Case, *, text: str, by: Actor, at: datetime, attachments: Iterable[Attachment] = ()
) -> Message:
    """Answer the customer in public. Keeps the promise of a first or next response. Raises EmptyText, Denied.

    It is held for ten seconds in which it can be taken back. Answering a received case accepts it: whoever answers, answers for it.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    if not text.strip():
        raise EmptyText(_("Write something first."))
    if case.status in {Case.Status.RECEIVED, Case.Status.REOPENED}:
        _take(case, by=by, at=at)
    is_first = case.answered_at is None
    message = channels.post_message(
        case.conversation,
        text=text,
        author=by,
        direction="out",
        channel=outward_channel(case),
        to=mail_address_of(case.contact),
        subject=f"[{case.number}] {case.title}",
        attachments=attachments,
        language=language_of(case),
        at=at,
        send_at=at + HOLD,
    )
    promises.keep_promises(case, What.FIRST_RESPONSE, by=by, at=at)
    promises.keep_promises(case, What.NEXT_RESPONSE, by=by, at=at)
    promise_next_word(case, by=by, at=at)
    answered = events.CaseAnswered(
        message_id=message.pk,
        message_at=message.at.isoformat(),
        is_first=is_first,
        heard_at=case.heard_at.isoformat() if case.heard_at else "",
    )
    case.answered_at = case.answered_at or at
    case.heard_at = None
    clocks.refresh(case)
    case.version += 1
    case.save()
    record(case, answered, by=by, at=at)
    return message


def outward_channel(case: Case) -> str:
    """By mail when the customer has an address, else for reading in the portal."""
    return "mail" if mail_address_of(case.contact) else "web"


def language_of(case: Case) -> str:
    """In which language the customer of this case reads."""
    return str(case.contact.language if case.contact else case.language)


def mail_address_of(contact: Contact | None) -> str:
    """Where mail to this contact goes; empty when there is nowhere."""
    if contact is None:
        return ""
    address = contact.addresses.filter(kind="mail").order_by("-is_primary", "pk").first()
    return address.value if address else ""


def _take(case: Case, *, by: Actor, at: datetime) -> None:
    """Accept within another act: the answer itself says that somebody answers for it. One whom the complaint is
    about may say a word on it and does not come to answer for it by that."""
    case.move_to(Case.Status.ACCEPTED)
    case.accepted_at = case.accepted_at or at
    if case.owner_id is None and not is_accused(case, by.user_id):
        case.owner_id = by.user_id
    case.stints.filter(until_at__isnull=True).update(owner_id=case.owner_id)
    promises.hand_over_promises(case, user_id=case.owner_id, team_id=case.team_id)
    record(case, events.CaseAccepted(owner=by.name), by=by, at=at)


@transaction.atomic
def add_note(case: Case, *, text: str, by: Actor, at: datetime) -> None:
    """Keep something for colleagues. It can reach no customer. Raises EmptyText, Denied."""
    case = Case.objects.lock(case.pk)
    require(by, Can.VIEW, case)
    if not text.strip():
        raise EmptyText(_("Write something first."))
    note = timeline.add_note(case, text, by=by, at=at)
    record(case, events.CaseNoted(note_id=note.pk), by=by, at=at)


@transaction.atomic
def wait_for_customer(
    case: Case, *, waiting_for: str, by: Actor, at: datetime, source: Source = Source.SELF
) -> Case:
    """The next step is the customer's: the clocks pause, reminders begin. `source` says on whose instruction.

    Raises EmptyText, IllegalMove, Denied.
    """
    case = Case.objects.lock(case.pk)
    require(by, Can.WORK, case)
    if not waiting_for.strip():
        raise EmptyText(_("Say what you need from the customer."))
    if case.status == Case.Status.WAITING:
        return case
    if case.status in {Case.Status.RECEIVED, Case.Status.REOPENED}:
        _take(case, by=by, at=at)
    case.move_to(Case.Status.WAITING)
    case.waiting_since = at
    case.waiting_for = waiting_for.strip()[:300]
    case.reminded = 0
    case.look_again_at = at + timedelta(days=Rules.in_force().remind_after_days)
    promises.pause_promises(case, reason=case.waiting_for, by=by, at=at)
    clocks.refresh(case)
    case.save()
    record(case, events.CaseWaiting(waiting_for=case.waiting_for, source=source.value), by=by, at=at)
    return case


@transaction.atomic
def hear_from_customer(case: Case, *, message: Message, by: Actor, at: datetime) -> Case:
    """A word of the customer came in: waiting ends, and he is owed a next response.

    A word on a solved case leaves it solved (it is most often thanks) but shows in the queue; so does one on a case
    that is closed or was refused, for our letters say that it will be read. Of a case that was merged while the
    word was on its way the other one hears it.
    """
    case = Case.objects.lock(case.pk)
    while case.merged_into_id is not None:
        case = Case.objects.lock(case.merged_into_id)
    take_word(case, said_at=message.at, by=by, at=at)
    clocks.refresh(case)
    case.version += 1
    case.save()
    record(
        case,
        events.CustomerWrote(
            message_id=message.pk, message_at=message.at.isoformat(), channel=message.channel
        ),
        by=by,
        at=at,
    )
    return case


def take_word(case: Case, *, said_at: datetime, by: Actor, at: datetime) -> None:
    """What a word of the customer does to a case, which must be locked and is saved by the caller. Part of an act."""
    if case.status == Case.Status.WAITING:
        end_wait(case, by=by, at=at)
    if case.status in UNFINISHED and case.answered_at is not None and case.heard_at is None:
        clocks.start(case, What.NEXT_RESPONSE, told_at=said_at, by=by, at=at)
    case.heard_at = case.heard_at or said_at


@transaction.atomic
def remind_customer(case: Case, *, by: Actor, at: datetime) -> Case:
    """Ask once more for what we wait for; the last time says on which day the case will be closed. That day is
    still to come, also when the rules have become shorter or nothing ran for days: he is left time to answer.
    """
    case = Case.objects.lock(case.pk)
    rules = Rules.in_force()
    if case.status != Case.Status.WAITING or case.reminded >= rules.remind_times:
        return case
    assert case.waiting_since is not None
    case.reminded += 1
    next_look = at + timedelta(days=rules.remind_after_days)
    closes_at = max(case.waiting_since + timedelta(days=rules.close_waiting_after_days), next_look)
    is_last = case.reminded >= rules.remind_times
    case.look_again_at = closes_at if is_last else next_look
    case.save(update_fields=["reminded", "look_again_at"])
    record(case, events.CustomerReminded(times=case.reminded, closes_on=closes_at.isoformat()), by=by, at=at)
    return case
