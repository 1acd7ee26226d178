"""Making and changing roles, one by one or as a preset of the trade."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.core.actor import Actor, Scope
from tightrope.people import events
from tightrope.people.access import Can, known_permissions, require
from tightrope.people.actions.refusals import NameTaken, UnknownPermission, refuse_headless
from tightrope.people.models import Grant, Role


@dataclass(frozen=True)
class RolePreset:
    """One role as it comes with a preset."""

    code: str
    name: str
    grants: Mapping[str, Scope]
    rooms: tuple[str, ...]
    home: str


@transaction.atomic
def put_role(role: Role | None, *, name: str, grants: Mapping[str, Scope], by: Actor, at: datetime) -> Role:
    """Make a role or change what it grants. Raises NameTaken, LastAdministrator, UnknownPermission."""
    require(by, Can.MANAGE_PEOPLE)
    _refuse_unknown(grants)
    others = Role.objects.exclude(pk=role.pk) if role else Role.objects.all()
    if others.filter(name=name).exists():
        raise NameTaken(_("Another role has this name."))
    if role is None:
        role = Role.objects.create(code=f"own-{secrets.token_hex(4)}", name=name, home="desk")
        _give(role, grants)
        timeline.record(role, events.RoleMade(name=name, grants=_numbers(grants)), by=by, at=at)
        return role
    role = Role.objects.select_for_update().get(pk=role.pk)
    before, former_name = _grants_of(role), role.name
    Role.objects.filter(pk=role.pk).update(name=name)
    _give(role, grants)
    refuse_headless()
    _record_change(role, former_name, before, name=name, grants=grants, by=by, at=at)
    return Role.objects.get(pk=role.pk)


@transaction.atomic
def apply_presets(presets: Iterable[RolePreset], *, by: Actor, at: datetime) -> list[Role]:
    """Put the roles of a preset in place. Roles that are there keep their holders; none is removed.

    Switching from the small firm's preset to the manufacturer's therefore loses nothing.
    Raises UnknownPermission.
    """
    require(by, Can.MANAGE_PEOPLE)
    return [_put_preset(preset, by=by, at=at) for preset in presets]


def _put_preset(preset: RolePreset, *, by: Actor, at: datetime) -> Role:
    _refuse_unknown(preset.grants)
    facts = {"name": preset.name, "rooms": list(preset.rooms), "home": preset.home}
    known = Role.objects.select_for_update().filter(code=preset.code).first()
    if known is None:
        role = Role.objects.create(code=preset.code, **facts)
        _give(role, preset.grants)
        timeline.record(role, events.RoleMade(preset.name, _numbers(preset.grants)), by=by, at=at)
        return role
    before, former_name = _grants_of(known), known.name
    Role.objects.filter(pk=known.pk).update(**facts)
    _give(known, preset.grants)
    _record_change(known, former_name, before, name=preset.name, grants=preset.grants, by=by, at=at)
    return Role.objects.get(pk=known.pk)


def _refuse_unknown(grants: Mapping[str, Scope]) -> None:
    unknown = set(grants) - set(known_permissions())
    if unknown:
        raise UnknownPermission(", ".join(sorted(unknown)))


def _give(role: Role, grants: Mapping[str, Scope]) -> None:
    role.grants.exclude(permission__in=grants).delete()
    for permission, scope in grants.items():
        Grant.objects.update_or_create(role=role, permission=permission, defaults={"scope": int(scope)})


def _grants_of(role: Role) -> dict[str, int]:
    return dict(role.grants.values_list("permission", "scope"))


def _numbers(grants: Mapping[str, Scope]) -> dict[str, int]:
    return {permission: int(scope) for permission, scope in grants.items()}


def _record_change(
    role: Role, former_name: str, before: Mapping[str, int], *, name: str, grants: Mapping[str, Scope],
    by: Actor, at: datetime,
) -> None:  # fmt: skip
    """Say what the role grants more, less or further than before; nothing when it is as it was."""
    after = _numbers(grants)
    moved = {
        permission: [before.get(permission, 0), after.get(permission, 0)]
        for permission in sorted({*before, *after})
        if before.get(permission) != after.get(permission)
    }
    if moved or former_name != name:
        changed = events.RoleChanged(name=name, former_name=former_name, grants=moved)
        timeline.record(role, changed, by=by, at=at)
