"""What members of the staff are told."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """One thing one person should know, in his own language, with the address where it can be looked at."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    times = models.PositiveIntegerField(
        default=1, help_text=_("How often it was said since it was last read.")
    )
    is_urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_notice"
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="notices_notice_inbox"),
            models.Index(
                fields=["user", "kind", "url"],
                condition=models.Q(read_at__isnull=True),
                name="notices_notice_unread",
            ),
            models.Index(
                fields=["at"], condition=models.Q(mailed_at__isnull=True), name="notices_notice_unmailed"
            ),
            models.Index(fields=["kind", "url"], name="notices_notice_about"),
        ]

    @property
    def is_alarm(self) -> bool:
        """Whether it is about one thing that somebody should take care of, so that it can be answered."""
        return "subject" in self.facts


class Preference(models.Model):
    """How one person wants to be told of one kind of thing."""

    class Way(models.TextChoices):
        MAIL = "mail", _("at once by mail")
        DIGEST = "digest", _("in the morning's digest")
        INBOX = "inbox", _("here only")
        OFF = "off", _("not at all")

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=60)
    way = models.CharField(max_length=8, choices=Way.choices)

    class Meta:
        db_table = "notices_preference"
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notices_preference_once")]


class Quiet(models.Model):
    """The hours in which one person is not to be disturbed by mail; an urgent notice still comes through."""

    user = models.OneToOneField("people.User", on_delete=models.CASCADE, related_name="quiet_hours")
    from_time = models.TimeField()
    until_time = models.TimeField()

    class Meta:
        db_table = "notices_quiet"


class Answer(models.Model):
    """What somebody who was alarmed said to it, for the others who were: "seen, I take care of it"."""

    kind = models.CharField(max_length=60)
    url = models.CharField(max_length=300)
    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="notice_answers")
    word = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "notices_answer"
        indexes = [models.Index(fields=["kind", "url", "-at", "-id"], name="notices_answer_to")]
