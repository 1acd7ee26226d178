"""Reader for the p-median instances of the OR-Library (Beasley 1985)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tightrope.planning.errors import BadProblem
from tightrope.planning.siting.arrays import Floats


def read_pmed(path: Path | str) -> tuple[Floats, int]:
    """Travel between all nodes (n, n) as shortest paths, and the number of sites to open.

    First line: nodes, edges, sites to open; then one line an edge: node, node, length, nodes numbered
    from 1, edges passable both ways. A later line for the same edge replaces an earlier one, which
    changes the optimum of several instances. Raises BadProblem for a file of another kind.
    """
    where = f"file {Path(path).name}"
    try:
        numbers = [int(word) for word in Path(path).read_text(encoding="ascii").split()]
    except ValueError as error:
        raise BadProblem(where, "must hold whole numbers only") from error
    if len(numbers) < 3 or len(numbers) != 3 + 3 * numbers[1]:
        raise BadProblem(where, "must hold nodes, edges, sites, then three numbers an edge")
    n_nodes, n_edges, count = numbers[:3]
    lengths = np.full((n_nodes, n_nodes), np.inf)
    np.fill_diagonal(lengths, 0.0)
    for edge in range(n_edges):
        one, other, length = numbers[3 + 3 * edge : 6 + 3 * edge]
        if not (1 <= one <= n_nodes and 1 <= other <= n_nodes) or length < 0:
            raise BadProblem(f"{where}, edge {edge + 1}", f"{one} {other} {length} is no edge")
        if one != other:
            lengths[one - 1, other - 1] = lengths[other - 1, one - 1] = length
    return shortest_paths(lengths), count


def shortest_paths(lengths: Floats) -> Floats:
    """All shortest paths by Floyd and Warshall, (n, n); infinity between parts not connected."""
    paths = lengths.copy()
    for middle in range(len(paths)):
        np.minimum(paths, paths[:, middle, None] + paths[middle], out=paths)
    return paths
