"""The signs of life of what listens for mail; the mail pages and the operator's page read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import OperationalError, connection

from tightrope.core.models import Heartbeat


def beat(part: str, *, at: datetime, facts: dict[str, Any]) -> None:
    """All is well with this part, and this is how far it is."""
    _write(part, at, facts)


def trouble(part: str, what: str, *, at: datetime) -> None:
    """This part lives and cannot do its work; what it knew before stays known."""
    _write(part, at, {**facts_of(part), "trouble": what[:300], "trouble_at": at.isoformat()})


def facts_of(part: str) -> dict[str, Any]:
    """What the part noted last; nothing when it never spoke, or when the database is away."""
    try:
        found = Heartbeat.objects.filter(part=part).values_list("facts", flat=True).first()
    except OperationalError:
        connection.close()
        return {}
    return dict(found or {})


def _write(part: str, at: datetime, facts: dict[str, Any]) -> None:
    """A heartbeat that cannot be written is missing, which says enough; the listening itself goes on."""
    try:
        Heartbeat.objects.update_or_create(part=part, defaults={"at": at, "facts": facts})
    except OperationalError:
        connection.close()
