"""Mail that a library wants to send (sign-in codes, resets) goes the way of all mail: kept, queued, seen."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from tightrope.channels.mail.tokens import new_message_id
from tightrope.channels.models import Message, MessageState
from tightrope.core import clock, jobs, partitions


class KeptMail(BaseEmailBackend):
    """Django's mail backend: a message row and a delivery job instead of a call to a server."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            self._keep(mail)
        return len(email_messages)

    @transaction.atomic
    def _keep(self, mail: EmailMessage) -> None:
        at = clock.now()
        partitions.ensure_month("channels_message", at)
        has_server = bool(settings.MAIL_OUT_HOST)
        message = Message.objects.create(
            at=at,
            direction="out",
            channel="mail",
            author_kind="system",
            author_name="Tightrope",
            recipients=list(mail.to),
            subject=" ".join(str(mail.subject).split())[:500],
            text=str(mail.body),
            is_automatic=True,
            state=MessageState.QUEUED if has_server else MessageState.KEPT,
            send_at=at if has_server else None,
            message_id=new_message_id(settings.MAIL_DOMAIN),
        )
        if has_server:
            jobs.enqueue("channels.deliver", message_id=message.pk, message_at=message.at.isoformat())
