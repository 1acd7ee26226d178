"""Who a contact is: by an address, by a sign-in, as a doer."""

from __future__ import annotations

from tightrope.core.actor import NOBODY, Actor, Kind
from tightrope.customers.addresses import HOME_COUNTRY, BadAddress, normalise
from tightrope.customers.models import Address, Contact
from tightrope.customers.queries.families import family_of


def contact_by_address(kind: str, value: str, *, country: str = HOME_COUNTRY) -> Contact | None:
    """The active contact with this address in whatever spelling; None when unknown or nobody's alone.

    A number that several people share identifies its only primary holder, or nobody.
    """
    try:
        value = normalise(kind, value, country=country)
    except BadAddress:
        return None
    holders = list(
        Address.objects.filter(kind=kind, value=value, contact__is_active=True)
        .select_related("contact", "contact__account")
        .order_by("-is_primary", "pk")[:3]
    )
    if not holders:
        return None
    if len(holders) > 1 and holders[0].is_primary == holders[1].is_primary:
        return None
    return holders[0].contact


def contact_of_user(user_id: int) -> Contact | None:
    """The active contact who signs in as this user."""
    return Contact.objects.filter(user=user_id, is_active=True).select_related("account").first()


def actor_of_contact(contact: Contact) -> Actor:
    """The contact as a doer, with the accounts that are his customer. One who has left is nobody."""
    if not contact.is_active:
        return NOBODY
    accounts = frozenset(family_of(contact.account_id)) if contact.account_id is not None else frozenset()
    return Actor(
        kind=Kind.CONTACT,
        id=contact.pk,
        name=contact.name,
        accounts=accounts,
        sees_colleagues=accounts if contact.sees_colleagues else frozenset(),
        contact=contact.pk,
        language=contact.language,
        time_zone=contact.time_zone,
    )
