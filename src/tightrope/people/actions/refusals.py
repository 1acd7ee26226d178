"""Why an act about people is refused."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _

from tightrope.people.access import Can
from tightrope.people.models import User


class AddressTaken(ValueError):
    """Somebody already signs in with this address."""


class KeyOver(ValueError):
    """The key was revoked or has expired."""


class LastAdministrator(ValueError):
    """Without this person nobody could manage people any more."""


class NameTaken(ValueError):
    """Another one has this name or code."""


class UnknownPermission(ValueError):
    """No capability declares this permission."""


class WiderThanOwn(ValueError):
    """A key cannot do more than the person who makes it or takes it over."""


def refuse_headless() -> None:
    """Somebody must be able to manage people after every act. Raises LastAdministrator.

    Two who take the hat from each other at the same moment would each see the other still wear it: the second
    waits here until the first has committed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('people.headless', 0))")
    managers = User.objects.filter(is_active=True, roles__grants__permission=Can.MANAGE_PEOPLE)
    if not managers.exists():
        raise LastAdministrator(_("Somebody must be able to manage people."))
