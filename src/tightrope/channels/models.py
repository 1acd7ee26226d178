"""What was said, on whatever channel: conversations, messages, and mail as it came in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tightrope.core.ids import public_id


class Conversation(models.Model):
    """One exchange with one customer. Its public id, with a keyed mark, is in the address he answers to."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    account_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "channels_conversation"
        indexes = [models.Index(fields=["account_id"], name="channels_conversation_account")]


class Direction(models.TextChoices):
    IN = "in", _("from the customer")
    OUT = "out", _("to the customer")


class MessageState(models.TextChoices):
    RECEIVED = "received", _("received")
    QUEUED = "queued", _("waiting to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    SHOWN = "shown", _("shown in the portal")
    KEPT = "kept", _("kept, no mail server is set up")
    FAILED = "failed", _("could not be sent")
    BOUNCED = "bounced", _("came back")
    TAKEN_BACK = "taken_back", _("taken back")


class Message(models.Model):
    """One public word between us and a customer. Partitioned by month of `at`; nothing points at it.

    What colleagues note for each other is no message and has no way to become one.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    conversation_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    channel = models.CharField(max_length=12)
    author_kind = models.CharField(max_length=12)
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=200)
    sender = models.CharField(max_length=320, blank=True, default="")
    recipients = models.JSONField(default=list)
    subject = models.CharField(max_length=500, blank=True, default="")
    text = models.TextField(blank=True, default="")
    quoted = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="")
    is_automatic = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=MessageState.choices)
    outcome = models.CharField(max_length=500, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    send_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=300, blank=True, default="")
    in_reply_to = models.CharField(max_length=300, blank=True, default="")
    raw_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "channels_message"
        managed = False

    @property
    def subject_type(self) -> str:
        return "message"


class RawMail(models.Model):
    """A mail as it came in, kept before anything tried to read it."""

    class State(models.TextChoices):
        NEW = "new", _("not read yet")
        READ = "read", _("read")
        UNREADABLE = "unreadable", _("could not be read")
        DUPLICATE = "duplicate", _("came twice")
        REFUSED = "refused", _("refused")

    mailbox = models.CharField(max_length=200)
    uid_validity = models.BigIntegerField(default=0)
    uid = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    content = models.BinaryField()
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = models.JSONField(default=list)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    reason = models.CharField(max_length=500, blank=True)
    reader_version = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "channels_raw_mail"
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uid_validity", "uid"], name="channels_raw_mail_once"),
            models.CheckConstraint(condition=Q(size__gte=0), name="channels_raw_mail_size"),
        ]
        indexes = [
            models.Index(fields=["sha256"], name="channels_raw_mail_hash"),
            models.Index(fields=["state", "-received_at", "-id"], name="channels_raw_mail_state"),
        ]
