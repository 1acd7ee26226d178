"""Mixed-integer programming through SciPy's HiGHS, so that it can be stopped from outside."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np

from tightrope.planning.siting.arrays import Floats
from tightrope.planning.siting.stop import Stopping


@dataclass(frozen=True)
class Proof:
    """Outcome of one programme that minimises: a point (when found), its value, a bound below all."""

    x: Floats | None
    value: float
    bound: float
    is_infeasible: bool


NOTHING_PROVEN = Proof(x=None, value=math.inf, bound=-math.inf, is_infeasible=False)


def minimise(
    cost: Floats,
    *,
    constraints: list[Any],
    whole: Floats,
    lower: Floats | float = 0.0,
    upper: Floats | float = 1.0,
    seconds: float,
    stop: Stopping | None = None,
    gap: float = 0.0,
) -> Proof:
    """Minimise ``cost @ x`` over `constraints`; entries of `whole` that are 1 must be whole numbers.

    HiGHS lets go of Python's lock while it works, so it runs in a thread of its own and `stop` is
    looked at meanwhile. A stopped run is left behind (it ends at its own time limit) and proves nothing.
    """
    from scipy.optimize import Bounds, milp

    left = min(seconds, stop.seconds_left()) if stop is not None else seconds
    if left <= 0:
        return NOTHING_PROVEN
    options = {"time_limit": left, "mip_rel_gap": gap} if math.isfinite(left) else {"mip_rel_gap": gap}
    outcome: list[Any] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            outcome.append(
                milp(
                    cost,
                    constraints=constraints,
                    integrality=whole,
                    bounds=Bounds(lower, upper),
                    options=options,
                )
            )
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            failure.append(error)

    thread = threading.Thread(target=work, name="siting-proof", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(timeout=0.05)
        if stop is not None and stop.is_reached():
            thread.join(timeout=0.2)
            break
    if failure:
        raise failure[0]
    if not outcome:
        return NOTHING_PROVEN
    result = outcome[0]
    return Proof(
        x=None if result.x is None else np.asarray(result.x),
        value=math.inf if result.x is None else float(result.fun),
        bound=_bound_of(result),
        is_infeasible=result.status == 2,
    )


def _bound_of(result: Any) -> float:
    if result.status == 2:
        return math.inf
    bound = getattr(result, "mip_dual_bound", None)
    if bound is not None:
        return float(bound)
    return float(result.fun) if result.status == 0 else -math.inf
