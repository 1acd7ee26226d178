"""Who may see, make and change promises, and the doors to them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tightrope.core.actor import Actor
from tightrope.people.access import Belonging, declare, reaches
from tightrope.promises.models import Promise
from tightrope.promises.subjects import model_of
from tightrope.search.registry import UnknownKind, findable


class Can(StrEnum):
    VIEW = "promise.view"
    MAKE = "promise.make"
    CHANGE = "promise.change"
    WITHDRAW = "promise.withdraw"
    CONFIGURE = "promise.configure"


declare(
    Can,
    {
        Can.VIEW: _("See promises"),
        Can.MAKE: _("Give a word to a customer"),
        Can.CHANGE: _("Change a promised time, with a reason"),
        Can.WITHDRAW: _("Withdraw a promise, with a reason"),
        Can.CONFIGURE: _("Change the policies of promises"),
    },
)

ROUTES: dict[str, dict[str, Any]] = {
    "promises:due": {"GET": Can.VIEW},
    "promises:ledger": {"GET": Can.VIEW},
    "promises:streaks": {"GET": Can.VIEW},
    "promises:new": {"GET": Can.MAKE, "POST": Can.MAKE},
    "promises:promise": {"GET": Can.VIEW},
    "promises:keeping": {"POST": Can.VIEW},
    "promises:replacement": {"GET": Can.CHANGE, "POST": Can.CHANGE},
    "promises:withdrawal": {"GET": Can.WITHDRAW, "POST": Can.WITHDRAW},
    "promises:giving": {"GET": Can.CHANGE, "POST": Can.CHANGE},
    "promises:policies": {"GET": Can.VIEW},
    "promises:new_policy": {"GET": Can.CONFIGURE, "POST": Can.CONFIGURE},
    "promises:policy": {"GET": Can.CONFIGURE, "POST": Can.CONFIGURE},
}


class NoSuchSubject(LookupError):
    """There is nothing of this name, or it is not this doer's to see."""


def promise_for(by: Actor, public_id: str) -> Promise:
    """The promise behind a link. Raises Promise.DoesNotExist."""
    promise: Promise = (
        Promise.objects.visible_to(by)
        .select_related("account", "user", "team", "policy", "calendar", "replaced_by", "maker")
        .get(public_id=public_id)
    )
    return promise


def subject_for(by: Actor, about: str) -> models.Model:
    """What "case:17" or "account:4" names, as far as this doer may see it. Raises NoSuchSubject."""
    word, _colon, number = about.partition(":")
    model = model_of(word)
    if model is None or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NoSuchSubject(about)
    try:
        visible = findable(word).visible(by, {int(number)})
    except UnknownKind:
        raise NoSuchSubject(about) from None
    row = model._base_manager.filter(pk__in=visible).first()
    if row is None:
        raise NoSuchSubject(about)
    return row


def may_change(by: Actor, permission: Can, promise: Promise) -> bool:
    """Whether the doer's permission reaches this promise, to offer the act or not."""
    return reaches(by.scope(permission), by, belonging_of(promise))


def may_keep(by: Actor, promise: Promise) -> bool:
    """Whoever answers for a promise may say that it is done; so may those who give words there."""
    return (promise.user_id is not None and promise.user_id == by.user_id) or may_change(
        by, Can.MAKE, promise
    )


def belonging_of(promise: Promise) -> Belonging:
    """Whose a promise is."""
    region_id = promise.account.region_id if promise.account is not None else None
    return Belonging(user_id=promise.user_id, team_id=promise.team_id, region_id=region_id)
