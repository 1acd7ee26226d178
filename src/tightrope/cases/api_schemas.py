"""What other programs send to the desk and get from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Schema
from pydantic import AwareDatetime

from tightrope.promises.models import Source


class CaseOut(Schema):
    id: str
    number: str
    title: str
    type: str
    status: str
    light: str
    priority: int
    impact: int
    urgency: int
    tier: int
    channel: str
    language: str
    category: str | None
    tags: list[str]
    account: str | None = Field(description="Public id of the customer.")
    contact: str | None = Field(description="Public id of the contact.")
    owner: str | None = Field(description="Mail address of who answers for it.")
    team: str | None = Field(description="Code of the team.")
    told_at: datetime
    received_at: datetime
    next_due_at: datetime | None
    waiting_for: str
    solved_at: datetime | None
    closed_at: datetime | None
    version: int


class CasesOut(Schema):
    cases: list[CaseOut]
    next: str | None


class MessageOut(Schema):
    id: int
    at: datetime
    direction: str
    channel: str
    author: str
    text: str
    state: str
    is_automatic: bool


class ContactIn(Schema):
    name: str = Field("", max_length=120)
    mail: str = Field("", max_length=254)
    phone: str = Field("", max_length=40)


class CaseIn(Schema):
    title: str = Field(min_length=1, max_length=200)
    text: str = Field("", max_length=100_000)
    type: str | None = Field(None, pattern="^(request|fault|question|complaint)$")
    category: str | None = Field(None, description="Code of the category.")
    account: str | None = Field(None, description="Public id of the customer.")
    contact_id: str | None = Field(None, description="Public id of the contact.")
    contact: ContactIn | None = Field(None, description="Instead of contact_id: known by address, or new.")
    impact: int | None = Field(None, ge=1, le=3)
    urgency: int | None = Field(None, ge=1, le=3)
    told_at: AwareDatetime | None = Field(
        None, description="When the customer spoke; the clocks start there."
    )
    language: str | None = Field(None, pattern="^(en|zh-hans|zh-hant)$")
    answers: dict[str, Any] = {}
    tags: list[str] = []
    is_answerable: bool = Field(True, description="Whether the customer gets an acknowledgement.")


class TextIn(Schema):
    text: str = Field(min_length=1, max_length=20_000)


class AcceptIn(Schema):
    owner: str = Field(description="Mail address of who answers for it from now on.")


class AssignIn(Schema):
    owner: str | None = Field(None, description="Mail address.")
    team: str | None = Field(None, description="Code of the team.")
    version: int


class WaitIn(Schema):
    waiting_for: str = Field(min_length=1, max_length=300)
    source: Source = Source.SELF


class SolveIn(Schema):
    solution: str = Field(pattern="^(answer|phone|remote|visit)$")
    despite_children: str = Field("", max_length=300, description="Why it ends before open cases below it.")


class SplitIn(Schema):
    title: str = Field(min_length=1, max_length=200)
    messages: list[int] = Field(min_length=1, max_length=200, description="Ids of words of the customer.")
    category: str | None = Field(None, description="Code of the category; as in the first case when absent.")


class ParentIn(Schema):
    parent: str = Field(description="Public id of the case above.")


class ReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=500)


class Asked(Schema):
    view: str = "open"
    type: str = ""
    tag: str = ""
    after: str | None = None
    limit: int = Field(50, ge=1, le=200)
