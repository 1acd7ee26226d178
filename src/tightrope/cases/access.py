"""Who may do what with which case."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tightrope.cases.models import Case
from tightrope.core.actor import Actor, Kind, Scope
from tightrope.core.statements import Given, written
from tightrope.people.access import Belonging, Denied, declare, reaches


class Can(StrEnum):
    VIEW = "case.view"
    OPEN = "case.open"
    ACCEPT = "case.accept"
    WORK = "case.work"
    ASSIGN = "case.assign"
    SEVERITY = "case.severity"
    MERGE = "case.merge"
    REJECT = "case.reject"
    CONFIGURE = "case.configure"


declare(
    Can,
    {
        Can.VIEW: _("See cases"),
        Can.OPEN: _("Open cases on a customer's behalf"),
        Can.ACCEPT: _("Accept cases"),
        Can.WORK: _("Answer, note, wait, solve and reopen"),
        Can.ASSIGN: _("Assign and hand over"),
        Can.SEVERITY: _("Change impact and urgency"),
        Can.MERGE: _("Merge and split cases"),
        Can.REJECT: _("Reject what is no case"),
        Can.CONFIGURE: _("Change categories, canned replies and rules of the desk"),
    },
)


def belonging_of(case: Case) -> Belonging:
    """Whose the case is, for judging scopes."""
    region_id = case.account.region_id if case.account_id and case.account else None
    return Belonging(user_id=case.owner_id, team_id=case.team_id, region_id=region_id)


def may(by: Actor, permission: Can, case: Case) -> bool:
    """Whether the doer may do this to this case."""
    if by.is_system:
        return True
    if by.is_customer:
        return False
    scope = by.scope(permission)
    if permission is Can.ACCEPT and scope is not None and case.owner_id is None and case.team_id is None:
        return True  # what nobody answers for yet is anybody's to accept
    return reaches(scope, by, belonging_of(case))


def require(by: Actor, permission: Can, case: Case) -> None:
    """Raises Denied unless the doer may do this to this case."""
    if not may(by, permission, case):
        raise Denied(str(permission))


def require_voice(by: Actor, case: Case) -> None:
    """Raises Denied unless the doer may speak for the customer of this case."""
    if not speaks_for_customer(by, case):
        raise Denied("customer of the case")


def speaks_for_customer(by: Actor, case: Case) -> bool:
    """The contact of the case, a colleague who may see it, or the holder of its private link."""
    if by.kind is Kind.LINK:
        return by.case == case.pk
    if by.kind is Kind.CONTACT:
        return by.contact == case.contact_id or case.account_id in by.sees_colleagues
    return by.is_system


def reach_of(by: Actor) -> Q:
    """The cases a doer may see, as a filter. Used by `Case.objects.visible_to`."""
    if by.is_system:
        return Q()
    if by.kind is Kind.LINK:
        return Q(pk=by.case)
    if by.kind is Kind.CONTACT:
        return Q(contact_id=by.contact) | Q(account_id__in=by.sees_colleagues)
    return Case.objects.staff_reach(by, Can.VIEW)


def reach_key(by: Actor) -> tuple[Any, ...]:
    """All that `reach_of` looks at: doers with the same key see the same cases (see core.statements)."""
    return (by.kind, by.id, by.contact, by.case, by.scope(Can.VIEW), by.teams, by.regions, by.sees_colleagues)


def sees_all(by: Actor) -> bool:
    """Whether no case is hidden from this doer."""
    return by.is_system or (by.is_staff and by.scope(Can.VIEW) is Scope.ALL)


def reads_conversation(by: Actor, conversation_id: int) -> bool:
    """Whether the doer may read what was said in a conversation: whoever may see its case."""
    return Case.objects.visible_to(by).filter(conversation_id=conversation_id).exists()


def reads_case(by: Actor, case_id: int) -> bool:
    """Whether the doer may read what hangs on a case."""
    return Case.objects.visible_to(by).filter(pk=case_id).exists()


def case_for(by: Actor, public_id: str) -> Case:
    """The one door to a case named in an address. Raises Case.DoesNotExist for what the doer may not see."""
    door = written(
        ("case for", reach_key(by)),
        lambda: Case.objects.visible_to(by).whole().filter(public_id=Given("public_id")),
    )
    case = door.first(public_id=public_id)
    if case is None:
        raise Case.DoesNotExist(public_id)
    return case


READ = {"GET": Can.VIEW}
ASK_AND_DO = {"GET": Can.WORK, "POST": Can.WORK}

SET_UP = {"GET": Can.CONFIGURE, "POST": Can.CONFIGURE}

ROUTES: dict[str, dict[str, Any]] = {
    "cases:queue": READ,
    "cases:filters": READ,
    "cases:views": {"POST": Can.VIEW},
    "cases:view_removal": {"POST": Can.VIEW},
    "cases:categories": {"GET": Can.CONFIGURE},
    "cases:new_category": SET_UP,
    "cases:category_change": SET_UP,
    "cases:canned": {"GET": Can.CONFIGURE},
    "cases:new_canned": SET_UP,
    "cases:canned_change": SET_UP,
    "cases:rules": SET_UP,
    "cases:several_assignment": {"GET": Can.ASSIGN, "POST": Can.ASSIGN},
    "cases:several_handover": ASK_AND_DO,
    "cases:several_severity": {"GET": Can.SEVERITY, "POST": Can.SEVERITY},
    "cases:several_tags": ASK_AND_DO,
    "cases:several_rejection": {"GET": Can.REJECT, "POST": Can.REJECT},
    "cases:reception": {"GET": Can.VIEW, "POST": Can.OPEN},
    "cases:reception_csv": READ,
    "cases:new": {"GET": Can.OPEN, "POST": Can.OPEN},
    "cases:new_who": {"GET": Can.OPEN},
    "cases:new_questions": {"GET": Can.OPEN},
    "cases:new_preview": {"GET": Can.OPEN},
    "cases:case": READ,
    "cases:acceptance": {"POST": Can.ACCEPT},
    "cases:assignment": {"GET": Can.ASSIGN, "POST": Can.ASSIGN},
    "cases:handover": ASK_AND_DO,
    "cases:replies": {"POST": Can.WORK},
    "cases:taking_back": {"POST": Can.WORK},
    "cases:notes": {"POST": Can.VIEW},
    "cases:waiting": ASK_AND_DO,
    "cases:resumption": {"POST": Can.WORK},
    "cases:solution": ASK_AND_DO,
    "cases:solution_taking_back": {"POST": Can.WORK},
    "cases:reopening": ASK_AND_DO,
    "cases:confirmation": {"POST": Can.WORK},
    "cases:merge": {"GET": Can.MERGE, "POST": Can.MERGE},
    "cases:split": {"GET": Can.MERGE, "POST": Can.MERGE},
    "cases:parent": {"GET": Can.MERGE, "POST": Can.MERGE},
    "cases:parent_removal": {"POST": Can.MERGE},
    "cases:rejection": {"GET": Can.REJECT, "POST": Can.REJECT},
    "cases:restoration": {"POST": Can.REJECT},
    "cases:severity": {"GET": Can.SEVERITY, "POST": Can.SEVERITY},
    "cases:category": ASK_AND_DO,
    "cases:title": ASK_AND_DO,
    "cases:tags": ASK_AND_DO,
    "cases:customer": ASK_AND_DO,
    "cases:complaint": ASK_AND_DO,
    "cases:cause": ASK_AND_DO,
    "cases:links": ASK_AND_DO,
    "cases:signs": {"POST": Can.WORK},
    "cases:no_complaint": {"GET": Can.REJECT, "POST": Can.REJECT},
    "cases:calls": ASK_AND_DO,
    "api:cases-cases": {"GET": Can.VIEW, "POST": Can.OPEN},
    "api:cases-case": READ,
    "api:cases-messages": READ,
    "api:cases-replies": {"POST": Can.WORK},
    "api:cases-notes": {"POST": Can.VIEW},
    "api:cases-acceptance": {"POST": Can.ACCEPT},
    "api:cases-assignment": {"POST": Can.ASSIGN},
    "api:cases-waiting": {"POST": Can.WORK},
    "api:cases-solution": {"POST": Can.WORK},
    "api:cases-reopening": {"POST": Can.WORK},
    "api:cases-split": {"POST": Can.MERGE},
    "api:cases-parent": {"POST": Can.MERGE, "DELETE": Can.MERGE},
}
