"""The form by which a case is entered on a customer's behalf."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tightrope.cases.act_forms import CategoryChoice, open_categories
from tightrope.cases.models import Case

TOLD = (
    ("now", _("just now")),
    ("hour", _("an hour ago")),
    ("yesterday", _("yesterday at this time")),
    ("exact", _("at another time")),
)
BACK = {"now": timedelta(0), "hour": timedelta(hours=1), "yesterday": timedelta(days=1)}


class NewCaseForm(forms.Form):
    """Who, what, when told."""

    q = forms.CharField(
        label=_("Who is it?"),
        help_text=_("Name, phone number, mail address or customer number."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    who = forms.CharField(max_length=60, required=False)
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    mail = forms.CharField(
        label=_("Mail"), max_length=254, required=False, widget=forms.TextInput(attrs={"inputmode": "email"})
    )
    title = forms.CharField(label=_("What is it about?"), max_length=200)
    text = forms.CharField(
        label=_("In the customer's words"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    category = CategoryChoice(label=_("Category"), required=False, empty_label=_("not sure yet"))
    channel = forms.ChoiceField(
        label=_("How did we hear of it?"),
        choices=[
            (Case.Channel.PHONE.value, Case.Channel.PHONE.label),
            (Case.Channel.VISIT.value, Case.Channel.VISIT.label),
            (Case.Channel.SALES.value, Case.Channel.SALES.label),
        ],
        initial=Case.Channel.PHONE.value,
        widget=forms.RadioSelect,
    )
    told = forms.ChoiceField(
        label=_("When did the customer tell us?"),
        help_text=_("The clocks start then, not when this is saved."),
        choices=TOLD,
        initial="now",
        widget=forms.RadioSelect,
    )
    exact = forms.DateTimeField(
        label=_("Date and time"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    impact = forms.TypedChoiceField(
        label=_("Impact"),
        choices=[("", _("as usual for the category")), *Case.Level.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    urgency = forms.TypedChoiceField(
        label=_("Urgency"),
        choices=[("", _("as usual for the category")), *Case.Level.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"].queryset = open_categories()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        who = cleaned.get("who") or ""
        if not who and any(cleaned.get(name) for name in ("name", "phone", "mail")):
            who = cleaned["who"] = "new"
        if not who:
            self.add_error("q", _("Choose who it is, or enter somebody new."))
        if who == "new" and not cleaned.get("name"):
            self.add_error("name", _("Ask for the name."))
        if who == "new" and not (cleaned.get("phone") or cleaned.get("mail")):
            self.add_error("phone", _("Ask how we reach them: a phone number or a mail address."))
        if cleaned.get("told") == "exact" and not cleaned.get("exact"):
            self.add_error("exact", _("Say when."))
        return cleaned

    def told_at(self, now: datetime) -> datetime:
        """When the customer spoke, as far as the form says it."""
        told = self.cleaned_data.get("told") or "now"
        exact: datetime | None = self.cleaned_data.get("exact")
        if told == "exact":
            return exact or now
        return now - BACK[told]
