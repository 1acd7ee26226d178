"""Permissions: who may do what, how far. Capabilities declare theirs; roles grant them with a scope."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tightrope.core.actor import Actor, Scope

_known: dict[str, Any] = {}


class Denied(PermissionDenied):
    """This doer may not do this. The message says which permission is missing."""


def declare(permissions: type[StrEnum], labels: dict[Any, Any]) -> None:
    """Make a capability's permissions known, each with the words an administrator reads."""
    for permission in permissions:
        _known[permission.value] = labels[permission]


def known_permissions() -> dict[str, Any]:
    """Every declared permission with its label, by name."""
    return dict(sorted(_known.items()))


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whose a thing is, for judging how far a permission reaches."""

    user_id: int | None = None
    team_id: int | None = None
    region_id: int | None = None


def reaches(scope: Scope | None, by: Actor, belonging: Belonging) -> bool:
    """Whether a permission of this scope covers a thing that belongs so."""
    if scope is None:
        return False
    if scope is Scope.ALL:
        return True
    if belonging.user_id is not None and belonging.user_id == by.user_id:
        return True
    if scope >= Scope.TEAM and belonging.team_id in by.teams:
        return True
    return scope >= Scope.REGION and belonging.region_id in by.regions


def require(by: Actor, permission: str, belonging: Belonging | None = None) -> None:
    """Raises Denied unless the doer holds the permission and its scope reaches the thing."""
    scope = by.scope(permission)
    if scope is None or (belonging is not None and not reaches(scope, by, belonging)):
        raise Denied(str(permission))


def within_scope(
    by: Actor, permission: str, *, user: str = "owner", team: str = "team", region: str = "region"
) -> Q:
    """The same judgement as a filter over rows whose owner, team and region stand in these fields."""
    scope = by.scope(permission)
    if scope is None:
        return Q(pk__in=[])
    if scope is Scope.ALL:
        return Q()
    reach = Q(**{user: by.user_id}) if by.user_id is not None else Q(pk__in=[])
    if scope >= Scope.TEAM:
        reach |= Q(**{f"{team}__in": by.teams})
    if scope >= Scope.REGION:
        reach |= Q(**{f"{region}__in": by.regions})
    return reach


class Audience(StrEnum):
    """Who may enter a route, when no permission says it more exactly."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    STAFF = "staff"
    CUSTOMER = "customer"
    LINK = "holder of a private link"


class Can(StrEnum):
    MANAGE_PEOPLE = "people.manage"
    MANAGE_KEYS = "people.keys"
    OPERATE = "system.operate"


declare(
    Can,
    {
        Can.MANAGE_PEOPLE: _("Manage people, teams and roles"),
        Can.MANAGE_KEYS: _("Manage API keys"),
        Can.OPERATE: _("See queues, health and failed jobs"),
    },
)


_MANAGE = {"GET": Can.MANAGE_PEOPLE, "POST": Can.MANAGE_PEOPLE}

ROUTES: dict[str, dict[str, Any]] = {
    "people:demo": {"GET": Audience.ANYONE, "POST": Audience.ANYONE},  # refuses itself unless it is a demo
    "people:welcome": {"GET": Audience.ANYONE, "POST": Audience.ANYONE},  # the signed link is the key
    "people:me": {"GET": Audience.STAFF, "POST": Audience.STAFF},
    "people:list": {"GET": Can.MANAGE_PEOPLE},
    "people:invite": _MANAGE,
    "people:user": _MANAGE,
    "people:teams": {"GET": Can.MANAGE_PEOPLE},
    "people:new_team": _MANAGE,
    "people:team": _MANAGE,
    "people:roles": {"GET": Can.MANAGE_PEOPLE},
    "people:new_role": _MANAGE,
    "people:role": _MANAGE,
    "people:presets": _MANAGE,
    "people:keys": {"GET": Can.MANAGE_KEYS, "POST": Can.MANAGE_KEYS},
    "people:key": {"GET": Can.MANAGE_KEYS},
    # The sign-in library would let anybody give himself any address, also one that a colleague will have.
    "account_email": {},
}
