"""A contact changes where we reach him. A mailbox counts from when its reader has opened the link in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tightrope.core import throttle
from tightrope.core.actor import SYSTEM, Actor
from tightrope.customers import actions as customers
from tightrope.customers import queries
from tightrope.customers.access import require_change_of
from tightrope.customers.addresses import normalise
from tightrope.customers.models import Address, Contact
from tightrope.people import actions as people
from tightrope.people.models import User
from tightrope.portal.actions.proving import BadProof, may_mail, new_proof, send, used

ADDRESS_LASTS = timedelta(days=1)
MOST_ASKED_A_DAY = 10
MOST_ADDRESSES = 10


class TooManyAddresses(ValueError):
    """Nobody needs more ways to be reached than this."""


class NotConfirmed(ValueError):
    """This address has not been proven, so nothing depends on it."""


class AlreadyConfirmed(ValueError):
    """There is nothing left to prove about this address."""


class LastWayIn(ValueError):
    """The contact signs in with this address and has confirmed no other."""


@transaction.atomic
def ask_for_address(contact: Contact, *, value: str, by: Actor, at: datetime) -> str:
    """Mail a link to a new address of this contact. Returns the address as it is kept. Until the link is opened
    nothing is changed, and whether the address is another's makes no difference to what is said.

    Raises BadAddress, AlreadyConfirmed, TooManyAddresses, throttle.TooMany.
    """
    require_change_of(by, contact)
    value = normalise("mail", value)
    if contact.addresses.count() >= MOST_ADDRESSES:
        raise TooManyAddresses(_("You have %(count)s addresses here already.") % {"count": MOST_ADDRESSES})
    throttle.allow(f"portal.address:{contact.pk}", at_most=MOST_ASKED_A_DAY, within=timedelta(days=1), at=at)
    if contact.addresses.filter(kind="mail", value=value, verified_at__isnull=False).exists():
        raise AlreadyConfirmed(_("%(address)s is confirmed.") % {"address": value})
    if may_mail(value, at):
        token = new_proof(value, contact=contact, adds_address=True, lasts=ADDRESS_LASTS, at=at)
        with translation.override(contact.language):
            send(
                value,
                subject=_("Please confirm your new address"),
                letter="portal/mail/address.txt",
                link=reverse("portal:address_proof", args=[token]),
            )
    return value


@transaction.atomic
def add_proven_address(token: str, *, at: datetime) -> Address:
    """The reader of a mailbox opened the link in it: from now on it is an address of who asked for it.

    Raises BadProof, customers.AddressTaken when it is another contact's.
    """
    proof = used(token, at, adds_address=True)
    contact = Contact.objects.filter(pk=proof.contact_id, is_active=True).first()
    if contact is None:
        raise BadProof
    by = queries.actor_of_contact(contact)
    address = customers.add_address(contact, kind="mail", value=proof.address, by=by, at=at)
    return customers.verify_address(address, by=by, at=at)


@transaction.atomic
def choose_address(address: Address, *, by: Actor, at: datetime) -> Address:
    """Let us use this address first. Raises NotConfirmed for a mailbox that was not proven."""
    if address.kind == Address.Kind.MAIL and address.verified_at is None:
        raise NotConfirmed(_("Confirm this address first: open the link that we mailed to it."))
    return customers.prefer_address(address, by=by, at=at)


@transaction.atomic
def give_up_address(address: Address, *, by: Actor, at: datetime) -> None:
    """Take an address away. Who signs in with it signs in with another confirmed one from then on.

    Raises LastWayIn, customers.LastAddress.
    """
    contact = Contact.objects.select_related("user").get(pk=address.contact_id)
    customers.remove_address(address, by=by, at=at)
    user: User | None = contact.user
    if user is None or user.email.lower() != address.value or user.holdings.exists():
        return  # of the address of a colleague his own administrator decides
    confirmed = contact.addresses.filter(kind="mail", verified_at__isnull=False)
    heir = confirmed.order_by("-is_primary", "pk").first()
    if heir is None:
        raise LastWayIn(_("You sign in with this address. Confirm another one first."))
    people.change_mail_address(user, email=heir.value, by=SYSTEM, at=at)
