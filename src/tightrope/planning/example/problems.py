"""The example's problems, one for each question, made from what its history shows."""

from __future__ import annotations

from typing import Any

import numpy as np

from tightrope.planning.example.cast import DETOUR, KM_PER_HOUR, PARTS, PLACES
from tightrope.planning.example.history import DAYS, Past
from tightrope.planning.simulation import Problem, to_json
from tightrope.planning.simulation.fit import History, fit
from tightrope.planning.simulation.hours import DAY, WEEK
from tightrope.planning.simulation.problem import Company

YEARS = DAYS / 365.25
RECENT = DAYS * DAY - 365.25 * DAY


def simulate(past: Past, history: History) -> dict[str, Any]:
    """The twin fitted on all of the history, with scenarios and a back-test on the last quarter."""
    document = to_json(Problem(fit(past.company, history), runs=100))
    return document | {
        "scenarios": {
            "two more in Shanghai": {"engineers": {"Shanghai": 8}},
            "a base in Hefei with 2": {"engineers": {"Hefei": 2}},
            "a base in Ningbo, one less in Shanghai": {"engineers": {"Ningbo": 1, "Shanghai": 5}},
            "second line in three regions": {"experts": {"Shanghai": 2, "Wuhan": 2, "Jinan": 1}},
            "one more of each part in each city": {"stock_more": 1},
            "twelve more loaners": {"loaners": past.company.loaners.size + 12},
        },
        "records": "cases.csv",
        "installed": "installed.csv",
        "starts": "2023-10-02",
        "until": "2026-09-28",
        "back_test": {"days": 91, "runs": 60},
    }


def frontier(past: Past, history: History) -> dict[str, Any]:
    """What the next step of service costs, and when today's set-up breaks."""
    document = to_json(Problem(fit(past.company, history), runs=50))
    return document | {
        "frontier": {"points": 8, "fewer": 6, "runs": 8, "tries": 3},
        "growth": {"monthly": 0.012, "months": 24, "every": 3, "hiring_months": 6, "runs": 16},
    }


def route(past: Past, seed: int) -> dict[str, Any]:
    """A day of the three cities around the lake: minutes, kilometres, today's visits."""
    chance = np.random.default_rng([seed, 5])
    cities = [place for place in PLACES if place[0] in ("Shanghai", "Suzhou", "Hangzhou", "Wuxi")]
    points: list[list[float]] = []

    def place(x: float, y: float, spread: float) -> int:
        points.append([round(x + chance.normal(0, spread), 2), round(y + chance.normal(0, spread), 2)])
        return len(points) - 1

    store = place(0, 0, 0)
    engineers = []
    for engineer in past.company.engineers:
        city = next((one for one in cities if one[0] == engineer.city), None)
        if city is None:
            continue
        home = place(city[1], city[2], 8)
        engineers.append(
            {
                "name": engineer.name,
                "start": home,
                "end": home,
                "shift": [510, 1050],
                "overtime": 60,
                "overtime_cost": 2,
                "skills": dict.fromkeys(sorted(engineer.skills), 2),
                "lunch": {"opens": 690, "closes": 780, "length": 45},
                "parts": dict.fromkeys(PARTS, 2),
            }
        )
    visits = []
    for number in range(56):
        city = cities[int(chance.choice(4, p=[0.42, 0.28, 0.24, 0.06]))]
        model = past.company.models[int(chance.integers(6))]
        opens = int(chance.choice([510, 510, 780]))
        visits.append(
            {
                "name": f"V-{number + 1}",
                "place": place(city[1], city[2], 12),
                "service": int(chance.choice([45, 60, 90, 120])),
                "windows": [[opens, 780 if opens == 510 and chance.random() < 0.4 else 1050]],
                "skills": {model.skill: int(chance.integers(1, 3))},
                "weight": float(chance.choice([120, 240, 600])),
                "parts": {str(chance.choice(sorted(model.parts))): 1} if chance.random() < 0.4 else {},
            }
        )
    return {
        "name": "Monday",
        "points": points,
        "speed": KM_PER_HOUR / DETOUR / 60.0,
        "visits": visits,
        "engineers": engineers,
        "stores": [{"name": "Shanghai store", "place": store, "handling": 10, "window": [480, 1080]}],
    }


