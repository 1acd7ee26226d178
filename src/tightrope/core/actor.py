"""Whoever does something. Every act is told by whom: nothing is ever done by nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any


class Scope(IntEnum):
    """How far a permission reaches. A wider one includes the narrower."""

    OWN = 1
    TEAM = 2
    REGION = 3
    ALL = 4


class Kind(StrEnum):
    """What sort of doer it is."""

    STAFF = "staff"
    CONTACT = "contact"
    LINK = "link"
    KEY = "key"
    RULE = "rule"
    PARTNER = "partner"
    SYSTEM = "system"
    NOBODY = "nobody"


NOTHING: Mapping[str, Scope] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Actor:
    """A doer with what it may do.

    `id` is the user of a member of staff, the contact of a customer, the API key, the rule. `accounts`
    are the accounts a customer's contact belongs to; `sees_colleagues` those of them whose other
    contacts' cases he may see. A private link carries the one case it opens and acts as its contact.
    """

    kind: Kind
    id: int | None
    name: str
    grants: Mapping[str, Scope] = field(default_factory=lambda: NOTHING)
    teams: frozenset[int] = frozenset()
    regions: frozenset[int] = frozenset()
    accounts: frozenset[int] = frozenset()
    sees_colleagues: frozenset[int] = frozenset()
    contact: int | None = None
    case: int | None = None
    language: str = "en"
    time_zone: str = "Asia/Shanghai"

    @property
    def is_staff(self) -> bool:
        return self.kind in {Kind.STAFF, Kind.KEY, Kind.PARTNER}

    @property
    def is_customer(self) -> bool:
        return self.kind in {Kind.CONTACT, Kind.LINK}

    @property
    def is_system(self) -> bool:
        return self.kind in {Kind.SYSTEM, Kind.RULE}

    @property
    def user_id(self) -> int | None:
        """The user behind a member of staff, to note as owner or author."""
        return self.id if self.kind is Kind.STAFF else None

    def scope(self, permission: str) -> Scope | None:
        """How far this doer may use the permission; None when not at all. The system may everything."""
        return Scope.ALL if self.is_system else self.grants.get(permission)

    def may(self, permission: str) -> bool:
        """Whether the doer holds the permission at all, however narrow."""
        return self.scope(permission) is not None


SYSTEM = Actor(kind=Kind.SYSTEM, id=None, name="Tightrope")
NOBODY = Actor(kind=Kind.NOBODY, id=None, name="")


def holder_of_link(
    link_id: int, *, contact: Any, case_id: int | None, account_id: int | None, language: str
) -> Actor:
    """Whoever holds a link to one case, as a doer: its contact. `language` counts where nobody is known yet."""
    return Actor(
        kind=Kind.LINK,
        id=link_id,
        name=contact.name if contact else "",
        contact=contact.pk if contact else None,
        case=case_id,
        accounts=frozenset({account_id} if account_id is not None else ()),
        language=contact.language if contact else language,
        time_zone=(contact.time_zone if contact else "") or "Asia/Shanghai",
    )
