"""The words of the desk: its views, its channels, what a promise is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tightrope.cases.models import Case, Category
from tightrope.promises.models import PromiseKind, What

VIEW_LABELS: dict[str, Any] = {
    "open": pgettext_lazy("view of the desk", "To do"),
    "mine": pgettext_lazy("view of the desk", "Mine"),
    "team": pgettext_lazy("view of the desk", "My teams"),
    "unassigned": pgettext_lazy("view of the desk", "Nobody's yet"),
    "waiting": pgettext_lazy("view of the desk", "Waiting"),
    "complaints": pgettext_lazy("view of the desk", "Complaints"),
    "calls": pgettext_lazy("view of the desk", "To call"),
    "suspected": pgettext_lazy("view of the desk", "Complaints?"),
    "late": pgettext_lazy("view of the desk", "Late"),
    "heard": pgettext_lazy("view of the desk", "Unanswered word"),
    "solved": pgettext_lazy("view of the desk", "Solved"),
    "all": pgettext_lazy("view of the desk", "All"),
    "rejected": pgettext_lazy("view of the desk", "Rejected"),
}

EMPTY: dict[str, tuple[Any, Any]] = {
    "open": (
        _("Nothing is left to do"),
        _("New requests from portal, mail and phone appear here, ordered by promise and priority."),
    ),
    "mine": (
        _("Nothing is yours to do"),
        _("Accept a case that nobody has taken yet and it appears here."),
    ),
    "team": (_("Your teams have nothing to do"), _("What is given to one of your teams appears here.")),
    "unassigned": (_("Everything has its person"), _("New cases that nobody has accepted appear here.")),
    "waiting": (
        _("We wait for no customer"),
        _("Cases whose next step is the customer's rest here; their clocks stand still."),
    ),
    "complaints": (
        _("No complaint is open"),
        _("A complaint has clocks of its own and an owner outside the department it is about."),
    ),
    "calls": (
        _("Nobody is to be called"),
        _("Customers who are to be called, the next due first: planned calls, tries again, return calls."),
    ),
    "suspected": (
        _("Nothing sounds like a complaint"),
        _("Words of complaint and low scores wait here until somebody judges them."),
    ),
    "late": (_("No promise is overdue"), _("Cases whose promised time has passed appear here, in red.")),
    "heard": (_("Every word of a customer is answered"), _("What customers wrote and nobody answered yet.")),
    "solved": (_("Nothing is solved yet"), _("Solved and closed cases, the newest first.")),
    "all": (_("No cases yet"), _("A case begins when a customer reports something, on whatever channel.")),
    "rejected": (_("Nothing was rejected"), _("Spam and mistakes; each can be taken back.")),
}

CHANNEL_ICONS = {
    "web": "globe",
    "mail": "mail",
    "api": "link",
    "phone": "phone",
    "visit": "person",
    "sales": "person",
    "form": "globe",
    "system": "settings",
}

PROMISED: dict[str, Any] = {
    What.FIRST_RESPONSE: _("until the customer hears from us for the first time"),
    What.NEXT_RESPONSE: _("until the customer has our answer"),
    What.RESOLUTION: _("until it is solved"),
    What.UPDATE: _("until the customer hears how it stands"),
    What.RETURN_CALL: _("until we ask the customer whether it is solved"),
    What.CALL: _("until we call"),
    What.HAND_OVER: _("until the department takes it over"),
    What.ARRIVAL: _("until somebody is there"),
    What.FOLLOW_UP: _("until we call"),
    What.ACTION: _("until it is done"),
    What.WORD: _("until the word is kept"),
}

BY_KIND: dict[str, Any] = {
    PromiseKind.CUSTOMER: _("promised to the customer"),
    PromiseKind.CONTRACT: _("by contract"),
    PromiseKind.INTERNAL: _("internal target"),
}


def light_word(case: Case, light: str) -> Any:
    """The word beside the light; a closed, merged or rejected case says what it is."""
    if light == "late":
        return _("Late")
    return Case.Status(case.status).label


def relation(case: Case, other: Case) -> Any:
    """What another case is to this one."""
    if other.pk == case.parent_id:
        return _("the case above it")
    if other.parent_id == case.pk:
        return _("below it")
    return _("split from it") if other.split_from_id == case.pk else _("it was split from this one")


def path_of(category: Category | None) -> str:
    """A category with what stands above it: "Air-conditioner / Leak"."""
    names: list[str] = []
    while category is not None:
        names.append(category.name)
        category = category.parent
    return " / ".join(reversed(names))


def joined(parts: Sequence[Any]) -> str:
    """Small facts in one quiet line."""
    return " · ".join(str(part) for part in parts if part)
