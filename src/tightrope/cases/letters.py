"""What the system itself writes to the customer of a case, in his language: a template per occasion."""

from __future__ import annotations

import zoneinfo
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tightrope.cases.actions.answering import language_of, mail_address_of, outward_channel
from tightrope.cases.actions.joining import private_link_of
from tightrope.cases.models import Case
from tightrope.channels import actions as channels
from tightrope.core.actor import SYSTEM
from tightrope.promises import queries as promises
from tightrope.promises.models import Promise, PromiseKind, What


def send(case: Case, occasion: str, *, at: datetime, **facts: Any) -> bool:
    """Write `cases/letters/<occasion>.txt` to the customer. False when there is nobody to write to.

    The customer's own words are never quoted in it: the address may not be his.
    """
    if case.contact is None:
        return False
    text = text_of(case, occasion, at=at, **facts)
    channels.post_message(
        case.conversation,
        text=text,
        author=SYSTEM,
        direction="out",
        channel=outward_channel(case),
        to=mail_address_of(case.contact),
        subject=_subject_of(case),
        is_automatic=True,
        language=language_of(case),
        at=at,
    )
    return True


def _subject_of(case: Case) -> str:
    """The number and a fixed word: no word of a stranger goes into a mail to an address that may not be his."""
    with translation.override(language_of(case)):
        return f"[{case.number}] " + _("Your request")


def text_of(case: Case, occasion: str, *, at: datetime, **facts: Any) -> str:
    """The words of a letter, in the customer's language and time zone."""
    zone = (case.contact.time_zone if case.contact else "") or settings.TIME_ZONE
    with translation.override(language_of(case)), timezone.override(zoneinfo.ZoneInfo(zone)):
        return render_to_string(
            f"cases/letters/{occasion}.txt",
            {
                "case": case,
                "contact": case.contact,
                "link": link_to(case),
                "at": at,
                **_promised(case),
                **facts,
            },
        ).strip()


def link_to(case: Case) -> str:
    """The private address under which the customer sees this case without signing in."""
    link = private_link_of(case, case.contact)
    return f"{settings.PUBLIC_URL}/s/{link.token}/" if link else f"{settings.PUBLIC_URL}/portal/"


def _promised(case: Case) -> dict[str, Promise | None]:
    """The running promises to the customer that a letter may name."""
    running = [p for p in promises.running_of(case) if p.kind == PromiseKind.CUSTOMER]
    return {
        "first_response": next((p for p in running if p.what == What.FIRST_RESPONSE), None),
        "resolution": next((p for p in running if p.what == What.RESOLUTION), None),
        "return_call": next((p for p in running if p.what == What.RETURN_CALL), None),
    }
