"""Waiting when work does not vary exponentially: visits with travel, repairs, second-line cases.

Times are hours. `variation` is the squared coefficient of variation of the work: 1 as Erlang assumes,
0 for always the same, 0.3 to 0.7 for most visits, above 1 for a mix of short and very long ones.

Source: Lee, Longton (1959), "Queueing processes associated with airline passenger check-in",
Operational Research Quarterly 10(1): the mean wait of M/G/c is that of M/M/c times (1 + variation) / 2;
the tail is stretched by the same factor. Exact for variation 1 and for one server's mean.
"""

from __future__ import annotations

import math

from tightrope.planning.errors import BadProblem
from tightrope.planning.staffing.positions import least_servers
from tightrope.planning.staffing.queues import erlang_c


def mean_wait(load: float, servers: int, *, work_hours: float, variation: float = 1.0) -> float:
    """Mean hours until somebody is free, over everybody; infinity when load >= servers."""
    _check(work_hours, variation)
    if load >= servers:
        return math.inf
    if load == 0:
        return 0.0
    return erlang_c(load, servers) * work_hours / (servers - load) * (1.0 + variation) / 2.0


def share_free_within(
    load: float, servers: int, *, work_hours: float, hours: float, variation: float = 1.0
) -> float:
    """Share for whom somebody is free within `hours`; 0 when load >= servers or the hours are negative."""
    _check(work_hours, variation)
    if hours < 0 or (load >= servers and load > 0):
        return 0.0
    if load == 0:
        return 1.0
    delayed = erlang_c(load, servers)
    # Work that never varies would leave no tail at all in this formula, so half is the least stretch.
    stretch = (1.0 + variation) / 2.0
    return 1.0 - delayed * math.exp(-(servers - load) * hours / (work_hours * stretch))


def least_heads(
    load: float,
    *,
    work_hours: float,
    hours: float,
    share: float,
    max_utilisation: float = 1.0,
    variation: float = 1.0,
) -> int:
    """Fewest heads so that `share` find somebody free within `hours`; 0 for no load.

    Raises BadProblem when the hours are negative: no number of heads turns time back.
    """
    if hours < 0:
        raise BadProblem("response", f"is missed by {-hours:.2f} h before anybody could start")
    if not 0 <= share < 1:
        raise BadProblem("share", f"must be 0 or more and below 1, not {share}")
    if not 0 < max_utilisation <= 1:
        raise BadProblem("max_utilisation", f"must be above 0 and at most 1, not {max_utilisation}")
    if load == 0:
        return 0

    def is_enough(heads: int) -> bool:
        if load >= heads or load > heads * max_utilisation * (1 + 1e-12):
            return False
        free = share_free_within(load, heads, work_hours=work_hours, hours=hours, variation=variation)
        return free >= share

    return least_servers(is_enough, guess=math.ceil(load / max_utilisation))


def _check(work_hours: float, variation: float) -> None:
    if not (math.isfinite(work_hours) and work_hours > 0):
        raise BadProblem("work_hours", f"must be above zero, not {work_hours}")
    if not math.isfinite(variation) or variation < 0:
        raise BadProblem("variation", f"must be zero or more, not {variation}")
