"""What of customers is found by search: accounts and the people of them, by staff."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tightrope import search
from tightrope.core.actor import Actor, Scope
from tightrope.core.statements import Given, written
from tightrope.customers.access import Can
from tightrope.customers.addresses import spellings
from tightrope.customers.models import Account, Address, Contact, ExternalId, Site


def register_kinds() -> None:
    """Make accounts and contacts known to search."""
    search.register(
        "account",
        visible=visible_accounts,
        present=present_accounts,
        sees_all=sees_all,
        label=gettext_lazy("Customers"),
        icon="customer",
    )
    search.register(
        "contact",
        visible=visible_contacts,
        present=present_contacts,
        sees_all=sees_all,
        label=gettext_lazy("Contacts"),
        icon="person",
    )


def index_account(account: Account, *, at: datetime) -> None:
    """Put an account into the index as it stands."""
    sites = Site.objects.filter(account=account).values_list("name", "address")
    answers = [str(value) for value in account.answers.values() if isinstance(value, (str, int, float))]
    search.index(
        "account",
        account.pk,
        title=account.name,
        body="\n".join([*account.tags, *(f"{name} {address}" for name, address in sites), *answers]),
        codes=[account.number, *ExternalId.objects.filter(account=account).values_list("value", flat=True)],
        account_id=account.pk,
        at=at,
    )


def index_contact(contact: Contact, *, at: datetime) -> None:
    """Put a contact into the index as he stands."""
    if not contact.is_active:
        return
    addresses = Address.objects.filter(contact=contact).values_list("kind", "value")
    search.index(
        "contact",
        contact.pk,
        title=contact.name,
        body="\n".join(filter(None, [contact.position, contact.account.name if contact.account else ""])),
        codes=[spelling for kind, value in addresses for spelling in spellings(kind, value)],
        account_id=contact.account_id,
        contact_id=contact.pk,
        at=at,
    )


def index_contacts_of(account: Account, *, at: datetime) -> None:
    """Put every contact of an account into the index again, after its name changed."""
    for contact in Contact.objects.filter(account=account, is_active=True).select_related("account"):
        index_contact(contact, at=at)


def forget_contact(contact: Contact) -> None:
    """Take a contact out of the index."""
    search.forget("contact", contact.pk)


def index_again(kind: str, *, after: int, limit: int) -> int | None:
    """Make the index anew for the next so many accounts or contacts, by key; returns the key to go on after.

    None at the end. What is in the index and should not be is taken out on the way.
    """
    if kind == "account":
        accounts = list(Account.objects.filter(pk__gt=after).order_by("pk")[:limit])
        for account in accounts:
            index_account(account, at=account.opened_at)
        return accounts[-1].pk if len(accounts) == limit else None
    contacts = list(Contact.objects.filter(pk__gt=after).select_related("account").order_by("pk")[:limit])
    for contact in contacts:
        if contact.is_active:
            index_contact(contact, at=contact.added_at)
        else:
            forget_contact(contact)
    return contacts[-1].pk if len(contacts) == limit else None


def sees_all(by: Actor) -> bool:
    """Whether no account and no contact is hidden from this doer."""
    return (by.is_staff or by.is_system) and by.scope(Can.VIEW) is Scope.ALL


def visible_accounts(by: Actor, ids: Collection[int]) -> set[int]:
    return set(Account.objects.visible_to(by).filter(pk__in=ids).values_list("pk", flat=True))


def visible_contacts(by: Actor, ids: Collection[int]) -> set[int]:
    return set(Contact.objects.visible_to(by).filter(pk__in=ids).values_list("pk", flat=True))


def present_accounts(ids: Collection[int]) -> Mapping[int, search.Hit]:
    rows = written(
        "hits of accounts",
        lambda: Account.objects.filter(pk__any_of=Given("ids")).select_related(
            "region", "owner", "merged_into"
        ),
    )
    return {
        row.pk: search.Hit(
            title=row.name,
            url=reverse("customers:account", args=[row.public_id]),
            hint=" · ".join(filter(None, [row.number, _place_of(row)])),
        )
        for row in rows.all(ids=list(ids))
    }


def _place_of(account: Account) -> str:
    if account.merged_into is not None:
        return _("now part of %(name)s") % {"name": account.merged_into.name}
    return " · ".join(str(one) for one in (account.region, account.owner) if one is not None)


def present_contacts(ids: Collection[int]) -> Mapping[int, search.Hit]:
    rows = written(
        "hits of contacts",
        lambda: Contact.objects.filter(pk__any_of=Given("ids")).select_related("account"),
    )
    return {
        row.pk: search.Hit(
            title=row.name,
            url=reverse("customers:contact", args=[row.public_id]),
            hint=row.account.name if row.account else _("not joined to a customer yet"),
        )
        for row in rows.all(ids=list(ids))
    }
