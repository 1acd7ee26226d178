"""A message row written as a mail."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings

from tightrope.channels import keys
from tightrope.channels.mail.build import Automatic, BuiltMail, OutgoingFile, OutgoingMail, build_mail
from tightrope.channels.mail.parsed import Address
from tightrope.channels.mail.tokens import reply_address
from tightrope.channels.models import Conversation, Direction, Message, MessageState
from tightrope.channels.signature import signed
from tightrope.channels.storable import one_line
from tightrope.core.actor import Kind
from tightrope.files import queries as files

MOST_REFERENCES = 20
_MESSAGE_ID = re.compile(r"[!-;=?-~]{3,299}")


def written(message: Message, *, at: datetime) -> BuiltMail:
    """The mail of a message. Raises ValueError when no mail can be made of it (no address, a broken one)."""
    conversation = Conversation.objects.filter(pk=message.conversation_id or 0).first()
    before = _ids_before(message) if conversation else []
    return build_mail(
        OutgoingMail(
            sender=Address(name=_sender_name(message), email=settings.MAIL_FROM),
            to=tuple(Address(email=recipient) for recipient in message.recipients),
            subject=one_line(message.subject, 250) or settings.COMPANY_NAME,
            text=text_of(message),
            html=message.html,
            message_id=message.message_id,
            at=at,
            reply_to=_reply_to(conversation),
            in_reply_to=before[-1] if before else "",
            references=tuple(before),
            automatic=Automatic.GENERATED if message.is_automatic else Automatic.NO,
            files=_files(message),
        )
    )


def text_of(message: Message) -> str:
    """The words as they leave by mail: those to a customer are signed, in the language that was chosen for him.

    Letters of no conversation are what a library wrote for one person; they leave as they are.
    """
    if message.conversation_id is None or (message.direction, message.channel) != (Direction.OUT, "mail"):
        return message.text
    author = message.author_name if message.author_kind == Kind.STAFF and not message.is_automatic else ""
    language = message.facts.get("language") or settings.LANGUAGE_CODE
    return signed(message.text, language=language, author=author)


def _sender_name(message: Message) -> str:
    company = one_line(settings.COMPANY_NAME, 100)
    if message.is_automatic or not message.author_name:
        return company
    return f"{one_line(message.author_name, 100)} · {company}"


def _reply_to(conversation: Conversation | None) -> Address:
    """The keyed address of the conversation: an answer to it joins whatever its subject says."""
    email = settings.MAIL_FROM
    if conversation is not None:
        email = reply_address(conversation.public_id, key=keys.reply_keys()[0], domain=settings.MAIL_DOMAIN)
    return Address(name=one_line(settings.COMPANY_NAME, 100), email=email)


def _ids_before(message: Message) -> list[str]:
    """The ids of the mails before this one, oldest first; strangers' ids that are none are left out, and ours that
    nobody has seen."""
    rows = Message.objects.filter(conversation_id=message.conversation_id, at__lte=message.at)
    rows = rows.exclude(state__in=(MessageState.HELD, MessageState.TAKEN_BACK))
    ids = rows.exclude(id=message.pk).exclude(message_id="").order_by("-at", "-id")
    newest = ids.values_list("message_id", flat=True)[:MOST_REFERENCES]
    return [one for one in reversed(list(newest)) if _MESSAGE_ID.fullmatch(one)]


def _files(message: Message) -> tuple[OutgoingFile, ...]:
    return tuple(
        OutgoingFile(
            name=one_line(attachment.name, 200),
            content=files.content_of(attachment),
            content_type=attachment.content_type,
        )
        for attachment in files.attachments_of("message", [message.pk]).get(message.pk, [])
    )
