"""The working time of a fresh installation, until somebody says better."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tightrope.calendars.actions import Terms, add_calendar
from tightrope.calendars.models import WorkCalendar
from tightrope.core.actor import Actor

ALWAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00-24:00",))
OFFICE = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-12:00", "13:00-18:00"))


def install(*, by: Actor, at: datetime) -> None:
    """Write the company's calendar: office hours of the mainland. Does nothing when there is any already."""
    if WorkCalendar.objects.exists():
        return
    terms = Terms(
        name=_("Office hours"),
        zone="Asia/Shanghai",
        country="CN",
        subdivision="",
        pattern=OFFICE,
        is_default=True,
    )
    add_calendar(terms, by=by, at=at)


def install_always(*, by: Actor, at: datetime) -> WorkCalendar:
    """Write a calendar that knows neither night nor holiday, for what cannot wait for the morning."""
    company = WorkCalendar.objects.get(is_default=True)
    terms = Terms(
        name=_("Around the clock"),
        zone=company.zone,
        country="",
        subdivision="",
        pattern=ALWAYS,
        is_default=False,
    )
    return add_calendar(terms, by=by, at=at)
