"""The ways to a case: the link that opens it without signing in, and the views of the list that are kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tightrope.cases.models.case import Case
from tightrope.core.actor import Actor, holder_of_link
from tightrope.core.ids import public_id


class PrivateLink(models.Model):
    """A link that opens one case without signing in. Random, and dead once revoked."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    contact = models.ForeignKey("customers.Contact", null=True, on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=22, unique=True, default=public_id)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_private_link"

    def actor(self) -> Actor:
        """Whoever holds the link, as a doer: the contact of this one case."""
        return holder_of_link(
            self.pk,
            contact=self.contact,
            case_id=self.case_id,
            account_id=self.case.account_id,
            language=self.case.language,
        )


class SavedView(models.Model):
    """A view of the queue with its filters, kept under a name: for oneself, or shared with everybody."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=500)
    is_shared = models.BooleanField(default=False)

    class Meta:
        db_table = "cases_saved_view"
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="cases_saved_view_once")]
        indexes = [models.Index(fields=["name"], condition=Q(is_shared=True), name="cases_saved_view_shared")]

    def __str__(self) -> str:
        return self.name
