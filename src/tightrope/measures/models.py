"""Figures taken at an instant, kept so that every start page reads one row however many cases there are."""

from __future__ import annotations

from django.db import models


class Snapshot(models.Model):
    """The figures of one scope (the company, or one team) over one period, as they were at an instant."""

    scope = models.CharField(max_length=40)
    period_days = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField()
    figures = models.JSONField()

    class Meta:
        db_table = "measures_snapshot"
        constraints = [
            models.UniqueConstraint(fields=["scope", "period_days"], name="measures_snapshot_once")
        ]


class Week(models.Model):
    """The figures of one scope in one finished or running week: the points of the trend lines."""

    scope = models.CharField(max_length=40)
    begins_on = models.DateField()
    figures = models.JSONField()

    class Meta:
        db_table = "measures_week"
        constraints = [models.UniqueConstraint(fields=["scope", "begins_on"], name="measures_week_once")]


class MonthCount(models.Model):
    """How many cases told in a month stand in a status, by team."""

    month = models.DateField()
    status = models.CharField(max_length=12)
    team_id = models.BigIntegerField(null=True)
    count = models.PositiveIntegerField()

    class Meta:
        db_table = "measures_month_count"
        indexes = [models.Index(fields=["month"], name="measures_month_count_month")]
