"""Working stretches in order, each with the working time before it: two bisections answer everything."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

from tightrope.worktime.instants import instant_of

FIRST_YEAR = 1970
LAST_YEAR = 2099


class OutOfReach(ValueError):
    """The answer would lie outside 1970-2099, or the calendar never opens again."""


class Compiled(NamedTuple):
    """The years worked out so far. Never changed, only replaced, so readers need no lock.

    `before` counts working microseconds from an arbitrary zero, negative towards the past; what a year adds
    on either side leaves the figures of the others as they were.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    low: int
    high: int
    worked_at_low: int
    worked_at_high: int
    first_year: int
    last_year: int

    def worked_until(self, moment: int) -> int:
        index = bisect_right(self.starts, moment) - 1
        if index < 0:
            return self.worked_at_low
        return self.before[index] + min(moment, self.ends[index]) - self.starts[index]


class Stretches:
    """A calendar compiled year by year, as far as somebody has asked."""

    def __init__(
        self, stretches_of_year: Callable[[int], list[tuple[int, int]]], start_of_year: Callable[[int], int]
    ) -> None:
        self._stretches_of_year = stretches_of_year
        self._start_of_year = start_of_year
        self._lock = Lock()
        self._compiled: Compiled | None = None

    def covering(self, moment: int) -> Compiled:
        """The compiled years, grown until the moment lies in them. Raises OutOfReach."""
        compiled = self._compiled
        if compiled is not None and compiled.low <= moment < compiled.high:
            return compiled
        compiled = compiled or self._begun_near(moment)
        while moment < compiled.low:
            compiled = self.earlier_than(compiled)
        while moment >= compiled.high:
            compiled = self.later_than(compiled)
        return compiled

    def after(self, moment: int, work: int) -> int:
        """The first moment by which this much more (`work` > 0) has been worked."""
        compiled = self.covering(moment)
        target = compiled.worked_until(moment) + work
        while target > compiled.worked_at_high:
            compiled = self.later_than(compiled)
        index = bisect_left(compiled.before, target) - 1
        return compiled.starts[index] + target - compiled.before[index]

    def before(self, moment: int, work: int) -> int:
        """The last moment from which this much (`work` > 0) is worked until the given one."""
        compiled = self.covering(moment)
        target = compiled.worked_until(moment) - work
        while target < compiled.worked_at_low:
            compiled = self.earlier_than(compiled)
        index = bisect_right(compiled.before, target) - 1
        return compiled.starts[index] + target - compiled.before[index]

    def between(self, start: int, end: int) -> int:
        """Microseconds worked from start to end, negative when end is the earlier one."""
        self.covering(start)
        compiled = self.covering(end)
        return compiled.worked_until(end) - compiled.worked_until(start)

    def later_than(self, compiled: Compiled) -> Compiled:
        """One year more at the far end of what the caller has; another thread may have worked it out already."""
        with self._lock:
            newest = self._compiled or compiled
            if newest.last_year == compiled.last_year:
                newest = self._compiled = self._with_later_year(newest)
            return newest

    def earlier_than(self, compiled: Compiled) -> Compiled:
        """One year more at the near end."""
        with self._lock:
            newest = self._compiled or compiled
            if newest.first_year == compiled.first_year:
                newest = self._compiled = self._with_earlier_year(newest)
            return newest

    def _begun_near(self, moment: int) -> Compiled:
        year = min(max(instant_of(moment).year, FIRST_YEAR), LAST_YEAR)
        with self._lock:
            if self._compiled is None:
                low = self._start_of_year(year)
                self._compiled = self._with_later_year(Compiled((), (), (), low, low, 0, 0, year, year - 1))
            return self._compiled

    def _with_later_year(self, compiled: Compiled) -> Compiled:
        year = compiled.last_year + 1
        if year > LAST_YEAR:
            raise OutOfReach(
                f"There is not that much working time before the end of {LAST_YEAR} in this calendar."
            )
        added = self._stretches_of_year(year)
        starts, ends, before = list(compiled.starts), list(compiled.ends), list(compiled.before)
        worked = compiled.worked_at_high
        for start, end in added:
            if ends and ends[-1] == start:  # the same stretch, cut at New Year
                ends[-1] = end
            else:
                starts.append(start)
                ends.append(end)
                before.append(worked)
            worked += end - start
        return compiled._replace(
            starts=tuple(starts),
            ends=tuple(ends),
            before=tuple(before),
            high=self._start_of_year(year + 1),
            worked_at_high=worked,
            last_year=year,
        )

    def _with_earlier_year(self, compiled: Compiled) -> Compiled:
        year = compiled.first_year - 1
        if year < FIRST_YEAR:
            raise OutOfReach(
                f"There is not that much working time after the start of {FIRST_YEAR} in this calendar."
            )
        added = self._stretches_of_year(year)
        worked = compiled.worked_at_low - sum(end - start for start, end in added)
        low, worked_at_low = self._start_of_year(year), worked
        before = []
        for start, end in added:
            before.append(worked)
            worked += end - start
        starts, ends = [start for start, _ in added], [end for _, end in added]
        kept = 1 if ends and compiled.starts and ends[-1] == compiled.starts[0] else 0
        if kept:
            ends[-1] = compiled.ends[0]
        return compiled._replace(
            starts=(*starts, *compiled.starts[kept:]),
            ends=(*ends, *compiled.ends[kept:]),
            before=(*before, *compiled.before[kept:]),
            low=low,
            worked_at_low=worked_at_low,
            first_year=year,
        )
