"""Opening an account and keeping it true."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.core.actor import Actor, Scope
from tightrope.core.db import next_number
from tightrope.customers import events, search
from tightrope.customers.access import Can, require_for
from tightrope.customers.actions.changing import ChangedMeanwhile, UnknownField, apply_changes
from tightrope.customers.models import LONGEST_NAME, Account, Contact, ExternalId, StageSpell, Tag
from tightrope.customers.names import match_key, sort_key
from tightrope.people.models import Region, Team, User

__all__ = ["ChangedMeanwhile", "UnknownField"]

CHANGEABLE = frozenset(
    {"name", "language", "time_zone", "region", "owner", "team", "importance", "tags", "answers"}
)


class CompanyHasNoAddress(ValueError):
    """Mail and phone belong to people: give a company a contact instead."""


class ExternalIdTaken(ValueError):
    """Another account carries this number of that system, or this account carries another one."""


@transaction.atomic
def open_account(
    *, name: str, kind: str, language: str, time_zone: str = "Asia/Shanghai", region: Region | None = None,
    owner: User | None = None, team: Team | None = None, importance: int = Account.Importance.NORMAL,
    stage: str = Account.Stage.INSTALLED, tags: Iterable[str] = (), answers: Mapping[str, Any] | None = None,
    addresses: Iterable[tuple[str, str]] = (), by: Actor, at: datetime,
) -> Account:  # fmt: skip
    """Open an account. A person becomes its own contact, with these addresses.

    Who may see only his own opens it for himself when he names nobody. Raises CompanyHasNoAddress,
    AddressTaken, BadAddress.
    """
    require_for(by, Can.EDIT, None)
    addresses = list(addresses)
    if kind == Account.Kind.COMPANY and addresses:
        raise CompanyHasNoAddress(_("Give mail and phone to a contact of the company."))
    name = " ".join(name.split())
    if owner is None and by.scope(Can.VIEW) is not Scope.ALL and by.user_id is not None:
        owner = User.objects.get(pk=by.user_id)
    account = Account.objects.create(
        number=f"A-{next_number('customers_account_number')}", name=name, sort_key=sort_key(name),
        match_key=match_key(name), kind=kind, language=language, time_zone=time_zone, region=region, owner=owner,
        team=team, importance=importance, stage=stage, tags=_kept_tags(tags), answers=dict(answers or {}),
        opened_at=at, confirmed_at=at,
    )  # fmt: skip
    StageSpell.objects.create(account=account, stage=stage, since=at)
    timeline.record(account, events.AccountOpened(name=name, number=account.number), by=by, at=at)
    if kind == Account.Kind.PERSON:
        from tightrope.customers.actions.contacts import add_contact

        add_contact(
            account, name=name[:LONGEST_NAME], language=language, time_zone=time_zone, addresses=addresses,
            by=by, at=at,
        )  # fmt: skip
    search.index_account(account, at=at)
    return account


def _kept_tags(tags: Iterable[str]) -> list[str]:
    names = list(dict.fromkeys(tag for raw in tags if (tag := " ".join(raw.split())[:60])))
    Tag.objects.bulk_create([Tag(name=name) for name in names], ignore_conflicts=True)
    return names


@transaction.atomic
def change_account(
    account: Account, *, changes: Mapping[str, Any], version: int, by: Actor, at: datetime
) -> Account:
    """Change what is on file; what it was stays in the history.

    Raises UnknownField, ChangedMeanwhile when somebody else changed the account since `version` was read.
    """
    account = Account.objects.lock(account.pk)
    require_for(by, Can.EDIT, account)
    changes = dict(changes)
    if "tags" in changes:
        changes["tags"] = _kept_tags(changes["tags"])
    if "name" in changes:
        changes["name"] = " ".join(changes["name"].split())
    old_name = account.name
    told = apply_changes(account, changes, allowed=CHANGEABLE, version=version)
    if not told:
        return account
    if "name" in told:
        account.sort_key, account.match_key = sort_key(account.name), match_key(account.name)
        if account.kind == Account.Kind.PERSON:
            himself = Contact.objects.filter(account=account, name=old_name[:LONGEST_NAME])
            himself.update(name=account.name[:LONGEST_NAME])
    account.save()
    timeline.record(account, events.AccountChanged(changes=told), by=by, at=at)
    search.index_account(account, at=at)
    if "name" in told:
        search.index_contacts_of(account, at=at)
    return account


@transaction.atomic
def confirm_account(account: Account, *, by: Actor, at: datetime) -> Account:
    """Note that the customer went through what we have on file and it is right."""
    account = Account.objects.lock(account.pk)
    require_for(by, Can.EDIT, account)
    account.confirmed_at = at
    account.save(update_fields=["confirmed_at"])
    timeline.record(account, events.AccountConfirmed(), by=by, at=at)
    return account


@transaction.atomic
def move_stage(account: Account, *, stage: str, because: str, by: Actor, at: datetime) -> Account:
    """Move an account to another stage of its life with us. Being there already is not an error.

    Raises UnknownField for a stage that there is not.
    """
    if stage not in Account.Stage.values:
        raise UnknownField(stage)
    account = Account.objects.lock(account.pk)
    require_for(by, Can.EDIT, account)
    if account.stage == stage:
        return account
    moved = events.StageMoved(before=account.stage, after=stage, because=because)
    StageSpell.objects.filter(account=account, until__isnull=True).update(until=at)
    StageSpell.objects.create(account=account, stage=stage, since=at)
    account.stage = stage
    account.save(update_fields=["stage"])
    timeline.record(account, moved, by=by, at=at)
    return account


@transaction.atomic
def note_external_id(account: Account, *, system: str, value: str, by: Actor, at: datetime) -> ExternalId:
    """Note what another system calls this account. Saying it twice is not an error. Raises ExternalIdTaken."""
    account = Account.objects.lock(account.pk)
    require_for(by, Can.EDIT, account)
    standing = ExternalId.objects.filter(account=account, system=system, value=value).first()
    if standing is not None:
        return standing
    try:
        with transaction.atomic():
            noted = ExternalId.objects.create(account=account, system=system, value=value)
    except IntegrityError:
        raise ExternalIdTaken(
            _(
                "%(system)s %(value)s cannot be noted here: another number or another account stands against it."
            )
            % {"system": system, "value": value}
        ) from None
    timeline.record(account, events.ExternalIdNoted(system=system, value=value), by=by, at=at)
    search.index_account(account, at=at)
    return noted
