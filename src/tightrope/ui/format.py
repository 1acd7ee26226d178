"""How instants, lengths, amounts and figures are written, in the active language and time zone.

Nothing here asks what time it is: ``now`` is passed in, and the template tags do the asking.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent
from django.utils import timezone, translation

from tightrope.ui.wording import Wording, wording_of

Length = timedelta | int | float
_DIGIT_BESIDE_HAN = re.compile(r"(?<=\d)(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=\d)")
_UNITS = ("B", "KB", "MB", "GB", "TB")


def words() -> Wording:
    """The wording of the language that is active now."""
    return wording_of(translation.get_language() or "en")


def _here(at: datetime) -> datetime:
    return at.astimezone(timezone.get_current_timezone()) if at.tzinfo is not None else at


def _on(at: datetime | date) -> date:
    return _here(at).date() if isinstance(at, datetime) else at


def day(at: datetime | date, *, now: datetime) -> str:
    """``Sat 21 Nov`` or ``11月21日 周六``; the year is said when it is not this one."""
    return _day(_on(at), words(), now)


def _day(on: date, said: Wording, now: datetime) -> str:
    return _dated(on, said.day if on.year == _here(now).year else said.day_with_year, said.locale)


@lru_cache(maxsize=4096)
def _dated(on: date, pattern: str, locale: str) -> str:
    """The same few days stand on every page of a desk; writing one anew costs fifty times a look-up."""
    return format_date(on, pattern, locale=locale)


def iso(at: datetime | date) -> str:
    """An instant as machines read it, in the active time zone."""
    return (_here(at) if isinstance(at, datetime) else at).isoformat()


def clock(at: datetime) -> str:
    """``14:30``, in the active time zone."""
    return _clock(_here(at))


def _clock(here: datetime) -> str:
    return f"{here.hour:02d}:{here.minute:02d}"


def moment(at: datetime | date, *, now: datetime) -> str:
    """``Sat 21 Nov, 14:30`` or ``11月21日 周六 14:30``; a date without a time has no clock."""
    if not isinstance(at, datetime):
        return day(at, now=now)
    # A list writes fifty of these: the language and the time zone are asked for once in each.
    said, here = words(), _here(at)
    return said.date_with_clock.format(day=_day(here.date(), said, now), clock=_clock(here))


def nearby(at: datetime, *, now: datetime, in_sentence: bool = False) -> str:
    """The shortest unmistakable name of an instant: ``Today 16:30``, ``Mon 11:00``, else the moment.

    Within a sentence it begins with a small letter where the language has them: ``today 16:30``.
    """
    said, here = words(), _here(at)
    days_off = (here.date() - _on(now)).days
    named = {-1: said.yesterday, 0: said.today, 1: said.tomorrow}.get(days_off)
    if named is not None and in_sentence:
        named = named.lower()
    if named is None and 1 < days_off < 7:
        named = _dated(here.date(), said.weekday, said.locale)
    return f"{named} {_clock(here)}" if named else moment(at, now=now)


def ago(at: datetime, *, now: datetime) -> str:
    """How far away an instant is: ``5 minutes ago``, ``in 2 hours``."""
    said = words()
    away = at - now
    if abs(away) < timedelta(minutes=1):
        return said.just_now
    return _aired(format_timedelta(away, threshold=1.2, add_direction=True, locale=said.locale))


def _aired(text: str) -> str:
    """A blank between a figure and Chinese, as everywhere in the interface."""
    return _DIGIT_BESIDE_HAN.sub(" ", text)


def _seconds(length: Length) -> int:
    return round(length.total_seconds() if isinstance(length, timedelta) else length)


def _counted(count: int, forms: tuple[str, str]) -> str:
    # Below a thousand no language of ours writes anything but the digits.
    figure = str(count) if 0 <= count < 1000 else format_decimal(count, locale=words().locale)
    return forms[0 if count == 1 else 1].format(figure)


def duration(length: Length) -> str:
    """A length of working time in words: ``1 hour 8 minutes``. Hours are never folded into days,
    because a working day is as long as its calendar says."""
    minutes = abs(_seconds(length)) // 60
    if minutes == 0:
        return words().below_a_minute
    hours, rest = divmod(minutes, 60)
    said = words()
    parts = [_counted(hours, said.hour)] if hours else []
    if rest:
        parts.append(_counted(rest, said.minute))
    return said.between.join(parts)


def calendar_duration(length: Length) -> str:
    """A plain length in words, with days: ``2 days 3 hours``; two units at most."""
    said = words()
    minutes = abs(_seconds(length)) // 60
    days, rest = divmod(minutes, 24 * 60)
    if not days:
        return duration(length)
    parts = [_counted(days, said.calendar_day)]
    if rest // 60:
        parts.append(_counted(rest // 60, said.hour))
    return said.between.join(parts)


def short_duration(length: Length) -> str:
    """Hours and minutes as a figure: ``1:08``."""
    hours, minutes = divmod(abs(_seconds(length)) // 60, 60)
    return f"{hours}:{minutes:02d}"


def time_left(due: datetime, *, now: datetime) -> str:
    """What a running promise shows: ``1:08 left``, ``late 0:12``, or the instant when it is a day away."""
    left = due - now
    if left < timedelta(0):
        return words().over.format(
            short_duration(left) if left > timedelta(hours=-100) else calendar_duration(left)
        )
    return words().left.format(short_duration(left)) if left < timedelta(days=1) else nearby(due, now=now)


def margin(length: Length) -> str:
    """How much earlier than promised: ``38 minutes early``; negative is ``late 0:12``."""
    said = words()
    seconds = _seconds(length)
    if -60 < seconds < 60:
        return said.on_time
    if seconds < 0:
        return said.over.format(short_duration(seconds))
    minutes = seconds // 60
    rounded = _counted(round(minutes / 60), said.hour) if minutes >= 120 else duration(seconds)
    return said.early.format(rounded)


def number(value: int | float | Decimal, *, digits: int | None = None) -> str:
    """``3,012``; with ``digits`` exactly that many after the point."""
    if digits is None and type(value) is int and 0 <= value < 1000:
        return str(value)
    pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=words().locale)


def percent(share: float | Decimal, *, digits: int = 0) -> str:
    """A share of one as ``93%``."""
    return format_percent(
        share, format="#,##0" + ("." + "0" * digits if digits else "") + "%", locale=words().locale
    )


def money(cents: int, currency: str = "CNY") -> str:
    """An amount kept in hundredths of the currency's unit, whatever the currency's own smallest coin is."""
    return format_currency(Decimal(cents) / 100, currency, locale=words().locale)


def file_size(size_bytes: int) -> str:
    """``1.4 MB``: three figures at most."""
    amount = float(size_bytes)
    unit = 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount /= 1000
        unit += 1
    return f"{number(amount, digits=0 if unit == 0 or amount >= 10 else 1)} {_UNITS[unit]}"


def joined(items: Sequence[str]) -> str:
    """A list within a sentence, with the comma of the language."""
    return words().list_join.join(items)


def initials(name: str) -> str:
    """What an avatar shows: the last two characters of a Chinese name, else the first letters of two words."""
    name = name.strip()
    if re.search(r"[\u4e00-\u9fff]", name):
        return name[-2:] if len(name) > 2 else name[-1:]
    letters = [word[0] for word in re.split(r"[\s\-_.@]+", name) if word]
    return "".join(letters[:1] + letters[-1:] if len(letters) > 1 else letters[:1]).upper()
