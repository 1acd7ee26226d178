"""The arrays every siting model works on, and what is refused about them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tightrope.planning.errors import BadProblem

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def travel_array(travel: ArrayLike) -> Floats:
    """Travel from every site to every point as floats, shape (n_points, n_sites), zero or more.

    Infinity means that the site cannot reach the point. Raises BadProblem for anything that is not
    a table of such numbers, and for a point that no site reaches.
    """
    table = _numbers("travel", travel)
    if table.ndim != 2 or 0 in table.shape:
        raise BadProblem("travel", f"must be a table of points by sites, not of shape {table.shape}")
    for point, site in np.argwhere(np.isnan(table) | (table < 0))[:1]:
        raise BadProblem(
            f"travel of point {point}, site {site}", f"must be zero or more, not {table[point, site]}"
        )
    for point in np.flatnonzero(~np.isfinite(table).any(axis=1))[:1]:
        raise BadProblem(f"point {point}", "no site can reach it")
    return table


def weight_array(weights: ArrayLike | None, *, count: int) -> Floats:
    """What each point counts for, shape (n_points,): finite, zero or more; ones when not given."""
    if weights is None:
        return np.ones(count)
    array = _numbers("weights", weights)
    if array.shape != (count,):
        raise BadProblem("weights", f"{count} points need {count} weights, not shape {array.shape}")
    for point in np.flatnonzero(~np.isfinite(array) | (array < 0))[:1]:
        raise BadProblem(f"weight of point {point}", f"must be zero or more, not {array[point]}")
    return array


def site_count(count: int, *, n_sites: int, n_fixed: int) -> int:
    """A number of sites that can be opened. Raises BadProblem otherwise."""
    if not 1 <= count <= n_sites:
        raise BadProblem("count", f"between 1 and {n_sites} sites can be opened, not {count}")
    if count < n_fixed:
        raise BadProblem("count", f"{n_fixed} sites must stay open, so {count} are too few")
    return count


def site_set(sites: Sequence[int] | Ints, *, n_sites: int, where: str) -> Ints:
    """Different site numbers in rising order. Raises BadProblem for a number out of range or twice."""
    numbers = np.sort(np.asarray(sites, dtype=np.intp))
    if numbers.size and (numbers[0] < 0 or numbers[-1] >= n_sites):
        raise BadProblem(where, f"sites are numbered 0 to {n_sites - 1}")
    if np.any(numbers[1:] == numbers[:-1]):
        raise BadProblem(where, "the same site is named twice")
    return numbers


def finite_travel(travel: Floats) -> tuple[Floats, float]:
    """Travel with infinity replaced by a length that no sensible answer uses, and that length.

    The stand-in is so long that serving one more point always beats any saving in travel, and still
    short enough that sums keep their digits.
    """
    finite = np.isfinite(travel)
    if finite.all():
        return travel, np.inf
    longest = float(travel[finite].max())
    far = (longest + 1.0) * travel.shape[0] * 10
    return np.where(finite, travel, far), far


def nearest(travel: Floats, sites: Ints) -> tuple[Ints, Floats]:
    """For each point the nearest of `sites` (its site number) and the travel to it, both (n_points,)."""
    part = travel[:, sites]
    column = part.argmin(axis=1)
    return sites[column], part[np.arange(travel.shape[0]), column]


def _numbers(where: str, values: ArrayLike) -> Floats:
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadProblem(where, "must be numbers in rows of equal length") from error
