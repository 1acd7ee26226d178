"""What happened, written once, and what staff noted beside it. Only this package imports these models."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One event. Never changed and never deleted: the database refuses both.

    The table is partitioned by month of `at` and each subject's entries form a chain: a trigger numbers
    them and hashes each together with the one before (migration 0002), so that a missing or altered entry shows.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(help_text="When it happened.")
    recorded_at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=80)
    is_public = models.BooleanField(default=False)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    account_id = models.BigIntegerField(null=True)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    seq = models.BigIntegerField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "timeline_event"
        managed = False


class Stream(models.Model):
    """The head of one subject's chain: how many entries it has and the hash of the last."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "timeline_stream"
        managed = False


class Note(models.Model):
    """What a member of staff wrote for colleagues. A table of its own: no channel, export or hook reads it."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    account_id = models.BigIntegerField(null=True)
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=200)
    body = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "timeline_note"
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="timeline_note_subject"),
            models.Index(fields=["account_id", "at"], name="timeline_note_account"),
        ]
