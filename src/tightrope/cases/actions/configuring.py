"""What the desk works by: categories, canned replies, the rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from tightrope import timeline
from tightrope.cases import events
from tightrope.cases.access import Can
from tightrope.cases.models import CannedReply, Category, Rules
from tightrope.cases.placeholders import unknown_in
from tightrope.core.actor import Actor
from tightrope.people.access import require


class CodeTaken(ValueError):
    """Another one has this code."""


RESERVED = frozenset({"new"})
"""Codes stand in addresses, beside words of ours: a category “new” could never be opened again."""


class CodeReserved(ValueError):
    """The code is a word of an address of ours."""


class UnknownPlaceholder(ValueError):
    """A text mentions something that is not on the list; it would reach the customer as it stands."""


class CircularParent(ValueError):
    """A category cannot stand below itself."""


CATEGORY_FIELDS = (
    "code", "names", "parent", "type", "form_key", "team", "impact", "urgency", "help", "sort", "is_open", "on_portal",
)  # fmt: skip
CANNED_FIELDS = ("code", "names", "bodies", "team", "category", "is_open")
RULES_FIELDS = (
    "remind_after_days", "remind_times", "close_waiting_after_days", "close_solved_after_days", "reopen_within_days",
    "untriaged_after_minutes", "silent_after_minutes", "call_retries", "return_call_hours", "recurrence_days",
    "detection", "low_score", "complaint_words",
)  # fmt: skip


@transaction.atomic
def save_category(category: Category | None, *, facts: dict[str, Any], by: Actor, at: datetime) -> Category:
    """Add a category, or change one. Raises CodeTaken, CodeReserved, CircularParent, Denied."""
    require(by, Can.CONFIGURE)
    _refuse_reserved(facts["code"])
    category = Category.objects.select_for_update().get(pk=category.pk) if category else Category()
    taken = Category.objects.filter(code=facts["code"]).exclude(pk=category.pk)
    if taken.exists():
        raise CodeTaken(_("Another category has the code “%(code)s”.") % {"code": facts["code"]})
    step = facts.get("parent")
    while step is not None:
        if step.pk == category.pk:
            raise CircularParent(_("A category cannot stand below itself."))
        step = step.parent
    changed = _change(category, CATEGORY_FIELDS, facts)
    if changed:
        category.save()
        timeline.record(
            category,
            events.CategorySaved(code=category.code, name=category.name, changed=changed),
            by=by,
            at=at,
        )
    return category


@transaction.atomic
def save_canned(reply: CannedReply | None, *, facts: dict[str, Any], by: Actor, at: datetime) -> CannedReply:
    """Add a canned reply, or change one. Raises CodeTaken, CodeReserved, UnknownPlaceholder, Denied."""
    require(by, Can.CONFIGURE)
    _refuse_reserved(facts["code"])
    reply = CannedReply.objects.select_for_update().get(pk=reply.pk) if reply else CannedReply()
    if CannedReply.objects.filter(code=facts["code"]).exclude(pk=reply.pk).exists():
        raise CodeTaken(_("Another canned reply has the code “%(code)s”.") % {"code": facts["code"]})
    unknown = sorted({name for body in facts["bodies"].values() for name in unknown_in(body)})
    if unknown:
        raise UnknownPlaceholder(
            _("There is no placeholder %(names)s.")
            % {"names": ", ".join(f"{{{{{name}}}}}" for name in unknown)}
        )
    changed = _change(reply, CANNED_FIELDS, facts)
    if changed:
        reply.save()
        timeline.record(
            reply, events.CannedReplySaved(code=reply.code, name=str(reply), changed=changed), by=by, at=at
        )
    return reply


def _refuse_reserved(code: str) -> None:
    if code in RESERVED:
        raise CodeReserved(_("“%(code)s” is a word of our addresses; choose another code.") % {"code": code})


def count_use(reply_id: int) -> None:
    """A canned reply went into an answer: the often used ones are offered first."""
    CannedReply.objects.filter(pk=reply_id).update(uses=models.F("uses") + 1)


@transaction.atomic
def change_rules(*, facts: dict[str, Any], by: Actor, at: datetime) -> Rules:
    """Change how the desk works. Holds for what begins from now on; what waits already, waits as before. Raises Denied."""
    require(by, Can.CONFIGURE)
    rules = Rules.objects.select_for_update().first() or Rules()
    before = {name: getattr(rules, name) for name in RULES_FIELDS}
    changed = _change(rules, RULES_FIELDS, facts)
    if changed:
        rules.save()
        timeline.record(
            rules,
            events.RulesChanged(changes={name: [before[name], getattr(rules, name)] for name in changed}),
            by=by,
            at=at,
        )
    return rules


def _change(row: Any, fields: tuple[str, ...], facts: dict[str, Any]) -> list[str]:
    changed = [
        name for name in fields if name in facts and (row.pk is None or getattr(row, name) != facts[name])
    ]
    for name in changed:
        setattr(row, name, facts[name])
    return changed
