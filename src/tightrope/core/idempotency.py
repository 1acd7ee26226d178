"""Saying it twice is not an error: the second time gets the first answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from tightrope.core.models import IdempotencyKey
from tightrope.core.prepared import asked


def once(
    source: str, key: str, act: Callable[[], dict[str, Any]], *, at: datetime
) -> tuple[dict[str, Any], bool]:
    """Do `act` unless this (source, key) was answered before. Returns (answer, is_new).

    The key is taken in the same transaction as the act, so that a failed act leaves no key and two
    simultaneous senders wait for each other: one acts, the other reads the answer.
    """
    key = _fitting(key)
    with transaction.atomic():
        taken = asked(_TAKE, [source, key, at])
        if not taken:
            row = IdempotencyKey.objects.select_for_update().get(source=source, key=key)
            return row.answer, False
        answer = act()
        asked(_ANSWER, [json.dumps(answer), taken[0][0]])
        return answer, True


def _fitting(key: str) -> str:
    """A key as it is kept. Of a long one the beginning and a hash: two that begin alike are two."""
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{key[: LONGEST_KEY - len(digest) - 1]}:{digest}"


LONGEST_KEY = 128

_TAKE = """
INSERT INTO core_idempotency_key (source, key, answer, at) VALUES (%s, %s, '{}', %s)
ON CONFLICT (source, key) DO NOTHING RETURNING id
"""
"""Whoever comes second waits here until the first has committed or given up."""
_ANSWER = "UPDATE core_idempotency_key SET answer = %s::jsonb WHERE id = %s RETURNING id"
