"""What a new company finds: its first person, roles, working calendar, promises, categories, intake forms."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation

from tightrope.calendars import defaults as calendars
from tightrope.cases import defaults as desk
from tightrope.cases.models import Category
from tightrope.config.roles import PRESETS
from tightrope.core.actor import SYSTEM
from tightrope.people import actions as people
from tightrope.people.models import User
from tightrope.promises import defaults as promises
from tightrope.promises.models import Policy


@transaction.atomic
def create_administrator(
    *, email: str, name: str, password: str, language: str, preset: str, at: datetime
) -> User:
    """Make somebody who may do everything. The first one also gets the rules a company begins with, in his language.

    Whatever the company has changed or removed since then stays so: a second administrator brings nothing back.
    Raises AddressTaken, ValidationError for a weak password.
    """
    is_first = not User.objects.exists()
    with translation.override(language):
        if is_first:
            install_rules(preset=preset, at=at)
        return people.create_administrator(
            email=email, name=name, password=password, language=language, by=SYSTEM, at=at
        )


def install_rules(*, preset: str, at: datetime) -> None:
    """Roles, calendar, promises, categories, forms and canned replies, as far as they are not there.

    A manufacturer has somebody on duty at night, so people who are trapped are promised help around the clock. A
    small firm that sleeps would promise what it cannot keep: its form sends them to the hotline.
    """
    is_new = not Policy.objects.exists()
    people.apply_presets(PRESETS[preset], by=SYSTEM, at=at)
    calendars.install(by=SYSTEM, at=at)
    promises.install(by=SYSTEM, at=at)
    desk.install(by=SYSTEM, at=at)
    if is_new and preset == "manufacturer":
        _install_rescue(at=at)


def _install_rescue(*, at: datetime) -> None:
    in_danger = Category.objects.filter(code__in=desk.IN_DANGER).values_list("pk", flat=True)
    always = calendars.install_always(by=SYSTEM, at=at)
    promises.install_rescue(category_ids=list(in_danger), calendar_id=always.pk, by=SYSTEM, at=at)
