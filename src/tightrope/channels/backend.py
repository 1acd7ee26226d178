"""Mail that a library wants to send (sign-in codes, resets) goes the way of all mail: kept, queued, seen."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from tightrope.channels.actions.delivering import queue_delivery
from tightrope.channels.mail.tokens import new_message_id
from tightrope.channels.models import Message, MessageState
from tightrope.channels.storable import one_line, storable
from tightrope.core import clock, partitions


class NotALetter(ValueError):
    """A library wanted to send more than words; files go through `actions.post_message`."""


class KeptMail(BaseEmailBackend):
    """Django's mail backend: a message row and a delivery job instead of a call to a server."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each mail; returns how many. Raises NotALetter for one with attachments."""
        for mail in email_messages:
            if mail.attachments:
                raise NotALetter(mail.subject)
        return sum(self._keep(mail) for mail in email_messages)

    @transaction.atomic
    def _keep(self, mail: EmailMessage) -> int:
        """One row for each recipient: none of them learns of the others, and each counts by himself."""
        at = clock.now()
        partitions.ensure_month("channels_message", at)
        has_server = bool(settings.MAIL_OUT_HOST)
        recipients = dict.fromkeys(mail.recipients())
        for recipient in recipients:
            message = Message.objects.create(
                at=at,
                direction="out",
                channel="mail",
                author_kind="system",
                author_name="Tightrope",
                recipients=[one_line(recipient, 320)],
                subject=one_line(str(mail.subject), 500),
                text=storable(str(mail.body), 1_000_000),
                html=_html_of(mail),
                is_automatic=True,
                state=MessageState.QUEUED if has_server else MessageState.KEPT,
                send_at=at if has_server else None,
                message_id=new_message_id(settings.MAIL_DOMAIN),
            )
            if has_server:
                queue_delivery(message)
        return 1 if recipients else 0


def _html_of(mail: EmailMessage) -> str:
    """Our own templates' HTML, as it is."""
    if not isinstance(mail, EmailMultiAlternatives):
        return ""
    html = [str(content) for content, kind in mail.alternatives if kind == "text/html"]
    return storable(html[0], 4_000_000) if html else ""
