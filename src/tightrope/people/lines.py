"""What happened to a person, a team, a role, a key or the installation, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from tightrope.core.actor import Actor, Kind
from tightrope.timeline.queries import Happening, events_of

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class PastItem:
    """One event as an entry of the line; its wording says who did it."""

    at: datetime
    title: SafeString


def past_of(subject_type: str, subject_id: int, *, by: Actor, limit: int = MOST_SHOWN) -> list[PastItem]:
    """The newest events of a subject in the language of the reader."""
    events, _older = events_of(subject_type, subject_id, by=by, limit=limit)
    return [PastItem(at=event.at, title=wording_of(event)) for event in events]


def wording_of(event: Happening) -> SafeString:
    """The sentence that says what happened, in the current language."""
    said = replace(event, actor_name=doer_of(event))
    return SafeString(get_template(event.template).render({"event": said}).strip())


def doer_of(event: Happening) -> str:
    """Who did it. What nobody did himself the program did, which has a name in each language."""
    return pgettext("brand", "Tightrope") if event.actor_kind == Kind.SYSTEM else event.actor_name
