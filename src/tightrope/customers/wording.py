"""Field names and kept values in the words of the reader."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from tightrope.customers.models import Account, Address

FIELDS: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "position": gettext_lazy("Position"),
    "language": gettext_lazy("Language"),
    "time_zone": gettext_lazy("Time zone"),
    "region": gettext_lazy("Region"),
    "owner": gettext_lazy("Looked after by"),
    "team": gettext_lazy("Team"),
    "importance": gettext_lazy("Importance"),
    "tags": gettext_lazy("Tags"),
    "answers": gettext_lazy("More facts"),
    "sees_colleagues": gettext_lazy("Sees the cases of colleagues"),
    "address": pgettext_lazy("of a place", "Address"),
    "latitude": gettext_lazy("Latitude"),
    "longitude": gettext_lazy("Longitude"),
    "user": gettext_lazy("Sign-in"),
}


def field_word(name: str) -> str:
    """The word of a field; a field that is no more is called as it was kept."""
    return str(FIELDS.get(name, name))


def contact_word(name: str) -> str:
    """The word of a field of a person, who is named otherwise than a firm in Chinese."""
    return pgettext("person", "Name") if name == "name" else field_word(name)


def fact_word(name: str, value: Any) -> str:
    """A kept value as it is read: choices by their label, lists joined, nothing as a dash."""
    choices: dict[str, dict[Any, Any]] = {
        "importance": dict(Account.Importance.choices),
        "stage": dict(Account.Stage.choices),
        "kind": dict(Account.Kind.choices),
        "address_kind": dict(Address.Kind.choices),
        "language": dict(settings.LANGUAGES),
    }
    if name in choices:
        return str(choices[name].get(value, value))
    if value is None or value == "" or value == [] or value == {}:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(str(one) for one in value)
    if isinstance(value, dict):
        facts = (
            _("%(what)s: %(how)s") % {"what": key, "how": fact_word("", one)} for key, one in value.items()
        )
        return _("; ").join(facts)
    return str(value)
