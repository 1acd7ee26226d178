"""Doers and customers for the tests of this capability."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from types import MappingProxyType
from typing import Any

from tightrope.core.actor import SYSTEM, Actor, Kind, Scope
from tightrope.customers import actions
from tightrope.customers.models import Account, Contact
from tightrope.people.models import Region, Team, User

AT = datetime(2026, 11, 21, 7, 22, tzinfo=UTC)
_serial = count(1)


def user(name: str = "周敏") -> User:
    return User.objects.create(email=f"user{next(_serial)}@hengyuan.example", name=name, joined_at=AT)


def region(name: str = "") -> Region:
    return Region.objects.create(name=name or f"华东 {next(_serial)}")


def team() -> Team:
    number = next(_serial)
    return Team.objects.create(name=f"客服 {number}", code=f"desk-{number}")


def staff(
    scope: Scope = Scope.ALL, *, person: User | None = None, teams: tuple[int, ...] = (),
    regions: tuple[int, ...] = (), permissions: tuple[str, ...] = ("customer.view", "customer.edit", "customer.merge"),
) -> Actor:  # fmt: skip
    return Actor(
        kind=Kind.STAFF, id=person.pk if person else 10_000_000, name=person.name if person else "周敏",
        grants=MappingProxyType(dict.fromkeys(permissions, scope)), teams=frozenset(teams), regions=frozenset(regions),
    )  # fmt: skip


def account(name: str = "恒通数据", **facts: Any) -> Account:
    facts.setdefault("kind", Account.Kind.COMPANY)
    facts.setdefault("language", "zh-hans")
    return actions.open_account(name=name, by=SYSTEM, at=facts.pop("at", AT), **facts)


def contact(of: Account | None = None, name: str = "王磊", **facts: Any) -> Contact:
    facts.setdefault("language", "zh-hans")
    facts.setdefault("addresses", [])
    return actions.add_contact(of, name=name, by=SYSTEM, at=facts.pop("at", AT), **facts)
