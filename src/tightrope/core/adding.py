"""New rows by statements that are written once.

Django writes the INSERT of a row anew for each object, column by column, which costs Python more than PostgreSQL
needs to carry it out. Acts that happen all day therefore `add` their rows: the text stands once for each model and
number of rows, and PostgreSQL keeps its plan (`core.prepared`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import signals
from django.db.models.expressions import DatabaseDefault

from tightrope.core.prepared import asked

M = TypeVar("M", bound=models.Model)


def add(row: M) -> M:
    """Write one new row and give it what the database made of it, its key above all. Returns it."""
    add_each([row])
    return row


def add_each(rows: Sequence[models.Model]) -> None:
    """The same for several new rows of one model in one statement, in their order."""
    if not rows:
        return
    model = type(rows[0])
    statement = _statements.get((model, len(rows)))
    if statement is None:
        statement = _statements[model, len(rows)] = _Insert(model, len(rows))
    statement.send(rows)


_MADE = (type(None), DatabaseDefault)
"""What stands in a new object where the database will make something."""


class _Insert:
    def __init__(self, model: type[models.Model], count: int) -> None:
        watched = [one for one in (signals.pre_save, signals.post_save) if one.has_listeners(model)]
        assert not watched, f"somebody listens to what is saved of {model.__name__}: use save()"
        every = model._meta.concrete_fields
        self._made = [field for field in every if field.db_returning and not field.has_default()]
        self._given = [field for field in every if field not in self._made]
        quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in self._given)
        holders = f"({', '.join(['%s'] * len(self._given))})"
        text = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {', '.join([holders] * count)}"  # noqa: S608 # names of columns
        made = ", ".join(quote(str(field.column)) for field in self._made)
        self._text = f"{text} RETURNING {made or '1'}"

    def send(self, rows: Sequence[models.Model]) -> None:
        for row in rows:
            said = [f.name for f in self._made if not isinstance(f.value_from_object(row), _MADE)]
            assert not said, f"{said} of {self._made[0].model.__name__} would be lost: use save()"
        own = connections[DEFAULT_DB_ALIAS]
        values = [
            field.get_db_prep_save(field.pre_save(row, True), own) for row in rows for field in self._given
        ]
        for row, made in zip(rows, asked(self._text, values), strict=True):
            for field, value in zip(self._made, made, strict=False):
                setattr(row, field.attname, value)
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


_statements: dict[tuple[type[models.Model], int], Any] = {}
