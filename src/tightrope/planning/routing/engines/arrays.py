"""From a problem to the flat arrays of the inner loops and back.

Times become whole ticks: one unit when all times are whole, a tenth, hundredth or thousandth when that
makes them whole, else as fine as 31 bits allow. Travel and work are rounded up and windows inwards, so
that what fits in ticks fits in the problem's own numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tightrope.planning.errors import BadProblem
from tightrope.planning.routing.engines.kernel import facts as col
from tightrope.planning.routing.engines.kernel.compiled import is_compiled
from tightrope.planning.routing.engines.kernel.facts import Facts, Ints, State
from tightrope.planning.routing.problem import Problem, Visit
from tightrope.planning.routing.timetable import broken_rule

NEIGHBOURS = 100
ORDERS = 8


@dataclass(frozen=True)
class Sheet:
    """All of a problem except its matrices, as columns; the visits are its rows.

    ``places`` (rows,) is the place of each visit; ``starts``, ``ends`` and
    ``store_places`` are places too. ``ticks`` and ``coins`` are ticks per unit of time and of trip cost.
    """

    problem: Problem
    ticks: float
    coins: float
    places: Ints
    starts: Ints
    ends: Ints
    store_places: Ints
    visits: Ints
    worth: col.Floats
    parts: Ints
    people: Ints
    rates: col.Floats
    kit: Ints
    able: col.Bytes
    stores: Ints


def sheet_of(problem: Problem) -> Sheet:
    """Columns of the whole problem. O(visits + engineers + pairs of distinct needs and abilities)."""
    ticks = _scale(problem)
    coins = ticks if problem.distance is None else _finest([problem.distance.ravel()])
    rows = list(problem.visits)
    kinds = sorted({part for v in problem.visits for part, count in v.parts.items() if count > 0})
    tools = sorted({tool for v in problem.visits for tool in v.tools})
    if len(tools) > 62:
        raise BadProblem("visits", f"need {len(tools)} kinds of tools, at most 62 can be planned with")
    bit = {tool: 1 << n for n, tool in enumerate(tools)}
    return Sheet(
        problem=problem,
        ticks=ticks,
        coins=coins,
        places=np.array([v.place for v in rows], dtype=np.int64),
        starts=np.array([e.start for e in problem.engineers], dtype=np.int64),
        ends=np.array([e.end for e in problem.engineers], dtype=np.int64),
        store_places=np.array([s.place for s in problem.stores], dtype=np.int64),
        visits=_visit_columns(problem, rows, ticks, bit),
        worth=_worth(problem, rows),
        parts=_table([[v.parts.get(k, 0) for k in kinds] for v in rows], len(kinds)),
        people=_people_columns(problem, ticks, bit),
        rates=_rates(problem, ticks, coins),
        kit=_table([[e.parts.get(k, 0) for k in kinds] for e in problem.engineers], len(kinds)),
        able=_able(problem, rows),
        stores=_store_columns(problem, ticks, bit, kinds),
    )


def _table(rows: list[list[int]], width: int) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)


def _scale(problem: Problem) -> float:
    times: list[float] = []
    for visit in problem.visits:
        times += [visit.service, visit.setup, *(t for window in visit.windows for t in window)]
        if visit.locked_start is not None:
            times.append(visit.locked_start)
    for engineer in problem.engineers:
        times += [*engineer.shift, engineer.overtime]
        if engineer.lunch:
            times += [engineer.lunch.opens, engineer.lunch.closes, engineer.lunch.length]
    for store in problem.stores:
        times += [store.handling, *(store.window or ())]
    return _finest([np.array(times), problem.travel.ravel()])


def _finest(groups: list[NDArray[Any]]) -> float:
    """Ticks per unit that make all the numbers whole, else as many as 30 bits allow, a power of ten."""
    groups = [g for g in groups if g.size and not np.issubdtype(g.dtype, np.integer)]
    for ticks in (1.0, 10.0, 100.0, 1000.0):
        if all(bool(np.all(np.abs(g * ticks - np.rint(g * ticks)) < 1e-7)) for g in groups):
            return ticks
    largest = max(float(np.abs(g).max()) for g in groups)
    return float(10.0 ** min(5.0, np.floor(np.log10(2.0**30 / max(1.0, largest)))))


def _up(value: float, ticks: float) -> int:
    return int(np.ceil(value * ticks - 1e-6))


def _down(value: float, ticks: float) -> int:
    return int(np.floor(value * ticks + 1e-6))


def _visit_columns(problem: Problem, rows: list[Visit], ticks: float, bit: dict[str, int]) -> Ints:
    widest = max((len(v.windows) for v in rows), default=1) or 1
    columns = np.zeros((len(rows), col.WINDOW + 2 * widest), dtype=np.int64)
    first = min(e.shift[0] for e in problem.engineers)
    last = max(e.shift[1] + e.overtime for e in problem.engineers)
    cells = columns.tolist()
    for row, visit in zip(cells, rows, strict=True):
        windows = sorted(visit.windows) or [(first, last)]
        if visit.locked_start is not None:
            windows = [(visit.locked_start, visit.locked_start)]
        row[col.SERVICE] = _up(visit.service, ticks)
        row[col.SETUP] = _up(visit.setup, ticks)
        row[col.WINDOWS] = len(windows)
        row[col.TOOLS] = sum(bit[tool] for tool in visit.tools)
        row[col.KEEP] = -1
        for n in range(widest):
            opens, closes = windows[min(n, len(windows) - 1)]
            row[col.WINDOW + 2 * n] = _up(opens, ticks)
            row[col.WINDOW + 2 * n + 1] = max(_down(closes, ticks), _up(opens, ticks))
    return np.array(cells, dtype=np.int64).reshape(columns.shape)


def _worth(problem: Problem, rows: list[Visit]) -> col.Floats:
    """Weights, and the fixed orders in which visits may be put back; the rest is filled in `facts_of`."""
    worth = np.zeros((len(rows), col.KEY + ORDERS))
    if not rows:
        return worth
    weight = np.array([problem.weight_of(v) for v in rows])
    work = np.array([v.service + v.setup for v in rows])
    first = min(e.shift[0] for e in problem.engineers)
    last = max(e.shift[1] + e.overtime for e in problem.engineers)
    opens = np.array([min((a for a, _ in v.windows), default=first) for v in rows])
    width = np.array([sum(b - a for a, b in v.windows) if v.windows else last - first for v in rows])
    worth[:, col.WEIGHT] = weight
    worth[:, col.KEY + 0] = -weight
    worth[:, col.KEY + 1] = -weight / np.maximum(work, 1e-9)
    worth[:, col.KEY + 2] = width
    worth[:, col.KEY + 4] = opens
    worth[:, col.KEY + 5] = -work
    return worth


def _people_columns(problem: Problem, ticks: float, bit: dict[str, int]) -> Ints:
    columns = np.zeros((len(problem.engineers), col.FETCH + 1), dtype=np.int64)
    for row, e in zip(columns, problem.engineers, strict=True):
        row[col.SHIFT] = _up(e.shift[0], ticks)
        row[col.REGULAR] = _down(e.shift[1], ticks)
        row[col.LATEST] = _down(e.shift[1] + e.overtime, ticks)
        if e.lunch:
            row[col.LUNCH_OPENS] = _up(e.lunch.opens, ticks)
            row[col.LUNCH_CLOSES] = _down(e.lunch.closes, ticks)
            # A lunch of no length still has to be somewhere in its window.
            row[col.LUNCH] = max(1, _up(e.lunch.length, ticks))
        row[col.KIT_TOOLS] = sum(bit[tool] for tool in e.tools if tool in bit)
        row[col.FETCH] = int(e.store_calls >= 1 and bool(problem.stores))
    return columns


def _rates(problem: Problem, ticks: float, coins: float) -> col.Floats:
    rates = np.zeros((len(problem.engineers), col.FAIR_LOAD + 1))
    for row, e in zip(rates, problem.engineers, strict=True):
        row[col.PER_TRIP] = e.travel_cost / coins
        row[col.PER_TICK] = e.time_cost / ticks
        row[col.PER_ROUTE] = e.fixed_cost
        row[col.PER_OVERTIME] = e.overtime_cost / ticks
        row[col.FAIR_LOAD] = problem.fair_share * (e.shift[1] - e.shift[0]) * ticks
    return rates


def _store_columns(problem: Problem, ticks: float, bit: dict[str, int], kinds: list[str]) -> Ints:
    columns = np.zeros((len(problem.stores), col.STORE_PARTS + len(kinds)), dtype=np.int64)
    for row, store in zip(columns, problem.stores, strict=True):
        row[col.STORE_OPENS] = _up(store.window[0], ticks) if store.window else -col.NEVER
        row[col.STORE_CLOSES] = _down(store.window[1], ticks) if store.window else col.NEVER
        row[col.HANDLING] = _up(store.handling, ticks)
        row[col.STORE_TOOLS] = sum(
            mask for tool, mask in bit.items() if store.tools is None or tool in store.tools
        )
        row[col.STORE_PARTS :] = [int(store.parts is None or kind in store.parts) for kind in kinds]
    return columns


def _able(problem: Problem, rows: list[Visit]) -> col.Bytes:
    """(m, rows) who may do what; rules are asked once for each pair of distinct need and ability."""
    needs: dict[Any, int] = {}
    need_of = np.zeros(len(rows), dtype=np.int64)
    asked: list[Visit] = []
    for number, visit in enumerate(rows):
        key: Any = (
            tuple(sorted(visit.skills.items())),
            visit.tools,
            tuple(sorted(visit.parts.items())),
            visit.pinned,
            visit.forbidden,
        )
        if key not in needs:
            needs[key] = len(asked)
            asked.append(visit)
        need_of[number] = needs[key]
    named = {v.pinned for v in rows} | {name for v in rows for name in v.forbidden}
    gifts: dict[Any, int] = {}
    gift_of = np.zeros(len(problem.engineers), dtype=np.int64)
    able: list[list[bool]] = []
    most = {part: max(v.parts.get(part, 0) for v in asked) for part in {p for v in asked for p in v.parts}}
    for number, engineer in enumerate(problem.engineers):
        key = (
            engineer.name if engineer.name in named else None,
            tuple(sorted(engineer.skills.items())),
            engineer.tools,
            # More of a part than any one visit needs makes no difference here.
            tuple(min(engineer.parts.get(part, 0), top) for part, top in sorted(most.items())),
            engineer.store_calls >= 1,
        )
        if key not in gifts:
            gifts[key] = len(able)
            able.append([broken_rule(problem, engineer, visit) is None for visit in asked])
        gift_of[number] = gifts[key]
    if not rows:
        return np.zeros((len(problem.engineers), 0), dtype=np.uint8)
    whole: col.Bytes = np.array(able, dtype=np.uint8)[gift_of][:, need_of]
    return whole


def facts_of(sheet: Sheet, rows: Ints, engineers: Ints) -> Facts:
    """Facts about some rows and some engineers, numbered anew in the order given."""
    n, m = len(rows), len(engineers)
    starts, ends = sheet.starts[engineers], sheet.ends[engineers]
    at_home = bool(np.array_equal(starts, ends))
    places = [sheet.places[rows], starts, *(() if at_home else (ends,)), sheet.store_places]
    order = np.concatenate(places)
    travel = _matrix(sheet.problem.travel, order, sheet.ticks)
    cost = travel
    if sheet.problem.distance is not None:
        cost = _matrix(sheet.problem.distance, order, sheet.coins)
    visits, worth = sheet.visits[rows], sheet.worth[rows]
    people = sheet.people[engineers]
    people[:, col.START] = n + np.arange(m)
    people[:, col.END] = n + (0 if at_home else m) + np.arange(m)
    people[:, col.KIND] = _kinds(sheet, engineers, rows)
    stores = sheet.stores.copy()
    stores[:, col.STORE_ROW] = len(order) - len(stores) + np.arange(len(stores))
    able = np.ascontiguousarray(sheet.able[engineers][:, rows])
    by_kind = np.argsort(people[:, col.KIND], kind="stable")
    columns, ranks = np.nonzero(able[by_kind].T)
    counts = np.bincount(columns, minlength=n)
    visits[:, col.ABLE_TO] = np.cumsum(counts)
    visits[:, col.ABLE_FROM] = visits[:, col.ABLE_TO] - counts
    parts, kit = sheet.parts[rows], sheet.kit[engineers]
    worth[:, col.KEY + 3] = counts
    worth[:, col.KEY + 6] = -(parts / np.maximum(kit.mean(axis=0), 1.0)).sum(axis=1)
    worth[:, col.KEY + 7] = -cost[n : n + m, :n].min(axis=0) if n else 0.0
    return Facts(
        travel=travel,
        cost=cost,
        back=_transposed(travel),
        cost_back=_transposed(cost),
        site=order.astype(np.int64),
        visits=visits,
        worth=worth,
        parts=parts,
        people=people,
        rates=sheet.rates[engineers],
        kit=kit,
        able=able,
        able_list=by_kind[ranks].astype(np.int32),
        near=_near(cost[:n, :n]),
        stores=stores,
        rules=_rules(sheet, visits, people, sheet.rates[engineers]),
    )


def _matrix(matrix: NDArray[Any], order: Ints, ticks: float) -> col.Int32:
    whole = np.issubdtype(matrix.dtype, np.integer) and ticks == 1.0
    # Half the memory for the compiled loops; plain Python would overflow where it adds to NumPy's own.
    width = np.int32 if is_compiled else np.int64
    result = np.empty((len(order), len(order)), dtype=width)
    for first in range(0, len(order), 512):
        block = matrix[order[first : first + 512]][:, order]
        result[first : first + 512] = block if whole else np.ceil(block * ticks - 1e-6)
    result[order[:, None] == order[None, :]] = 0
    return result


def _transposed(matrix: col.Int32) -> col.Int32:
    return matrix if np.array_equal(matrix, matrix.T) else np.ascontiguousarray(matrix.T)


def _near(cost: col.Int32) -> col.Int32:
    """(n, A) neighbours by cost there and back, nearest first, ties by number."""
    n = len(cost)
    width = min(NEIGHBOURS, n - 1)
    if width < 1:
        return np.zeros((n, 0), dtype=np.int32)
    both = cost.astype(np.int64) + cost.T
    np.fill_diagonal(both, np.iinfo(np.int64).max // (n + 1) - 1)
    ranked = both * n + np.arange(n)
    if width < n - 1:
        ranked = np.partition(ranked, width - 1, axis=1)[:, :width]
    ranked = np.sort(ranked, axis=1)[:, :width]
    return (ranked % n).astype(np.int32)


def _kinds(sheet: Sheet, engineers: Ints, rows: Ints) -> Ints:
    known: dict[Any, int] = {}
    kinds = np.zeros(len(engineers), dtype=np.int64)
    for number, v in enumerate(engineers):
        key = (
            sheet.starts[v],
            sheet.ends[v],
            sheet.people[v].tobytes(),
            sheet.rates[v].tobytes(),
            sheet.kit[v].tobytes(),
            sheet.able[v, rows].tobytes(),
        )
        kinds[number] = known.setdefault(key, len(known))
    return kinds


def _rules(sheet: Sheet, visits: Ints, people: Ints, rates: col.Floats) -> col.Floats:
    rules = np.zeros(col.PLAIN + 1)
    rules[col.FAIRNESS] = sheet.problem.fairness / sheet.ticks
    single = bool((visits[:, col.WINDOWS] == 1).all())
    no_lunch = bool((people[:, col.LUNCH] == 0).all())
    no_setup = bool((visits[:, col.SETUP] == 0).all())
    may_fetch = bool((people[:, col.FETCH] > 0).any())
    timed = bool((rates[:, col.PER_TICK] > 0).any() or (rates[:, col.PER_OVERTIME] > 0).any())
    lacks_tools = bool((visits[:, col.TOOLS] > 0).any())
    rules[col.STAGED] = may_fetch or timed or lacks_tools
    rules[col.SEGMENTS] = rules[col.PLAIN] = single and no_lunch and no_setup
    return rules


def state_of(facts: Facts, *, seed: int) -> State:
    """An empty state: nobody has work, nothing is remembered."""
    m, n = facts.able.shape
    q = facts.kit.shape[1]
    most = _most_stops(facts)
    return State(
        stops=np.zeros((3, m, most), dtype=np.int32),
        labels=np.zeros((m, most + 1, col.NEXT + 1), dtype=np.int64),
        routes=np.zeros((m, col.LOAD + q), dtype=np.int64),
        value=np.zeros((m, 2)),
        best_count=np.zeros(m, dtype=np.int64),
        seen=np.full((n, m), -1, dtype=np.int32),
        delta=np.zeros((n, m), dtype=np.float32),
        place=np.zeros((n, m), dtype=np.int16),
        status=np.full((n, 3), -1, dtype=np.int64),
        lists=np.zeros((3, max(n, m, 1)), dtype=np.int64),
        tally=np.array(
            [0, 0, 0, 1, 0, 1 + (seed * 7919 + 12345) % 2147483562, 1 + seed * 104729 % 2147483398]
        ),
        line=np.zeros(most + 2, dtype=np.int32),
        scratch=np.zeros((2, most + 2, 3), dtype=np.int64),
        total=np.array([0.0, 0.0, 1.0]),
    )


def _most_stops(facts: Facts) -> int:
    """The most stops a day can hold, by the shortest legs and services."""
    n = len(facts.visits)
    if n == 0:
        return 1
    legs = facts.travel[:, :n].copy()
    legs[np.arange(n), np.arange(n)] = np.iinfo(np.int32).max
    steps = np.sort(legs.min(axis=0) + facts.visits[:, col.SERVICE])
    longest = int((facts.people[:, col.LATEST] - facts.people[:, col.SHIFT]).max())
    return max(1, min(n, int(np.searchsorted(np.cumsum(steps), longest, side="right")) + 1))
