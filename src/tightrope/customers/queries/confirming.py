"""What to ask a person about himself while he is on the line: what is old, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from tightrope.customers.models import Address, Contact
from tightrope.customers.queries.accounts import STALE_AFTER

NEEDED = (Address.Kind.PHONE, Address.Kind.MAIL)


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing to ask: what is on file and was not confirmed for long, or (with no value) is not on file."""

    key: str
    label: Any
    value: str = ""
    kind: str = ""


def addresses_of(contact: Contact) -> list[Address]:
    """How a person can be reached, by kind, the first to use before others. Asked once for this object, however
    many parts of a page want to know."""
    know_addresses_of([contact])
    return list(contact.addresses.all())


def know_addresses_of(contacts: list[Contact]) -> None:
    """The same of several people at once, in one statement; whose addresses are known already is not asked again."""
    ordered = Address.objects.order_by("kind", "-is_primary", "pk")
    prefetch_related_objects(contacts, Prefetch("addresses", queryset=ordered))


def to_confirm(contact: Contact, *, at: datetime) -> list[Detail]:
    """What of a person is older than a file may be, the person himself first, then what nobody knows of him.

    A detail is as old as its last confirmation or proof; one from before these were kept, as its contact.
    """
    if not contact.is_active:
        return []
    before = at - STALE_AFTER
    found, kinds = [], set()
    if (contact.confirmed_at or contact.added_at) < before:
        who = " · ".join(one for one in (contact.name, contact.position) if one)
        found.append(Detail("person", _("Name and position"), who))
    for address in addresses_of(contact):
        kinds.add(address.kind)
        said = [instant for instant in (address.confirmed_at, address.verified_at) if instant]
        if max(said, default=contact.added_at) < before:
            label = address.get_kind_display()
            found.append(Detail(f"address:{address.pk}", label, address.value, address.kind))
    return found + [Detail("", kind.label) for kind in NEEDED if kind not in kinds]
