"""Forms that a company makes itself: what is asked, version by version."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from tightrope.fields.questions import Question, read_questions, words


class _Asking(models.Model):
    names = models.JSONField()
    questions = models.JSONField(default=list)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """What the form is called in the reader's language."""
        return words(self.names, get_language() or "en")

    def asked(self) -> tuple[Question, ...]:
        """Its questions, checked."""
        return read_questions(self.questions)


class Definition(_Asking):
    """One version of one form. It is never changed: answers given to it stay readable as they were asked."""

    key = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        db_table = "fields_definition"
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="fields_definition_once"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(is_current=True), name="fields_definition_one_current"
            ),
            models.CheckConstraint(condition=Q(version__gt=0), name="fields_definition_version"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class Draft(_Asking):
    """What somebody is preparing as the next version of a form. Nobody is asked it yet."""

    key = models.SlugField(max_length=60, unique=True)
    based_on = models.PositiveIntegerField(default=0, help_text="The version it began as; 0 for a new form.")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        db_table = "fields_draft"

    def __str__(self) -> str:
        return self.key

    def plain(self) -> list[dict[str, Any]]:
        """Its questions as they are kept, to be changed."""
        return list(self.questions)
