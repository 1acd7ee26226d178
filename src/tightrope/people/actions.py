"""Inviting, equipping and disabling people; making and revoking keys; the role presets of the trade."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.core.actor import SYSTEM, Actor, Scope
from tightrope.people import events
from tightrope.people.access import Can, known_permissions, require
from tightrope.people.models import ApiKey, Grant, Holding, Membership, Region, Role, Team, User


class AddressTaken(ValueError):
    """Somebody already signs in with this address."""


class LastAdministrator(ValueError):
    """Without this person nobody could manage people any more."""


class NameTaken(ValueError):
    """Another one has this name or code."""


class UnknownPermission(ValueError):
    """No capability declares this permission."""


class WiderThanOwn(ValueError):
    """A key cannot do more than the person who makes it."""


@dataclass(frozen=True)
class RolePreset:
    """One role as it comes with a preset."""

    code: str
    name: str
    grants: Mapping[str, Scope]
    rooms: tuple[str, ...]
    home: str


@transaction.atomic
def invite_user(
    *, email: str, name: str, roles: Iterable[Role], teams: Iterable[Team], language: str, by: Actor, at: datetime,
    password: str | None = None, time_zone: str = "Asia/Shanghai", title: str = "",
) -> User:  # fmt: skip
    """Let a person sign in, with roles and teams. Raises AddressTaken."""
    require(by, Can.MANAGE_PEOPLE)
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise AddressTaken(_("%(email)s already signs in here.") % {"email": email})
    user = User.objects.create(
        email=email,
        name=name,
        password=password,
        language=language,
        time_zone=time_zone,
        title=title,
        joined_at=at,
    )
    Membership.objects.bulk_create(Membership(user=user, team=team) for team in teams)
    Holding.objects.bulk_create(Holding(user=user, role=role) for role in roles)
    timeline.record(user, events.UserInvited(name=name, email=user.email), by=by, at=at)
    return user


@transaction.atomic
def change_roles(
    user: User, *, roles: Iterable[Role], teams: Iterable[Team], by: Actor, at: datetime
) -> User:
    """Give a person other hats and teams. Raises LastAdministrator."""
    require(by, Can.MANAGE_PEOPLE)
    user = User.objects.select_for_update().get(pk=user.pk)
    roles, teams = list(roles), list(teams)
    Holding.objects.filter(user=user).exclude(role__in=roles).delete()
    Membership.objects.filter(user=user).exclude(team__in=teams).delete()
    for role in roles:
        Holding.objects.get_or_create(user=user, role=role)
    for team in teams:
        Membership.objects.get_or_create(user=user, team=team)
    _refuse_headless()
    timeline.record(
        user, events.RolesChanged(roles=[r.name for r in roles], teams=[t.name for t in teams]), by=by, at=at
    )
    return user


@transaction.atomic
def disable_user(user: User, *, reason: str, by: Actor, at: datetime) -> User:
    """End a person's access and every session at once; what he did keeps his name. Raises LastAdministrator."""
    require(by, Can.MANAGE_PEOPLE)
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        return user
    user.is_active = False
    user.save(update_fields=["is_active"])
    _refuse_headless()
    _end_sessions(user)
    timeline.record(user, events.UserDisabled(reason=reason), by=by, at=at)
    return user


def _end_sessions(user: User) -> None:
    keys = UserSession.objects.filter(user_id=user.pk).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()
    UserSession.objects.filter(user_id=user.pk).delete()


@transaction.atomic
def enable_user(user: User, *, by: Actor, at: datetime) -> User:
    """Let a person in again whose access was ended."""
    require(by, Can.MANAGE_PEOPLE)
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        timeline.record(user, events.UserEnabled(name=user.name), by=by, at=at)
    return user


