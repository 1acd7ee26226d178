"""Words of the desk for templates: ``{% load cases %}``."""

from __future__ import annotations

from django import template

from tightrope.cases.models import Case

register = template.Library()


@register.filter
def case_type_word(value: str) -> str:
    """``fault`` as the reader calls it."""
    return str(Case.Type(value).label) if value in Case.Type.values else value
