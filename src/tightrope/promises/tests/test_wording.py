"""Every event of the ledger and of the calendars has a sentence in three languages."""

from __future__ import annotations

from dataclasses import fields

import pytest
from django.template.loader import get_template
from django.utils import translation

from tightrope.calendars import events as of_calendars
from tightrope.promises import events as of_promises
from tightrope.promises.tests.factories import NOW
from tightrope.timeline.events import Event
from tightrope.timeline.queries import Happening

SAMPLES = {
    "due_at": "2026-11-20T10:00:00+00:00", "before": "2026-11-19T10:00:00+00:00", "on": "2026-10-01",
    "promise_kind": "internal", "what": "first_response", "day_kind": "workday", "reason": "parts", "roles": ["lead"],
    "margin_seconds": 60.0, "margin_working_seconds": 60.0, "is_beaten": True, "changes": {}, "name": "Office", "note": "swap",
    "text": "", "by_policy": "Urgent", "to_whom": "Zhou Min", "share": 75, "year": 2027, "version": 2, "is_told": True,
    "promise_public_id": "x", "when": "1/3 09:00-18:00",
}  # fmt: skip
EVENTS = [
    event
    for module in (of_promises, of_calendars)
    for event in vars(module).values()
    if isinstance(event, type) and issubclass(event, Event) and hasattr(event, "kind")
]


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_it_reads_as_a_sentence_with_nothing_left_open(event, language):
    facts = {field.name: SAMPLES.get(field.name, 1) for field in fields(event)}
    told = Happening(
        id=1, at=NOW, kind=event.kind, is_public=False, subject_type="case", subject_id=1, account_id=1,
        actor_kind="staff", actor_id=1, actor_name="周敏", facts=facts,
    )  # fmt: skip

    with translation.override(language):
        text = get_template(told.template).render({"event": told}).strip()

    assert len(text) > 6
    assert "None" not in text
    assert "%(" not in text
    if language != "en":
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text)


def test_the_margin_chooses_the_sentence():
    facts = dict.fromkeys([field.name for field in fields(of_promises.PromiseKept)], 1) | SAMPLES

    def said(**changed):
        told = Happening(
            id=1, at=NOW, kind="promise.kept", is_public=True, subject_type="case", subject_id=1, account_id=1,
            actor_kind="staff", actor_id=1, actor_name="", facts=facts | {"promise_kind": "customer"} | changed,
        )  # fmt: skip
        with translation.override("en"):
            return get_template(told.template).render({"event": told}).strip()

    assert said(margin_seconds=60, is_beaten=True) == "First response: promise beaten"
    assert said(margin_seconds=60, is_beaten=False) == "First response: promise kept"
    assert said(margin_seconds=-60, is_beaten=False) == "First response: done, later than promised"
