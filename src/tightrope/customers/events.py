"""What can have happened to customers. All of it is for staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tightrope.timeline.events import Event

Changes = dict[str, list[Any]]
"""Field name -> [before, after], in plain values."""


@dataclass(frozen=True)
class AccountOpened(Event):
    kind: ClassVar[str] = "account.opened"
    name: str
    number: str


@dataclass(frozen=True)
class AccountChanged(Event):
    kind: ClassVar[str] = "account.changed"
    changes: Changes


@dataclass(frozen=True)
class AccountConfirmed(Event):
    kind: ClassVar[str] = "account.confirmed"


@dataclass(frozen=True)
class StageMoved(Event):
    kind: ClassVar[str] = "account.stage_moved"
    before: str
    after: str
    because: str


@dataclass(frozen=True)
class ExternalIdNoted(Event):
    kind: ClassVar[str] = "account.external_id_noted"
    system: str
    value: str


@dataclass(frozen=True)
class AccountsMerged(Event):
    kind: ClassVar[str] = "account.merged"
    keep_name: str
    keep_number: str
    gone_name: str
    gone_number: str
    reason: str


@dataclass(frozen=True)
class AccountsUnmerged(Event):
    kind: ClassVar[str] = "account.unmerged"
    keep_name: str
    keep_number: str
    gone_name: str
    gone_number: str


@dataclass(frozen=True)
class AccountsKeptApart(Event):
    """Somebody looked: this account and another one are alike and are two customers."""

    kind: ClassVar[str] = "account.kept_apart"
    other_name: str
    other_number: str


@dataclass(frozen=True)
class ContactAdded(Event):
    kind: ClassVar[str] = "contact.added"
    name: str


@dataclass(frozen=True)
class ContactChanged(Event):
    kind: ClassVar[str] = "contact.changed"
    name: str
    changes: Changes


@dataclass(frozen=True)
class ContactJoined(Event):
    kind: ClassVar[str] = "contact.joined"
    name: str
    account_name: str


@dataclass(frozen=True)
class ContactRetired(Event):
    kind: ClassVar[str] = "contact.retired"
    name: str


@dataclass(frozen=True)
class AddressAdded(Event):
    kind: ClassVar[str] = "contact.address_added"
    name: str
    address_kind: str
    value: str


@dataclass(frozen=True)
class AddressRemoved(Event):
    kind: ClassVar[str] = "contact.address_removed"
    name: str
    address_kind: str
    value: str


@dataclass(frozen=True)
class AddressConfirmed(Event):
    """He said that it still leads to him."""

    kind: ClassVar[str] = "contact.address_confirmed"
    name: str
    address_kind: str
    value: str


@dataclass(frozen=True)
class PersonConfirmed(Event):
    """He said that name and position are right."""

    kind: ClassVar[str] = "contact.confirmed"
    name: str


@dataclass(frozen=True)
class AddressVerified(Event):
    kind: ClassVar[str] = "contact.address_verified"
    name: str
    address_kind: str
    value: str


@dataclass(frozen=True)
class AddressPreferred(Event):
    """Of several addresses of a kind, this one is used first from now on."""

    kind: ClassVar[str] = "contact.address_preferred"
    name: str
    address_kind: str
    value: str


@dataclass(frozen=True)
class SiteAdded(Event):
    kind: ClassVar[str] = "account.site_added"
    name: str
    address: str


@dataclass(frozen=True)
class SiteChanged(Event):
    kind: ClassVar[str] = "account.site_changed"
    name: str
    changes: Changes
