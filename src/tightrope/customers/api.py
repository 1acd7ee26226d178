"""Customers for other programs: the same queries and acts as the pages."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import AfterValidator

from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.core.idempotency import once
from tightrope.core.paging import BadCursor, page_by_key
from tightrope.customers import access, actions, queries
from tightrope.customers.models import Account, Contact
from tightrope.people.lines import wording_of
from tightrope.people.models import Region, Team, User

router = Router(tags=["Customers"])

MAY_BE_NOBODY = frozenset({"region", "owner", "team"})


def _known_zone(name: str) -> str:
    """Whoever lives in a zone that there is not could be sent no letter and would be shown no page."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone") from error
    return name


Zone = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]


class AccountOut(Schema):
    id: str = Field(alias="public_id")
    number: str
    name: str
    kind: str
    language: str
    time_zone: str
    importance: int
    stage: str
    tags: list[str]
    answers: dict[str, Any]
    region: str | None
    owner: str | None
    version: int

    @staticmethod
    def resolve_region(row: Account) -> str | None:
        return row.region.name if row.region else None

    @staticmethod
    def resolve_owner(row: Account) -> str | None:
        return row.owner.email if row.owner else None


class AccountsOut(Schema):
    accounts: list[AccountOut]
    next: str | None


class AddressIn(Schema):
    kind: str = Field(pattern="^(mail|phone|wechat|other)$")
    value: str = Field(max_length=254)


class AccountIn(Schema):
    name: str = Field(min_length=1, max_length=200)
    kind: str = Field("company", pattern="^(company|person)$")
    language: str = Field("zh-hans", pattern="^(en|zh-hans|zh-hant)$")
    time_zone: Zone = "Asia/Shanghai"
    importance: int = Field(1, ge=1, le=3)
    region: str | None = Field(None, description="Name of the region.")
    owner: str | None = Field(None, description="Mail address of who looks after it.")
    team: str | None = Field(None, description="Code of the team.")
    tags: list[str] = []
    answers: dict[str, Any] = {}
    addresses: list[AddressIn] = Field([], description="Of a person. A company's belong to its contacts.")


class AccountChange(Schema):
    version: int
    name: str | None = Field(None, min_length=1, max_length=200)
    language: str | None = Field(None, pattern="^(en|zh-hans|zh-hant)$")
    time_zone: Zone | None = None
    importance: int | None = Field(None, ge=1, le=3)
    region: str | None = None
    owner: str | None = None
    team: str | None = None
    tags: list[str] | None = None
    answers: dict[str, Any] | None = None


class AddressOut(Schema):
    kind: str
    value: str
    is_primary: bool


class ContactOut(Schema):
    id: str = Field(alias="public_id")
    name: str
    position: str
    language: str
    sees_colleagues: bool
    is_active: bool
    addresses: list[AddressOut]

    @staticmethod
    def resolve_addresses(row: Contact) -> list[Any]:
        return list(row.addresses.all())


class ContactIn(Schema):
    name: str = Field(min_length=1, max_length=120)
    position: str = Field("", max_length=120)
    language: str = Field("zh-hans", pattern="^(en|zh-hans|zh-hant)$")
    sees_colleagues: bool = False
    addresses: list[AddressIn] = []


class EventOut(Schema):
    at: datetime
    kind: str
    text: str
    actor: str
    facts: dict[str, Any]


class LineOut(Schema):
    events: list[EventOut]
    older: str | None


