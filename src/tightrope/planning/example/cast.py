"""The company as it stands today: cities, models, people, parts and money. All figures are invented."""

from __future__ import annotations

import numpy as np

from tightrope.planning.simulation.hours import Hours
from tightrope.planning.simulation.problem import (
    City,
    Company,
    Desk,
    DeskShift,
    Engineer,
    Loaners,
    Model,
    Money,
    Part,
    Promise,
    SecondLine,
)

KM_PER_HOUR, DETOUR = 95.0, 1.25
# name, km east, km north, customers, machines, wage, rent, engineers by skill set
PLACES = (
    ("Shanghai", 0, 0, 128, 640, 186_000, 210_000, 6),
    ("Suzhou", -82, 8, 92, 455, 158_000, 120_000, 4),
    ("Hangzhou", -122, -108, 84, 410, 160_000, 130_000, 4),
    ("Nanjing", -262, 92, 70, 330, 148_000, 110_000, 3),
    ("Wuhan", -690, -62, 58, 280, 132_000, 95_000, 3),
    ("Zhengzhou", -742, 388, 40, 190, 118_000, 80_000, 2),
    ("Jinan", -418, 606, 38, 170, 122_000, 84_000, 2),
    ("Ningbo", 14, -152, 36, 160, 146_000, 100_000, 0),
    ("Hefei", -398, 70, 30, 130, 124_000, 82_000, 0),
    ("Changsha", -806, -330, 26, 110, 120_000, 80_000, 1),
    ("Wuxi", -116, 36, 16, 75, 150_000, 105_000, 0),
    ("Nanchang", -538, -282, 12, 50, 112_000, 72_000, 0),
)
MODELS = (
    Model("C11", 2.2, "air", 2.4, 0.6, 0.30, 0.04, 0.40, 0.08, 1.0, {"seal": 5, "valve": 3, "filter": 4}),
    Model("C22", 2.9, "air", 3.1, 0.6, 0.24, 0.06, 0.45, 0.10, 1.0, {"seal": 4, "valve": 4, "bearing": 2}),
    Model("D30", 1.6, "air", 1.8, 0.5, 0.34, 0.03, 0.30, 0.06, 1.0, {"filter": 6, "valve": 2}),
    Model("L200", 3.4, "laser", 3.6, 0.7, 0.20, 0.12, 0.42, 0.14, 1.3, {"lens": 6, "mirror": 3, "board": 2}),
    Model("L400", 3.0, "laser", 4.2, 0.7, 0.18, 0.14, 0.46, 0.15, 1.5, {"lens": 5, "board": 3, "pump": 2}),
    Model("P5", 2.4, "electric", 2.2, 0.6, 0.36, 0.08, 0.35, 0.09, 1.0, {"board": 5, "sensor": 6}),
)
MIX = (0.28, 0.22, 0.16, 0.14, 0.08, 0.12)
PARTS = {
    "seal": (180, 10), "valve": (640, 14), "filter": (95, 7), "bearing": (1_250, 21), "lens": (2_900, 28),
    "mirror": (1_700, 28), "board": (4_800, 35), "pump": (6_200, 40), "sensor": (420, 14),
}  # fmt: skip
NAMES = (
    "Wu Qiang", "Li Na", "Zhang Wei", "Chen Jie", "Liu Yang", "Wang Fang", "Zhao Lei", "Sun Tao", "Zhou Min",
    "Xu Hao", "Hu Bin", "Guo Jing", "He Long", "Gao Xia", "Lin Feng", "Luo Yan", "Zheng Kai", "Liang Bo",
    "Xie Jun", "Song Ting", "Tang Rui", "Deng Peng", "Han Mei", "Feng Gang", "Cao Yi",
)  # fmt: skip
LEFT = (
    "Peng Chao", "Zeng Hui", "Xiao Ning", "Tian Yu", "Dong Shan", "Pan Ling", "Yuan Da", "Jiang Wen",
    "Shen Fei", "Lu Ping", "Fu Jia", "Qian Hong",
)  # fmt: skip
PATTERNS = (
    frozenset({"air", "electric"}),
    frozenset({"laser", "electric"}),
    frozenset({"air", "laser"}),
    frozenset({"air", "laser", "electric"}),
)


def company_today() -> Company:
    """Everything but the rates, which history must tell; those given here are what a brochure would say."""
    x = np.array([place[1] for place in PLACES], dtype=float)
    y = np.array([place[2] for place in PLACES], dtype=float)
    return Company(
        cities=tuple(
            City(name, customers, 0.45 + 0.05 * (customers > 80), rent, wage, float(east), float(north))
            for name, east, north, customers, _, wage, rent, _ in PLACES
        ),
        models=MODELS,
        machines={
            place[0]: {model.name: round(place[4] * part) for model, part in zip(MODELS, MIX, strict=True)}
            for place in PLACES
        },
        engineers=engineers_today(),
        travel=np.hypot(x[:, None] - x, y[:, None] - y) * DETOUR / KM_PER_HOUR,
        hours=Hours(8.5, 17.5),
        promise=Promise(response_hours=5.0, share=0.8, desk_minutes=5.0),
        desk=Desk(
            (DeskShift(5, 8.0, 18.0), DeskShift(1, 18.0, 21.0), DeskShift(1, 9.0, 18.0, (5, 6))),
            work_minutes=14.0,
            spread=1.0,
            wage_per_hour=46.0,
        ),
        second_line=SecondLine({"Shanghai": 5}, 3.2, 0.9, 0.35, 240_000.0),
        parts=tuple(
            Part(name, cost, 1.5, days, 14, {place[0]: 2 for place in PLACES if place[7]})
            for name, (cost, days) in PARTS.items()
        ),
        loaners=Loaners(24, 0.25, 3.0, 4.0, 38_000.0),
        money=Money(
            road_per_hour=62.0,
            overtime_per_hour=110.0,
            holding_share=0.22,
            late_cost=300.0,
            standby_price=38_000.0,
        ),
        absent=0.12,
        overtime_hours=1.5,
        reach=6.0,
        nearness=3.0,
    )


def engineers_today() -> tuple[Engineer, ...]:
    """25 of them; every third can do everything."""
    homes = [place[0] for place in PLACES for _ in range(place[7])]
    order = (3, 0, 1, 3, 2, 0, 3, 1, 2)
    return tuple(
        Engineer(name, home, PATTERNS[order[i % len(order)]])
        for i, (name, home) in enumerate(zip(NAMES, homes, strict=True))
    )
