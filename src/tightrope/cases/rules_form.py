"""The form by which the rules of the desk are set: silence, calls, complaints."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tightrope.cases.config_forms import LANGUAGES
from tightrope.cases.models import NEXT_WORKDAY, Rules

NO_MORE = ""
RETRY_CHOICES = [
    (NO_MORE, _("give up")),
    ("15", _("after 15 minutes")),
    ("30", _("after 30 minutes")),
    ("60", _("after 1 hour")),
    ("120", _("after 2 hours")),
    ("240", _("after 4 hours")),
    (str(NEXT_WORKDAY), _("on the next working day")),
]
RETRIES = ("retry_1", "retry_2", "retry_3", "retry_4")


class WordList(forms.CharField):
    """One word or phrase a line."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        lines = (" ".join(line.split())[:60] for line in (value or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))[:200]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class RulesForm(forms.Form):
    """How the desk works: when it reminds and closes, how it calls, what it takes for a complaint."""

    remind_after_days = forms.IntegerField(
        label=_("Remind a silent customer after so many days"), min_value=1, max_value=60
    )
    remind_times = forms.IntegerField(label=_("Remind so many times"), min_value=0, max_value=10)
    close_waiting_after_days = forms.IntegerField(
        label=_("Close after so many days of waiting"),
        min_value=1,
        max_value=365,
        help_text=_("The last reminder names the day."),
    )
    close_solved_after_days = forms.IntegerField(
        label=_("Close a solved case after so many days without objection"), min_value=1, max_value=365
    )
    reopen_within_days = forms.IntegerField(
        label=_("A closed case can be reopened for so many days"), min_value=0, max_value=3650
    )
    untriaged_after_minutes = forms.IntegerField(
        label=_("Tell who leads when nobody looked at a new case for so many working minutes"),
        min_value=1,
        max_value=10_000,
    )

    silent_after_minutes = forms.IntegerField(
        label=_("Tell who leads when a customer was to hear from us and has not for so many working minutes"),
        min_value=1,
        max_value=10_000,
    )
    retry_1 = forms.ChoiceField(
        label=_("Nobody answers the phone: call a second time"),
        choices=RETRY_CHOICES,
        required=False,
        help_text=_("Counted in working time. After the last try the customer is asked in writing."),
    )
    retry_2 = forms.ChoiceField(label=_("Call a third time"), choices=RETRY_CHOICES, required=False)
    retry_3 = forms.ChoiceField(label=_("Call a fourth time"), choices=RETRY_CHOICES, required=False)
    retry_4 = forms.ChoiceField(label=_("Call a fifth time"), choices=RETRY_CHOICES, required=False)
    return_call_hours = forms.IntegerField(
        label=_("Call back within so many working hours after a complaint is solved"),
        min_value=1,
        max_value=200,
        help_text=_("Unless a policy of promises says another time."),
    )
    recurrence_days = forms.IntegerField(
        label=_("A complaint of the same within so many days is one again"), min_value=0, max_value=3650
    )
    detection = forms.ChoiceField(
        label=_("What sounds like a complaint"), choices=Rules.Detection.choices, widget=forms.RadioSelect
    )
    low_score = forms.IntegerField(
        label=_("A score of 5 up to which it may be a complaint"),
        min_value=0,
        max_value=4,
        help_text=_("0: scores are not looked at."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for code, language in LANGUAGES:
            self.fields[_words_field(code)] = WordList(
                label=_("Words of complaint %(language)s") % {"language": language},
                help_text=_("One a line. What the customer quotes is not looked at."),
                required=False,
                max_length=8000,
            )

    @classmethod
    def of(cls, rules: Rules) -> RulesForm:
        """Filled with the rules in force."""
        plain = {name: getattr(rules, name) for name in cls.base_fields if hasattr(rules, name)}
        retries = dict(zip(RETRIES, map(str, rules.call_retries), strict=False))
        words = {_words_field(code): rules.complaint_words.get(code, []) for code, _language in LANGUAGES}
        return cls(initial=plain | retries | words)

    def facts(self) -> dict[str, Any]:
        """What the act wants."""
        cleaned = self.cleaned_data
        plain = {name: value for name, value in cleaned.items() if hasattr(Rules, name)}
        retries = [int(cleaned[name]) for name in RETRIES if cleaned[name] != NO_MORE]
        words = {code: cleaned[_words_field(code)] for code, _language in LANGUAGES}
        return plain | {"call_retries": retries, "complaint_words": words}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        needed = (cleaned.get("remind_after_days") or 0) * (cleaned.get("remind_times") or 0)
        if (cleaned.get("close_waiting_after_days") or 0) <= needed:
            self.add_error(
                "close_waiting_after_days", _("All reminders must have gone out before the case is closed.")
            )
        steps = [cleaned.get(name) or NO_MORE for name in RETRIES]
        for name, step, before in zip(RETRIES[1:], steps[1:], steps, strict=False):
            if step != NO_MORE and before == NO_MORE:
                self.add_error(name, _("The call before this one is already the last."))
        return cleaned


def _words_field(code: str) -> str:
    return f"words_{code.replace('-', '_')}"
