"""Reading the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from tightrope.promises.models import Policy, Promise, PromiseKind, Target, What
from tightrope.timeline.actions import type_of


@dataclass(frozen=True)
class PolicyFacts:
    """What a policy may look at. `severity` is the priority, 1 the highest."""

    category_ids: tuple[int, ...] = ()
    severity: int = 3
    account_id: int | None = None
    importance: int = 1
    case_type: str = ""
    tier: int = 1


def policies_for(facts: PolicyFacts) -> list[Policy]:
    """Every active policy that fits, the most specific first: account, category, type, tier, severity, importance."""
    fitting = [policy for policy in Policy.objects.filter(is_active=True) if _fits(policy, facts)]
    return sorted(fitting, key=lambda policy: (_specificity(policy, facts), -policy.pk), reverse=True)


def targets_for(facts: PolicyFacts, what: Iterable[What]) -> list[Target]:
    """For each thing and kind the target of the most specific policy that says something about it."""
    wanted = set(what)
    order = {policy.pk: place for place, policy in enumerate(policies_for(facts))}
    found: dict[tuple[str, str], Target] = {}
    targets = Target.objects.filter(policy_id__in=order, what__in=wanted).select_related("policy")
    for target in sorted(targets, key=lambda target: order[target.policy_id]):
        found.setdefault((target.what, target.kind), target)
    return list(found.values())


def _fits(policy: Policy, facts: PolicyFacts) -> bool:
    return (
        policy.severity_from <= facts.severity <= policy.severity_to
        and facts.importance >= policy.importance_from
        and (not policy.category_ids or bool(set(policy.category_ids) & set(facts.category_ids)))
        and (not policy.account_ids or facts.account_id in policy.account_ids)
        and (not policy.case_types or facts.case_type in policy.case_types)
        and (not policy.tiers or facts.tier in policy.tiers)
    )


def _specificity(policy: Policy, facts: PolicyFacts) -> tuple[int, ...]:
    depth = 0
    if policy.category_ids:
        nearest = [place for place, pk in enumerate(facts.category_ids) if pk in policy.category_ids]
        depth = len(facts.category_ids) - min(nearest)
    return (
        int(bool(policy.account_ids)),
        depth,
        int(bool(policy.case_types)),
        int(bool(policy.tiers)),
        4 - (policy.severity_to - policy.severity_from),
        policy.importance_from,
    )


def running_of(subject: models.Model) -> list[Promise]:
    """The promises about this subject that are neither kept nor ended, the next due first."""
    rows = Promise.objects.filter(subject_type=type_of(subject), subject_id=subject.pk).running()
    return list(rows.order_by("due_at", "pk"))


def promises_of(subject_type: str, subject_ids: Iterable[int]) -> dict[int, list[Promise]]:
    """All promises about these subjects, by subject, in the order in which they were made."""
    found: dict[int, list[Promise]] = defaultdict(list)
    rows = Promise.objects.filter(subject_type=subject_type, subject_id__in=list(subject_ids))
    for promise in rows.select_related("user", "team").order_by("made_at", "pk"):
        found[promise.subject_id].append(promise)
    return found


_ORDER = {PromiseKind.CUSTOMER: 0, PromiseKind.CONTRACT: 1, PromiseKind.INTERNAL: 2}


def next_due(subject: models.Model) -> datetime | None:
    """When the next running promise is due: to the customer first, else by contract, else internal."""
    clocks = [p for p in running_of(subject) if not p.is_paused]
    best = min(clocks, key=lambda p: (_ORDER[PromiseKind(p.kind)], p.due_at), default=None)
    return best.due_at if best else None
