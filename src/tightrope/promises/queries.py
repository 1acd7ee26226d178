"""Reading the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from tightrope.core.actor import Actor
from tightrope.core.statements import Given, written
from tightrope.people.models import User
from tightrope.promises.models import Policy, Promise, PromiseKind, PromiseSet, Target, What
from tightrope.timeline.actions import type_of


@dataclass(frozen=True)
class PolicyFacts:
    """What a policy may look at. `severity` is the priority, 1 the highest; `category_ids` the category and
    those above it, the nearest first."""

    category_ids: tuple[int, ...] = ()
    severity: int = 3
    account_id: int | None = None
    importance: int = 1
    case_type: str = ""
    tier: int = 1


def policies_for(facts: PolicyFacts) -> list[Policy]:
    """Every active policy that fits, the most specific first: account, category, type, tier, severity, importance."""
    fitting = [policy for policy in Policy.objects.filter(is_active=True) if fits(policy, facts)]
    return sorted(fitting, key=lambda policy: rank(policy, facts), reverse=True)


def policy_for(facts: PolicyFacts) -> Policy | None:
    """The most specific policy that fits."""
    return next(iter(policies_for(facts)), None)


def targets_for(facts: PolicyFacts, what: Iterable[What]) -> list[Target]:
    """For each thing and kind the target of the most specific policy that says something about it."""
    active = written("targets", _active_targets)
    fitting = [target for target in active.all(what=list(what)) if fits(target.policy, facts)]
    fitting.sort(key=lambda target: (rank(target.policy, facts), -target.pk), reverse=True)
    found: dict[tuple[str, str], Target] = {}
    for target in fitting:
        found.setdefault((target.what, target.kind), target)
    return list(found.values())


def _active_targets() -> models.QuerySet[Target]:
    active = Target.objects.filter(policy__is_active=True, what__any_of=Given("what"))
    return active.select_related("policy").order_by("pk")


def fits(policy: Policy, facts: PolicyFacts) -> bool:
    """Whether every condition of the policy holds."""
    return (
        policy.severity_from <= facts.severity <= policy.severity_to
        and facts.importance >= policy.importance_from
        and (not policy.category_ids or bool(set(policy.category_ids) & set(facts.category_ids)))
        and (not policy.account_ids or facts.account_id in policy.account_ids)
        and (not policy.case_types or facts.case_type in policy.case_types)
        and (not policy.tiers or facts.tier in policy.tiers)
    )


def rank(policy: Policy, facts: PolicyFacts) -> tuple[int, ...]:
    """How specific a fitting policy is: compared from left to right, of two equal ones the older wins."""
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
        -policy.pk,
    )


def running_of(subject: models.Model) -> list[Promise]:
    """What is owed about this subject, the next due first; what is late is owed too."""
    rows = Promise.objects.about(type_of(subject), subject.pk).running()
    return list(rows.select_related("user", "team").order_by("due_at", "pk"))


def stands_still(promise_id: int) -> bool:
    """Whether the clock of this promise waits at present for something that is not ours to do."""
    return Promise.objects.filter(pk=promise_id, paused_at__isnull=False).exists()


def promises_of(subject_type: str, subject_ids: Iterable[int]) -> dict[int, list[Promise]]:
    """All promises about these subjects, by subject, in the order in which they were made."""
    found: dict[int, list[Promise]] = defaultdict(list)
    about = written("promises about", _promises_about)
    for promise in about.all(subject_type=subject_type, ids=list(subject_ids)):
        found[promise.subject_id].append(promise)
    return found


def _promises_about() -> PromiseSet:
    rows = Promise.objects.filter(subject_type=Given("subject_type"), subject_id__any_of=Given("ids"))
    ordered: PromiseSet = rows.select_related("user", "team", "policy").order_by("made_at", "pk")
    return ordered


def promises_of_account(account_ids: Iterable[int], *, by: Actor) -> PromiseSet:
    """What this doer may see of what was promised to these accounts, the latest due first."""
    rows: PromiseSet = Promise.objects.visible_to(by).filter(account_id__in=list(account_ids))
    return rows.select_related("user", "team", "policy").order_by("-due_at", "-pk")


_ORDER = {PromiseKind.CUSTOMER: 0, PromiseKind.CONTRACT: 1, PromiseKind.INTERNAL: 2}


def next_due(subject: models.Model) -> datetime | None:
    """When the next thing owed is due: to the customer first, else by contract, else internal. Paused ones wait."""
    rows = written(
        "next due",
        lambda: (
            Promise.objects.about(Given("subject_type"), Given("subject"))  # type: ignore[arg-type]
            .running()
            .filter(paused_at=None)
            .values_list("kind", "due_at")
        ),
    )
    return _first(rows.tuples(subject_type=type_of(subject), subject=subject.pk))


def first_due(promises: Iterable[Promise]) -> datetime | None:
    """The same of promises that were just made, so that none of them rests."""
    return _first((promise.kind, promise.due_at) for promise in promises)


def _first(owed: Iterable[tuple[str, datetime]]) -> datetime | None:
    best = min(owed, key=lambda row: (_ORDER[PromiseKind(row[0])], row[1]), default=None)
    return best[1] if best else None


def running_kinds(subject: models.Model) -> set[tuple[str, str]]:
    """Of what and to whom something is owed about this subject."""
    rows = written(
        "running kinds",
        lambda: (
            Promise.objects.about(Given("subject_type"), Given("subject"))  # type: ignore[arg-type]
            .running()
            .values_list("what", "kind")
        ),
    )
    return {(row[0], row[1]) for row in rows.tuples(subject_type=type_of(subject), subject=subject.pk)}


class Percentile(models.Aggregate):
    """The value below which a share of the rows lies, between neighbours if need be."""

    template = "percentile_cont(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = models.FloatField()

    def __init__(self, expression: str | models.Expression, *, share: float) -> None:
        super().__init__(expression, share=share)


@dataclass(frozen=True, slots=True)
class Record:
    """How promises of one sort fared in a period. Shares are None while nothing was decided."""

    group: str
    kept: int
    missed: int
    beaten: int
    median_margin_seconds: float | None
    low_margin_seconds: float | None
    """The 5th percentile: what nearly every customer got at least."""
    spread_margin_seconds: float | None
    """Between the first and the third quarter: how alike customers are served. All three in working seconds."""

    @property
    def decided(self) -> int:
        return self.kept + self.missed

    @property
    def kept_share(self) -> float | None:
        return self.kept / self.decided if self.decided else None

    @property
    def beaten_share(self) -> float | None:
        return self.beaten / self.decided if self.decided else None


def record_of(rows: PromiseSet, *, since: datetime, until: datetime, group: str = "kind") -> list[Record]:
    """Kept, missed and beaten of what was decided in a period, by "kind" or by "what", in one statement.

    A promise counts where it was decided: when it was kept, or when it fell due and was not.
    """
    return [Record(*row) for row in _decided(rows, since, until, group)]


def record_about(
    subject_type: str, subject_id: int, *, by: Actor, since: datetime, until: datetime
) -> list[Record]:
    """The same, by kind, of what this doer may see about one thing."""

    def decided() -> models.QuerySet[Any, Any]:
        rows = Promise.objects.visible_to(by).filter(
            subject_type=Given("subject_type"), subject_id=Given("subject")
        )
        return _decided(rows, Given("since"), Given("until"), "kind")

    statement = written(("record about", reach_key(by)), decided)
    found = statement.tuples(subject_type=subject_type, subject=subject_id, since=since, until=until)
    return [Record(*row) for row in found]


def owed_about(subject_type: str, subject_id: int, *, by: Actor, limit: int) -> list[Promise]:
    """What this doer may see of what is owed about one thing, the next due first."""

    def owed() -> PromiseSet:
        rows = Promise.objects.visible_to(by).select_related("user", "team").running()
        about: PromiseSet = rows.filter(subject_type=Given("subject_type"), subject_id=Given("subject"))
        return about.order_by("due_at", "pk")[:limit]

    statement = written(("owed about", limit, reach_key(by)), owed)
    return statement.all(subject_type=subject_type, subject=subject_id)


def reach_key(by: Actor) -> tuple[Any, ...]:
    """All that `visible_to` looks at: doers with the same key see the same promises (see core.statements)."""
    return (
        by.kind, by.id, by.contact, by.case, by.scope("promise.view"), by.teams, by.regions, by.accounts,
        by.sees_colleagues,
    )  # fmt: skip


def _decided(
    rows: PromiseSet, since: datetime | Given, until: datetime | Given, group: str
) -> models.QuerySet[Any, Any]:
    if group not in {"kind", "what"}:
        raise ValueError(group)
    counted: models.QuerySet[Any, Any] = (
        rows.filter(settled_at__gte=since, settled_at__lt=until)
        .values(group)
        .annotate(
            kept=models.Count("pk", filter=models.Q(state="kept")),
            missed=models.Count("pk", filter=models.Q(state="missed")),
            beaten=models.Count("pk", filter=models.Q(is_beaten=True)),
            median=Percentile("margin_working_seconds", share=0.5),
            low=Percentile("margin_working_seconds", share=0.05),
            spread=Percentile("margin_working_seconds", share=0.75)
            - Percentile("margin_working_seconds", share=0.25),
        )
        .order_by(group)
        .values_list(group, "kept", "missed", "beaten", "median", "low", "spread")
    )
    return counted


def people_to_warn(roles: Iterable[str], *, user_id: int | None, team_id: int | None) -> list[User]:
    """Who is meant: "owner" answers for it (his team when nobody does), "lead" leads the team, else a role's code.

    What neither a person nor a team answers for is told to all who lead: asking for the members of no team would
    find whoever is in none, customers who sign in among them.
    """
    named = set(roles)
    wanted = models.Q(roles__code__in=named - {"owner", "lead"})
    if user_id is None and team_id is None:
        if named & {"owner", "lead"}:
            wanted |= models.Q(memberships__is_lead=True) | models.Q(roles__code="lead")
        return _active(wanted)
    if "owner" in named:
        wanted |= models.Q(pk=user_id) if user_id else models.Q(memberships__team_id=team_id)
    if "lead" in named:
        teams = models.Q(memberships__team_id=team_id)
        if team_id is None:
            teams = models.Q(memberships__team__memberships__user_id=user_id)
        wanted |= teams & (models.Q(memberships__is_lead=True) | models.Q(roles__code="lead"))
    return _active(wanted)


def _active(wanted: models.Q) -> list[User]:
    return list(User.objects.filter(wanted, is_active=True).distinct().order_by("pk"))
