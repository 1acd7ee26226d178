"""From a message that came in by mail to a word on a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.cases import actions
from tightrope.cases.models import Case, Rules
from tightrope.channels import actions as channels
from tightrope.channels.models import Conversation, Message
from tightrope.core.actor import SYSTEM, Actor
from tightrope.core.idempotency import once
from tightrope.customers import actions as customers
from tightrope.customers import queries
from tightrope.customers.models import LONGEST_NAME, Contact
from tightrope.timeline.queries import Happening


@transaction.atomic
def take_in(message: Message, facts: dict[str, Any], *, at: datetime) -> None:
    """Join the message to the case of its conversation, or open a case for it. May run twice."""
    once("cases.intake", f"message:{message.pk}", lambda: _taken_in(message, facts, at), at=at)


def _taken_in(message: Message, facts: dict[str, Any], at: datetime) -> dict[str, Any]:
    case = (
        Case.objects.filter(conversation_id=message.conversation_id).first()
        if message.conversation_id
        else None
    )
    while case is not None and case.merged_into is not None:
        case = case.merged_into
    if facts.get("is_automatic"):
        return _automatic(message, case, facts, at)
    contact = _contact_of(facts)
    by = queries.actor_of_contact(contact)
    if case is not None and not _is_long_closed(case, at):
        actions.hear_from_customer(case, message=message, by=by, at=at)
        return {"case": case.pk}
    opened = _opened(message, facts, contact, by, at)
    if case is not None and contact.account_id == case.account_id:
        opened.follows = case
        opened.save(update_fields=["follows"])
    return {"case": opened.pk}


def _automatic(message: Message, case: Case | None, facts: dict[str, Any], at: datetime) -> dict[str, Any]:
    """A robot wrote: kept for reading, answered by nobody; it is no word of the customer."""
    if case is not None:
        timeline.add_note(
            case,
            _("An automatic message came in: %(subject)s") % {"subject": message.subject},
            by=SYSTEM,
            at=at,
        )
        return {"case": case.pk}
    return {"case": None}


def _is_long_closed(case: Case, at: datetime) -> bool:
    days = Rules.in_force().reopen_within_days
    return case.closed_at is not None and (at - case.closed_at).days >= days


def _contact_of(facts: dict[str, Any]) -> Contact:
    """Whoever writes is known by his address, or becomes a contact without an account yet.

    Mail knows senders whom nothing of ours can be sent to (`printer@hall-3`, `li..wei@docomo.example`, 张三@…):
    such a one gets his case too, and his address stands in his name for whoever calls him back.
    """
    address = facts["sender_address"]
    name = facts.get("sender_name") or address.split("@", 1)[0]
    found = queries.contact_by_address("mail", address)
    try:
        return found or _added(name, [("mail", address)], facts)
    except customers.BadAddress:
        return _added(f"{name[:60]} ({address})", [], facts)


def _added(name: str, addresses: list[tuple[str, str]], facts: dict[str, Any]) -> Contact:
    return customers.add_contact(
        None,
        name=name[:LONGEST_NAME],
        language=facts.get("language") or "en",
        addresses=addresses,
        by=SYSTEM,
        at=message_time(facts),
    )


def message_time(facts: dict[str, Any]) -> datetime:
    """When the message came in."""
    return datetime.fromisoformat(facts["at"])


def _opened(message: Message, facts: dict[str, Any], contact: Contact, by: Actor, at: datetime) -> Case:
    conversation = channels.open_conversation(account_id=contact.account_id, by=by, at=message.at)
    channels.move_message(message, conversation, at=at)
    return actions.open_case(
        title=message.subject or _first_line(message.text) or _("(no subject)"),
        text=message.text,
        channel=Case.Channel.MAIL,
        account=contact.account,
        contact=contact,
        told_at=message.at,
        language=contact.language or facts.get("language"),
        conversation=conversation,
        is_answerable=True,
        by=by,
        at=at,
    )


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:120]


@transaction.atomic
def take_in_unreadable(event: Happening, *, at: datetime) -> None:
    """Open a case for a mail that could not be read, with the raw file to look at."""

    def opened() -> dict[str, Any]:
        conversation: Conversation = channels.open_conversation(account_id=None, by=SYSTEM, at=at)
        text = _("A mail from %(sender)s could not be read: %(reason)s. The raw file is kept under Mail.") % {
            "sender": event.facts.get("sender_address") or _("an unknown sender"),
            "reason": event.facts.get("reason", ""),
        }
        channels.post_message(
            conversation, text=text, author=SYSTEM, direction="in", channel="mail", is_automatic=True, at=at
        )
        case = actions.open_case(
            title=_("Unreadable mail"),
            text=text,
            channel=Case.Channel.MAIL,
            account=None,
            contact=None,
            conversation=conversation,
            is_answerable=False,
            by=SYSTEM,
            at=at,
        )
        return {"case": case.pk}

    once("cases.intake", f"unreadable:{event.id}", opened, at=at)


@transaction.atomic
def note_bounce(event: Happening, *, at: datetime) -> None:
    """Say on the case that a letter of ours did not arrive, or is late."""
    case = Case.objects.filter(conversation_id=event.facts.get("conversation_id")).first()
    if case is None:
        return
    once("cases.bounce", str(event.id), lambda: _noted(case, event, at), at=at)


def _noted(case: Case, event: Happening, at: datetime) -> dict[str, Any]:
    # A server that only says "later" goes on trying; who reads "did not arrive" would write a second time.
    is_late = event.kind == "message.bounced" and not event.facts.get("is_permanent", True)
    words = (
        _("Our mail to %(address)s is late: %(reason)s")
        if is_late
        else _("Our mail to %(address)s did not arrive: %(reason)s")
    )
    facts = {"address": event.facts.get("address", ""), "reason": event.facts.get("reason", "")}
    timeline.add_note(case, words % facts, by=SYSTEM, at=at)
    return {"case": case.pk}
