"""Search for other programs, within the rights of their key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError

from tightrope import search
from tightrope.core.paging import BadCursor

router = Router(tags=["Search"])


class FoundOut(Schema):
    kind: str
    title: str
    url: str
    hint: str
    light: str
    at: datetime


class HitsOut(Schema):
    hits: list[FoundOut]
    next: str | None
    is_near: bool


@router.get("search", response=HitsOut, url_name="search", summary="Find by code, word or piece of text")
def find(
    request: HttpRequest, q: str, kind: str | None = None, limit: int = 20, after: str | None = None
) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    try:
        hits = search.find(
            q, by=actor, kinds=[kind] if kind else None, limit=max(1, min(limit, 500)), after=after
        )
    except search.UnknownKind as unknown:
        raise HttpError(422, f"kind: {unknown} cannot be searched") from unknown
    except BadCursor as mark:
        raise HttpError(400, f"after: {mark} is no page mark") from mark
    rows = [
        {
            "kind": row.kind,
            "title": row.hit.title,
            "url": row.hit.url,
            "hint": row.hit.hint,
            "light": row.hit.light,
            "at": row.at,
        }
        for row in hits.rows
    ]
    return {"hits": rows, "next": hits.next, "is_near": hits.is_near}
