"""Which part of the record is wanted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tightrope.measures.record import Wanted


class RecordPartForm(forms.Form):
    """Everything may stay empty: then the whole record is meant."""

    since = forms.DateField(
        label=pgettext_lazy("period", "From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=pgettext_lazy("period", "Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    case = forms.CharField(label=_("Case number"), required=False, max_length=40)
    customer = forms.CharField(label=_("Customer number"), required=False, max_length=40)
    person = forms.EmailField(label=_("Mail address of a colleague"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            raise forms.ValidationError(_("The last day lies before the first."))
        return cleaned

    @property
    def wanted(self) -> Wanted:
        """The part that was named."""
        return Wanted(**self.cleaned_data)
