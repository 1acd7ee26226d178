"""Who may see, change and merge customers, and the doors to them."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from tightrope.core.actor import Actor
from tightrope.customers.models import Account, Contact, Site
from tightrope.people.access import Belonging, declare, reaches, require


class Can(StrEnum):
    VIEW = "customer.view"
    EDIT = "customer.edit"
    MERGE = "customer.merge"


declare(
    Can,
    {
        Can.VIEW: _("See customers"),
        Can.EDIT: _("Open and change customers, contacts and sites"),
        Can.MERGE: _("Merge customers and take them apart"),
    },
)

READ = {"GET": Can.VIEW}
CHANGE = {"GET": Can.EDIT, "POST": Can.EDIT}

ROUTES = {
    "customers:list": READ,
    "customers:stages": READ,
    "customers:new": CHANGE,
    "customers:duplicates": {"GET": Can.MERGE},
    "customers:separation": {"POST": Can.MERGE},
    "customers:account": READ,
    "customers:line": READ,
    "customers:edit": CHANGE,
    "customers:confirmation": {"POST": Can.EDIT},
    "customers:stage": {"POST": Can.EDIT},
    "customers:notes": {"POST": Can.VIEW},
    "customers:external_ids": {"POST": Can.EDIT},
    "customers:new_contact": CHANGE,
    "customers:contact": CHANGE,
    "customers:contact_addresses": {"POST": Can.EDIT},
    "customers:contact_address_removal": {"POST": Can.EDIT},
    "customers:contact_confirmation": {"POST": Can.EDIT},
    "customers:contact_retirement": {"POST": Can.EDIT},
    "customers:joining": CHANGE,
    "customers:new_site": CHANGE,
    "customers:site": CHANGE,
    "customers:merging": {"GET": Can.MERGE, "POST": Can.MERGE},
    "customers:unmerging": {"POST": Can.MERGE},
    "api:customers-accounts": {"GET": Can.VIEW, "POST": Can.EDIT},
    "api:customers-account": {"GET": Can.VIEW, "PATCH": Can.EDIT},
    "api:customers-contacts": {"GET": Can.VIEW, "POST": Can.EDIT},
    "api:customers-line": {"GET": Can.VIEW},
}


def belonging_of(account: Account) -> Belonging:
    """Whose an account is."""
    return Belonging(user_id=account.owner_id, team_id=account.team_id, region_id=account.region_id)


def require_for(by: Actor, permission: Can, account: Account | None) -> None:
    """Raises Denied unless the doer holds the permission for this account, or at all when there is none."""
    require(by, permission, belonging_of(account) if account is not None else None)


def require_change_of(by: Actor, contact: Contact) -> None:
    """A contact may be changed by himself and by staff who may change his account. Raises Denied."""
    if by.is_customer and by.contact == contact.pk:
        return
    require_for(by, Can.EDIT, contact.account)


def may_change(by: Actor, account: Account | None) -> bool:
    """Whether to offer acts on the people of this account, or on one who belongs to none yet."""
    belonging = belonging_of(account) if account is not None else None
    return by.may(Can.EDIT) and (belonging is None or reaches(by.scope(Can.EDIT), by, belonging))


def may_open(by: Actor, account: Account) -> bool:
    """The judgement of `visible_to` for an account at hand: whether a link to it would let this reader in."""
    if by.is_customer:
        return account.pk in by.accounts
    return reaches(by.scope(Can.VIEW), by, Belonging(account.owner_id, account.team_id, account.region_id))


def account_for(by: Actor, public_id: str) -> Account:
    """The account behind a link. Raises Account.DoesNotExist when it is not this doer's to see."""
    account: Account = (
        Account.objects.visible_to(by)
        .select_related("region", "owner", "team", "merged_into")
        .get(public_id=public_id)
    )
    return account


def contact_for(by: Actor, public_id: str) -> Contact:
    """The contact behind a link. Raises Contact.DoesNotExist."""
    contact: Contact = (
        Contact.objects.visible_to(by).select_related("account", "account__region").get(public_id=public_id)
    )
    return contact


def site_for(by: Actor, public_id: str) -> Site:
    """The site behind a link. Raises Site.DoesNotExist."""
    return Site.objects.select_related("account").get(
        public_id=public_id, account__in=Account.objects.visible_to(by)
    )


def may_follow(by: Actor, name: str) -> bool:
    """Whether an open page of this doer is told when something happens on an account (by key or public id)."""
    rows = Account.objects.visible_to(by)
    return (
        rows.filter(pk=int(name)).exists()
        if name.isdecimal() and len(name) < 19
        else rows.filter(public_id=name).exists()
    )
