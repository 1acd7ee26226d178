"""Two administrators at the same moment."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from tests import cast

from tightrope.people import actions
from tightrope.people.models import User

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 10


@pytest.mark.parametrize("way", ["disable", "take the hat"])
def test_two_who_end_each_other_leave_one_who_manages_people(way):
    first = cast.administrator()
    second = cast.person("second@hengyuan.example", "第二位", "administrator")
    doers = {first.pk: cast.actor(first), second.pk: cast.actor(second)}
    has_acted, outcome = threading.Event(), []

    def end(user: User, by: User) -> None:
        if way == "disable":
            actions.disable_user(user, reason="x", by=doers[by.pk], at=cast.NOW)
        else:
            actions.change_roles(user, roles=[], teams=[], by=doers[by.pk], at=cast.NOW)

    def other_side() -> None:
        try:
            has_acted.wait(SECONDS)
            end(first, by=second)
            outcome.append("done")
        except actions.LastAdministrator:
            outcome.append("refused")
        finally:
            connection.close()

    thread = threading.Thread(target=other_side)
    thread.start()
    with transaction.atomic():
        end(second, by=first)
        has_acted.set()
        thread.join(1)  # the other has begun, and either waits for us or is wrong already
    thread.join(SECONDS)

    assert outcome == ["refused"]
    assert User.objects.filter(pk=first.pk, is_active=True, roles__code="administrator").exists()
