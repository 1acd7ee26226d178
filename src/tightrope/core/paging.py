"""Lists page by key: the next page starts after the last row seen, however deep one goes."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

M = TypeVar("M", bound=Model)


class BadCursor(ValueError):
    """The page mark in the address is not one of ours."""


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of rows. `next` is the mark of the following page, None at the end."""

    rows: list[M]
    next: str | None
    is_first: bool


def page_by_key(
    rows: QuerySet[M], *, order: Sequence[str], after: str | None = None, size: int = 50
) -> Page[M]:
    """One page of `rows` in `order`, e.g. `("due_at", "priority", "-pk")`; a null sorts last either way.

    The last field of `order` must be unique. Costs the same at any depth when an index serves the order.
    Raises BadCursor.
    """
    if after:
        try:
            rows = rows.filter(_behind(rows.model, order, _decoded(after, len(order))))
        except (ValidationError, TypeError) as error:
            raise BadCursor(after) from error
    return page_of(list(one_more(rows, order=order, size=size)), order=order, size=size, is_first=not after)


def one_more(rows: QuerySet[M], *, order: Sequence[str], size: int) -> QuerySet[M]:
    """The rows of a page in their order and one more, which tells whether another page follows."""
    return rows.order_by(*(_ordered(rows.model, name) for name in order))[: size + 1]


def page_of(found: list[M], *, order: Sequence[str], size: int, is_first: bool) -> Page[M]:
    """The page that these rows (see `one_more`) make."""
    more = len(found) > size
    found = found[:size]
    mark = _encoded([_value(found[-1], name.lstrip("-")) for name in order]) if more else None
    return Page(rows=found, next=mark, is_first=is_first)


def _ordered(model: type[Model], name: str) -> Any:
    """Nulls last is only said where there can be nulls: otherwise no ordinary index would serve the order."""
    field = F(name.lstrip("-"))
    nulls_last = True if _may_be_null(model, name) else None
    return field.desc(nulls_last=nulls_last) if name.startswith("-") else field.asc(nulls_last=nulls_last)


def _may_be_null(model: type[Model], name: str) -> bool:
    steps = name.lstrip("-").split("__")
    if len(steps) > 1:
        return True
    field = model._meta.pk if steps[0] == "pk" else model._meta.get_field(steps[0])
    return bool(getattr(field, "null", True))


def _behind(model: type[Model], order: Sequence[str], values: list[Any]) -> Q:
    behind = Q(pk__in=[])
    for depth in range(len(order)):
        here = Q()
        for name, value in zip(order[:depth], values[:depth], strict=True):
            field = name.lstrip("-")
            here &= Q(**{f"{field}__isnull": True}) if value is None else Q(**{field: value})
        field, value = order[depth].lstrip("-"), values[depth]
        if value is None:
            continue  # nothing of this field comes after a null
        comparison = "lt" if order[depth].startswith("-") else "gt"
        further = Q(**{f"{field}__{comparison}": value})
        if depth < len(order) - 1 and _may_be_null(model, order[depth]):
            further |= Q(**{f"{field}__isnull": True})
        behind |= here & further
    first = order[0].lstrip("-")
    if values[0] is not None and not _may_be_null(model, order[0]):
        # Said once more for the whole, so that the index is entered at the mark and not at its beginning.
        behind &= Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": values[0]})
    return behind


def _value(row: Model, name: str) -> Any:
    value: Any = row
    for step in name.split("__"):
        value = getattr(value, step)
    return value


def _encoded(values: list[Any]) -> str:
    plain = [{"t": v.isoformat()} if isinstance(v, datetime) else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _decoded(mark: str, length: int) -> list[Any]:
    try:
        plain = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        values = [parse_datetime(v["t"]) if isinstance(v, dict) else v for v in plain]
    except (ValueError, KeyError, TypeError) as error:
        raise BadCursor(mark) from error
    if not isinstance(plain, list) or len(values) != length:
        raise BadCursor(mark)
    return values
