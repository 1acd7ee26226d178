"""What a case's page keeps reads as its template writes it, and is everybody's own where people differ."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation
from tests import cast

from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.cases.views.parts import acts_of, canned_menu, empty_composer, typed_editors
from tightrope.core.actor import SYSTEM
from tightrope.customers import actions as customers
from tightrope.ui.drawn import keep_csrf_token

pytestmark = pytest.mark.django_db
EVIL = '<b>"&'
ALL = dict.fromkeys(
    ("view", "open", "accept", "work", "assign", "severity", "merge", "reject", "configure"), True
)


def request_with(token: str) -> HttpRequest:
    request = HttpRequest()
    keep_csrf_token(request, token)
    return request


def evil_case() -> Case:
    contact = customers.add_contact(
        factories.hengtong(), name=EVIL, language="en", addresses=[], by=SYSTEM, at=cast.NOW
    )
    return factories.case(contact=contact)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("say", ["reply", "note"])
def test_the_editors_are_kept_as_their_template_writes_them(language, say):
    case = evil_case()
    with translation.override(language):
        context: dict[str, Any] = {
            "case": case,
            "can_reply": True,
            "may": ALL,
            "say": say,
            "form_token": "t1",
            "seen_until": EVIL,
            "canned_menu": canned_menu([{"name": EVIL, "text": EVIL, "id": 1}]),
        }
        request = request_with("secret")

        kept = empty_composer(request, case, context)

        typed = typed_editors(form_token="t1", seen_until=EVIL)
        assert kept == render_to_string("cases/case/composer.html", {**context, **typed, "request": request})
    assert EVIL not in kept


@pytest.mark.parametrize(
    "status", ["received", "accepted", "waiting", "solved", "closed", "merged", "rejected"]
)
@pytest.mark.parametrize("may", [ALL, dict.fromkeys(ALL, False), {**ALL, "accept": False, "merge": False}])
def test_the_acts_are_kept_as_their_template_writes_them(status, may):
    case = factories.case()
    case.status = Case.Status(status)
    request = request_with("secret")
    context = {"case": case, "may": may, "promise_url": f"/promises/new/?about={EVIL}", "request": request}

    kept = acts_of(request, case, may=may, promise_url=context["promise_url"])

    assert kept == render_to_string("cases/case/acts.html", context)


def test_nobody_is_shown_anothers_case_token_or_customer():
    mine, other = factories.case(), evil_case()
    context = {"can_reply": True, "may": ALL, "say": "reply", "canned_menu": "", "seen_until": ""}

    def kept(case: Case, token: str) -> str:
        request = request_with(token)
        acts = acts_of(request, case, may=ALL, promise_url=f"/promise-{token}")
        return acts + empty_composer(request, case, {**context, "form_token": f"form-{token}"})

    kept(mine, "first")
    page = kept(other, "second")

    assert other.public_id in page
    assert page.count("second") > 3
    assert mine.public_id not in page
    assert "first" not in page
    assert mine.contact is not None
    assert mine.contact.name not in page
