"""How a plan reads in a terminal: columns that stand under each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def aligned(rows: Sequence[Sequence[str]], *, refused: Mapping[str, str]) -> str:
    """The rows with their names to the left and figures to the right, and below them what was not answered and why.

    Every row has as many cells as the first, which is the heading.
    """
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for name, *figures in rows:
        cells = [name.ljust(widths[0])]
        cells += [figure.rjust(width) for figure, width in zip(figures, widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join([*lines, *(f"not answered, {what}: {why}" for what, why in refused.items())])
