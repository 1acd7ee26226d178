"""Reads over users, roles and keys."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from types import MappingProxyType

from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from tightrope.core.actor import Actor, Kind, Scope
from tightrope.core.statements import Given, written
from tightrope.people.models import ApiKey, User

_REACH = """jsonb_build_array(
  (SELECT coalesce(jsonb_object_agg(permission, scope), '{}') FROM (
     SELECT g.permission, max(g.scope) AS scope FROM people_holding h JOIN people_grant g USING (role_id)
     WHERE h.user_id = people_user.id GROUP BY g.permission) grants),
  (SELECT coalesce(array_agg(m.team_id), '{}') FROM people_membership m WHERE m.user_id = people_user.id),
  (SELECT coalesce(array_agg(DISTINCT t.region_id) FILTER (WHERE t.region_id IS NOT NULL), '{}')
     FROM people_membership m JOIN people_team t ON t.id = m.team_id WHERE m.user_id = people_user.id))
"""
"""What a user may do how far, his teams, and their regions."""


def user_with_reach(user_id: int) -> User | None:
    """The user of a session, read together with what `actor_of` needs of him."""
    rows = written(
        "user with reach",
        lambda: User.objects.filter(pk=Given("user")).annotate(
            reach=RawSQL(_REACH, (), output_field=JSONField())  # noqa: S611 - our own words
        ),
    )
    return rows.first(user=user_id)


def actor_of(user: User) -> Actor:
    """The member of staff as a doer, in one statement at most. Someone without a role may do nothing."""
    known = user if hasattr(user, "reach") else user_with_reach(user.pk)
    grants, teams, regions = getattr(known, "reach", ({}, (), ()))
    return Actor(
        kind=Kind.STAFF if grants else Kind.NOBODY,
        id=user.pk,
        name=user.name,
        grants=MappingProxyType({name: Scope(scope) for name, scope in grants.items()}),
        teams=frozenset(teams),
        regions=frozenset(regions),
        language=user.language,
        time_zone=user.time_zone,
    )


def _key_of(presented: str) -> ApiKey | None:
    """The key whose secret this is, with the people who answer for it, whether or not it is still good."""
    prefix, _, _ = presented.partition(".")
    key = written(
        "key",
        lambda: ApiKey.objects.filter(prefix=Given("prefix")).select_related("made_by", "taken_over_by"),
    ).first(prefix=prefix)
    digest = hashlib.sha256(presented.encode()).hexdigest()
    return key if key is not None and hmac.compare_digest(key.key_hash, digest) else None


def ending_of_key(presented: str, *, at: datetime) -> ApiKey.Ending | None:
    """Why a key that is ours is good no longer. None for an unknown one: a guesser learns nothing."""
    key = _key_of(presented)
    return key.ending(at=at) if key else None


def keys_of(user: User, *, at: datetime) -> list[ApiKey]:
    """The keys for which this person answers: they stop when he leaves."""
    return list(ApiKey.objects.held_by(user).in_use(at=at).order_by("name", "pk"))


def newest_keys(*, at: datetime, limit: int = 200) -> list[tuple[ApiKey, ApiKey.Ending | None]]:
    """The keys, newest first, each with why it is good no longer, if it is not."""
    keys = ApiKey.objects.select_related("made_by", "taken_over_by").order_by("-made_at")[:limit]
    return [(key, key.ending(at=at)) for key in keys]


def actor_of_key(presented: str, *, at: datetime) -> Actor | None:
    """The doer behind an API key, or None when it is unknown or good no longer."""
    key = _key_of(presented)
    if key is None or key.ending(at=at):
        return None
    return Actor(
        kind=Kind.KEY,
        id=key.pk,
        name=key.name,
        grants=MappingProxyType({name: Scope(scope) for name, scope in key.grants.items()}),
    )
