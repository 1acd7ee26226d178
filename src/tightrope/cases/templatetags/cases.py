"""Words of the desk for templates: ``{% load cases %}``."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from tightrope.cases.models import Case
from tightrope.cases.rows import Row, drawn, drawn_to_choose

register = template.Library()


@register.filter
def case_type_word(value: str) -> str:
    """``fault`` as the reader calls it."""
    return str(Case.Type(value).label) if value in Case.Type.values else value


@register.simple_tag
def case_rows(rows: Iterable[Row], current_id: int | None = None) -> SafeString:
    """``{% case_rows rows current_id %}``: the rows of a list, the open one marked."""
    return drawn(rows, current_id=current_id)


@register.simple_tag
def case_rows_to_choose(rows: Iterable[Row], current_id: int | None = None) -> SafeString:
    """``{% case_rows_to_choose rows current_id %}``: the same, each with a box."""
    return drawn_to_choose(rows, current_id=current_id)