@transaction.atomic
def set_first_password(user: User, *, password: str, at: datetime) -> User:
    """Somebody who was invited sets a password; the invitation is used up by it."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


@transaction.atomic
def change_myself(user: User, *, name: str, language: str, time_zone: str, by: Actor, at: datetime) -> User:
    """A person changes name, language and zone. Nobody can do it for another."""
    if by.user_id != user.pk:
        require(by, Can.MANAGE_PEOPLE)
    user = User.objects.select_for_update().get(pk=user.pk)
    user.name, user.language, user.time_zone = name, language, time_zone
    user.save(update_fields=["name", "language", "time_zone"])
    return user


@transaction.atomic
def put_team(
    team: Team | None, *, name: str, code: str, region: Region | None, new_region: str, tier: int,
    is_department: bool, is_open: bool, by: Actor, at: datetime,
) -> Team:  # fmt: skip
    """Make a team or change one. Raises NameTaken."""
    require(by, Can.MANAGE_PEOPLE)
    others = Team.objects.exclude(pk=team.pk) if team else Team.objects.all()
    if others.filter(Q(name=name) | Q(code=code)).exists():
        raise NameTaken(_("Another team has this name or code."))
    if new_region.strip():
        region, _is_new = Region.objects.get_or_create(name=new_region.strip())
    facts = {
        "name": name,
        "code": code,
        "region": region,
        "tier": tier,
        "is_department": is_department,
        "is_open": is_open,
    }
    if team is None:
        return Team.objects.create(**facts)
    Team.objects.filter(pk=team.pk).update(**facts)
    return Team.objects.get(pk=team.pk)


@transaction.atomic
def put_role(role: Role | None, *, name: str, grants: Mapping[str, Scope], by: Actor, at: datetime) -> Role:
    """Make a role or change what it grants. Raises NameTaken, LastAdministrator, UnknownPermission."""
    require(by, Can.MANAGE_PEOPLE)
    unknown = set(grants) - set(known_permissions())
    if unknown:
        raise UnknownPermission(", ".join(sorted(unknown)))
    others = Role.objects.exclude(pk=role.pk) if role else Role.objects.all()
    if others.filter(name=name).exists():
        raise NameTaken(_("Another role has this name."))
    if role is None:
        role = Role.objects.create(code=f"own-{secrets.token_hex(4)}", name=name, home="desk")
    else:
        Role.objects.filter(pk=role.pk).update(name=name)
    role.grants.exclude(permission__in=grants).delete()
    for permission, scope in grants.items():
        Grant.objects.update_or_create(role=role, permission=permission, defaults={"scope": int(scope)})
    _refuse_headless()
    return role


def _refuse_headless() -> None:
    managers = User.objects.filter(is_active=True, roles__grants__permission=Can.MANAGE_PEOPLE)
    if not managers.exists():
        raise LastAdministrator(_("Somebody must be able to manage people."))


@transaction.atomic
def create_administrator(*, email: str, name: str, password: str, by: Actor = SYSTEM, at: datetime) -> User:
    """The first person of a new installation. Raises AddressTaken, ValidationError for a weak password."""
    validate_password(password)
    role, _is_new = Role.objects.get_or_create(code="administrator", defaults={"name": "Administrator"})
    for permission in known_permissions():
        Grant.objects.get_or_create(role=role, permission=permission, defaults={"scope": Scope.ALL.value})
    return invite_user(
        email=email, name=name, password=password, roles=[role], teams=[], language="en", by=by, at=at
    )


@transaction.atomic
def apply_presets(presets: Iterable[RolePreset], *, by: Actor, at: datetime) -> list[Role]:
    """Put the roles of a preset in place. Roles that are there keep their holders; none is removed.

    Switching from the small firm's preset to the manufacturer's therefore loses nothing.
    Raises UnknownPermission.
    """
    require(by, Can.MANAGE_PEOPLE)
    known = known_permissions()
    roles = []
    for preset in presets:
        unknown = set(preset.grants) - set(known)
        if unknown:
            raise UnknownPermission(", ".join(sorted(unknown)))
        role, _is_new = Role.objects.update_or_create(
            code=preset.code, defaults={"name": preset.name, "rooms": list(preset.rooms), "home": preset.home}
        )
        role.grants.exclude(permission__in=preset.grants).delete()
        for permission, scope in preset.grants.items():
            Grant.objects.update_or_create(role=role, permission=permission, defaults={"scope": int(scope)})
        roles.append(role)
    return roles


@transaction.atomic
def make_key(
    *, name: str, grants: Mapping[str, Scope], by: Actor, at: datetime, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new API key and its secret, which is shown this once. Raises WiderThanOwn, UnknownPermission."""
    require(by, Can.MANAGE_KEYS)
    for permission, scope in grants.items():
        if permission not in known_permissions():
            raise UnknownPermission(permission)
        if (by.scope(permission) or 0) < scope:
            raise WiderThanOwn(permission)
    prefix = "tr" + secrets.token_hex(4)
    presented = f"{prefix}.{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        name=name,
        prefix=prefix,
        key_hash=hashlib.sha256(presented.encode()).hexdigest(),
        grants={permission: int(scope) for permission, scope in grants.items()},
        made_by_id=by.user_id or User.objects.order_by("pk").values_list("pk", flat=True)[0],
        made_at=at,
        expires_at=expires_at,
    )
    return key, presented


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Actor, at: datetime) -> ApiKey:
    """End a key at once. Saying it twice is not an error."""
    require(by, Can.MANAGE_KEYS)
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
    return key
