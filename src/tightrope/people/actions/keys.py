"""Making, taking over and revoking keys for programs."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.core.actor import Actor, Scope
from tightrope.people import events
from tightrope.people.access import Can, Denied, known_permissions, require
from tightrope.people.actions.refusals import KeyOver, UnknownPermission, WiderThanOwn
from tightrope.people.models import ApiKey, User


@transaction.atomic
def make_key(
    *, name: str, grants: Mapping[str, Scope], by: Actor, at: datetime, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new API key and its secret, which is shown this once. Raises WiderThanOwn, UnknownPermission."""
    require(by, Can.MANAGE_KEYS)
    for permission in grants:
        if permission not in known_permissions():
            raise UnknownPermission(permission)
    _refuse_wider(grants, by=by)
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
    made = events.KeyMade(name=name, prefix=prefix, grants=key.grants, expires_at=expires_at)
    timeline.record(key, made, by=by, at=at)
    return key, presented


def _refuse_wider(grants: Mapping[str, Scope], *, by: Actor) -> None:
    for permission, scope in grants.items():
        if (by.scope(permission) or 0) < scope:
            raise WiderThanOwn(
                _("You may not answer for this key: it may “%(permission)s” further than you.")
                % {"permission": known_permissions().get(permission, permission)}
            )


@transaction.atomic
def take_over_key(key: ApiKey, *, by: Actor, at: datetime) -> ApiKey:
    """Answer for a key from now on: it stops when this person leaves, and goes on if its owner had left. Its
    secret stays. Raises KeyOver when it was revoked or has expired, WiderThanOwn when it may more than he."""
    require(by, Can.MANAGE_KEYS)
    if by.user_id is None:
        raise Denied(Can.MANAGE_KEYS)
    key = (
        ApiKey.objects.select_for_update(of=("self",))
        .select_related("made_by", "taken_over_by")
        .get(pk=key.pk)
    )
    if key.owner.pk == by.user_id:
        return key
    if key.ending(at=at) in {ApiKey.Ending.REVOKED, ApiKey.Ending.EXPIRED}:
        raise KeyOver(_("This key is over; make a new one."))
    _refuse_wider({permission: Scope(scope) for permission, scope in key.grants.items()}, by=by)
    taken = events.KeyTakenOver(name=key.name, prefix=key.prefix, former_owner=key.owner.name)
    key.taken_over_by = User.objects.get(pk=by.user_id)
    key.save(update_fields=["taken_over_by"])
    timeline.record(key, taken, by=by, at=at)
    return key


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Actor, at: datetime) -> ApiKey:
    """End a key at once. Saying it twice is not an error."""
    require(by, Can.MANAGE_KEYS)
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        timeline.record(key, events.KeyRevoked(name=key.name, prefix=key.prefix), by=by, at=at)
    return key
