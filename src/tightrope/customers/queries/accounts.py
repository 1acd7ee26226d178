"""The list of customers, what belongs to one, and how complete its file is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from tightrope.core.actor import Actor
from tightrope.customers.models import Account, Contact, Site, Tag

STALE_AFTER = timedelta(days=365)
ORDERS = {"name": ("sort_key", "pk"), "newest": ("-pk",)}


def accounts_for(
    by: Actor, *, tag: str = "", region: int | None = None, owner: int | None = None, team: int | None = None,
    importance: int | None = None, stage: str = "", kind: str = "",
) -> QuerySet[Account]:  # fmt: skip
    """The standing accounts that `by` may see and these filters leave. Page it with one of ORDERS."""
    rows: QuerySet[Account] = Account.objects.visible_to(by).filter(merged_into__isnull=True)
    wanted: dict[str, Any] = {
        "region": region, "owner": owner, "team": team, "importance": importance, "stage": stage, "kind": kind,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in wanted.items() if value not in (None, "")})
    if tag:
        rows = rows.filter(tags__contains=[tag])
    return rows.select_related("region", "owner")


def known_tags(limit: int = 200) -> list[str]:
    """The words accounts are tagged with."""
    return list(Tag.objects.order_by("name").values_list("name", flat=True)[:limit])


def contacts_of(account_ids: int | Iterable[int]) -> list[Contact]:
    """The people of one account or a family, those still there first, with their addresses."""
    ids = [account_ids] if isinstance(account_ids, int) else list(account_ids)
    rows = Contact.objects.filter(account__in=ids).prefetch_related("addresses")
    return list(rows.order_by("-is_active", "name", "pk"))


def unjoined_contacts(by: Actor, limit: int = 30) -> list[Contact]:
    """People who wrote to us and belong to no account yet, the newest first."""
    rows = Contact.objects.visible_to(by).filter(account__isnull=True, is_active=True)
    return list(rows.prefetch_related("addresses").order_by("-pk")[:limit])


def sites_of(account_ids: Iterable[int]) -> list[Site]:
    """The places of a family of accounts."""
    return list(Site.objects.filter(account__in=list(account_ids)).order_by("name", "pk"))


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of what we need to serve a customer is on file, and how old the customer's word on it is."""

    share: float
    missing: list[str]
    is_stale: bool


def completeness_of(
    account: Account, *, contacts: list[Contact], sites: list[Site], at: datetime
) -> Completeness:
    """Six plain questions, each worth the same; what is missing is named."""
    reachable = [address for contact in contacts if contact.is_active for address in contact.addresses.all()]
    kinds = {address.kind for address in reachable}
    checks = [
        (any(contact.is_active for contact in contacts), _("somebody to speak with")),
        ("mail" in kinds, _("a mail address")),
        ("phone" in kinds, _("a phone number")),
        (bool(sites), _("a place")),
        (
            account.owner_id is not None or account.team_id is not None,
            _("somebody of ours who looks after it"),
        ),
        (account.region_id is not None, _("a region")),
    ]
    return Completeness(
        share=sum(bool(there) for there, _word in checks) / len(checks),
        missing=[word for there, word in checks if not there],
        is_stale=account.confirmed_at is None or at - account.confirmed_at > STALE_AFTER,
    )


@dataclass(frozen=True, slots=True)
class Funnel:
    """One stage of life: how many accounts are in it and how long they were usually in it, in days."""

    stage: str
    label: str
    accounts: int
    median_days: float | None

    @property
    def days(self) -> int:
        return round(self.median_days or 0)


def stage_funnel(by: Actor, *, at: datetime) -> list[Funnel]:
    """How many of the accounts `by` may see are in each stage, and the median of the spells in it."""
    rows = Account.objects.visible_to(by).filter(merged_into__isnull=True)
    standing = dict(rows.values_list("stage").annotate(Count("pk")).order_by())
    medians = _median_days(rows, at)
    return [
        Funnel(stage=value, label=str(label), accounts=standing.get(value, 0), median_days=medians.get(value))
        for value, label in Account.Stage.choices
    ]


def _median_days(rows: QuerySet[Account], at: datetime) -> dict[str, float]:
    inner, values = rows.values("pk").query.sql_with_params()
    spells = f"SELECT stage, coalesce(until, %s) - since AS length FROM customers_stage_spell WHERE account_id IN ({inner})"  # noqa: S608
    median = "percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM length)) / 86400"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT stage, {median} FROM ({spells}) spells GROUP BY stage", [at, *values])  # noqa: S608
        return {stage: float(days) for stage, days in cursor.fetchall()}
