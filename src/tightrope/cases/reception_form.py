"""The form of the reception's log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tightrope.cases import queries
from tightrope.cases.act_forms import staff
from tightrope.cases.models import Case, Reception
from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.people.models import User


class ReceptionForm(forms.Form):
    """Who came, what for, to whom, and what came of it."""

    way = forms.ChoiceField(
        label=_("How"), choices=Reception.Way.choices, initial=Reception.Way.VISIT, widget=forms.RadioSelect
    )
    visitor = forms.CharField(label=_("Visitor"), max_length=120)
    company = forms.CharField(label=_("Company"), max_length=200, required=False)
    purpose = forms.CharField(label=_("Purpose"), max_length=300)
    host = forms.ModelChoiceField(
        label=pgettext_lazy("reception", "Host"), queryset=User.objects.none(), required=False, empty_label=_("nobody in particular")
    )  # fmt: skip
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Reception.Outcome.choices)
    case = forms.CharField(
        label=_("Case"), max_length=20, required=False, help_text=_("Its number, when there is one.")
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    came_at = forms.DateTimeField(
        label=pgettext_lazy("reception", "Came at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: just now."),
    )
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, by: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by = by
        self.fields["host"].queryset = staff()  # type: ignore[attr-defined]

    def clean_case(self) -> Case | None:
        number = self.cleaned_data["case"].strip()
        if not number:
            return None
        found = queries.find_by_number(number, by=self.by)
        if found is None:
            raise forms.ValidationError(gettext("You see no case of this number."))
        return found

    def facts(self) -> dict[str, Any]:
        """What the act wants."""
        cleaned = {name: value for name, value in self.cleaned_data.items() if name != "form_token"}
        return cleaned | {"came_at": cleaned["came_at"] or clock.now(), "account": None}
