"""The places of a customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from tightrope import timeline
from tightrope.core.actor import Actor
from tightrope.customers import events, search
from tightrope.customers.access import Can, require_for
from tightrope.customers.actions.changing import apply_changes
from tightrope.customers.models import Account, Site

CHANGEABLE = frozenset({"name", "address", "latitude", "longitude"})


@transaction.atomic
def add_site(
    account: Account, *, name: str, address: str, latitude: Decimal | float | None = None,
    longitude: Decimal | float | None = None, by: Actor, at: datetime,
) -> Site:  # fmt: skip
    """Note a place of a customer, with where it lies on the map when that is known."""
    account = Account.objects.lock(account.pk)
    require_for(by, Can.EDIT, account)
    site = Site.objects.create(
        account=account,
        name=name,
        address=address,
        latitude=_degrees(latitude),
        longitude=_degrees(longitude),
    )
    timeline.record(account, events.SiteAdded(name=name, address=address), by=by, at=at)
    search.index_account(account, at=at)
    return site


@transaction.atomic
def change_site(site: Site, *, changes: Mapping[str, Any], version: int, by: Actor, at: datetime) -> Site:
    """Change a place; what it was stays in the history. Raises UnknownField, ChangedMeanwhile."""
    account = Account.objects.lock(site.account_id)
    require_for(by, Can.EDIT, account)
    site = Site.objects.select_for_update().get(pk=site.pk)
    changes = {
        name: _degrees(value) if name in {"latitude", "longitude"} else value
        for name, value in changes.items()
    }
    told = apply_changes(site, changes, allowed=CHANGEABLE, version=version)
    if told:
        site.save()
        timeline.record(account, events.SiteChanged(name=site.name, changes=told), by=by, at=at)
        search.index_account(account, at=at)
    return site


def _degrees(value: Decimal | float | None) -> Decimal | None:
    return None if value is None else round(Decimal(value), 6)
