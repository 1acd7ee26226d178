"""The people of a customer and how to reach them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.core.actor import Actor
from tightrope.customers import events, search
from tightrope.customers.access import Can, require_change_of, require_for
from tightrope.customers.actions.changing import apply_changes
from tightrope.customers.addresses import country_of_zone, normalise
from tightrope.customers.models import Account, Address, Contact
from tightrope.people.models import User

CHANGEABLE = frozenset({"name", "position", "language", "time_zone", "sees_colleagues"})
ONE_PERSONS = frozenset({Address.Kind.MAIL, Address.Kind.WECHAT})


class AddressTaken(ValueError):
    """This mailbox or WeChat id is another contact's. `contact` says whose."""

    def __init__(self, message: str, contact: Contact) -> None:
        super().__init__(message)
        self.contact = contact


class AlreadyJoined(ValueError):
    """The contact belongs to another account."""


class LastAddress(ValueError):
    """Without this address the contact could not be reached any more."""


@transaction.atomic
def add_contact(
    account: Account | None, *, name: str, language: str, addresses: Iterable[tuple[str, str]] = (),
    position: str = "", time_zone: str | None = None, sees_colleagues: bool = False, by: Actor, at: datetime,
) -> Contact:  # fmt: skip
    """Add a person of an account, or one who is not joined to any yet. Raises AddressTaken, BadAddress."""
    if account is not None:
        account = Account.objects.lock(account.pk)
    require_for(by, Can.EDIT, account)
    zone = time_zone or (account.time_zone if account is not None else "Asia/Shanghai")
    contact = Contact.objects.create(
        account=account, name=" ".join(name.split()), position=position, language=language, time_zone=zone,
        sees_colleagues=sees_colleagues, added_at=at,
    )  # fmt: skip
    for kind, value in addresses:
        _take_address(contact, kind, value, at=at)
    timeline.record(contact, events.ContactAdded(name=contact.name), by=by, at=at)
    search.index_contact(contact, at=at)
    return contact


def _take_address(contact: Contact, kind: str, value: str, *, at: datetime) -> Address:
    value = normalise(kind, value, country=country_of_zone(contact.time_zone))
    if kind in ONE_PERSONS:
        holder = Address.objects.filter(kind=kind, value=value).select_related("contact").first()
        if holder is not None and holder.contact_id != contact.pk:
            if holder.contact.is_active:
                raise AddressTaken(
                    _("%(value)s belongs to %(name)s.") % {"value": value, "name": holder.contact.name},
                    holder.contact,
                )
            holder.delete()  # a mailbox that was handed on by somebody who has left
    is_first = not Address.objects.filter(contact=contact, kind=kind).exists()
    address, _is_new = Address.objects.get_or_create(
        contact=contact, kind=kind, value=value, defaults={"is_primary": is_first, "confirmed_at": at}
    )
    return address


@transaction.atomic
def change_contact(
    contact: Contact, *, changes: Mapping[str, Any], version: int, by: Actor, at: datetime
) -> Contact:
    """Change what is on file of a person. Raises UnknownField, ChangedMeanwhile."""
    contact = Contact.objects.lock(contact.pk)
    require_change_of(by, contact)
    # Whether one sees colleagues' cases is the company's word, not one's own.
    allowed = CHANGEABLE - {"sees_colleagues"} if by.is_customer else CHANGEABLE
    told = apply_changes(contact, changes, allowed=allowed, version=version)
    if told:
        contact.confirmed_at = at
        contact.save()
        timeline.record(contact, events.ContactChanged(name=contact.name, changes=told), by=by, at=at)
        search.index_contact(contact, at=at)
    return contact


@transaction.atomic
def add_address(contact: Contact, *, kind: str, value: str, by: Actor, at: datetime) -> Address:
    """Note another way to reach a person. Saying it twice is not an error. Raises AddressTaken, BadAddress."""
    contact = Contact.objects.lock(contact.pk)
    require_change_of(by, contact)
    before = set(contact.addresses.values_list("pk", flat=True))
    address = _take_address(contact, kind, value, at=at)
    if address.pk in before:
        return address
    added = events.AddressAdded(name=contact.name, address_kind=kind, value=address.value)
    timeline.record(contact, added, by=by, at=at)
    search.index_contact(contact, at=at)
    return address


