"""What the mail pages list: letters out by state, raw mails in by state, what waits for a person."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import QuerySet

from tightrope.channels.access import require
from tightrope.channels.models import Message, MessageState, RawMail
from tightrope.core.actor import Actor
from tightrope.core.paging import Page, page_by_key

OUT_VIEWS: dict[str, tuple[MessageState, ...]] = {
    "waiting": (MessageState.HELD, MessageState.QUEUED, MessageState.SENDING),
    "trouble": (MessageState.FAILED, MessageState.BOUNCED, MessageState.WITHHELD),
    "kept": (MessageState.KEPT,),
    "sent": (MessageState.SENT,),
}
IN_VIEWS: dict[str, tuple[RawMail.State, ...]] = {
    "quarantine": (RawMail.State.UNREADABLE,),
    "new": (RawMail.State.NEW,),
    "refused": (RawMail.State.REFUSED, RawMail.State.DUPLICATE),
    "all": (),
}
COUNT_AT_MOST = 100


def letters(view: str, *, by: Actor, after: str | None = None, size: int = 50) -> Page[Message]:
    """Mail out in one of the OUT_VIEWS, newest first. Raises Denied."""
    require(by)
    rows = _letters(view).defer("text", "quoted", "html", "facts")
    return page_by_key(rows, order=("-at", "-id"), after=after, size=size)


def _letters(view: str) -> QuerySet[Message]:
    return Message.objects.filter(direction="out", channel="mail", state__in=OUT_VIEWS[view])


def raw_mails(view: str, *, by: Actor, after: str | None = None, size: int = 50) -> Page[RawMail]:
    """Mail in as it came, in one of the IN_VIEWS, newest first. Raises Denied."""
    require(by)
    return page_by_key(
        _raw_mails(view).defer("content"), order=("-received_at", "-id"), after=after, size=size
    )


def _raw_mails(view: str) -> QuerySet[RawMail]:
    states = IN_VIEWS[view]
    return RawMail.objects.filter(state__in=states) if states else RawMail.objects.all()


def machines(*, by: Actor, after: str | None = None, size: int = 50) -> Page[Message]:
    """What machines wrote and belongs to no conversation, newest first: nobody was told of it. Raises Denied."""
    require(by)
    rows = _machines().defer("text", "quoted", "html")
    return page_by_key(rows, order=("-at", "-id"), after=after, size=size)


def _machines() -> QuerySet[Message]:
    return Message.objects.filter(direction="in", conversation_id=None, is_automatic=True)


def counts(*, by: Actor) -> dict[str, int]:
    """How many there are in each view that a person looks after, counted up to 100, in one query. Raises Denied."""
    require(by)
    rows: dict[str, QuerySet[Message] | QuerySet[RawMail]] = {
        "waiting": _letters("waiting"),
        "trouble": _letters("trouble"),
        "kept": _letters("kept"),
        "quarantine": _raw_mails("quarantine"),
        "new": _raw_mails("new"),
        "machines": _machines(),
    }
    parts: list[str] = []
    parameters: list[Any] = []
    for found in rows.values():
        sql, values = found.order_by().values("pk")[:COUNT_AT_MOST].query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608 - our own ORM wrote it
        parameters.extend(values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        return dict(zip(rows, cursor.fetchone(), strict=True))
