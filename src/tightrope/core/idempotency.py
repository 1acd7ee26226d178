"""Saying it twice is not an error: the second time gets the first answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from tightrope.core.models import IdempotencyKey


def once(
    source: str, key: str, act: Callable[[], dict[str, Any]], *, at: datetime
) -> tuple[dict[str, Any], bool]:
    """Do `act` unless this (source, key) was answered before. Returns (answer, is_new).

    The key is taken in the same transaction as the act, so that a failed act leaves no key and two
    simultaneous senders wait for each other: one acts, the other reads the answer.
    """
    with transaction.atomic():
        row, is_new = IdempotencyKey.objects.select_for_update().get_or_create(
            source=source, key=key[:128], defaults={"at": at}
        )
        if not is_new:
            return row.answer, False
        row.answer = act()
        row.save(update_fields=["answer"])
        return row.answer, True