@transaction.atomic
def remove_address(address: Address, *, by: Actor, at: datetime) -> None:
    """Take away a way to reach a person. Raises LastAddress for the only one left."""
    contact = Contact.objects.lock(address.contact_id)
    require_change_of(by, contact)
    others = Address.objects.filter(contact=contact).exclude(pk=address.pk)
    if not others.exists():
        raise LastAddress(_("%(name)s could not be reached any more.") % {"name": contact.name})
    Address.objects.filter(pk=address.pk).delete()
    heir = others.filter(kind=address.kind).order_by("pk").first()
    if address.is_primary and heir is not None:
        Address.objects.filter(pk=heir.pk).update(is_primary=True)
    removed = events.AddressRemoved(name=contact.name, address_kind=address.kind, value=address.value)
    timeline.record(contact, removed, by=by, at=at)
    search.index_contact(contact, at=at)


@transaction.atomic
def prefer_address(address: Address, *, by: Actor, at: datetime) -> Address:
    """Use this one first of all addresses of its kind. Saying it twice is not an error."""
    contact = Contact.objects.lock(address.contact_id)
    require_change_of(by, contact)
    address = Address.objects.select_for_update().get(pk=address.pk)
    if not address.is_primary:
        Address.objects.filter(contact=contact, kind=address.kind, is_primary=True).update(is_primary=False)
        address.is_primary = True
        address.save(update_fields=["is_primary"])
        preferred = events.AddressPreferred(name=contact.name, address_kind=address.kind, value=address.value)
        timeline.record(contact, preferred, by=by, at=at)
    return address


@transaction.atomic
def verify_address(address: Address, *, by: Actor, at: datetime) -> Address:
    """Note that the person proved to read this address, by a link or a code. The first proof counts."""
    contact = Contact.objects.lock(address.contact_id)
    require_change_of(by, contact)
    address = Address.objects.select_for_update().get(pk=address.pk)
    if address.verified_at is None:
        address.verified_at = at
        address.save(update_fields=["verified_at"])
        proven = events.AddressVerified(name=contact.name, address_kind=address.kind, value=address.value)
        timeline.record(contact, proven, by=by, at=at)
    return address


@transaction.atomic
def confirm_person(contact: Contact, *, by: Actor, at: datetime) -> Contact:
    """Note that the person said his name and position are right as they are on file."""
    contact = Contact.objects.lock(contact.pk)
    require_change_of(by, contact)
    contact.confirmed_at = at
    contact.save(update_fields=["confirmed_at"])
    timeline.record(contact, events.PersonConfirmed(name=contact.name), by=by, at=at)
    return contact


@transaction.atomic
def confirm_address(address: Address, *, by: Actor, at: datetime) -> Address:
    """Note that the person said this address still leads to him; that is less than a proof (`verify_address`)."""
    contact = Contact.objects.lock(address.contact_id)
    require_change_of(by, contact)
    address = Address.objects.select_for_update().get(pk=address.pk)
    address.confirmed_at = at
    address.save(update_fields=["confirmed_at"])
    told = events.AddressConfirmed(name=contact.name, address_kind=address.kind, value=address.value)
    timeline.record(contact, told, by=by, at=at)
    return address


@transaction.atomic
def join_contact(contact: Contact, account: Account, *, by: Actor, at: datetime) -> Contact:
    """Say to which account a person belongs who wrote to us unknown. Raises AlreadyJoined."""
    account = Account.objects.lock(account.pk)
    contact = Contact.objects.lock(contact.pk)
    require_for(by, Can.EDIT, account)
    if contact.account_id == account.pk:
        return contact
    if contact.account_id is not None:
        raise AlreadyJoined(_("%(name)s belongs to another customer already.") % {"name": contact.name})
    contact.account = account
    contact.save(update_fields=["account"])
    joined = events.ContactJoined(name=contact.name, account_name=account.name)
    timeline.record(contact, joined, by=by, at=at)
    search.index_contact(contact, at=at)
    return contact


@transaction.atomic
def retire_contact(contact: Contact, *, by: Actor, at: datetime) -> Contact:
    """A person no longer speaks for the customer: nothing reaches or is shown to him. History keeps his name."""
    contact = Contact.objects.lock(contact.pk)
    require_for(by, Can.EDIT, contact.account)
    if contact.is_active:
        contact.is_active = False
        contact.save(update_fields=["is_active"])
        timeline.record(contact, events.ContactRetired(name=contact.name), by=by, at=at)
        search.forget_contact(contact)
    return contact


@transaction.atomic
def link_user(contact: Contact, user: User, *, by: Actor, at: datetime) -> Contact:
    """Let a person sign in as this contact. Being linked already is not an error."""
    contact = Contact.objects.lock(contact.pk)
    require_change_of(by, contact)
    if contact.user_id != user.pk:
        contact.user = user
        contact.save(update_fields=["user"])
        told = events.ContactChanged(name=contact.name, changes={"user": [None, user.email]})
        timeline.record(contact, told, by=by, at=at)
    return contact
