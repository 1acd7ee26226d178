"""Many independent runs of one company or of several: run number r meets the same failures in each."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from tightrope.planning.errors import BadProblem
from tightrope.planning.simulation.figures import FIGURES, Estimate, Window, estimate, play
from tightrope.planning.simulation.problem import Company
from tightrope.planning.simulation.recent import Recent

Progress = Callable[[float, float], None]
Figures = Mapping[str, float]
FEWEST_RUNS = 2


class Stopping(Protocol):
    """Anything that can tell the work to end, from another thread if need be."""

    def is_reached(self, rounds: int = 0) -> bool: ...


@dataclass(frozen=True)
class Sample:
    """Figures of each run, in order of run number; `wished` runs were asked for."""

    runs: tuple[Figures, ...]
    wished: int
    confidence: float

    def of(self, figure: str) -> Estimate:
        """One figure over all runs."""
        return estimate([run.get(figure, math.nan) for run in self.runs], self.confidence)

    def estimates(self) -> dict[str, Estimate]:
        """All figures of `FIGURES`."""
        return {figure: self.of(figure) for figure in FIGURES}

    def against(self, other: Sample, figure: str) -> Estimate:
        """This minus the other, run by run: common luck cancels."""
        pairs = zip(self.runs, other.runs, strict=False)
        return estimate([one[figure] - two[figure] for one, two in pairs], self.confidence)


def replicate(
    company: Company,
    window: Window,
    *,
    runs: int,
    seed: int = 0,
    confidence: float = 0.9,
    processes: int = 1,
    past: Recent | None = None,
    stop: Stopping | None = None,
    progress: Progress | None = None,
) -> Sample:
    """`runs` runs, fewer when stopped (never fewer than two). Equal seeds give equal runs, however many
    processes share them. ``progress(kept share so far, seconds)`` after each run. With `past`, every run
    begins with those recorded weeks, and the window's warm-up must be as long.
    """
    if past is not None and past.days != window.warm_up_days:
        raise BadProblem(
            "window", f"must warm up for the {past.days} recorded days, not {window.warm_up_days}"
        )
    if runs < FEWEST_RUNS:
        raise BadProblem("runs", f"an interval needs {FEWEST_RUNS} runs or more, not {runs}")
    if not 0 < confidence < 1:
        raise BadProblem("confidence", f"must lie between 0 and 1, not {confidence}")
    started, done, kept = time.monotonic(), [], 0.0
    for figures in _each(company, window, runs=runs, seed=seed, processes=processes, past=past):
        done.append(figures)
        if not math.isnan(figures["kept"]):
            kept += figures["kept"]
        if progress is not None:
            progress(kept / len(done), time.monotonic() - started)
        if len(done) >= FEWEST_RUNS and stop is not None and stop.is_reached(len(done)):
            break
    return Sample(tuple(done), runs, confidence)


def _each(
    company: Company, window: Window, *, runs: int, seed: int, processes: int, past: Recent | None
) -> Iterator[dict[str, float]]:
    if processes == 1:
        for run in range(runs):
            yield play(company, window, seed=seed, run=run, past=past)
        return
    with ProcessPoolExecutor(processes) as pool:
        one = partial(_play, company, window, seed, past)
        try:
            yield from pool.map(one, range(runs), chunksize=4)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _play(company: Company, window: Window, seed: int, past: Recent | None, run: int) -> dict[str, float]:
    return play(company, window, seed=seed, run=run, past=past)


def late_by_city(sample: Sample, cities: Sequence[str]) -> dict[str, float]:
    """Mean number of cases of each city for which the promise was missed."""
    return {city: sample.of(f"late:{city}").mean for city in cities}
