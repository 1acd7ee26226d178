"""Who may be told that something of the desk changed. Only names of topics travel, never what changed."""

from __future__ import annotations

from tightrope.cases.access import Can
from tightrope.cases.actions.recording import topics_of
from tightrope.cases.models import Case
from tightrope.channels.screens import register_screens
from tightrope.core import live
from tightrope.core.actor import Actor
from tightrope.customers.models import Account


def register() -> None:
    """Make the topics of the desk known: its queue, one case, one customer."""
    live.topic("desk", _may_see_desk)
    live.topic("case", _may_see_case)
    live.topic("account", _may_see_account)
    register_screens(_screens_of)


def _may_see_desk(by: Actor, name: str) -> bool:
    return name == "queue" and by.is_staff and by.may(Can.VIEW)


def _may_see_case(by: Actor, name: str) -> bool:
    return Case.objects.visible_to(by).filter(public_id=name).exists()


def _may_see_account(by: Actor, name: str) -> bool:
    if not (name.isascii() and name.isdigit() and len(name) < 19):
        return False
    return Account.objects.visible_to(by).filter(pk=int(name)).exists()


def _screens_of(conversation_id: int) -> list[str]:
    """The screens that show what is said in a conversation: those of its case."""
    case = Case.objects.filter(conversation_id=conversation_id).only("public_id", "account_id").first()
    return topics_of(case) if case is not None else []
