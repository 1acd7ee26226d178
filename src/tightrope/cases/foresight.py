"""What a case would be promised if it were opened now, before anything is saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tightrope import worktime
from tightrope.calendars.queries import worktime_of
from tightrope.cases.models import UNFINISHED, Case, Category
from tightrope.cases.priority import Priority, priority_of
from tightrope.core.actor import Actor
from tightrope.customers.models import Account
from tightrope.customers.queries import family_of
from tightrope.promises.models import PromiseKind, What
from tightrope.promises.queries import PolicyFacts, targets_for


@dataclass(frozen=True, slots=True)
class Foresight:
    """Priority with its formula, the two times the customer would be told, and what he has open already."""

    priority: Priority
    first_response: datetime | None
    resolution: datetime | None
    open_cases: list[Case]


def foresee(
    *,
    category: Category | None,
    account: Account | None,
    impact: int | None,
    urgency: int | None,
    told_at: datetime,
    by: Actor,
) -> Foresight:
    """Reckon what `open_case` with the same facts would promise."""
    importance = account.importance if account else 1
    priority = priority_of(
        impact=impact or (category.impact if category else Case.Level.MEDIUM),
        urgency=urgency or (category.urgency if category else Case.Level.MEDIUM),
        importance=importance,
    )
    upwards: list[int] = []
    step = category
    while step is not None:
        upwards.append(step.pk)
        step = step.parent
    facts = PolicyFacts(
        category_ids=tuple(upwards),
        severity=priority.value,
        account_id=account.pk if account else None,
        importance=importance,
        case_type=category.type if category else Case.Type.REQUEST,
        tier=1,
    )
    due = {
        target.what: worktime.add_working(
            worktime_of(target.calendar_id), start=told_at, seconds=target.working_seconds
        )
        for target in targets_for(facts, _wanted())
        if target.kind == PromiseKind.CUSTOMER
    }
    return Foresight(
        priority=priority,
        first_response=due.get(What.FIRST_RESPONSE),
        resolution=due.get(What.RESOLUTION),
        open_cases=_open_cases(account, by) if account else [],
    )


def _wanted() -> Iterable[What]:
    return (What.FIRST_RESPONSE, What.RESOLUTION)


def _open_cases(account: Account, by: Actor) -> list[Case]:
    rows = Case.objects.visible_to(by).filter(account_id__in=family_of(account.pk), status__in=UNFINISHED)
    return list(rows.with_people().order_by("-told_at", "-pk")[:5])
