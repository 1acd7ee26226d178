"""Inviting, equipping and disabling people, and what they change of themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.core.actor import SYSTEM, Actor, Scope
from tightrope.people import events
from tightrope.people.access import Can, known_permissions, require
from tightrope.people.actions.refusals import AddressTaken, refuse_headless
from tightrope.people.models import ApiKey, Grant, Holding, Membership, Role, Team, User


@transaction.atomic
def invite_user(
    *, email: str, name: str, roles: Iterable[Role], teams: Iterable[Team], language: str, by: Actor, at: datetime,
    password: str | None = None, time_zone: str = "Asia/Shanghai", title: str = "",
) -> User:  # fmt: skip
    """Let a person sign in, with roles and teams. Raises AddressTaken."""
    require(by, Can.MANAGE_PEOPLE)
    _refuse_taken(email)
    user = User.objects.create(
        email=email,
        name=name,
        password=password,
        language=language,
        time_zone=time_zone,
        title=title,
        joined_at=at,
    )
    _note_address(user)
    Membership.objects.bulk_create(Membership(user=user, team=team) for team in teams)
    Holding.objects.bulk_create(Holding(user=user, role=role) for role in roles)
    timeline.record(user, events.UserInvited(name=name, email=user.email), by=by, at=at)
    return user


def _refuse_taken(email: str) -> None:
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise AddressTaken(_("%(email)s already signs in here.") % {"email": email})


def _note_address(user: User) -> None:
    """Keep the sign-in library's own list of addresses equal to ours; else it writes it while a page is read."""
    EmailAddress.objects.filter(user_id=user.pk).delete()
    EmailAddress.objects.create(user_id=user.pk, email=user.email, primary=True, verified=False)


@transaction.atomic
def change_mail_address(user: User, *, email: str, by: Actor, at: datetime) -> User:
    """Let a person sign in with another address from now on. Nobody does it for himself: whoever could take any
    address could take a colleague's before he comes. Raises AddressTaken."""
    require(by, Can.MANAGE_PEOPLE)
    user = User.objects.select_for_update().get(pk=user.pk)
    before, after = user.email, email.strip().lower()
    if before == after:
        return user
    _refuse_taken(after)
    user.email = after
    user.save(update_fields=["email"])
    _note_address(user)
    changed = events.UserAddressChanged(name=user.name, before=before, after=after)
    timeline.record(user, changed, by=by, at=at)
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
    refuse_headless()
    timeline.record(
        user, events.RolesChanged(roles=[r.name for r in roles], teams=[t.name for t in teams]), by=by, at=at
    )
    return user


@transaction.atomic
def disable_user(user: User, *, reason: str, by: Actor, at: datetime) -> User:
    """End a person's access, every session and every key he answers for at once; what he did keeps his name.
    Raises LastAdministrator."""
    require(by, Can.MANAGE_PEOPLE)
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        return user
    user.is_active, user.left_at = False, at
    user.save(update_fields=["is_active", "left_at"])
    refuse_headless()
    _end_sessions(user)
    keys = ApiKey.objects.held_by(user).in_use(at=at).order_by("pk").values_list("name", flat=True)
    timeline.record(user, events.UserDisabled(reason=reason, keys=list(keys)), by=by, at=at)
    return user


def _end_sessions(user: User) -> None:
    keys = UserSession.objects.filter(user_id=user.pk).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()
    UserSession.objects.filter(user_id=user.pk).delete()


@transaction.atomic
def enable_user(user: User, *, by: Actor, at: datetime) -> User:
    """Let a person in again whose access was ended, and the programs for whose keys he answers."""
    require(by, Can.MANAGE_PEOPLE)
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        user.is_active, user.left_at = True, None
        user.save(update_fields=["is_active", "left_at"])
        timeline.record(user, events.UserEnabled(name=user.name), by=by, at=at)
    return user


@transaction.atomic
def set_first_password(user: User, *, password: str, by: Actor, at: datetime) -> User:
    """Somebody who was invited sets a password; the invitation is used up by it."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.set_password(password)
    user.save(update_fields=["password"])
    timeline.record(user, events.PasswordSet(name=user.name), by=by, at=at)
    return user


@transaction.atomic
def change_myself(user: User, *, name: str, language: str, time_zone: str, by: Actor, at: datetime) -> User:
    """A person changes name, language and zone. Nobody can do it for another."""
    if by.user_id != user.pk:
        require(by, Can.MANAGE_PEOPLE)
    user = User.objects.select_for_update().get(pk=user.pk)
    before = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
    after = {"name": name, "language": language, "time_zone": time_zone}
    changes = events.differences(before, after)
    if not changes:
        return user
    user.name, user.language, user.time_zone = name, language, time_zone
    user.save(update_fields=["name", "language", "time_zone"])
    timeline.record(user, events.UserChanged(name=name, changes=changes), by=by, at=at)
    return user


@transaction.atomic
def create_administrator(
    *, email: str, name: str, password: str, language: str = "en", by: Actor = SYSTEM, at: datetime
) -> User:
    """Somebody who may do everything. Raises AddressTaken, ValidationError for a weak password."""
    validate_password(password)
    role, _is_new = Role.objects.get_or_create(code="administrator", defaults={"name": "Administrator"})
    for permission in known_permissions():
        Grant.objects.get_or_create(role=role, permission=permission, defaults={"scope": Scope.ALL.value})
    return invite_user(
        email=email, name=name, password=password, roles=[role], teams=[], language=language, by=by, at=at
    )
