"""Somebody says to an alarm that he takes care of it; the others who were alarmed know."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from tests import cast

from tightrope.cases.tests import factories
from tightrope.config import verify
from tightrope.core import clock
from tightrope.core.actor import SYSTEM
from tightrope.notices import actions, kinds, queries
from tightrope.notices.models import Answer, Notice
from tightrope.timeline.queries import events_of

pytestmark = pytest.mark.django_db
NOW = cast.NOW
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _answers():
    kinds.register("alarm.answered", "Somebody takes care of an alarm", way="inbox")


@pytest.fixture
def case():
    return factories.case()


def alarmed(case, *users, kind="test.mail", at=NOW):
    url = reverse("cases:case", args=[case.public_id])
    return actions.notify(
        users,
        kind=kind,
        title="Nobody looks",
        url=url,
        facts={"subject": f"case:{case.pk}"},
        by=SYSTEM,
        at=at,
    )


def answered_on(case):
    events, _older = events_of("case", case.pk, by=SYSTEM, limit=50)
    return [event.facts for event in events if event.kind == "alarm.answered"]


def test_the_answer_is_kept_told_to_the_others_and_stands_on_the_line(case):
    chen, gu, he = cast.chen_gang(), cast.gu_wei(), cast.he_yong()
    [mine, _theirs] = alarmed(case, chen, gu)

    answer = actions.answer_notice(mine, word=" 我来打电话 ", by=cast.actor(chen), at=LATER)

    assert (answer.user, answer.word, answer.at) == (chen, "我来打电话", LATER)
    assert answered_on(case) == [{"alarm": "test.mail", "word": "我来打电话"}]
    [told] = Notice.objects.filter(kind="alarm.answered")
    assert told.user == gu
    assert "陈刚" in told.title
    assert "我来打电话" in told.title
    assert not Notice.objects.filter(user=he).exists()
    mine.refresh_from_db()
    assert mine.read_at == LATER
    assert verify.differences() == []


def test_said_twice_in_the_same_words_it_is_said_once(case):
    chen = cast.actor(cast.chen_gang())
    [mine] = alarmed(case, cast.chen_gang())

    for word in ("我来", "我来", "客户在路上"):
        actions.answer_notice(mine, word=word, by=chen, at=LATER)

    assert [facts["word"] for facts in answered_on(case)] == ["客户在路上", "我来"]


def test_a_later_alarm_may_be_answered_in_the_same_words(case):
    chen = cast.actor(cast.chen_gang())
    [first] = alarmed(case, cast.chen_gang())
    actions.answer_notice(first, word="", by=chen, at=LATER)
    [second] = alarmed(case, cast.chen_gang(), at=NOW + timedelta(hours=1))
    actions.answer_notice(second, word="", by=chen, at=NOW + timedelta(hours=2))

    assert len(answered_on(case)) == 2


def test_nobody_answers_for_another_nor_to_what_is_no_alarm(case):
    chen, gu = cast.chen_gang(), cast.gu_wei()
    [mine] = alarmed(case, chen)
    [plain] = actions.notify([gu], kind="test.mail", title="Read", url="/", by=SYSTEM, at=NOW)
    [astray] = actions.notify(
        [gu], kind="test.mail", title="Gone", url="/x/", facts={"subject": "case:0"}, by=SYSTEM, at=NOW
    )

    with pytest.raises(actions.NotYours):
        actions.answer_notice(mine, word="", by=cast.actor(gu), at=LATER)
    for notice in (plain, astray):
        with pytest.raises(actions.NotAnAlarm):
            actions.answer_notice(notice, word="", by=cast.actor(gu), at=LATER)
    assert not Answer.objects.exists()
    assert answered_on(case) == []


def test_the_inbox_shows_the_others_answers_and_takes_ones_own(case, client):
    chen, gu = cast.chen_gang(), cast.gu_wei()
    mine, theirs = alarmed(case, chen, gu)
    client.force_login(gu)

    with clock.standing_at(LATER):
        done = client.post(reverse("notices:answer", args=[theirs.pk]), {"word": "我在处理"})
        stranger = client.post(reverse("notices:answer", args=[mine.pk]), {"word": "x"})
        client.force_login(chen)
        page = client.get(reverse("notices:inbox")).content.decode()

    assert done.status_code == 303
    assert stranger.status_code == 404
    assert "顾伟" in page
    assert "我在处理" in page
    assert reverse("notices:answer", args=[mine.pk]) in page
    assert client.get(reverse("notices:inbox") + "?after=x").status_code == 400


def test_the_inbox_costs_the_same_for_one_alarm_and_for_many(client, django_assert_max_num_queries):
    chen, gu = cast.chen_gang(), cast.gu_wei()
    for _place in range(10):
        [_theirs, mine] = alarmed(factories.case(), chen, gu)
        actions.answer_notice(mine, word="", by=cast.actor(gu), at=LATER)
    client.force_login(chen)
    client.get(reverse("notices:inbox"))

    with django_assert_max_num_queries(9):
        client.get(reverse("notices:inbox"))
    assert len(queries.answers_to(Notice.objects.filter(user=chen))) == 10
