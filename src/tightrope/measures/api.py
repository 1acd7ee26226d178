"""The record for other programs: begin an export, then read it stretch by stretch."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from tightrope.core import clock
from tightrope.core.paging import BadCursor
from tightrope.measures import actions, record
from tightrope.ui.onward import doer

router = Router(tags=["Record"])


class ExportIn(Schema):
    since: date | None = None
    until: date | None = Field(None, description="The last day that is in it.")
    case: str = Field("", max_length=40, description="Number of a case.")
    customer: str = Field("", max_length=40, description="Number of a customer.")
    person: str = Field("", max_length=254, description="Mail address of a colleague whose acts are meant.")


class ExportOut(Schema):
    part: dict[str, Any]
    has_whole_chains: bool
    next: str


class StretchOut(Schema):
    events: list[dict[str, Any]]
    next: str | None


@router.post(
    "record/exports",
    response={201: ExportOut},
    url_name="measures-record_exports",
    summary="Begin an export of the record, or of a part of it",
)
def begin(request: HttpRequest, wanted: ExportIn) -> Status[dict[str, Any]]:
    at = clock.now()
    try:
        part = actions.export_record(record.Wanted(**wanted.dict()), by=doer(request), at=at)
    except record.NothingOfThatName as error:
        raise HttpError(422, str(error)) from error
    return Status(
        201,
        {
            "part": part.told(),
            "has_whole_chains": part.has_whole_chains,
            "next": record.mark_of(part, taken_at=at),
        },
    )


@router.get(
    "record", response=StretchOut, url_name="measures-record", summary="The next stretch of an export"
)
def stretch(request: HttpRequest, after: str) -> dict[str, Any]:
    try:
        found, onward = record.page_at(after)
    except BadCursor as error:
        raise HttpError(400, "This mark is not one of ours, or it is older than a day.") from error
    return {"events": found.lines, "next": onward}
