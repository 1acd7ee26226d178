"""What a canned reply may mention: a fixed list, filled in one pass, with no engine behind it."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from tightrope.cases.models import Case
from tightrope.core.actor import Actor

PLACEHOLDERS: dict[str, tuple[object, Callable[[Case, Actor], str]]] = {
    "case.number": (_("number of the case"), lambda case, by: case.number),
    "case.title": (_("title of the case"), lambda case, by: case.title),
    "customer.name": (
        _("name of the customer's contact"),
        lambda case, by: case.contact.name if case.contact else "",
    ),
    "account.name": (_("name of the customer"), lambda case, by: case.account.name if case.account else ""),
    "agent.name": (_("your name"), lambda case, by: by.name),
    "waiting.for": (_("what we wait for"), lambda case, by: case.waiting_for),
}

_PLACEHOLDER = re.compile(r"\{\{([^{}]{1,80})\}\}")


def fill(text: str, case: Case, *, by: Actor) -> str:
    """Replace each known placeholder once; unknown ones stay as they were written, for the writer to see."""

    def replaced(match: re.Match[str]) -> str:
        known = PLACEHOLDERS.get(match.group(1).strip())
        return known[1](case, by) if known else match.group(0)

    return _PLACEHOLDER.sub(replaced, text)


def unknown_in(text: str) -> list[str]:
    """Placeholders in a text that are not on the list."""
    return sorted({name.strip() for name in _PLACEHOLDER.findall(text)} - PLACEHOLDERS.keys())
