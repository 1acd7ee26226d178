"""What pages over several capabilities are put together from, and the panels of customers themselves.

A panel function stands in some capability's `panels.py` as `panel(subject, by, at) -> Panel | None` and is
listed in `config/panels.py`. Besides a card it may bring entries for the part of the line above "now".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.module_loading import import_string

from tightrope.core.actor import Actor


@dataclass(frozen=True, slots=True)
class LineItem:
    """One entry of the line above "now": what is promised or planned. `kind` is "promise" or "late"."""

    at: datetime
    title: str
    body: str = ""
    kind: str = "promise"
    verdict: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A card on somebody else's page. `template` is rendered with `context`; empty means no card of its own."""

    title: Any = ""
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    action_url: str = ""
    action_label: Any = ""
    ahead: tuple[LineItem, ...] = ()


Maker = Callable[[Model, Actor, datetime], Panel | None]


@cache
def _makers(page: str) -> tuple[Maker, ...]:
    table: dict[str, list[str]] = import_string(getattr(settings, "PANELS", "tightrope.config.panels.PANELS"))
    return tuple(import_string(name) for name in table.get(page, ()))


def panels_of(page: str, subject: Model, *, by: Actor, at: datetime) -> list[Panel]:
    """The panels listed for a page ("account", "case"), in their order, as far as they have something to say."""
    made = (maker(subject, by, at) for maker in _makers(page))
    return [panel for panel in made if panel is not None]


def ahead_of(panels: list[Panel]) -> list[LineItem]:
    """Everything promised that the panels brought, the furthest first."""
    return sorted((item for panel in panels for item in panel.ahead), key=lambda item: item.at, reverse=True)
