"""Which cases get which promises: writing and changing the policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.core.actor import Actor
from tightrope.people.access import require
from tightrope.promises import events
from tightrope.promises.access import Can
from tightrope.promises.models import Policy, PromiseKind, Target, What

CONDITIONS = (
    "category_ids",
    "severity_from",
    "severity_to",
    "importance_from",
    "account_ids",
    "case_types",
    "tiers",
)


class BadPolicy(ValueError):
    """The policy cannot hold as it is written. The message says what is wrong."""


class ChangedMeanwhile(ValueError):
    """Somebody else changed the policy after it was read."""


@dataclass(frozen=True, kw_only=True)
class TargetTerms:
    """What one target of a policy says."""

    what: What
    kind: PromiseKind
    working_seconds: int
    calendar_id: int | None = None
    beaten_share: Decimal = Decimal("0.25")
    beaten_seconds: int | None = None
    warn: Mapping[str, Sequence[str]] = field(default_factory=dict)


@transaction.atomic
def save_policy(
    policy: Policy | None,
    *,
    name: str,
    conditions: Mapping[str, Any],
    targets: Sequence[TargetTerms],
    is_active: bool,
    version: int,
    by: Actor,
    at: datetime,
) -> Policy:
    """Write a policy, or change it. Promises that were made by it stay as they were said.

    `version` is the policy as the writer saw it (0 for a new one). Raises BadPolicy, ChangedMeanwhile, Denied.
    """
    require(by, Can.CONFIGURE)
    _require_sense(name, conditions, targets, policy)
    if policy is None:
        policy = Policy(name=name.strip(), is_active=is_active, **_known(conditions))
        policy.save()
        _set_targets(policy, targets)
        timeline.record(policy, events.PolicyAdded(name=policy.name), by=by, at=at)
        return policy
    policy = Policy.objects.lock(policy.pk)
    if policy.version != version:
        raise ChangedMeanwhile(_("Somebody changed this policy meanwhile. Look at it again first."))
    before = _in_words(policy)
    policy.name, policy.is_active = name.strip(), is_active
    for condition, value in _known(conditions).items():
        setattr(policy, condition, value)
    _set_targets(policy, targets)
    after = _in_words(policy)
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changes:
        policy.version += 1
        policy.save()
        timeline.record(
            policy,
            events.PolicyChanged(name=policy.name, version=policy.version, changes=changes),
            by=by,
            at=at,
        )
    return policy


def _known(conditions: Mapping[str, Any]) -> dict[str, Any]:
    return {name: conditions[name] for name in CONDITIONS if name in conditions}


def _require_sense(
    name: str, conditions: Mapping[str, Any], targets: Sequence[TargetTerms], policy: Policy | None
) -> None:
    if not name.strip():
        raise BadPolicy(_("Give the policy a name."))
    others = Policy.objects.filter(name=name.strip()).exclude(pk=policy.pk if policy else 0)
    if others.exists():
        raise BadPolicy(_("There is already a policy of this name."))
    if conditions.get("severity_from", 1) > conditions.get("severity_to", 5):
        raise BadPolicy(_("The highest priority cannot come after the lowest."))
    if not targets:
        raise BadPolicy(_("A policy promises at least one thing."))
    if len({(target.what, target.kind) for target in targets}) < len(targets):
        raise BadPolicy(_("The same thing is promised twice to the same side."))
    if any(target.working_seconds <= 0 for target in targets):
        raise BadPolicy(_("Every promise needs some working time."))


def _set_targets(policy: Policy, targets: Sequence[TargetTerms]) -> None:
    policy.targets.all().delete()
    Target.objects.bulk_create(
        Target(
            policy=policy,
            what=target.what,
            kind=target.kind,
            working_seconds=target.working_seconds,
            calendar_id=target.calendar_id,
            beaten_share=target.beaten_share,
            beaten_seconds=target.beaten_seconds,
            warn={share: list(roles) for share, roles in target.warn.items() if roles},
        )
        for target in targets
    )


def _in_words(policy: Policy) -> dict[str, str]:
    words = {condition: str(getattr(policy, condition)) for condition in CONDITIONS}
    words |= {"name": policy.name, "is_active": str(policy.is_active)}
    rows = Target.objects.filter(policy=policy).order_by("what", "kind")
    words["targets"] = "; ".join(
        f"{row.what} {row.kind} {row.working_seconds} s, calendar {row.calendar_id or '-'}, "
        f"beaten {row.beaten_seconds or row.beaten_share}, warn {row.warn}"
        for row in rows
    )
    return words
