"""Holidays and make-up workdays of certain years, as facts that can be corrected by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tightrope.worktime.week import Weekday


class ContradictingDay(ValueError):
    """One day is said to be two things: holiday and make-up workday, or corrected twice."""


class HolidayDoubt(StrEnum):
    """Why the holidays of a year should be looked at by a person."""

    DECREE_MISSING = "decree_missing"
    DATES_ESTIMATED = "dates_estimated"
    YEAR_UNKNOWN = "year_unknown"


@dataclass(frozen=True, slots=True, order=True)
class HolidayWarning:
    """A year whose holidays are not certain. The caller words it; `str()` is English."""

    country: str
    year: int
    doubt: HolidayDoubt

    def __str__(self) -> str:
        match self.doubt:
            case HolidayDoubt.DECREE_MISSING:
                said = "the decree on days off and make-up workdays is not known yet"
            case HolidayDoubt.DATES_ESTIMATED:
                said = "some dates follow the moon and are estimated"
            case HolidayDoubt.YEAR_UNKNOWN:
                said = "no holidays are known"
        return f"{self.country} {self.year}: {said}."


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """A day on which nobody works."""

    on: date
    name: str = ""


@dataclass(frozen=True, slots=True, order=True)
class MakeUpWorkday:
    """A free day that is worked instead of another (调休), with the shifts of the weekday it follows."""

    on: date
    follows: Weekday


@dataclass(frozen=True, slots=True, order=True)
class OrdinaryDay:
    """A correction: the day is as the week says, neither holiday nor make-up workday."""

    on: date


Correction = Holiday | MakeUpWorkday | OrdinaryDay


@dataclass(frozen=True, slots=True)
class HolidayTable:
    """What is known of a country's holidays in certain years, and what about it is uncertain.

    Raises ContradictingDay when a day is both holiday and make-up workday.
    """

    country: str = ""
    subdivision: str | None = None
    years: tuple[int, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    make_up_workdays: tuple[MakeUpWorkday, ...] = ()
    warnings: tuple[HolidayWarning, ...] = ()

    def __post_init__(self) -> None:
        days = Counter([holiday.on for holiday in self.holidays])
        days.update(workday.on for workday in self.make_up_workdays)
        if twice := sorted(day for day, entries in days.items() if entries > 1):
            raise ContradictingDay(
                f"{', '.join(map(str, twice))}: one entry a day, holiday or make-up workday."
            )
        object.__setattr__(self, "years", tuple(sorted(set(self.years))))
        object.__setattr__(self, "holidays", tuple(sorted(self.holidays)))
        object.__setattr__(self, "make_up_workdays", tuple(sorted(self.make_up_workdays)))

    @property
    def closed_days(self) -> tuple[date, ...]:
        return tuple(holiday.on for holiday in self.holidays)

    @property
    def moved_days(self) -> tuple[tuple[date, int], ...]:
        return tuple((workday.on, int(workday.follows)) for workday in self.make_up_workdays)

    def corrected(
        self, *, corrections: Iterable[Correction], confirmed_years: Iterable[int] = ()
    ) -> HolidayTable:
        """The table as a person has set it right; warnings for the years they confirmed fall silent.

        Raises ContradictingDay when a day is corrected twice.
        """
        said = list(corrections)
        days = {correction.on for correction in said}
        if len(days) != len(said):
            raise ContradictingDay("A day may be corrected only once.")
        confirmed = set(confirmed_years)
        kept_holidays = [entry for entry in self.holidays if entry.on not in days]
        kept_workdays = [entry for entry in self.make_up_workdays if entry.on not in days]
        return replace(
            self,
            holidays=(*kept_holidays, *(one for one in said if isinstance(one, Holiday))),
            make_up_workdays=(*kept_workdays, *(one for one in said if isinstance(one, MakeUpWorkday))),
            warnings=tuple(one for one in self.warnings if one.year not in confirmed),
        )


NO_HOLIDAYS = HolidayTable()
