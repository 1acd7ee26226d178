"""How a call is asked for: how it went, or when it shall be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tightrope.cases.act_forms import CaseForm, Lines
from tightrope.cases.actions.calling import has_number, open_call_of
from tightrope.cases.models import Attempt, Call, Rules
from tightrope.core import clock
from tightrope.ui import format as written

PLAN = "plan"


class CallForm(CaseForm):
    """How a call went, or by when it is to be made."""

    outcome = forms.ChoiceField(label=_("The call"), initial="reached", widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What was said, or what it is about"), max_length=2000, required=False, widget=Lines
    )
    later_at = forms.DateTimeField(
        label=_("Call again at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Only when the customer asked to be called later."),
    )
    within = forms.TypedChoiceField(
        label=_("Call within"),
        help_text=_("Only for a call that is still to be made."),
        choices=[(15, _("15 minutes")), (60, _("1 hour")), (240, _("4 hours")), (1440, _("1 day"))],
        coerce=int,
        initial=60,
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        outcomes = [
            (value, label)
            for value, label in Attempt.Outcome.choices
            if value != Attempt.Outcome.NO_NUMBER or not has_number(self.case)
        ]
        self.fields["outcome"].choices = [*outcomes, (PLAN, gettext("It is still to be made"))]  # type: ignore[attr-defined]
        call = open_call_of(self.case)
        if call is not None:
            self.fields["outcome"].help_text = _explained(call)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        outcome = cleaned.get("outcome")
        if outcome == Attempt.Outcome.REACHED and not (cleaned.get("text") or "").strip():
            self.add_error("text", gettext("Say in a few words what was agreed on the phone."))
        if outcome == Attempt.Outcome.LATER and not cleaned.get("later_at"):
            self.add_error("later_at", gettext("Say when the customer wants to be called."))
        cleaned["due_at"] = clock.now() + timedelta(minutes=cleaned.get("within") or 60)
        return cleaned


def _explained(call: Call) -> str:
    """What the try that is written down now is: which one, due when, and whether it is the last."""
    left = len(Rules.in_force().call_retries) + 1 - call.attempts
    due = written.moment(call.due_at, now=clock.now())
    facts = {"purpose": call.get_purpose_display(), "due": due, "left": left}
    if left <= 1:
        return (
            gettext("%(purpose)s, due %(due)s. It is the last try: in vain, the customer is written to.")
            % facts
        )
    return gettext("%(purpose)s, due %(due)s. %(left)s tries are left.") % facts
