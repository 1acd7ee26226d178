"""What people attach: pictures, films, voice, documents."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tightrope.core.ids import public_id


class Attachment(models.Model):
    """One file somebody gave us. Its content lies under a random name outside of the web's reach."""

    class Kind(models.TextChoices):
        IMAGE = "image", _("Picture")
        VIDEO = "video", _("Video")
        AUDIO = "audio", _("Voice")
        DOCUMENT = "document", _("Document")
        OTHER = "other", _("File")

    class State(models.TextChoices):
        QUARANTINED = "quarantined", _("being checked")
        CLEAN = "clean", _("checked")
        REFUSED = "refused", _("refused")

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    content_type = models.CharField(
        max_length=100, help_text=_("Ours, from looking inside; never the sender's word.")
    )
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=80, unique=True)
    thumbnail_key = models.CharField(max_length=80, blank=True)
    shown_key = models.CharField(
        max_length=80, blank=True, help_text=_("The copy of a picture that is shown in the page.")
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.CLEAN)
    account_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    is_public = models.BooleanField(default=False, help_text=_("May the customer of the account read it?"))
    by_kind = models.CharField(max_length=12)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        db_table = "files_attachment"
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="files_attachment_not_empty")]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="files_attachment_subject"),
            models.Index(fields=["at"], condition=Q(subject_id__isnull=True), name="files_attachment_loose"),
            models.Index(fields=["at"], condition=Q(state="quarantined"), name="files_attachment_waiting"),
            models.Index(
                fields=["thumbnail_key"], condition=~Q(thumbnail_key=""), name="files_attachment_thumb"
            ),
            models.Index(fields=["shown_key"], condition=~Q(shown_key=""), name="files_attachment_shown"),
        ]

    def __str__(self) -> str:
        return self.name
