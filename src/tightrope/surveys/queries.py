"""What customers said, for one case and in figures."""

from __future__ import annotations

from tightrope.cases.models import Case
from tightrope.core.actor import Actor
from tightrope.surveys.models import Survey


def rating_of(case: Case, *, by: Actor) -> Survey | None:
    """What this customer answered about the case, if he did."""
    return Survey.objects.filter(
        case=case, contact_id=by.contact, kind=Survey.Kind.CSAT, score__isnull=False
    ).first()
