"""Whom the person at the desk means: by name, number or address; or somebody nobody knew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tightrope import search
from tightrope.core.actor import SYSTEM, Actor
from tightrope.customers import actions as customers
from tightrope.customers import queries
from tightrope.customers.access import Can as CustomersCan
from tightrope.customers.addresses import shown as address_shown
from tightrope.customers.models import Account, Contact

CANDIDATES_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody it may be: `value` is what the form sends."""

    value: str
    name: str
    about: str


def candidates(typed: str, *, chosen: str, by: Actor) -> list[Candidate]:
    """People and customers who fit what was typed, as far as the doer may see them; the chosen one first."""
    found: dict[str, Candidate] = {}
    account, contact = meant(chosen, by=by)
    if contact is not None:
        _add(found, _of_contact(contact))
    elif account is not None:
        for one in _of_account(account):
            _add(found, one)
    if typed.strip():
        hits = search.find(typed, by=by, kinds={"account", "contact"}, limit=CANDIDATES_AT_MOST)
        contact_ids = [hit.object_id for hit in hits.rows if hit.kind == "contact"]
        account_ids = [hit.object_id for hit in hits.rows if hit.kind == "account"]
        people = Contact.objects.visible_to(by).filter(pk__in=contact_ids, is_active=True)
        for person in people.select_related("account").prefetch_related("addresses"):
            _add(found, _of_contact(person))
        for customer in Account.objects.visible_to(by).filter(pk__in=account_ids):
            for one in _of_account(customer):
                _add(found, one)
    return list(found.values())[:CANDIDATES_AT_MOST]


def accounts_meant(typed: str, *, by: Actor) -> list[Account]:
    """Customers that fit what was typed, themselves or by one of their people, as far as the doer may see them."""
    if not typed.strip():
        return []
    hits = search.find(typed, by=by, kinds={"account", "contact"}, limit=CANDIDATES_AT_MOST).rows
    ids = {kind: [hit.object_id for hit in hits if hit.kind == kind] for kind in ("account", "contact")}
    people = Contact.objects.visible_to(by).filter(pk__in=ids["contact"], is_active=True)
    rows = Account.objects.visible_to(by).filter(merged_into__isnull=True)
    return list(
        rows.filter(Q(pk__in=ids["account"]) | Q(pk__in=people.values("account"))).order_by("name", "pk")[
            :CANDIDATES_AT_MOST
        ]
    )


def _add(found: dict[str, Candidate], one: Candidate) -> None:
    found.setdefault(one.value, one)


def _of_contact(contact: Contact) -> Candidate:
    addresses = [address_shown(one.kind, one.value) for one in contact.addresses.all()]
    parts = [contact.account.name if contact.account else "", *addresses[:2]]
    return Candidate(f"contact:{contact.public_id}", contact.name, " · ".join(filter(None, parts)))


def _of_account(account: Account) -> list[Candidate]:
    people = [contact for contact in queries.contacts_of(account.pk) if contact.is_active][:3]
    return [
        *map(_of_contact, people),
        Candidate(f"account:{account.public_id}", account.name, account.number),
    ]


def meant(who: str, *, by: Actor) -> tuple[Account | None, Contact | None]:
    """The account and contact behind a choice; nobody for what the doer may not see."""
    kind, _colon, public_id = who.partition(":")
    if kind == "contact":
        rows = Contact.objects.visible_to(by).select_related("account").prefetch_related("addresses")
        contact = rows.filter(public_id=public_id).first()
        return (contact.account, contact) if contact is not None else (None, None)
    if kind == "account":
        return Account.objects.visible_to(by).filter(public_id=public_id).first(), None
    return None, None


def new_person(*, name: str, phone: str, mail: str, language: str, by: Actor, at: datetime) -> Contact:
    """Somebody who was not known: kept without an account, as if he had written. A known address is him.

    Raises BadAddress, AddressTaken.
    """
    addresses = [(kind, value) for kind, value in (("phone", phone), ("mail", mail)) if value.strip()]
    for kind, value in addresses:
        if known := queries.contact_by_address(kind, value):
            return known
    doer = by if by.may(CustomersCan.EDIT) else SYSTEM
    return customers.add_contact(None, name=name, language=language, addresses=addresses, by=doer, at=at)
