"""The words of fields and values, for the history of changes."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _

from tightrope.core.actor import Actor
from tightrope.customers import access, wording
from tightrope.customers.models import Account

register = template.Library()


@register.filter
def opens_to(account: Account | None, actor: Actor | None) -> bool:
    """``{% if case.account|opens_to:actor %}``: whether a link to this customer would let the reader in."""
    return account is not None and actor is not None and access.may_open(actor, account)


@register.filter
def field_word(name: str) -> str:
    """``owner`` as the reader calls it."""
    return wording.field_word(name)


@register.filter
def contact_word(name: str) -> str:
    """The word of a field of a person."""
    return wording.contact_word(name)


@register.filter
def fact_word(value: Any, name: str) -> str:
    """A kept value in words: ``{{ pair.0|fact_word:"importance" }}``; nothing reads as a dash."""
    return wording.fact_word(name, value)


@register.filter
def stage_word(value: str) -> str:
    """A stage of the customer's life with us in words."""
    return wording.fact_word("stage", value)


@register.filter
def address_word(kind: str) -> str:
    """The kind of an address in words."""
    return wording.fact_word("address_kind", kind)


@register.filter
def address_shown(value: str, kind: str) -> str:
    """An address as people read it: ``{{ address.value|address_shown:address.kind }}``."""
    from tightrope.customers.addresses import shown

    return shown(kind, value)


@register.filter
def list_words(words: list[str]) -> str:
    """``a, b and c`` without the and: joined as the language joins a list."""
    return _(", ").join(str(word) for word in words)
