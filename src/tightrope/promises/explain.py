"""Why a policy applies, or does not, in words; and what it would promise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _

from tightrope import worktime
from tightrope.calendars.models import WorkCalendar
from tightrope.calendars.queries import in_force
from tightrope.customers.models import Account
from tightrope.promises import queries
from tightrope.promises.models import Policy, Target, What
from tightrope.promises.queries import PolicyFacts
from tightrope.promises.subjects import model_of

Choice = tuple[str, str]


def categories() -> dict[int, str]:
    """The categories of cases by number, under their parents' names; none while there are no cases."""
    model = model_of("category")
    rows = {row.pk: row for row in model._base_manager.order_by("pk")} if model else {}

    def path(row: models.Model, depth: int = 0) -> str:
        parent = rows.get(getattr(row, "parent_id", None))
        return f"{path(parent, depth + 1)} › {row}" if parent is not None and depth < 9 else str(row)

    return dict(sorted(((pk, path(row)) for pk, row in rows.items()), key=lambda pair: pair[1]))


def category_path(category_id: int | None) -> tuple[int, ...]:
    """A category and those above it, the nearest first."""
    model = model_of("category")
    found: list[int] = []
    while model is not None and category_id is not None and category_id not in found:
        row = model._base_manager.filter(pk=category_id).first()
        if row is None:
            break
        found.append(category_id)
        category_id = getattr(row, "parent_id", None)
    return tuple(found)


def case_types() -> list[Choice]:
    """The types of cases, in words."""
    model = model_of("case")
    return (
        [(str(key), str(word)) for key, word in getattr(model._meta.get_field("type"), "flatchoices", ())]
        if model
        else []
    )


def conditions_of(policy: Policy, names: Names) -> list[str]:
    """For which cases a policy is meant, one phrase a condition. Empty: for all."""
    said = []
    if policy.account_ids:
        said.append(_("customer: %(names)s") % {"names": names.of_accounts(policy.account_ids)})
    if policy.category_ids:
        said.append(_("category: %(names)s") % {"names": names.of_categories(policy.category_ids)})
    if policy.case_types:
        said.append(_("type: %(names)s") % {"names": names.of_types(policy.case_types)})
    if policy.tiers:
        said.append(_("tier: %(names)s") % {"names": ", ".join(str(tier) for tier in policy.tiers)})
    if (policy.severity_from, policy.severity_to) != (1, 5):
        if policy.severity_from == policy.severity_to:
            said.append(_("priority %(one)s") % {"one": policy.severity_from})
        else:
            said.append(
                _("priority %(first)s to %(last)s")
                % {"first": policy.severity_from, "last": policy.severity_to}
            )
    if policy.importance_from > 1:
        word = dict(Account.Importance.choices)[Account.Importance(policy.importance_from)]
        said.append(_("importance at least: %(word)s") % {"word": word})
    return said


class Names:
    """Names of what the conditions of policies point to, read once a page."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        ids = {pk for policy in policies for pk in policy.account_ids}
        self._accounts = dict(Account.objects.filter(pk__in=ids).values_list("pk", "name"))
        self._categories = categories()
        self._types = dict(case_types())

    def of_accounts(self, ids: Iterable[int]) -> str:
        return _(", ").join(self._accounts.get(pk, str(pk)) for pk in ids)

    def of_categories(self, ids: Iterable[int]) -> str:
        return _(", ").join(self._categories.get(pk, str(pk)) for pk in ids)

    def of_types(self, types: Iterable[str]) -> str:
        return _(", ").join(self._types.get(one, one) for one in types)


@dataclass(frozen=True, slots=True)
class Expected:
    """What would be promised: by which target, until when, and by whose hours."""

    target: Target
    due_at: datetime
    hours: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A policy beside the facts: whether it fits, how it reads, and whether it gives anything."""

    policy: Policy
    fits: bool
    conditions: list[str]
    gives: int


def tried(facts: PolicyFacts, *, told_at: datetime) -> tuple[list[Expected], list[Judged]]:
    """What a case like this would be promised, and every policy with its part in it, the most specific first."""
    expected = []
    names_of_hours = dict(WorkCalendar.objects.values_list("pk", "name"))
    for target in queries.targets_for(facts, What):
        calendar = in_force(target.calendar_id)
        due_at = worktime.add_working(calendar.worktime, start=told_at, seconds=target.working_seconds)
        usual = _("usual office hours")
        expected.append(Expected(target, due_at, names_of_hours.get(calendar.calendar_id or 0, usual)))
    expected.sort(key=lambda one: one.due_at)
    policies = list(Policy.objects.filter(is_active=True))
    names = Names(policies)
    fitting = queries.policies_for(facts)
    others = [policy for policy in policies if policy not in fitting]
    judged = [
        Judged(
            policy=policy,
            fits=policy in fitting,
            conditions=conditions_of(policy, names),
            gives=sum(one.target.policy_id == policy.pk for one in expected),
        )
        for policy in [*fitting, *others]
    ]
    return expected, judged