def site(past: Past) -> dict[str, Any]:
    """In which cities people should be based."""
    visits = _by_city(past)
    return {
        "kind": "siting",
        "aim": "cost",
        "points": [
            {"name": p[0], "visits_per_year": visits[p[0]], "work_hours": 3.1, "x": p[1], "y": p[2]}
            for p in PLACES
        ],
        "sites": [
            {
                "name": p[0],
                "rent_per_year": p[6],
                "wage_per_year": p[5],
                "is_open_today": p[7] > 0,
                "x": p[1],
                "y": p[2],
            }
            for p in PLACES
        ],
        "speed_kmh": KM_PER_HOUR,
        "detour": DETOUR,
        "within_minutes": 90,
        "hours_per_head_year": 1900,
        "utilisation": 0.75,
        "travel_cost_per_hour": 62,
        "ladder": {"fewest": 4, "most": 10},
    }


def staff_desk(past: Past) -> dict[str, Any]:
    """The desk's week from half a year of calls, hour by hour, and a roster for it."""
    first = int((DAYS * DAY - 26 * WEEK) // WEEK) * WEEK
    counts = np.bincount(
        [int(case.reported - first) for case in past.cases if first <= case.reported], minlength=26 * 168
    )
    return {
        "kind": "desk",
        "understaffed_cost_per_hour": 400,
        "step_minutes": 60,
        "work_minutes": 14,
        "history": counts[: 26 * 168].tolist(),
        "target": {"share": 0.8, "within_minutes": 5, "max_occupancy": 0.9, "shrinkage": 0.2},
        "opened": [(day < 5 and 8 <= hour < 21) or 9 <= hour < 18 for day in range(7) for hour in range(24)],
        "shifts": [
            {"name": "early", "start_hour": 8, "length_hours": 9, "break_after_hours": 4, "break_hours": 1},
            {"name": "middle", "start_hour": 10, "length_hours": 9, "break_after_hours": 3, "break_hours": 1},
            {"name": "late", "start_hour": 12, "length_hours": 9, "break_after_hours": 4, "break_hours": 1},
        ],
        "workers": [
            {"name": name, "days_per_week": 5, "cost_per_hour": 46}
            for name in ("An", "Bao", "Cui", "Dai", "Fan", "Gu", "Hua", "Ji", "Kang", "Lu")
        ],
    }


def staff_field(past: Past, company: Company) -> dict[str, Any]:
    """How many engineers each city's territory needs, and when that is too few."""
    territories, growth, money = [], {}, {}
    for place in PLACES:
        name, customers, heads = place[0], place[3], place[7]
        if not heads:
            continue
        recent = [
            case
            for case in past.cases
            if case.reported >= RECENT and case.way == "visit" and PLACES[case.city][0] == name
        ]
        machines = sum(company.machines[name].values())
        visits = sum(case.visits for case in recent)
        territories.append(
            {
                "name": name,
                "machines": machines,
                "failures_seen": len(recent),
                "machine_years_seen": machines,
                "work_hours": round(sum(case.worked for case in recent) / visits, 3),
                "travel_hours": round(sum(case.travelled for case in recent) / visits, 3),
                "visits_per_failure": round(visits / len(recent), 3),
            }
        )
        growth[name] = {"monthly_growth": 0.012, "heads": heads, "leaving_per_year": 0.12}
        money[name] = {
            "head_cost_per_year": place[5],
            "road_cost_per_hour": 62,
            "customers": customers,
            "standby_cost_per_year": 8_360,
            "heads_today": heads,
        }
    promise = {
        "response_hours": 5,
        "share": 0.8,
        "service_hours_per_year": 2349,
        "hours_per_head_year": 2067,
    }
    return {"kind": "field", "promise": promise, "territories": territories, "growth": growth, "money": money}


def staff_second_line(past: Past) -> dict[str, Any]:
    """Experts at headquarters or in the regions."""
    hours = 2349 * YEARS
    regions = {"East": (0, 1, 2, 3, 7, 8, 10), "Middle": (4, 9, 11), "North": (5, 6)}
    away = {"East": (1.6, 1.0), "Middle": (9.5, 2.4), "North": (10.0, 2.8)}
    asked = [case for case in past.cases if case.way == "second line"]
    skills = sorted({model.skill for model in past.company.models})
    return {
        "kind": "second_line",
        "work_hours": dict.fromkeys(skills, 3.2),
        "on_site_share": 0.35,
        "response_hours": 5,
        "regions": [
            {
                "name": name,
                "cases_per_hour": {
                    skill: round(
                        sum(c.city in cities and past.company.models[c.model].skill == skill for c in asked)
                        / hours,
                        5,
                    )
                    for skill in skills
                },
                "hq_travel_hours": away[name][0],
                "own_travel_hours": away[name][1],
            }
            for name, cities in regions.items()
        ],
        "hq_head_cost_per_hour": 102,
        "region_head_cost_per_hour": 92,
        "road_cost_per_hour": 62,
    }


def spares(past: Past) -> dict[str, Any]:
    """Stock in the depot and the cities, a pool of loaners, and one fault with its ways of helping."""
    bases = [place[0] for place in PLACES if place[7]]
    used: dict[tuple[str, str], int] = {}
    for case in past.cases:
        if case.part >= 0 and case.reported >= RECENT:
            key = (past.company.parts[case.part].name, PLACES[case.city][0])
            used[key] = used.get(key, 0) + 1
    lines = []
    for part, (_, days) in PARTS.items():
        lines.append({"part": part, "location": "depot", "lead_days": days, "stock": 14})
        lines += [
            {
                "part": part,
                "location": base,
                "demand_per_day": round(used.get((part, base), 0) / 365.25, 5),
                "lead_days": 1.5,
                "stock": 2,
            }
            for base in bases
        ]
    return {
        "kind": "spares",
        "target_fill_rate": 0.95,
        "locations": [{"name": "depot", "is_depot": True}, *({"name": base} for base in bases)],
        "parts": [{"name": part, "unit_cost": cost} for part, (cost, _) in PARTS.items()],
        "lines": lines,
        "pools": [
            {
                "name": "loaners",
                "machines": 750,
                "failures_per_machine_year": 2.5,
                "transport_days": 1,
                "repair_days": 2,
                "return_days": 4,
                "target_availability": 0.95,
                "size": past.company.loaners.size,
                "unit_price": 38_000,
                "capital_share_per_year": 0.22,
            }
        ],
    }


def people(past: Past) -> dict[str, Any]:
    """How long people stay, what leaves with them, and whom to hire when."""
    seniority = {one.name: (DAYS * DAY - one.came) / (365.25 * DAY) for one in past.careers}
    staff = []
    for engineer in past.company.engineers:
        years = seniority[engineer.name]
        level = "junior" if years < 0.75 else "engineer" if years < 3 else "expert"
        knows = [
            [skill, model.name]
            for model in past.company.models
            for skill in [model.skill]
            if skill in engineer.skills and (years > 1.5 or model.failures_per_year > 2.5)
        ]
        staff.append(
            {"person": engineer.name, "level": level, "tenure_months": round(12 * years, 1), "knows": knows}
        )
    return {
        "kind": "turnover",
        "careers": "careers.csv",
        "curve": {"start": 0.35, "top": 1.0, "months": 7},
        "levels": [
            {"name": "junior", "output": 16, "salary_per_month": 7_500},
            {"name": "engineer", "output": 25, "min_months": 9, "salary_per_month": 10_500},
            {"name": "expert", "output": 29, "min_months": 24, "salary_per_month": 14_500},
        ],
        "staff": staff,
        "needed": [{"skill": "laser", "product": "L400", "people": 17}],
        "intake": {
            "demand": [round(560 * 1.012**month) for month in range(18)],
            "hire_cost": 22_000,
            "seat_cost": 4_500,
            "committed": [0, 1],
            "most_seats": 3,
        },
    }


def life(past: Past) -> dict[str, Any]:
    """Laser cutters to their first failure, with one bad batch in them; failures of all by month."""
    hours = 30 * DAY
    counts = np.bincount([int(case.reported // hours) for case in past.cases], minlength=36)[:36]
    standing = [sum(one.installed <= (m + 0.5) * hours for one in past.machines) for m in range(36)]
    return {
        "kind": "life",
        "age_unit": "days",
        "units": "units.csv",
        "ahead": 90,
        "alarm": {"false_alarm": 0.05, "looks": 12},
        "counts": [
            {
                "period": f"period {m + 1}",
                "failures": int(counts[m]),
                "exposure": round(standing[m] * 30 / 365.25, 1),
            }
            for m in range(36)
        ],
        "charts": {"good_periods": 12, "bad_ratio": 1.15},
    }


def _by_city(past: Past) -> dict[str, int]:
    visits = dict.fromkeys((place[0] for place in PLACES), 0)
    for case in past.cases:
        if case.reported >= RECENT:
            visits[PLACES[case.city][0]] += case.visits
    return visits
