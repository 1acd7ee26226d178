"""Service hours: the same hours of day on some days of each week, forever.

Clock time is in hours since a Monday at 0:00. Service time counts only open hours; both directions are
arithmetic, because the simulation asks a hundred thousand times a run.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from tightrope.planning.errors import BadProblem

WEEK, DAY = 168.0, 24.0


@dataclass(frozen=True)
class Hours:
    """Open from `opens` to `closes` (hours of the day) on `days` (Monday is 0)."""

    opens: float = 8.0
    closes: float = 18.0
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    length: float = field(init=False, repr=False)
    per_week: float = field(init=False, repr=False)
    before: tuple[float, ...] = field(init=False, repr=False)
    is_open: tuple[bool, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.opens) and math.isfinite(self.closes)):
            raise BadProblem("hours", "opens and closes must be numbers")
        if not 0 <= self.opens < self.closes <= DAY:
            raise BadProblem("hours", f"must open before they close, not {self.opens:g} to {self.closes:g}")
        if not self.days or not set(self.days) <= set(range(7)) or len(set(self.days)) < len(self.days):
            raise BadProblem("hours", f"days must be some of 0 (Monday) to 6, not {list(self.days)}")
        opened = tuple(day in self.days for day in range(7))
        length = self.closes - self.opens
        object.__setattr__(self, "is_open", opened)
        object.__setattr__(self, "length", length)
        object.__setattr__(self, "per_week", length * len(self.days))
        object.__setattr__(self, "before", tuple(length * sum(opened[:day]) for day in range(7)))

    def served(self, clock: float) -> float:
        """Service hours from the beginning until `clock`."""
        weeks, rest = divmod(clock, WEEK)
        day = int(rest // DAY)
        done = self.before[day]
        if self.is_open[day]:
            done += min(max(rest - DAY * day - self.opens, 0.0), self.length)
        return weeks * self.per_week + done

    def clock(self, served: float) -> float:
        """The earliest clock time at which so many service hours have passed."""
        weeks, rest = divmod(served, self.per_week)
        number, more = divmod(rest, self.length)
        if more == 0 and rest > 0:  # the end of a day, not the morning after
            number, more = number - 1, self.length
        elif rest == 0 and weeks > 0:
            weeks, number, more = weeks - 1, len(self.days) - 1, self.length
        return weeks * WEEK + sorted(self.days)[int(number)] * DAY + self.opens + more

    def later(self, clock: float, hours: float) -> float:
        """`clock` and so many service hours."""
        if hours <= 0:
            return clock
        return self.clock(self.served(clock) + hours)

    def closing(self, clock: float) -> float:
        """When the day of `clock` closes; `clock` itself when it is not open then."""
        day = int(clock % WEEK // DAY)
        start = clock - clock % DAY
        inside = self.is_open[day] and self.opens <= clock - start < self.closes
        return start + self.closes if inside else clock

    def opening(self, clock: float) -> float:
        """The next opening at or after `clock`."""
        start = clock - clock % DAY
        for _ in range(8):
            if self.is_open[int(start % WEEK // DAY)] and start + self.opens >= clock:
                return start + self.opens
            start += DAY
        raise AssertionError("some day is open")
