"""Shape and cleaning of what is typed about working time."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from tightrope import worktime
from tightrope.calendars.actions import Terms, in_words
from tightrope.calendars.models import Override, WorkCalendar
from tightrope.worktime import Weekday

DAYS = {
    "mon": gettext_lazy("Monday"),
    "tue": gettext_lazy("Tuesday"),
    "wed": gettext_lazy("Wednesday"),
    "thu": gettext_lazy("Thursday"),
    "fri": gettext_lazy("Friday"),
    "sat": gettext_lazy("Saturday"),
    "sun": gettext_lazy("Sunday"),
}


class Shifts(forms.CharField):
    """Shifts of one day, with commas of any script between them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(max_length=200, **kwargs)
        self.widget.attrs.setdefault("placeholder", "09:00-12:00, 13:00-18:00")

    def to_python(self, value: Any) -> Any:
        plain = (value or "").replace("：", ":")
        return [part.strip() for part in re.split(r"[,，、;；]", plain) if part.strip()]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def validate(self, value: Any) -> None:
        try:
            worktime.WeekPattern((tuple(map(worktime.Shift.parse, value)), *((),) * 6))
        except ValueError as error:
            raise forms.ValidationError(in_words(error)) from error


class CalendarForm(forms.Form):
    """Hours by weekday, the zone, and whose public holidays are free."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    zone = forms.CharField(
        label=gettext_lazy("Time zone"), max_length=64, initial="Asia/Shanghai",
        help_text=gettext_lazy("For instance Asia/Shanghai, Asia/Taipei, Europe/Berlin."),
    )  # fmt: skip
    country = forms.CharField(
        label=gettext_lazy("Public holidays of"), max_length=2, required=False, initial="CN",
        help_text=gettext_lazy("The country's two letters, e.g. CN, TW, HK, DE. Empty: no public holidays."),
    )  # fmt: skip
    subdivision = forms.CharField(
        label=gettext_lazy("Part of the country"), max_length=12, required=False,
        help_text=gettext_lazy("Where holidays differ within a country, e.g. BY."),
    )  # fmt: skip
    is_default = forms.BooleanField(
        label=gettext_lazy("This is the company's calendar"), required=False,
        help_text=gettext_lazy("It counts wherever no other is named."),
    )  # fmt: skip
    mon = Shifts(label=DAYS["mon"])
    tue = Shifts(label=DAYS["tue"])
    wed = Shifts(label=DAYS["wed"])
    thu = Shifts(label=DAYS["thu"])
    fri = Shifts(label=DAYS["fri"])
    sat = Shifts(label=DAYS["sat"])
    sun = Shifts(label=DAYS["sun"])

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).strip().upper()

    @property
    def terms(self) -> Terms:
        said = self.cleaned_data
        return Terms(
            name=said["name"],
            zone=said["zone"].strip(),
            country=said["country"],
            subdivision=said["subdivision"].strip().upper(),
            pattern={day: said[day] for day in DAYS},
            is_default=said["is_default"],
        )

    @staticmethod
    def initial_of(calendar: WorkCalendar) -> dict[str, Any]:
        """The form as a calendar stands."""
        names = ("version", "name", "zone", "country", "subdivision", "is_default")
        return {name: getattr(calendar, name) for name in names} | {
            day: list(calendar.pattern.get(day, [])) for day in DAYS
        }


class DayForm(forms.Form):
    """What one day is."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is this day?"),
        choices=[
            ("", pgettext_lazy("kind of day", "as the week and the public holidays say")),
            *Override.Kind.choices,
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    follows = forms.TypedChoiceField(
        label=gettext_lazy("A make-up workday has the shifts of"),
        choices=[(Weekday[name].value, DAYS[Weekday[name].short]) for name in Weekday.__members__],
        coerce=int, required=False, empty_value=None, initial=0,
    )  # fmt: skip
    hours = Shifts(label=gettext_lazy("Hours of its own"))
    note = forms.CharField(
        label=gettext_lazy("Why"), max_length=200, required=False,
        help_text=gettext_lazy("For instance the name of the holiday, or stock-taking."),
    )  # fmt: skip
