"""Shape and cleaning of what administrators and people enter about themselves."""

from __future__ import annotations

import zoneinfo
from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tightrope.core.actor import Scope
from tightrope.people.access import known_permissions
from tightrope.people.models import Grant, Region, Role, Team

ZONES = ("Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Tokyo", "Europe/Berlin",
         "Europe/London", "America/New_York", "America/Los_Angeles", "UTC")  # fmt: skip


def zone_choices(current: str = "") -> list[tuple[str, str]]:
    """The usual zones, and the one in use if it is another."""
    names = (
        [*ZONES, current]
        if current and current not in ZONES and current in zoneinfo.available_timezones()
        else ZONES
    )
    return [(name, name.replace("_", " ")) for name in names]


class RolesField(forms.ModelMultipleChoiceField):
    """Hats to choose from. Those that came with the program are named in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return gettext(obj.name)


class PersonForm(forms.Form):
    """Who somebody is, which hats and which teams."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=120)
    email = forms.EmailField(label=_("Mail address"))
    title = forms.CharField(label=_("Position"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    roles = RolesField(
        label=_("Roles"),
        queryset=Role.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"),
        queryset=Team.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class RolesForm(forms.Form):
    """The hats and teams of somebody who is here."""

    roles = PersonForm.base_fields["roles"]
    teams = PersonForm.base_fields["teams"]


class DisableForm(forms.Form):
    """Why somebody's access ends."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class AddressForm(forms.Form):
    """The address with which somebody signs in."""

    email = forms.EmailField(label=_("Mail address"))


class TeamForm(forms.Form):
    """A team, its place and its line."""

    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("Small letters, figures and hyphens."))
    region = forms.ModelChoiceField(
        label=_("Region"), queryset=Region.objects.order_by("name"), required=False
    )
    new_region = forms.CharField(label=_("Or a new region"), max_length=120, required=False)
    tier = forms.TypedChoiceField(label=_("Tier"), choices=Team.Tier.choices, coerce=int)
    is_department = forms.BooleanField(label=_("Can be handed cases by other departments"), required=False)
    is_open = forms.BooleanField(label=_("In use"), required=False, initial=True)


class RoleForm(forms.Form):
    """A role with one choice per permission: not at all, or how far it reaches."""

    name = forms.CharField(label=_("Name"), max_length=120)

    def __init__(self, *args: Any, grants: dict[str, int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", pgettext_lazy("permission", "not at all")),
            *((str(value), label) for value, label in Grant.SCOPES),
        ]
        for permission, label in known_permissions().items():
            self.fields[f"may_{permission}"] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=str((grants or {}).get(permission, ""))
            )

    def grants(self) -> dict[str, Scope]:
        """The chosen scope of each permission that is granted at all."""
        chosen = {
            name.removeprefix("may_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("may_")
        }
        return {permission: Scope(int(value)) for permission, value in chosen.items() if value}


class KeyForm(forms.Form):
    """A key for a program: what it is for and what it may."""

    name = forms.CharField(label=_("What it is for"), max_length=120)
    permissions = forms.MultipleChoiceField(
        label=_("What it may"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you may yourself."),
    )
    expires_on = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, allowed: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["permissions"].choices = list(allowed.items())  # type: ignore[attr-defined]


class MeForm(forms.Form):
    """What one may change about oneself."""

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices(str(self.initial.get("time_zone", "")))  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    """The first password of somebody who was invited."""

    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return str(self.cleaned_data["password"])


class AddSecurityKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """The library's form, whose labels it makes of the fields' own names in every language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["credential"].label = _("Security key")


class RenameSecurityKeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """The same for its new name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
