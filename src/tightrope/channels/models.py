"""What was said, on whatever channel: conversations, messages, and mail as it came in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tightrope.core.ids import public_id


class Conversation(models.Model):
    """One exchange with one customer. Its public id, with a keyed mark, is in the address he answers to.

    None of its messages is earlier than `opened_at`, so that whoever reads them leaves the months before alone.
    """

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    account_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "channels_conversation"
        indexes = [models.Index(fields=["account_id"], name="channels_conversation_account")]


class Direction(models.TextChoices):
    IN = "in", pgettext_lazy("direction", "from the customer")
    OUT = "out", pgettext_lazy("direction", "to the customer")


class MessageState(models.TextChoices):
    RECEIVED = "received", _("received")
    HELD = "held", _("can still be taken back")
    QUEUED = "queued", _("waiting to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    SHOWN = "shown", _("shown in the portal")
    KEPT = "kept", _("kept, no mail server is set up")
    WITHHELD = "withheld", _("held back")
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
    """Cleaned, and still shown only inside a sandboxed frame."""
    is_automatic = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=MessageState.choices)
    outcome = models.CharField(max_length=500, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    send_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=300, blank=True, default="")
    in_reply_to = models.CharField(max_length=300, blank=True, default="")
    raw_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    """What else is known: `files` (name, cid, attachment or why it was left out), `cuts`, `marks` of a machine,
    `ground` of its place, `related_to`, `uncertain`: attempts after which nobody can say whether it left,
    `waits_since`: when it was found too early for the first time, and `language` of the reader of a letter."""

    class Meta:
        db_table = "channels_message"
        managed = False

    @property
    def subject_type(self) -> str:
        return "message"

    @property
    def frame_url(self) -> str:
        """Where the HTML of the message is shown, for a sandboxed frame; empty when it has none."""
        told: bool | None = self.__dict__.get("has_html")
        if not (bool(self.html) if told is None else told):
            return ""
        return reverse("channels:frame", args=[self.pk])

    @property
    def signed_by(self) -> str:
        """Under whose name it stands: what the program writes, it writes in the company's."""
        is_ours = self.is_automatic and self.direction == Direction.OUT
        return str(settings.COMPANY_NAME) if is_ours else self.author_name

    @property
    def is_waiting(self) -> bool:
        return self.state in {MessageState.QUEUED, MessageState.SENDING}

    @property
    def is_held(self) -> bool:
        """Whether it can still be taken back."""
        return self.state == MessageState.HELD

    @property
    def is_ours_alone(self) -> bool:
        """Whether no customer may read it: it can still be taken back, or was."""
        return self.state in {MessageState.HELD, MessageState.TAKEN_BACK}

    @property
    def is_personal(self) -> bool:
        """A letter to one person outside of any conversation: sign-in codes, resets. Not for others' eyes."""
        return self.direction == Direction.OUT and self.conversation_id is None

    @property
    def left_out(self) -> list[dict[str, Any]]:
        """What was enclosed and could not be kept, each with the reason; the raw mail still has it."""
        return [one for one in self.facts.get("files", ()) if one.get("left_out")]


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
    storage_key = models.CharField(max_length=80, blank=True, default="", db_default="")
    """Where its bytes lie in the storage of files; empty for an empty mail and for one that was forgotten."""
    content = models.BinaryField(default=b"")
    """Where the bytes of older mails lie until a job has moved them to the storage."""
    is_truncated = models.BooleanField(default=False)
    """It was too big: only its beginning was fetched, `size` says how big it is."""
    envelope_from = models.CharField(max_length=320, blank=True)
    """As the transport said; "<>" when it came from nobody, as only machines send; empty when not told."""
    envelope_to = models.JSONField(default=list)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    reason = models.CharField(max_length=500, blank=True)
    reader_version = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=300, blank=True, default="")
    body_sha256 = models.CharField(max_length=64, blank=True, default="")
    is_vouched = models.BooleanField(default=False)
    """A member of staff said that a person wrote it, whatever its marks say."""
    forgotten_at = models.DateTimeField(null=True)
    """Since then only its hash is kept."""

    class Meta:
        db_table = "channels_raw_mail"
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uid_validity", "uid"], name="channels_raw_mail_once"),
            models.CheckConstraint(condition=Q(size__gte=0), name="channels_raw_mail_size"),
        ]
        indexes = [
            models.Index(fields=["sha256"], name="channels_raw_mail_hash"),
            models.Index(fields=["state", "-received_at", "-id"], name="channels_raw_mail_state"),
            models.Index(fields=["-received_at", "-id"], name="channels_raw_mail_newest"),
            models.Index(
                fields=["message_id"], condition=~Q(message_id=""), name="channels_raw_mail_message_id"
            ),
            models.Index(
                fields=["received_at"], condition=Q(forgotten_at=None), name="channels_raw_mail_kept"
            ),
            models.Index(
                fields=["storage_key"], condition=~Q(storage_key=""), name="channels_raw_mail_content"
            ),
            models.Index(
                fields=["id"],
                condition=Q(storage_key="", forgotten_at=None, size__gt=0),
                name="channels_raw_mail_unmoved",
            ),
        ]

    @property
    def may_be_read_again(self) -> bool:
        return self.forgotten_at is None and self.state in {self.State.UNREADABLE, self.State.REFUSED}
