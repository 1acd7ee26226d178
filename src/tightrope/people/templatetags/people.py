"""The words of what changed about people, teams and roles."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from tightrope.people.access import known_permissions
from tightrope.people.models import Grant, Team

register = template.Library()

FIELDS: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "language": gettext_lazy("Language"),
    "time_zone": gettext_lazy("Time zone"),
    "code": gettext_lazy("Code"),
    "region": gettext_lazy("Region"),
    "tier": gettext_lazy("Tier"),
    "is_department": pgettext_lazy("of a team", "Department"),
    "is_open": gettext_lazy("In use"),
}


@register.filter
def person_field(name: str) -> str:
    """``time_zone`` as the reader calls it; a field that is no more is called as it was kept."""
    return str(FIELDS.get(name, name))


@register.filter
def own_field(name: str) -> str:
    """The same of somebody himself, who is named otherwise than a team in Chinese."""
    return pgettext("person", "Name") if name == "name" else person_field(name)


@register.filter
def person_fact(value: Any, name: str) -> str:
    """A kept value in words: ``{{ pair.0|person_fact:"tier" }}``; nothing reads as a dash."""
    choices: dict[str, dict[Any, Any]] = {
        "tier": dict(Team.Tier.choices),
        "language": dict(settings.LANGUAGES),
    }
    if name in choices:
        return str(choices[name].get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value is None or value == "" else str(value)


@register.filter
def role_word(name: str) -> str:
    """A role that came with the program is named in the reader's language, any other as it was called."""
    return _(name)


@register.filter
def permission_word(name: str) -> str:
    """``people.manage`` in the words an administrator reads; one that is no more is called as it was kept."""
    return str(known_permissions().get(name, name))


@register.filter
def scope_word(scope: int) -> str:
    """How far a permission reaches: own, team, region, all; 0 is not at all."""
    return str(dict(Grant.SCOPES).get(scope) or pgettext("permission", "not at all"))
