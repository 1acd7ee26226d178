"""Reading one's notices."""

from __future__ import annotations

import zoneinfo
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from tightrope.core.paging import Page, page_by_key
from tightrope.core.statements import Given, written
from tightrope.notices.models import Notice
from tightrope.people.models import User

COUNT_AT_MOST = 100


def unread_count(user_id: int) -> int:
    """How many notices are unread, counted up to a hundred."""

    def unread() -> QuerySet[Any, Any]:
        rows = Notice.objects.filter(user_id=Given("user"), read_at__isnull=True)
        return rows.values_list("pk")[:COUNT_AT_MOST]

    return len(written("unread notices", unread).tuples(user=user_id))


def inbox(user_id: int, *, after: str | None = None, size: int = 50) -> Page[Notice]:
    """One page of a person's notices, newest first."""
    return page_by_key(Notice.objects.filter(user_id=user_id), order=("-at", "-pk"), after=after, size=size)


def due_for_digest(*, at: datetime, morning_hour: int = 8) -> list[User]:
    """Whose morning it is (8 o'clock in his zone) and who has something unread that was not mailed."""
    waiting = User.objects.filter(
        is_active=True,
        notices__mailed_at__isnull=True,
        notices__read_at__isnull=True,
        notices__at__gt=at - timedelta(days=7),
    ).distinct()
    return [user for user in waiting if _hour(user, at) == morning_hour]


def _hour(user: User, at: datetime) -> int:
    return at.astimezone(zoneinfo.ZoneInfo(user.time_zone)).hour
