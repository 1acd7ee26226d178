"""What a siting model answers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from tightrope.planning.siting.arrays import Ints

Progress = Callable[[float, float], None]
"""Called with the best value so far and the seconds since the start."""


@dataclass(frozen=True)
class Answer:
    """Sites to open, who is served from where, and how good that provably is.

    Attributes
    ----------
    sites : (count,) int, rising
        Numbers of the sites to open.
    served_from : (n_points,) int
        Site of each point; -1 for a point that is not served (coverage, or nothing reaches it).
    value : float
        What the model minimises (travel, longest travel, cost) or maximises (covered weight).
    bound : float
        No answer can be better than this: below `value` when minimising, above when maximising.
    rounds : int
        Search rounds done.
    """

    sites: Ints
    served_from: Ints
    value: float
    bound: float
    rounds: int = 0

    @property
    def gap(self) -> float:
        """Distance to the bound as a share of the value; 0 is proven best, infinity says no bound."""
        if self.value == self.bound:
            return 0.0
        if not math.isfinite(self.bound) or self.value == 0:
            return math.inf
        return abs(self.value - self.bound) / abs(self.value)

    @property
    def is_proven(self) -> bool:
        """Nothing better exists, up to one part in a million."""
        return self.gap <= 1e-6
