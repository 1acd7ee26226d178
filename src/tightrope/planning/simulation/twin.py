"""One quarter of the company, event by event.

A report waits for the desk. What the desk does not solve goes to an expert or becomes a visit; a visit
may wait for a part, then for an engineer who is there, has the skill and can still make it today. The
dispatcher sends the engineer who is nearest, and gives an engineer who gets free the visit that is due
first, nearness counted in. Work in hand at closing time is finished within the overtime or goes on the
next day. Second visits, loaners, refills of stock and the days on which people are away are all lived
through; what chance brings is in `draws`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from heapq import heappop, heappush
from itertools import count

from tightrope.planning.simulation import draws
from tightrope.planning.simulation.draws import Failures, draw_absences, draw_failures
from tightrope.planning.simulation.hours import DAY, WEEK
from tightrope.planning.simulation.lived import NEVER, Case, Lived, Worker
from tightrope.planning.simulation.problem import Company
from tightrope.planning.simulation.recent import Recent, after

REPORT, ANSWERED, DESK_CHANGE, EXPERT_FREE, PART_IN_CITY, AT_DEPOT, OPENING, FREE, LOANER_BACK, TRY = range(
    10
)


def live(company: Company, *, seed: int, run: int, until: float, past: Recent | None = None) -> Lived:
    """One run from an empty Monday morning, or from the weeks of `past`, until `until` (clock hours)."""
    drawn = draw_failures(company, until=until, seed=seed, run=run)
    return Twin(company, drawn if past is None else after(past, drawn), seed, run, until).go()


class Twin:
    """The state of one run and what each event does to it."""

    def __init__(self, company: Company, failures: Failures, seed: int, run: int, until: float) -> None:
        self.company, self.until = company, until
        self.hours = company.hours
        self.travel: list[list[float]] = company.travel.tolist()
        self.cities = company.cities
        self.models = company.models
        self.luck: list[list[float]] = failures.luck.tolist()
        self.work: list[list[float]] = failures.work.tolist()
        self.cases = [
            Case(i, int(c), int(m), at)
            for i, (at, c, m) in enumerate(
                zip(failures.at.tolist(), failures.city.tolist(), failures.model.tolist(), strict=True)
            )
        ]
        self.place_of = {city.name: i for i, city in enumerate(company.cities)}
        self.workers = [
            Worker(i, self.place_of[e.city], self.place_of[e.city], e.skills, e.speed, e.customer)
            for i, e in enumerate(company.engineers)
        ]
        self.away = draw_absences(company, days=int(until // DAY) + 2, seed=seed, run=run)
        self.able: dict[tuple[int, str, int | None], list[int]] = {}
        self.has_residents = any(w.customer is not None for w in self.workers)
        self.waiting: list[Case] = []
        self.events: list[tuple[float, int, int, int]] = []
        self.tie = count()
        self._start_desk()
        self._start_parts()
        self._start_experts()
        self.loaners = company.loaners.size
        self.late_part: dict[int, list[int]] = {}
        self.short_since: dict[int, float] = {}
        self.short_parts = 0.0

    def _start_desk(self) -> None:
        self.desk_open = bool(self.company.desk.shifts)
        changes: dict[float, int] = {0.0: 0, WEEK: 0}
        for shift in self.company.desk.shifts:
            for day in shift.days:
                changes[day * DAY + shift.opens] = changes.get(day * DAY + shift.opens, 0) + shift.people
                changes[day * DAY + shift.closes] = changes.get(day * DAY + shift.closes, 0) - shift.people
        self.desk_times = sorted(changes)
        total, self.desk_people = 0, []
        for at in self.desk_times:
            total += changes[at]
            self.desk_people.append(total)
        self.calls: deque[int] = deque()
        self.answering = 0
        for week in range(int(self.until // WEEK) + 1):
            for at in self.desk_times:
                self._add(week * WEEK + at, DESK_CHANGE, 0)

    def _start_parts(self) -> None:
        self.parts = self.company.parts
        self.part_number = {part.name: i for i, part in enumerate(self.parts)}
        self.which: list[tuple[list[float], list[int]]] = []
        for model in self.models:
            total, edges, numbers = 0.0, [], []
            for name, weight in model.parts.items():
                total += weight
                edges.append(total)
                numbers.append(self.part_number[name])
            self.which.append(([edge / total for edge in edges] if total else [], numbers))
        self.stock = [[part.city_stock.get(city.name, 0) for part in self.parts] for city in self.cities]
        self.depot = [NEVER if part.depot_stock is None else float(part.depot_stock) for part in self.parts]
        self.depot_owes: list[deque[int]] = [deque() for _ in self.parts]
        self.owed: list[list[deque[int]]] = [[deque() for _ in self.parts] for _ in self.cities]
        self.orders: list[tuple[float, bool]] = []

    def _start_experts(self) -> None:
        line = self.company.second_line.experts
        self.bases = [self.place_of[name] for name, heads in line.items() if heads > 0]
        self.idle_experts = {self.place_of[name]: heads for name, heads in line.items() if heads > 0}
        self.asked: dict[int, deque[int]] = {base: deque() for base in self.bases}
        self.expert_busy = 0.0
        self.expert_wait: list[tuple[float, float]] = []
        self.nearest_base = [
            min(self.bases, key=lambda base: self.travel[base][c]) if self.bases else -1
            for c in range(len(self.cities))
        ]

    def _add(self, at: float, kind: int, what: int) -> None:
        heappush(self.events, (at, next(self.tie), kind, what))

    def go(self) -> Lived:
        """All events until the end."""
        for case in self.cases:
            self._add(case.reported, REPORT, case.number)
        at = self.hours.opening(0.0)
        while at < self.until:
            self._add(at, OPENING, 0)
            at = self.hours.opening(at + 1e-9)
        do = {
            REPORT: self._report,
            ANSWERED: self._answered,
            DESK_CHANGE: self._answer_calls,
            EXPERT_FREE: self._expert_free,
            PART_IN_CITY: self._part_in_city,
            AT_DEPOT: self._at_depot,
            OPENING: self._opening,
            FREE: self._engineer_free,
            LOANER_BACK: self._loaner_back,
            TRY: self._ready,
        }
        events, until = self.events, self.until
        while events:
            at, _, kind, what = heappop(events)
            if at >= until:
                break
            do[kind](at, what)
        for at in self.short_since.values():
            self.short_parts += until - at
        return Lived(
            self.cases, self.workers, self.expert_busy, self.expert_wait, self.orders, self.short_parts
        )

    # -- the desk ---------------------------------------------------------------------------------

    def _report(self, now: float, number: int) -> None:
        case = self.cases[number]
        model = self.models[case.model]
        case.due = self.hours.served(now) + self.company.promise.response_hours / model.urgency
        if not self.desk_open:
            self._answered(now, number)
            return
        self.calls.append(number)
        self._answer_calls(now, 0)

    def _answer_calls(self, now: float, _what: int) -> None:
        people = self.desk_people[bisect_right(self.desk_times, now % WEEK + 1e-9) - 1]
        while self.calls and self.answering < people:
            number = self.calls.popleft()
            self.answering += 1
            self.cases[number].answered = now
            minutes = self.company.desk.work_minutes * self.work[number][0]
            self._add(now + minutes / 60.0, ANSWERED, number)

    def _answered(self, now: float, number: int) -> None:
        case, model = self.cases[number], self.models[self.cases[number].model]
        if self.desk_open:
            self.answering -= 1
        else:
            case.answered = now
        luck = self.luck[number][draws.DESK]
        if luck < model.solved_at_desk:
            case.way, case.met, case.works_again, case.ended = "desk", now, now, now
        elif luck < model.solved_at_desk + model.to_second_line:
            case.way = "second line"
            base = self.nearest_base[case.city]
            self.asked[base].append(number)
            self._expert_free(now, -base - 1)
        else:
            case.way = "visit"
            self._need_visit(now, case)
        if self.calls:
            self._answer_calls(now, 0)

    # -- the second line --------------------------------------------------------------------------

    def _expert_free(self, now: float, what: int) -> None:
        """`what` is the base whose expert gets free, or minus the base, less 1, when one may be idle."""
        base = what
        if what < 0:
            base = -what - 1
        else:
            self.idle_experts[base] += 1
        line, hours = self.company.second_line, self.hours
        while self.asked[base] and self.idle_experts[base] > 0:
            number = self.asked[base].popleft()
            case = self.cases[number]
            self.idle_experts[base] -= 1
            start = max(now, hours.later(now, 1e-9))
            takes = line.work_hours * self.work[number][3]
            there = 0.0
            if self.luck[number][draws.ON_SITE] < line.on_site:
                there = self.travel[base][case.city] + self._local(case)
            case.met = case.arrived = hours.later(start, there)
            case.ended = case.works_again = hours.later(start, there + takes)
            self.expert_wait.append((case.reported, hours.served(start) - hours.served(case.answered)))
            self.expert_busy += takes + 2 * there
            self._add(hours.later(start, takes + 2 * there), EXPERT_FREE, base)

    # -- parts and loaners ------------------------------------------------------------------------

    def _need_visit(self, now: float, case: Case) -> None:
        luck, model = self.luck[case.number], self.models[case.model]
        if case.visits == 0 and luck[draws.LOANER] < self.company.loaners.share and self.company.loaners.size:
            case.wanted_loaner = True
            if self.loaners > 0:
                self.loaners -= 1
                case.has_loaner = True
                there = self.hours.later(now, self.company.loaners.delivery_hours)
                case.works_again = min(case.works_again, there)
        edges, numbers = self.which[case.model]
        needs = luck[draws.PART_NEEDED] < model.needs_part
        if not needs or not numbers or case.visits > 0:
            self._ready(now, case.number)
            return
        case.part = numbers[min(bisect_right(edges, luck[draws.WHICH_PART]), len(numbers) - 1)]
        self._take_part(now, case)

    def _take_part(self, now: float, case: Case) -> None:
        c, p = case.city, case.part
        there = self.stock[c][p] > 0
        self.orders.append((now, there))
        if there:
            self.stock[c][p] -= 1
            self._ready(now, case.number)
        else:
            case.waited_for_part = True
            self.owed[c][p].append(case.number)
            self.short_since[case.number] = now
        slot = p * len(self.cities) + c
        if self.depot[p] > 0:
            self.depot[p] -= 1
            self._add(now + DAY * self.parts[p].city_lead_days, PART_IN_CITY, slot)
        else:
            self.depot_owes[p].append(slot)
        if self.depot[p] != NEVER:
            self._add(now + DAY * self.parts[p].supplier_lead_days, AT_DEPOT, p)

    def _at_depot(self, now: float, part: int) -> None:
        if self.depot_owes[part]:
            slot = self.depot_owes[part].popleft()
            self._add(now + DAY * self.parts[part].city_lead_days, PART_IN_CITY, slot)
        else:
            self.depot[part] += 1

    def _part_in_city(self, now: float, slot: int) -> None:
        part, city = divmod(slot, len(self.cities))
        if self.owed[city][part]:
            number = self.owed[city][part].popleft()
            self.short_parts += now - self.short_since.pop(number)
            self._ready(now, number)
        else:
            self.stock[city][part] += 1

    def _loaner_back(self, _now: float, _what: int) -> None:
        self.loaners += 1

    # -- the field --------------------------------------------------------------------------------

    def _ready(self, now: float, number: int) -> None:
        """A visit could be made: whoever is free, near and able goes."""
        case = self.cases[number]
        case.ready = now
        closing = self.hours.closing(now)
        if closing > now:
            best, least = None, NEVER
            for i in self._able(case):
                worker = self.workers[i]
                if worker.is_free and not self.away[i][int(now // DAY)]:
                    there = self._road(worker, case)
                    if there < least and self._can_start(worker, case, there, now, closing):
                        best, least = worker, there
            if best is not None:
                self._go(best, case, least, now, closing)
                return
        self.waiting.append(case)

    def _engineer_free(self, now: float, number: int) -> None:
        worker = self.workers[number]
        worker.is_free = True
        closing = self.hours.closing(now)
        if closing > now and not self.away[number][int(now // DAY)]:
            self._next_for(worker, now, closing)

    def _opening(self, now: float, _what: int) -> None:
        """Everybody starts from home; the visits due first are given to the nearest."""
        day, closing = int(now // DAY), self.hours.closing(now)
        free = []
        for worker in self.workers:
            if worker.is_free:
                worker.place = worker.home
                if not self.away[worker.number][day]:
                    free.append(worker)
        if not self.waiting or not free:
            return
        self.waiting.sort(key=lambda case: case.due)
        there_is = {worker.number for worker in free}
        left: list[Case] = []
        for case in self.waiting:
            best, least = None, NEVER
            if there_is:
                for i in self._able(case):
                    if i in there_is:
                        worker = self.workers[i]
                        there = self._road(worker, case)
                        if there < least and self._can_start(worker, case, there, now, closing):
                            best, least = worker, there
            if best is None:
                left.append(case)
            else:
                there_is.discard(best.number)
                self._go(best, case, least, now, closing)
        self.waiting = left

    def _next_for(self, worker: Worker, now: float, closing: float) -> None:
        best, least, road = None, NEVER, 0.0
        weight, number = self.company.nearness, worker.number
        for case in self.waiting:
            if number in self._able(case):
                there = self._road(worker, case)
                worth = case.due + weight * there
                if worth < least and self._can_start(worker, case, there, now, closing):
                    best, least, road = case, worth, there
        if best is not None:
            self.waiting.remove(best)
            self._go(worker, best, road, now, closing)

    def _able(self, case: Case) -> list[int]:
        """Engineers with the skill, within reach, and this customer's own only where there are residents."""
        customer = self._customer(case) if self.has_residents else None
        skill = self.models[case.model].skill
        key = (case.city, skill, customer)
        found = self.able.get(key)
        if found is None:
            found = [
                w.number
                for w in self.workers
                if skill in w.skills
                and self.travel[w.home][case.city] <= self.company.reach
                and (w.customer is None or (w.home == case.city and w.customer == customer))
            ]
            self.able[key] = found
        return found

    def _customer(self, case: Case) -> int:
        customers = self.cities[case.city].customers
        return min(int(self.luck[case.number][draws.CUSTOMER] * customers), customers - 1)

    def _local(self, case: Case) -> float:
        """From the city's middle to the customer: between half and one and a half times the mean."""
        return self.cities[case.city].local_travel * (0.5 + self.luck[case.number][draws.TRAVEL])

    def _road(self, worker: Worker, case: Case) -> float:
        if worker.customer is not None:
            return 0.0
        return self.travel[worker.place][case.city] + self._local(case)

    def _can_start(self, worker: Worker, case: Case, there: float, now: float, closing: float) -> bool:
        """It can be done today, or as much of today as there is lies ahead."""
        if now + there >= closing:
            return False
        takes = self.models[case.model].work_hours / worker.speed
        is_fresh = now <= closing - self.hours.length + 1.0
        return is_fresh or now + there + takes <= closing + self.company.overtime_hours

    def _go(self, worker: Worker, case: Case, there: float, now: float, closing: float) -> None:
        number, hours = case.number, self.hours
        column = 1 if case.visits == 0 else 2
        takes = self.models[case.model].work_hours * self.work[number][column] / worker.speed
        arrives = now + there
        ends = arrives + takes
        latest = closing + self.company.overtime_hours
        if ends > latest:
            ends = hours.later(latest, ends - latest)
        elif ends > closing:
            worker.overtime += ends - closing
        worker.is_free = False
        worker.place = case.city
        worker.busy.append((now, ends))
        worker.travelled += there
        case.queued_hours += hours.served(now) - hours.served(case.ready)
        case.travelled += there
        case.worked += takes
        case.visits += 1
        case.engineer = worker.number
        if case.arrived == NEVER:
            case.arrived = arrives
            case.met = min(arrives, case.works_again)
        model = self.models[case.model]
        self._add(ends, FREE, worker.number)
        if case.visits == 1 and self.luck[number][draws.AGAIN] < model.comes_again:
            self._add(ends, TRY, number)
            return
        case.ended = ends
        case.works_again = min(case.works_again, ends)
        if case.has_loaner:
            self._add(ends + DAY * self.company.loaners.return_days, LOANER_BACK, 0)
