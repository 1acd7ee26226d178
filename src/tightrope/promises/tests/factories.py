"""What the tests of promises stand on: subjects, policies, the year 2026 in Shanghai."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tightrope.calendars.models import WorkCalendar
from tightrope.core.actor import SYSTEM
from tightrope.customers import actions as customers
from tightrope.customers.models import Account
from tightrope.promises import actions
from tightrope.promises.models import Policy, Promise, PromiseKind, Target, What

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
"""A Wednesday, 10:00 in Shanghai."""

OFFICE = {day: ["09:00-12:00", "13:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """ "2026-11-18 10:00" as a clock on the wall shows it."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone)


def calendar(**facts: Any) -> WorkCalendar:
    row = {"name": "上海客服", "zone": "Asia/Shanghai", "country": "CN", "pattern": OFFICE} | facts
    return WorkCalendar.objects.create(**row)


def account(name: str = "恒通数据", **facts: Any) -> Account:
    facts.setdefault("kind", Account.Kind.COMPANY)
    facts.setdefault("language", "zh-hans")
    return customers.open_account(name=name, by=SYSTEM, at=facts.pop("at", NOW), **facts)


def policy(
    name: str = "一般", *, hours: float = 4, what: What = What.FIRST_RESPONSE,
    kind: PromiseKind = PromiseKind.CUSTOMER, warn: dict[str, list[str]] | None = None,
    of: WorkCalendar | None = None, beaten_share: str = "0.25", beaten_seconds: int | None = None,
    **conditions: Any,
) -> Policy:  # fmt: skip
    row = Policy.objects.create(name=name, **conditions)
    target(
        row, hours=hours, what=what, kind=kind, warn=warn, of=of,
        beaten_share=beaten_share, beaten_seconds=beaten_seconds,
    )  # fmt: skip
    return row


def target(
    of_policy: Policy, *, hours: float, what: What, kind: PromiseKind = PromiseKind.CUSTOMER,
    warn: dict[str, list[str]] | None = None, of: WorkCalendar | None = None,
    beaten_share: str = "0.25", beaten_seconds: int | None = None,
) -> Target:  # fmt: skip
    return Target.objects.create(
        policy=of_policy, what=what, kind=kind, working_seconds=round(hours * 3600), calendar=of,
        warn=warn if warn is not None else {"50": ["owner"], "75": ["owner", "lead"], "100": ["lead", "manager"]},
        beaten_share=beaten_share, beaten_seconds=beaten_seconds,
    )  # fmt: skip


def started(subject: Account, *what: What, told_at: datetime = NOW, **facts: Any) -> list[Promise]:
    """The clocks that the policies give a subject."""
    return actions.start_clocks(
        subject,
        account_id=subject.pk,
        policy_facts=facts.pop("policy_facts", actions.PolicyFacts(account_id=subject.pk)),
        told_at=told_at,
        user_id=facts.pop("user_id", None),
        team_id=facts.pop("team_id", None),
        what=what or (What.FIRST_RESPONSE,),
        by=SYSTEM,
        at=facts.pop("at", told_at),
    )


def given(subject: Account, due_at: datetime, *, at: datetime = NOW, **facts: Any) -> Promise:
    """A person's word about a subject."""
    row: dict[str, Any] = {
        "kind": PromiseKind.CUSTOMER, "what": What.WORD, "text": "下周前送一台备用机",
        "user_id": None, "team_id": None, "by": SYSTEM,
    }  # fmt: skip
    return actions.make_promise(subject, account_id=subject.pk, due_at=due_at, at=at, **row | facts)
