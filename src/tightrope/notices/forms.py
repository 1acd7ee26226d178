"""How one wants to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tightrope.notices import kinds
from tightrope.notices.models import Preference


class PreferencesForm(forms.Form):
    """One choice per kind of notice, and the quiet hours."""

    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, (label, way) in kinds.known_kinds().items():
            self.fields[f"way_{kind}"] = forms.ChoiceField(
                label=label, choices=Preference.Way.choices, initial=way
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("quiet_from")) != bool(cleaned.get("quiet_until")):
            raise forms.ValidationError(_("Quiet hours need a beginning and an end."))
        return cleaned

    def ways(self) -> dict[str, str]:
        """The chosen way of each kind."""
        return {
            name.removeprefix("way_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("way_")
        }
