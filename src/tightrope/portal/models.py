"""The portal keeps nothing of the business; only the links it mails so that somebody can prove who he is."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q


class Proof(models.Model):
    """One mailed link that proves its reader reads this mailbox. It works once and not for long.

    Only the hash of its secret is kept. With a contact it signs him in, or adds the mailbox to his addresses;
    with a case it says whose words that case began with.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    address = models.CharField(max_length=254)
    contact = models.ForeignKey(
        "customers.Contact", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.CASCADE, related_name="+")
    adds_address = models.BooleanField(default=False, db_default=False)
    """Of a contact who asked for it while signed in; such a link signs nobody in."""
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "portal_proof"
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, case__isnull=True)
                | Q(contact__isnull=True, case__isnull=False),
                name="portal_proof_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(adds_address=False) | Q(contact__isnull=False),
                name="portal_proof_address_of_contact",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("made_at")), name="portal_proof_span"),
        ]
        indexes = [models.Index(fields=["expires_at"], name="portal_proof_expires")]

    def is_good(self, at: datetime) -> bool:
        """Whether it still opens anything."""
        return self.used_at is None and at < self.expires_at
