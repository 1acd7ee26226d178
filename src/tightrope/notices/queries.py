"""Reading one's notices."""

from __future__ import annotations

import zoneinfo
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from tightrope.core.paging import Page, page_by_key
from tightrope.core.statements import Given, written
from tightrope.notices.models import Answer, Notice
from tightrope.people.models import User

COUNT_AT_MOST = 100
ANSWERS_AT_MOST = 200


def unread_count(user_id: int) -> int:
    """How many notices are unread, counted up to a hundred."""

    def unread() -> QuerySet[Any, Any]:
        rows = Notice.objects.filter(user_id=Given("user"), read_at__isnull=True)
        return rows.values_list("pk")[:COUNT_AT_MOST]

    return len(written("unread notices", unread).tuples(user=user_id))


def inbox(user_id: int, *, after: str | None = None, size: int = 50) -> Page[Notice]:
    """One page of a person's notices, newest first."""
    return page_by_key(Notice.objects.filter(user_id=user_id), order=("-at", "-pk"), after=after, size=size)


def answers_to(notices: Iterable[Notice]) -> dict[tuple[str, str], list[Answer]]:
    """What was answered to these alarms, the latest first, in one statement; by kind and address."""
    about = {(notice.kind, notice.url) for notice in notices if notice.is_alarm}
    if not about:
        return {}
    rows = Answer.objects.filter(
        kind__in={kind for kind, _url in about}, url__in={url for _kind, url in about}
    )
    found: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for answer in rows.select_related("user").order_by("-at", "-pk")[:ANSWERS_AT_MOST]:
        found[answer.kind, answer.url].append(answer)
    return found


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
