"""What the inner loops know: a problem as flat arrays, and the state of a search on it.

Times are whole *ticks* (see ``arrays.py``), so that sums are exact and results do not depend on the
order of additions. Rows of the travel matrix: first the visits, then the engineers' places, then the
stores. Facts of one kind share one array, a named column each: every array handed from function to
function costs time in the compiler and at every call.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Int32 = NDArray[np.int32]
Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]

NEVER = 1 << 40
"""A time that no route reaches."""

# Columns of Facts.visits; from WINDOW on: opens, closes of each window (latest start of work).
SERVICE, SETUP, WINDOWS, TOOLS, KEEP, FIXED, ABLE_FROM, ABLE_TO, WINDOW = range(9)
# Columns of Facts.worth; from KEY on: orders in which visits may be put back.
WEIGHT, KEEP_COST, KEY = range(3)
# Columns of Facts.people.
START, END, SHIFT, REGULAR, LATEST, LUNCH_OPENS, LUNCH_CLOSES, LUNCH, KIT_TOOLS, KIND, FETCH = range(11)
# Columns of Facts.rates.
PER_TRIP, PER_TICK, PER_ROUTE, PER_OVERTIME, FAIR_LOAD = range(5)
# Columns of Facts.stores; from STORE_PARTS on: 1 where the store has the part.
STORE_ROW, STORE_OPENS, STORE_CLOSES, HANDLING, STORE_TOOLS, STORE_PARTS = range(6)
# Cells of Facts.rules.
FAIRNESS, STAGED, SEGMENTS, PLAIN = range(4)
# Columns of State.routes; from LOAD on: parts used.
COUNT, BUSY, VERSION, SAVED_COUNT, SAVED_VERSION, TOUCHED, LOAD = range(7)
# Columns of State.status.
ROUTE, LEFT_AT, ORIGIN = range(3)
# Rows of State.stops.
NOW, BEST, SAVED = range(3)
# Rows of State.lists, and the cells of State.tally that count them; then the other cells.
LEFT, OUT, CHANGED, CLOCK, STEPS, RANDOM = range(6)
# Cells of State.total.
VALUE, BEST_VALUE, OPENING = range(3)
# Columns of State.labels.
EARLY_HUNGRY, EARLY, LATE_HUNGRY, LATE, LEG, NEXT = range(6)


class Facts(NamedTuple):
    """One problem, unchanging during a search. n visits, m engineers, N rows, Q part types, S stores."""

    travel: Int32  # (N, N) ticks
    cost: Int32  # (N, N) what a trip costs before the engineer's rate; often the same array
    back: Int32  # (N, N) travel transposed, so that trips to one place lie together; or the same array
    cost_back: Int32  # (N, N) cost transposed; or the same array
    site: Ints  # (N,) rows of the same site carry the same number
    visits: Ints  # (n, WINDOW + 2 * most windows)
    worth: Floats  # (n, KEY + orders)
    parts: Ints  # (n, Q) parts used
    people: Ints  # (m, 11)
    rates: Floats  # (m, 5)
    kit: Ints  # (m, Q) parts in the van
    able: Bytes  # (m, n) 1 where the engineer may do the visit at all
    able_list: Int32  # the engineers of each visit, from ABLE_FROM to ABLE_TO
    near: Int32  # (n, A) other visits, nearest first
    stores: Ints  # (S, STORE_PARTS + Q)
    rules: Floats  # (4,) cost of work above the fair load; whether lines are priced whole, by segments;
    #                whether all visits have one window and nobody has lunch


class State(NamedTuple):
    """Routes under search and what is remembered about them. L is the most stops a route can hold."""

    stops: Int32  # (3, m, L) as they are, best, before the present step
    labels: (
        Ints  # (m, L + 1, 6) earliest end of stop p, latest arrival at the next, cost of that leg, its row
    )
    routes: Ints  # (m, LOAD + Q)
    value: Floats  # (m, 2) cost of the route, the same before the present step
    best_count: Ints  # (m,)
    seen: Int32  # (n, m) version of the route for which the next two hold
    delta: NDArray[np.float32]  # (n, m) cost of the best insertion
    place: NDArray[np.int16]  # (n, m) its position
    status: Ints  # (n, 3) engineer or -1; where in the list of those left out; engineer before this step
    lists: Ints  # (3, max(n, m)) visits left out, visits taken out in this step, routes changed in it
    tally: Ints  # (7,) lengths of the lists, next version, steps done, two cells of random state
    line: Int32  # (L + 2,) scratch
    scratch: Ints  # (4, L + Q + 2, 3) scratch
    total: Floats  # (3,) present value, best value, share of its cost at which the first visit of an idle
    #                engineer is weighed in the present step
