"""Which conversation a mail belongs to: by our keyed address, or by our Message-ID for one who takes part."""

from __future__ import annotations

from django.conf import settings

from tightrope.channels import keys
from tightrope.channels.mail.parsed import Address, ParsedMail
from tightrope.channels.mail.threading import KnownMessage, Placement, conversation_for
from tightrope.channels.models import Conversation, Message, RawMail
from tightrope.channels.queries import conversations_with

MOST_REFERENCES = 50


def place_of(raw: RawMail, parsed: ParsedMail) -> Placement:
    """Where the mail belongs. Two queries at most, however long the thread that it names."""
    envelope = tuple(Address(email=address) for address in raw.envelope_to)
    referred = list(dict.fromkeys((*parsed.in_reply_to, *reversed(parsed.references))))[:MOST_REFERENCES]
    return conversation_for(
        sender=parsed.sender,
        recipients=(*envelope, *parsed.recipients),
        referred_ids=referred,
        known_messages=_known(referred, parsed.sender.email),
        keys=keys.reply_keys(),
        domain=settings.MAIL_DOMAIN,
    )


def _known(referred: list[str], sender: str) -> dict[str, KnownMessage]:
    """Those of the named mails that are ours; who takes part is asked only for this sender."""
    rows = Message.objects.filter(message_id__in=referred, conversation_id__isnull=False) if referred else ()
    conversation_of = {message.message_id: message.conversation_id for message in rows}
    if not conversation_of:
        return {}
    numbers = {number for number in conversation_of.values() if number is not None}
    names = dict(Conversation.objects.filter(pk__in=numbers).values_list("pk", "public_id"))
    joined = conversations_with(sender, numbers)
    return {
        message_id: KnownMessage(names[number], frozenset({sender} if number in joined else ()))
        for message_id, number in conversation_of.items()
        if number is not None
    }
