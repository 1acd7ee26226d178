from __future__ import annotations

from datetime import timedelta

import pytest
from tests import cast

from tightrope.core import jobs
from tightrope.core.actor import SYSTEM
from tightrope.notices.models import Notice
from tightrope.promises import actions
from tightrope.promises.tests.factories import NOW, account, local, policy, started

pytestmark = pytest.mark.django_db


def told():
    return list(Notice.objects.order_by("pk").values_list("user__name", "kind", "title"))


def test_the_named_people_are_told_in_their_language_and_once():
    policy(hours=4, warn={"75": ["owner", "lead"]})
    zhou, chen = cast.zhou_min(), cast.chen_gang()
    started(account("恒通数据"), told_at=local("2026-11-18 13:00"), user_id=zhou.pk)
    actions.look_at_due(at=local("2026-11-18 16:00"))

    jobs.run_due(only=["timeline.react"], until=local("2027-01-01 00:00"))

    assert {(name, kind) for name, kind, _title in told()} == {
        (zhou.name, "promise.warned"),
        (chen.name, "promise.warned"),
    }
    assert all("恒通数据" in title and "75" in title and "首次响应" in title for _n, _k, title in told())


def test_being_due_is_a_notice_of_its_own():
    policy(hours=0.5, warn={"75": ["owner"], "100": ["owner"]})
    zhou = cast.zhou_min()
    started(account(), told_at=local("2026-11-18 13:00"), user_id=zhou.pk)
    actions.look_at_due(at=local("2026-11-18 13:25"))
    actions.look_at_due(at=local("2026-11-18 13:30"))

    jobs.run_due(only=["timeline.react"], until=local("2027-01-01 00:00"))

    assert [kind for _name, kind, _title in told()] == ["promise.warned", "promise.due"]


def test_what_was_kept_meanwhile_warns_nobody():
    policy(hours=4, warn={"50": ["owner"]})
    subject, zhou = account(), cast.zhou_min()
    [promise] = started(subject, told_at=local("2026-11-18 13:00"), user_id=zhou.pk)
    actions.look_at_due(at=local("2026-11-18 15:00"))
    actions.keep_promises(subject, promise.what, by=SYSTEM, at=local("2026-11-18 15:01"))

    jobs.run_due(only=["timeline.react"], until=NOW + timedelta(days=90))

    assert told() == []


def test_what_nobody_answers_for_is_told_to_who_leads_and_never_to_a_customer():
    policy(hours=4, warn={"75": ["owner"], "100": ["owner", "lead"]})
    zhou, chen = cast.zhou_min(), cast.chen_gang()
    customer = cast.person("wang.lei@hengtong.example", "王磊", "")
    started(account("恒通数据"), told_at=local("2026-11-18 13:00"))
    actions.look_at_due(at=local("2026-11-18 16:00"))
    actions.look_at_due(at=local("2026-11-18 17:00"))

    jobs.run_due(only=["timeline.react"], until=local("2027-01-01 00:00"))

    assert [(name, kind) for name, kind, _title in told()] == [
        (chen.name, "promise.warned"),
        (chen.name, "promise.due"),
    ]
    assert not Notice.objects.filter(user__in=[zhou, customer]).exists()
