"""What a fresh installation promises, until somebody decides better."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope.core.actor import Actor
from tightrope.promises.actions.policies import TargetTerms, save_policy
from tightrope.promises.models import Policy, PromiseKind, What

HOUR = 3600
EARLY = {"50": ["owner"], "75": ["owner", "lead"], "100": ["lead", "manager"]}
LATE = {"75": ["owner"], "100": ["owner", "lead"]}
WORKDAY = 8 * HOUR
AT_ONCE = {"50": ["owner", "lead"], "75": ["owner", "lead", "manager"], "100": ["owner", "lead", "manager"]}
RESCUE = (
    (What.FIRST_RESPONSE, PromiseKind.CUSTOMER, 15, AT_ONCE),
    (What.FIRST_RESPONSE, PromiseKind.INTERNAL, 5, AT_ONCE),
    (What.NEXT_RESPONSE, PromiseKind.CUSTOMER, 15, AT_ONCE),
    (What.UPDATE, PromiseKind.CUSTOMER, 30, AT_ONCE),
    (What.HAND_OVER, PromiseKind.INTERNAL, 10, AT_ONCE),
    (What.RESOLUTION, PromiseKind.CUSTOMER, 120, AT_ONCE),
)
"""What is promised around the clock where somebody is trapped or in danger, in minutes, and who is told how soon."""


def _customer(what: What, seconds: int) -> TargetTerms:
    return TargetTerms(what=what, kind=PromiseKind.CUSTOMER, working_seconds=seconds, warn=EARLY)


def _internal(what: What, seconds: int) -> TargetTerms:
    return TargetTerms(what=what, kind=PromiseKind.INTERNAL, working_seconds=seconds, warn=LATE)


def _told_again(seconds: int) -> TargetTerms:
    """So often the customer hears how it stands; who answers for it is told before and when it is missed, who
    leads by the desk's own alarm."""
    terms = {"75": ["owner"], "100": ["owner"]}
    return TargetTerms(what=What.UPDATE, kind=PromiseKind.CUSTOMER, working_seconds=seconds, warn=terms)


def _answered(first_response: int, resolution: int) -> list[TargetTerms]:
    """To the customer, and half of it among ourselves, so that the word is beaten and not only kept."""
    return [
        _customer(What.FIRST_RESPONSE, first_response),
        _internal(What.FIRST_RESPONSE, first_response // 2),
        _customer(What.RESOLUTION, resolution),
    ]


@transaction.atomic
def install(*, by: Actor, at: datetime) -> None:
    """Write the policies of a fresh installation. Does nothing when there is any policy already."""
    if Policy.objects.exists():
        return
    everywhere = [
        _customer(What.NEXT_RESPONSE, 4 * HOUR),
        _internal(What.HAND_OVER, 2 * HOUR),
        _internal(What.FOLLOW_UP, WORKDAY),
    ]
    wanted: list[tuple[str, dict[str, Any], list[TargetTerms]]] = [
        (_("Every case"), {"severity_from": 1, "severity_to": 5}, everywhere),
        (
            _("Urgent"),
            {"severity_from": 1, "severity_to": 2},
            [*_answered(HOUR, 8 * HOUR), _told_again(4 * HOUR)],
        ),
        (_("Normal"), {"severity_from": 3, "severity_to": 3}, _answered(2 * HOUR, 16 * HOUR)),
        (_("Can wait"), {"severity_from": 4, "severity_to": 5}, _answered(4 * HOUR, 40 * HOUR)),
        (
            _("Complaint"),
            {"case_types": ["complaint"]},
            [*_answered(HOUR // 2, 16 * HOUR), _told_again(WORKDAY), _customer(What.RETURN_CALL, WORKDAY)],
        ),
        (
            _("Urgent complaint"),
            {"case_types": ["complaint"], "severity_from": 1, "severity_to": 2},
            [_told_again(4 * HOUR)],
        ),
    ]
    for name, conditions, targets in wanted:
        save_policy(
            None, name=name, conditions=conditions, targets=targets, is_active=True, version=0, by=by, at=at
        )


def install_rescue(*, category_ids: list[int], calendar_id: int, by: Actor, at: datetime) -> None:
    """Promise help by the clock on the wall, at night and on holidays too, where somebody is trapped or in danger."""
    targets = [
        TargetTerms(what=what, kind=kind, working_seconds=minutes * 60, calendar_id=calendar_id, warn=warn)
        for what, kind, minutes, warn in RESCUE
    ]
    conditions = {"category_ids": category_ids, "severity_from": 1, "severity_to": 5}
    name = _("Somebody is trapped or in danger")
    save_policy(
        None, name=name, conditions=conditions, targets=targets, is_active=True, version=0, by=by, at=at
    )