def _by(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _account(request: HttpRequest, public_id: str) -> Account:
    try:
        return access.account_for(_by(request), public_id)
    except Account.DoesNotExist:
        raise Http404("account") from None


def _written(request: HttpRequest, act: Callable[[], str]) -> str:
    """Do a write once for each Idempotency-Key of its address and answer with the public id."""
    key = request.headers.get("Idempotency-Key")
    try:
        if not key:
            return act()
        whole = f"{request.method} {request.path} {key}"
        answer, _is_new = once(f"api:{_by(request).id}", whole, lambda: {"id": act()}, at=clock.now())
        return str(answer["id"])
    except actions.ChangedMeanwhile as meanwhile:
        raise HttpError(409, str(meanwhile)) from meanwhile
    except (actions.AddressTaken, actions.BadAddress, actions.CompanyHasNoAddress) as wrong:
        raise HttpError(422, str(wrong)) from wrong


def _named(facts: dict[str, Any]) -> dict[str, Any]:
    """Region, owner and team by the names other programs know them by."""
    look_ups: dict[str, tuple[Any, str]] = {
        "region": (Region, "name"),
        "owner": (User, "email"),
        "team": (Team, "code"),
    }
    for name, (model, field) in look_ups.items():
        if facts.get(name):
            row = model.objects.filter(**{field: facts[name]}).first()
            if row is None:
                raise HttpError(422, f"{name}: {facts[name]!r} is not known")
            facts[name] = row
    return facts


@router.get("customers", response=AccountsOut, url_name="customers-accounts", summary="Customers by name")
def accounts(request: HttpRequest, after: str | None = None, limit: int = 50, tag: str = "") -> Any:
    rows = queries.accounts_for(_by(request), tag=tag)
    try:
        page = page_by_key(rows, order=("sort_key", "pk"), after=after, size=max(1, min(limit, 200)))
    except BadCursor as mark:
        raise HttpError(400, f"after: {mark} is no page mark") from mark
    return {"accounts": page.rows, "next": page.next}


@router.post(
    "customers", response={201: AccountOut}, url_name="customers-accounts", summary="Open a customer"
)
def open_account(request: HttpRequest, wanted: AccountIn) -> Any:
    facts = _named(wanted.dict())
    facts["addresses"] = [(one["kind"], one["value"]) for one in facts["addresses"]]
    by, now = _by(request), clock.now()
    opened = _written(request, lambda: actions.open_account(**facts, by=by, at=now).public_id)
    return Status(201, _account(request, opened))


@router.get(
    "customers/{public_id}", response=AccountOut, url_name="customers-account", summary="One customer"
)
def account(request: HttpRequest, public_id: str) -> Any:
    return _account(request, public_id)


@router.patch(
    "customers/{public_id}", response=AccountOut, url_name="customers-account", summary="Change a customer"
)
def change_account(request: HttpRequest, public_id: str, wanted: AccountChange) -> Any:
    shown = _account(request, public_id)
    changes = _named(wanted.dict(exclude_unset=True))
    for name, value in changes.items():
        if value is None and name not in MAY_BE_NOBODY:
            raise HttpError(422, f"{name}: cannot be taken away")
    version = changes.pop("version")
    by, now = _by(request), clock.now()
    _written(
        request,
        lambda: actions.change_account(shown, changes=changes, version=version, by=by, at=now).public_id,
    )
    return _account(request, public_id)


@router.get(
    "customers/{public_id}/contacts",
    response=list[ContactOut],
    url_name="customers-contacts",
    summary="Contacts",
)
def contacts(request: HttpRequest, public_id: str) -> Any:
    return queries.contacts_of(queries.family_of(_account(request, public_id).pk))


@router.post(
    "customers/{public_id}/contacts",
    response={201: ContactOut},
    url_name="customers-contacts",
    summary="Add a contact",
)
def add_contact(request: HttpRequest, public_id: str, wanted: ContactIn) -> Any:
    shown = _account(request, public_id)
    facts = wanted.dict()
    facts["addresses"] = [(one["kind"], one["value"]) for one in facts["addresses"]]
    by, now = _by(request), clock.now()
    added = _written(request, lambda: actions.add_contact(shown, **facts, by=by, at=now).public_id)
    return Status(201, Contact.objects.get(public_id=added))


@router.get(
    "customers/{public_id}/line",
    response=LineOut,
    url_name="customers-line",
    summary="Everything that happened",
)
def line(request: HttpRequest, public_id: str, before: str | None = None, limit: int = 50) -> Any:
    family = queries.family_of(_account(request, public_id).pk)
    try:
        page = queries.line_of(family, by=_by(request), before=before, limit=max(1, min(limit, 200)))
    except (BadCursor, KeyError) as mark:
        raise HttpError(400, f"before: {mark} is no page mark") from mark
    events = [
        {"at": e.at, "kind": e.kind, "text": wording_of(e), "actor": e.actor_name, "facts": e.facts}
        for e in page.events
    ]
    return {"events": events, "older": page.older}
