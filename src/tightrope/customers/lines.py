"""The timeline as pages show it: each event in its own wording, promises kept and missed marked as such."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.safestring import SafeString

from tightrope.people.lines import doer_of, wording_of
from tightrope.timeline.queries import Happening
from tightrope.ui.format import margin

_KINDS = {"promise.kept": "kept", "promise.missed": "missed"}


@dataclass(frozen=True, slots=True)
class PastItem:
    """One event of the line below "now"."""

    at: datetime
    title: SafeString
    body: str
    kind: str
    verdict: str


def past_items(events: list[Happening]) -> list[PastItem]:
    """The events as entries of the line, in the language of the reader."""
    return [_item(event) for event in events]


def _item(event: Happening) -> PastItem:
    facts: dict[str, Any] = event.facts
    seconds = facts.get("margin_seconds")
    title = wording_of(event)
    who = doer_of(event)
    return PastItem(
        at=event.at,
        title=title,
        body="" if who in title else who,  # "Xu Jing solved it" needs no second "Xu Jing" below
        kind="missed" if event.kind in _KINDS and (seconds or 0) < 0 else _KINDS.get(event.kind, ""),
        verdict=margin(timedelta(seconds=seconds)) if seconds is not None and event.kind in _KINDS else "",
    )
