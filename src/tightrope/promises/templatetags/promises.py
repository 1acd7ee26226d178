"""Words of the ledger in templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _

from tightrope.promises.models import Promise, PromiseKind, State, What

register = template.Library()


@register.filter
def what_word(value: str) -> str:
    """The words for what is promised, from its code."""
    return str(dict(What.choices).get(What(value), value)) if value in What.values else value


@register.filter
def kind_word(value: str) -> str:
    """The words for whom it is owed to, from its code."""
    return str(dict(PromiseKind.choices)[PromiseKind(value)]) if value in PromiseKind.values else value


@register.filter
def promised_what(facts: Mapping[str, Any]) -> str:
    """What an event is about: the customer's own plainly, the others with whom they are owed to."""
    what = what_word(facts["what"])
    if facts["promise_kind"] == PromiseKind.CUSTOMER:
        return what
    return _("%(what)s (%(kind)s)") % {"what": what, "kind": kind_word(facts["promise_kind"])}


@register.filter
def instant(value: str) -> datetime | None:
    """An instant as an event keeps it."""
    return datetime.fromisoformat(value) if value else None


@register.filter
def promise_light(promise: Promise, now: datetime) -> str:
    """The light of a promise at this moment."""
    if promise.is_paused:
        return "waiting"
    if promise.is_late(now) or promise.state == State.MISSED:
        return "late"
    return {State.RUNNING: "accepted", State.KEPT: "solved"}.get(State(promise.state), "received")


@register.filter
def promise_word(promise: Promise, now: datetime) -> str:
    """The word beside that light."""
    if promise.is_paused:
        return _("paused")
    if promise.kept_at is not None and promise.state == State.MISSED:
        return _("kept late")
    if promise.is_late(now):
        return _("overdue")
    return _("beaten") if promise.is_beaten else promise.get_state_display()


@register.filter
def who_answers(promise: Promise) -> str:
    """The person, else the team, else a dash."""
    return " · ".join(str(one) for one in (promise.user, promise.team) if one is not None) or "–"
