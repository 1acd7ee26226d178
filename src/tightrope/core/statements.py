"""Statements that are written once.

Putting a queryset into SQL costs Python three to ten times what PostgreSQL takes to answer it. On pages that are
opened all day the same few querysets are therefore put into SQL once in each process, and only their values
change:

    owed = written("owed about", lambda: Promise.objects.filter(subject_id__any_of=Given("ids")))
    owed.all(ids=[1, 2])

The key must name everything that the queryset is made from, the reach of the doer above all: two doers who see
different rows have different keys. How the text reaches the database is told in `core.prepared`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import signals
from django.db.models.base import ModelState
from django.db.models.query import get_related_populators

from tightrope.core.prepared import Given, Planned, Prepared

M = TypeVar("M", bound=models.Model)

MOST_KEPT = 2_000
"""More than so many different statements are not kept: then all are written anew."""


@models.Field.register_lookup
class AnyOf(models.Lookup):  # type: ignore[type-arg] # not generic while it runs
    """`pk__any_of=Given("ids")`: equal to one of a list, in the same words however long the list is."""

    lookup_name = "any_of"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*left_values, *right_values]


class _Quick:
    """Makes objects of a model from rows. Django runs each value past the constructor, the fields that were not
    selected and two signals, which takes a third of the time of a list of fifty cases."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model

    def from_db(self, db: str, names: Sequence[str], values: Sequence[Any]) -> Any:
        one = self.model.__new__(self.model)
        state = one._state = ModelState()
        state.adding, state.db = False, db
        one.__dict__.update(zip(names, values, strict=True))
        return one


def maker_of(model: type[M]) -> Callable[..., M]:
    """How rows become objects of this model: the quick way unless the model does something of its own there."""
    is_plain = (
        model.__init__ is models.Model.__init__
        and model.from_db.__func__ is models.Model.from_db.__func__  # type: ignore[attr-defined]
        and not signals.pre_init.has_listeners(model)
        and not signals.post_init.has_listeners(model)
    )
    return _Quick(model).from_db if is_plain else model.from_db


def _quicken(populator: Any) -> None:
    """Let Django's populator of what is selected beside the rows make its objects the quick way too."""
    make = maker_of(populator.model_cls)
    if make != populator.model_cls.from_db:
        populator.model_cls = _Quick(populator.model_cls)
    for further in populator.related_populators:
        _quicken(further)


class Statement(Generic[M]):
    """One queryset in SQL, and how its rows become objects again."""

    def __init__(self, rows: models.QuerySet[M], sent: type[Planned]) -> None:
        compiler: Any = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sent: Planned | None = None
        try:
            self._sent = sent(*compiler.as_sql())
        except EmptyResultSet:
            return  # nothing can fit: nothing is asked
        self._converters = compiler.get_converters([one[0] for one in compiler.select[: compiler.col_count]])
        self._annotations: dict[str, int] = compiler.annotation_col_map or {}
        if compiler.klass_info is None:
            return  # values only
        info = compiler.klass_info
        self._make: Callable[..., M] = maker_of(info["model"])
        self._first, self._end = info["select_fields"][0], info["select_fields"][-1] + 1
        self._names = [one[0].target.attname for one in compiler.select[self._first : self._end]]
        self._related: list[Any] = get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        for populator in self._related:
            _quicken(populator)

    def tuples(self, **values: Any) -> list[Any]:
        """The rows as they come, for a queryset of values."""
        if self._sent is None:
            return []
        rows = self._sent.rows(**values)
        if not self._converters:
            return rows
        return [self._converted(list(row)) for row in rows]

    def _converted(self, row: list[Any]) -> list[Any]:
        for place, (converters, expression) in self._converters.items():
            value = row[place]
            for converter in converters:
                value = converter(value, expression, connection)
            row[place] = value
        return row

    def all(self, **values: Any) -> list[M]:
        """The rows as objects of the model, with those that were selected beside them."""
        found = []
        for row in self.tuples(**values):
            one = self._make(DEFAULT_DB_ALIAS, self._names, row[self._first : self._end])
            for related in self._related:
                related.populate(row, one)
            for name, place in self._annotations.items():
                setattr(one, name, row[place])
            found.append(one)
        return found

    def first(self, **values: Any) -> M | None:
        """The first of the rows."""
        return next(iter(self.all(**values)), None)


_written: dict[Hashable, Statement[Any]] = {}


def written(key: Hashable, rows: Callable[[], models.QuerySet[M]]) -> Statement[M]:
    """The statement of this key, written from `rows()` when it is asked for the first time in this process; one
    plan of PostgreSQL must serve all values that are given."""
    return _kept(key, rows, Prepared)


def written_for_values(key: Hashable, rows: Callable[[], models.QuerySet[M]]) -> Statement[M]:
    """The same for rows that a rare value wants found in another way than a frequent one."""
    return _kept(key, rows, Planned)


def _kept(key: Hashable, rows: Callable[[], models.QuerySet[M]], sent: type[Planned]) -> Statement[M]:
    statement = _written.get((sent, key))
    if statement is None:
        if len(_written) >= MOST_KEPT:
            _written.clear()
        statement = _written[sent, key] = Statement(rows(), sent)
    return statement


__all__ = ["MOST_KEPT", "Given", "Statement", "maker_of", "written", "written_for_values"]
