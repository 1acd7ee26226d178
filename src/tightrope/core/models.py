"""What the machinery itself remembers. No business words here."""

from __future__ import annotations

from django.db import models


class IdempotencyKey(models.Model):
    """One write from outside that was answered. Asking again with the same key gets the same answer."""

    source = models.CharField(max_length=64)
    key = models.CharField(max_length=128)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        db_table = "core_idempotency_key"
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="core_idempotency_key_once")]
        indexes = [models.Index(fields=["at"], name="core_idempotency_key_at")]


class Counter(models.Model):
    """How often something happened within one span of time, counted in one atomic statement."""

    name = models.CharField(max_length=200, primary_key=True)
    span_ends_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "core_counter"


class Heartbeat(models.Model):
    """The last sign of life of one part of the program (worker, mail fetcher, schedule)."""

    part = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "core_heartbeat"
