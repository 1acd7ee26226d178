"""What is typed about duty."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tightrope.calendars.forms import DAYS
from tightrope.people.models import Team, User


class _DutyForm(forms.Form):
    """Who, and who stands in."""

    user = forms.ChoiceField(label=_("Who is on duty"))
    stand_in = forms.ChoiceField(label=_("Who stands in"), required=False)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {
            str(user.pk): user
            for user in User.objects.filter(memberships__team=team, is_active=True).order_by("name")
        }
        people = [(pk, user.name) for pk, user in self.members.items()]
        self.fields["user"].choices = people  # type: ignore[attr-defined]
        self.fields["stand_in"].choices = [("", pgettext_lazy("duty", "nobody")), *people]  # type: ignore[attr-defined]

    @property
    def plan(self) -> dict[str, Any]:
        """What the act wants to know."""
        people = {
            "user": self.members[self.cleaned_data["user"]],
            "stand_in": self.members.get(self.cleaned_data["stand_in"]),
        }
        return self.cleaned_data | people


class WeeklyDutyForm(_DutyForm):
    """Every week on these days."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"), choices=list(enumerate(DAYS.values())), coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    from_time = forms.TimeField(
        label=_("Beginning"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    until_time = forms.TimeField(
        label=_("End"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Earlier than the beginning: on the next day."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="week-%s", **kwargs)


class DutyOnceForm(_DutyForm):
    """From then to then."""

    starts_at = forms.DateTimeField(
        label=_("Beginning"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    ends_at = forms.DateTimeField(
        label=_("End"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="once-%s", **kwargs)
