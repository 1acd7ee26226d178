"""Shape and cleaning of what is typed at the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tightrope.cases.act_forms import CategoryChoice, open_categories
from tightrope.cases.models import Case
from tightrope.cases.wording import VIEW_LABELS
from tightrope.people.models import Team

TEXT_AT_MOST = 20_000


class ReplyForm(forms.Form):
    """An answer to the customer, and what follows from it."""

    text = forms.CharField(
        label=_("Answer to the customer"),
        max_length=TEXT_AT_MOST,
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    waiting_for = forms.CharField(
        label=_("What do we need from the customer?"), max_length=300, required=False
    )
    solution = forms.ChoiceField(
        label=_("How was it solved?"), choices=Case.Solution.choices, required=False, initial="answer"
    )
    then = forms.ChoiceField(choices=[("", ""), ("wait", ""), ("solve", "")], required=False)
    canned = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31)
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    seen_until = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not (cleaned.get("text") or "").strip():
            self.add_error("text", _("Write something first."))
        if cleaned.get("then") == "wait" and not (cleaned.get("waiting_for") or "").strip():
            self.add_error("waiting_for", _("Say what you need from the customer."))
        if cleaned.get("then") == "solve" and not cleaned.get("solution"):
            self.add_error("solution", _("Say how it was solved."))
        return cleaned


class NoteForm(forms.Form):
    """A word for colleagues."""

    body = forms.CharField(
        label=_("Internal note"), max_length=TEXT_AT_MOST, widget=forms.Textarea(attrs={"rows": 4})
    )


class FilterForm(forms.Form):
    """What of the queue is wanted. It is sent by GET: the filter stands in the address."""

    view = forms.ChoiceField(label=_("View"), choices=list(VIEW_LABELS.items()))
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("any")
    )
    category = CategoryChoice(label=_("Category"), required=False, empty_label=_("any"))
    type = forms.ChoiceField(label=_("Kind"), choices=[("", _("any")), *Case.Type.choices], required=False)
    tier = forms.ChoiceField(label=_("Tier"), choices=[("", _("any")), *Team.Tier.choices], required=False)
    tag = forms.CharField(label=_("Tag"), max_length=60, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["team"].queryset = Team.objects.filter(is_open=True).order_by("name")  # type: ignore[attr-defined]
        self.fields["category"].queryset = open_categories()  # type: ignore[attr-defined]


class SaveViewForm(forms.Form):
    name = forms.CharField(label=_("Name of the view"), max_length=80)
    is_shared = forms.BooleanField(label=_("Show it to colleagues too"), required=False)
    query = forms.CharField(widget=forms.HiddenInput, max_length=500, required=False)
