"""The roles of the trade as presets: for a firm of three with many hats, and for a manufacturer (R270)."""

from __future__ import annotations

from types import MappingProxyType

from django.utils.translation import gettext_noop

from tightrope.core.actor import Scope
from tightrope.people.actions import RolePreset

OWN, TEAM, REGION, ALL = Scope.OWN, Scope.TEAM, Scope.REGION, Scope.ALL

_DESK = {
    "customer.view": ALL,
    "customer.edit": ALL,
    "case.view": ALL,
    "case.open": ALL,
    "case.accept": ALL,
    "case.work": ALL,
    "case.assign": TEAM,
    "promise.view": ALL,
    "promise.make": ALL,
    "survey.view": TEAM,
    "survey.follow_up": ALL,
    "measure.view": TEAM,
}
_LEAD = {
    **_DESK,
    "case.assign": ALL,
    "case.severity": ALL,
    "case.merge": ALL,
    "case.reject": ALL,
    "customer.merge": ALL,
    "promise.change": ALL,
    "promise.withdraw": ALL,
    "survey.view": ALL,
    "measure.view": ALL,
    "message.operate": ALL,
    "duty.plan": ALL,
}
_MANAGER = {
    **_LEAD,
    "case.configure": ALL,
    "promise.configure": ALL,
    "calendar.configure": ALL,
    "form.configure": ALL,
}
_ADMINISTRATOR = {
    **_MANAGER,
    "people.manage": ALL,
    "people.keys": ALL,
    "system.operate": ALL,
    "notice.configure": ALL,
    "record.export": ALL,
}


def _role(code: str, name: str, grants: dict[str, Scope], rooms: tuple[str, ...], home: str) -> RolePreset:
    return RolePreset(code=code, name=name, grants=MappingProxyType(grants), rooms=rooms, home=home)


_ROOMS = ("measures:start", "cases:queue", "customers:list", "promises:due", "surveys:list")

MANUFACTURER: tuple[RolePreset, ...] = (
    _role("administrator", gettext_noop("Administrator"), _ADMINISTRATOR, _ROOMS, "desk"),
    _role(
        "manager", gettext_noop("After-sales manager"), _MANAGER, (*_ROOMS, "measures:overview"), "manager"
    ),
    _role("lead", gettext_noop("Customer service lead"), _LEAD, _ROOMS, "desk"),
    _role("service", gettext_noop("Customer service representative"), _DESK, _ROOMS, "desk"),
    _role(
        "expert",
        gettext_noop("Tier 2 expert"),
        {
            "customer.view": ALL,
            "case.view": TEAM,
            "case.work": TEAM,
            "case.accept": TEAM,
            "case.assign": TEAM,
            "promise.view": ALL,
            "promise.make": TEAM,
            "measure.view": TEAM,
        },
        _ROOMS[:4],
        "desk",
    ),
    _role(
        "dispatcher",
        gettext_noop("Dispatcher"),
        {
            "customer.view": ALL,
            "case.view": ALL,
            "case.work": REGION,
            "promise.view": ALL,
            "promise.make": REGION,
        },
        _ROOMS[:4],
        "desk",
    ),
    _role(
        "engineer",
        gettext_noop("Field engineer"),
        {"customer.view": REGION, "case.view": REGION, "case.work": OWN, "promise.view": REGION},
        _ROOMS[:4],
        "desk",
    ),
    _role(
        "complaints",
        gettext_noop("Complaint officer"),
        {**_DESK, "case.assign": ALL, "case.severity": ALL, "survey.view": ALL, "measure.view": ALL},
        _ROOMS,
        "desk",
    ),
    _role(
        "sales",
        gettext_noop("Sales"),
        {
            "customer.view": OWN,
            "customer.edit": OWN,
            "case.open": ALL,
            "case.view": OWN,
            "promise.view": OWN,
            "promise.make": OWN,
        },
        ("measures:start", "cases:queue", "customers:list", "promises:due"),
        "desk",
    ),
    _role(
        "quality",
        gettext_noop("Quality and production"),
        {"customer.view": ALL, "case.view": ALL, "case.work": TEAM, "promise.view": ALL, "measure.view": ALL},
        _ROOMS[:4],
        "desk",
    ),
    _role(
        "auditor",
        gettext_noop("Auditor"),
        {"record.export": ALL},
        ("measures:start", "measures:record"),
        "desk",
    ),
)
"""Many departments, each with what it needs."""

SMALL_FIRM: tuple[RolePreset, ...] = (
    _role("administrator", gettext_noop("Owner"), _ADMINISTRATOR, (*_ROOMS, "measures:overview"), "manager"),
    _role("service", gettext_noop("Everybody"), {**_LEAD, "case.configure": ALL}, _ROOMS, "desk"),
)
"""Three people, every hat on every head. Roles a firm already has stay as they are."""

PRESETS: dict[str, tuple[RolePreset, ...]] = {"small": SMALL_FIRM, "manufacturer": MANUFACTURER}
