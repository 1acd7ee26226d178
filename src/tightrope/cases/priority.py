"""From impact and urgency to priority, with the reason in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

_STEPS = {9: 1, 6: 2, 4: 3, 3: 3, 2: 4, 1: 5}


@dataclass(frozen=True)
class Priority:
    """1 (highest) to 5, and the formula a person can check."""

    value: int
    formula: str


def priority_of(*, impact: int, urgency: int, importance: int = 1) -> Priority:
    """Priority by impact × urgency (1-3 each); a customer of the highest importance counts one step more.

    Raises KeyError for levels outside 1-3.
    """
    product = impact * urgency
    value = _STEPS[product]
    raised = importance >= 3 and value > 1
    formula = _("impact %(impact)s × urgency %(urgency)s = %(product)s → priority %(value)s") % {
        "impact": impact,
        "urgency": urgency,
        "product": product,
        "value": value,
    }
    if raised:
        value -= 1
        formula += _("; key customer, one step higher → priority %(value)s") % {"value": value}
    return Priority(value=value, formula=formula)
