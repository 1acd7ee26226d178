"""Public holidays of the world's countries, with mainland China's make-up workdays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from tightrope.worktime.holiday_table import (
    Correction,
    Holiday,
    HolidayDoubt,
    HolidayTable,
    HolidayWarning,
    MakeUpWorkday,
)
from tightrope.worktime.week import Weekday

if TYPE_CHECKING:
    from holidays import HolidayBase

ENGLISH = "en_US"

# Taiwan gave up make-up workdays by law in 2025: its later years follow from rules, not from decrees.
WITHOUT_FURTHER_DECREES = frozenset({"TW"})


class UnknownCountry(ValueError):
    """No holidays are known for this country or this part of it."""


def public_holidays(
    country: str,
    *,
    years: Iterable[int],
    subdivision: str | None = None,
    language: str = ENGLISH,
    corrections: Iterable[Correction] = (),
    confirmed_years: Iterable[int] = (),
) -> HolidayTable:
    """The public holidays and make-up workdays of a country (ISO code) in the given years.

    The table's `warnings` name the years that are not certain: mainland China decrees each year in the
    autumn before, so a year further ahead lacks its make-up workdays until the program is brought up to date
    or a person enters them as corrections and confirms the year. Names are in `language` where the country
    has them in it (zh_CN, zh_TW, de, ...). Raises UnknownCountry.
    """
    wanted = sorted(set(years))
    # A decree may make a day of the year before into a workday, so one year more is read.
    read = {*wanted, *(year + 1 for year in wanted)}
    known = _read(country, subdivision, language, read)
    # Only the English names say "estimated" in one and the same word.
    in_english = known if language == ENGLISH else _read(country, subdivision, ENGLISH, read)
    workdays = {day: weekday for day, weekday in _make_up_workdays(known) if day.year in wanted}
    table = HolidayTable(
        country=country,
        subdivision=subdivision,
        years=tuple(wanted),
        holidays=tuple(
            Holiday(day, name) for day, name in known.items() if day.year in wanted and day not in workdays
        ),
        make_up_workdays=tuple(MakeUpWorkday(day, follows) for day, follows in workdays.items()),
        warnings=tuple(_warnings(country, in_english, wanted)),
    )
    return table.corrected(corrections=corrections, confirmed_years=confirmed_years)


def _read(country: str, subdivision: str | None, language: str, years: set[int]) -> HolidayBase:
    import holidays  # a fifth of a second to import, and most processes never ask

    try:
        return holidays.country_holidays(country, subdiv=subdivision, years=years, language=language)
    except NotImplementedError:
        place = f"{country}-{subdivision}" if subdivision else country
        raise UnknownCountry(f"No holidays are known for {place}; enter them by hand.") from None


def _make_up_workdays(known: HolidayBase) -> Iterator[tuple[date, Weekday]]:
    """Each make-up workday with the weekday of the day off it was given for."""
    for day in known.weekend_workdays:
        written = day.strftime(known.tr(known.substituted_date_format))
        freed = next((free for free, name in known.items() if written in name), None)
        yield day, Weekday(freed.weekday()) if freed else _nearest_workday(day)


def _nearest_workday(day: date) -> Weekday:
    match Weekday(day.weekday()):
        case Weekday.SATURDAY:
            return Weekday.FRIDAY
        case Weekday.SUNDAY:
            return Weekday.MONDAY
        case weekday:
            return weekday


def _warnings(country: str, known: HolidayBase, years: list[int]) -> Iterator[HolidayWarning]:
    last_decree = None
    if known.has_substituted_holidays and country not in WITHOUT_FURTHER_DECREES:
        last_decree = max(known.special_public_holidays, default=None)
    for year in years:
        names = [name for day, name in known.items() if day.year == year]
        if not names:
            yield HolidayWarning(country, year, HolidayDoubt.YEAR_UNKNOWN)
        elif last_decree is not None and year > last_decree:
            yield HolidayWarning(country, year, HolidayDoubt.DECREE_MISSING)
        if any("estimated" in name for name in names):
            yield HolidayWarning(country, year, HolidayDoubt.DATES_ESTIMATED)
