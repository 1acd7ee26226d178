"""The shape of a report: figures at the top, tables whose columns sort and whose cells open their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

TOO_FEW = 5
"""A share or a median of fewer rows says more about chance than about anybody: it is not shown."""


def rate(part: float, of: int) -> float | None:
    """A share, or a mean; None of too few."""
    return part / of if of >= TOO_FEW else None


def of_enough(value: float | None, count: int) -> float | None:
    """A median in hours from one in seconds; None of too few."""
    return None if value is None or count < TOO_FEW else value / 3600


def hours(seconds: float | None) -> float | None:
    """Seconds as the hours that a column of them shows."""
    return None if seconds is None else seconds / 3600


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its word in the address, its heading, and the unit in which it is written."""

    code: str
    label: Any
    unit: str = "count"


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure and the address of its rows; without rows it leads nowhere."""

    value: Any = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One person, department, category or case with its figures by the columns' words."""

    name: str
    cells: Mapping[str, Cell]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Lines under columns, in the order that is asked for."""

    title: Any
    head: Any
    columns: Sequence[Column]
    lines: Sequence[Line]
    note: Any = ""
    order: str = ""

    def in_order(self, asked: str) -> Table:
        """By the column that is asked for, the highest first; a minus in front turns it round."""
        code = asked.lstrip("-")
        if code not in {column.code for column in self.columns}:
            return self
        known = [line for line in self.lines if line.cells[code].value is not None]
        unknown = [line for line in self.lines if line.cells[code].value is None]
        known.sort(key=lambda line: line.cells[code].value, reverse=not asked.startswith("-"))
        return replace(self, lines=[*known, *unknown], order=asked)

    @property
    def headings(self) -> Iterable[dict[str, str]]:
        """Each column's heading with the order its link asks for, and how it is sorted now."""
        for column in self.columns:
            turned = self.order == column.code
            yield {
                "label": column.label,
                "order": f"-{column.code}" if turned else column.code,
                "sorted": "descending" if turned else "ascending" if self.order == f"-{column.code}" else "",
            }

    @property
    def rows(self) -> Iterable[tuple[Line, list[tuple[Column, Cell]]]]:
        """Each line with its cells in the order of the columns."""
        for line in self.lines:
            yield line, [(column, line.cells[column.code]) for column in self.columns]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure at the top: its value, the value of the equally long period before, and its rows."""

    label: Any
    value: float | None
    unit: str = "count"
    before: float | None = None
    url: str = ""
    more_is_better: bool | None = False
    """None when more is neither good nor bad."""


@dataclass(frozen=True, slots=True)
class Report:
    """One page of figures about one question."""

    title: Any
    purpose: Any
    tiles: Sequence[Tile]
    tables: Sequence[Table]
