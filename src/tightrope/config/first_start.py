"""What a new company finds: its first person, roles, working calendar, promises, categories, intake forms."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation

from tightrope.calendars import defaults as calendars
from tightrope.cases import defaults as desk
from tightrope.config.roles import PRESETS
from tightrope.core.actor import SYSTEM
from tightrope.people import actions as people
from tightrope.people.models import User
from tightrope.promises import defaults as promises


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
    """Roles, calendar, promises, categories, forms and canned replies, as far as they are not there."""
    people.apply_presets(PRESETS[preset], by=SYSTEM, at=at)
    calendars.install(by=SYSTEM, at=at)
    promises.install(by=SYSTEM, at=at)
    desk.install(by=SYSTEM, at=at)
