"""Words of working calendars in templates."""

from __future__ import annotations

import re
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date
from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from tightrope.calendars.forms import DAYS
from tightrope.calendars.models import Override
from tightrope.core import clock
from tightrope.ui.format import moment, words
from tightrope.worktime import HolidayDoubt, HolidayWarning

register = template.Library()

INSTANT = r"\d{4}-\d\d-\d\d \d\d:\d\d"


@register.filter
def doubt_word(warning: HolidayWarning) -> str:
    """What is not certain about a year's holidays."""
    facts = {"country": country_word(warning.country), "year": warning.year}
    match warning.doubt:
        case HolidayDoubt.DECREE_MISSING:
            return (
                _("%(year)s: the decree on days off and make-up workdays in %(country)s is not known yet.")
                % facts
            )
        case HolidayDoubt.DATES_ESTIMATED:
            return _("%(year)s: some holidays in %(country)s follow the moon and are estimated.") % facts
    return _("%(year)s: no public holidays in %(country)s are known.") % facts


@register.filter
def country_word(code: str) -> str:
    """A country by its name, a code that nobody knows as it is."""
    return str(Locale.parse(words().locale).territories.get(code, code))


@register.filter
def month_word(first: date) -> str:
    """The name of a month."""
    return str(format_date(first, "LLLL", locale=words().locale))


@register.filter
def weekday_word(weekday: int) -> str:
    """The name of a weekday, 0 being Monday."""
    return str(list(DAYS.values())[weekday])


@register.filter
def duty_hours(when: str) -> str:
    """When somebody is on duty, as an event keeps it: ``1/2 09:00-18:00`` names the days of the week, and
    ``2026-11-20 18:00 – 2026-11-21 09:00`` two instants, read as the clock of whoever planned them showed."""
    if re.fullmatch(f"{INSTANT} – {INSTANT}", when):
        return " – ".join(_in_words(instant) for instant in when.split(" – "))
    days, _space, hours = when.partition(" ")
    if not re.fullmatch(r"[1-7](/[1-7])*", days):
        return when
    return f"{words().list_join.join(weekday_word(int(day) - 1) for day in days.split('/'))} {hours}"


def _in_words(instant: str) -> str:
    return moment(timezone.make_aware(datetime.fromisoformat(instant)), now=clock.now())


@register.filter
def iso_day(value: str) -> date:
    """A day as an event keeps it."""
    return date.fromisoformat(value)


@register.filter
def day_kind_word(value: str) -> str:
    """What a day was said to be, from its code."""
    return str(dict(Override.Kind.choices)[Override.Kind(value)]) if value in Override.Kind.values else value


@register.filter
def weekday_initial(word: str) -> str:
    """The shortest name of a weekday for the head of a small month: the last sign in Chinese, the first elsewhere."""
    return word[-1] if word[:1] > "\u2e80" else word[:1]
