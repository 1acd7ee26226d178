"""What search reads. Rows here are made from other rows and can be made again at any time."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Document(models.Model):
    """One thing that can be found: its words, its text, and whom it concerns."""

    class Audience(models.TextChoices):
        STAFF = "staff"
        PUBLIC = "public"

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    account_id = models.BigIntegerField(null=True)
    contact_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=300)
    text = models.TextField(help_text="Title, codes and body as they are compared (see words.normalised).")
    tsv = SearchVectorField()
    at = models.DateTimeField()
    audience = models.CharField(max_length=8, choices=Audience.choices)

    class Meta:
        db_table = "search_document"
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_document_once"),
            models.CheckConstraint(
                condition=models.Q(audience__in=["staff", "public"]), name="search_document_audience"
            ),
        ]
        indexes = [
            # Every search reads what still waits to be sorted into these, so that the lists are kept short.
            GinIndex(fields=["tsv"], name="search_document_tsv", gin_pending_list_limit=512),
            GinIndex(
                fields=["text"],
                opclasses=["gin_trgm_ops"],
                name="search_document_trgm",
                gin_pending_list_limit=1024,
            ),
            models.Index(fields=["-at", "-id"], name="search_document_newest"),
            models.Index(fields=["kind", "-at", "-id"], name="search_document_kind"),
            models.Index(fields=["account_id", "-at", "-id"], name="search_document_account"),
        ]

    def __str__(self) -> str:
        return self.title
