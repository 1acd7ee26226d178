"""Shape and cleaning of answers and of what a return call brought."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tightrope.surveys.models import FollowUp, Survey


class AnswerForm(forms.Form):
    """A score and a word if he likes."""

    score = forms.TypedChoiceField(coerce=int)
    comment = forms.CharField(
        label=gettext_lazy("What should we know?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scale = Survey(kind=kind).scale
        self.fields["score"].choices = [(score, str(score)) for score in scale]  # type: ignore[attr-defined]


class CallForm(forms.Form):
    """What came of a return call."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("How did it end?"), choices=FollowUp.Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("What was said?"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    score_after = forms.TypedChoiceField(
        label=gettext_lazy("Which score does the customer give now?"),
        required=False,
        coerce=int,
        empty_value=None,
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scale = Survey(kind=kind).scale
        choices = [("", gettext_lazy("not asked")), *((score, str(score)) for score in scale)]
        self.fields["score_after"].choices = choices  # type: ignore[attr-defined]
