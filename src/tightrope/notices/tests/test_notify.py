from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.translation import gettext
from tests import cast

from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.notices import actions, queries
from tightrope.notices.models import Notice
from tightrope.people import actions as people

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
"""10:00 in Shanghai."""


@pytest.fixture
def zhou():
    return cast.zhou_min()


def told(*users, kind="test.mail", at=NOW, url="/cases/x/", by=SYSTEM, **facts):
    return actions.notify(users, kind=kind, title="Late", url=url, by=by, at=at, **facts)


def run_until(at):
    with clock.standing_at(at):
        jobs.run_due(until=at)


def test_each_reader_is_told_in_his_language(zhou):
    english = cast.person("en@hengyuan.example", "Ann", "service", language="en")

    told_to = actions.notify(
        [zhou, english], kind="test.digest", title=lambda language: f"{language}: {gettext('Notices')}",
        url="/", by=SYSTEM, at=NOW,
    )  # fmt: skip

    assert [one.title.split(":")[0] for one in told_to] == ["zh-hans", "en"]
    assert told_to[1].title == "en: Notices"
    assert told_to[0].title != "zh-hans: Notices"


def test_nobody_is_told_of_his_own_act_nor_when_he_has_left(zhou):
    left = cast.lin_fang()
    left.is_active = False
    left.save()

    assert told(zhou, left, by=cast.actor(zhou)) == []


def test_the_same_within_ten_minutes_is_counted_and_not_said_again(zhou):
    told(zhou)
    told(zhou, at=NOW + timedelta(minutes=9))
    told(zhou, at=NOW + timedelta(minutes=12), url="/cases/other/")
    told(zhou, at=NOW + timedelta(minutes=40))

    assert list(Notice.objects.order_by("pk").values_list("url", "times")) == [
        ("/cases/x/", 2), ("/cases/other/", 1), ("/cases/x/", 1),
    ]  # fmt: skip


def test_what_was_read_is_said_anew(zhou):
    (first,) = told(zhou)
    actions.read_notices(zhou.pk, [first.pk], at=NOW)

    told(zhou, at=NOW + timedelta(minutes=1))

    assert Notice.objects.count() == 2
    assert queries.unread_count(zhou.pk) == 1


def test_each_is_told_the_way_he_chose(zhou):
    told(zhou)
    told(zhou, kind="test.digest")
    told(zhou, kind="test.off")
    actions.choose_way(zhou, kind="test.mail", way="inbox")
    told(zhou, url="/cases/y/")
    run_until(NOW)

    assert [letter.to for letter in mail.outbox] == [[zhou.email]]
    assert set(Notice.objects.values_list("kind", flat=True)) == {"test.mail", "test.digest"}
    with pytest.raises(KeyError):
        actions.choose_way(zhou, kind="unknown", way="mail")


def test_what_is_urgent_comes_through_everything(zhou):
    actions.set_quiet_hours(zhou, from_time=time(0, 0), until_time=time(23, 59))

    told(zhou, kind="test.off", is_urgent=True)
    run_until(NOW)

    assert len(mail.outbox) == 1


def test_what_was_read_meanwhile_is_not_mailed_and_nothing_is_mailed_twice(zhou):
    (first,) = told(zhou)
    actions.read_notices(zhou.pk, None, at=NOW)
    run_until(NOW)
    assert mail.outbox == []

    (second,) = told(zhou, url="/cases/y/")
    actions.mail_notice(second.pk, at=NOW)
    actions.mail_notice(second.pk, at=NOW)
    assert len(mail.outbox) == 1
    assert first.pk != second.pk


@pytest.mark.parametrize(
    ("zone", "at", "until"),
    [
        ("Asia/Shanghai", "2026-11-18T13:59+00:00", None),
        ("Asia/Shanghai", "2026-11-18T14:00+00:00", "2026-11-18T23:30+00:00"),
        ("Asia/Shanghai", "2026-11-18T23:29+00:00", "2026-11-18T23:30+00:00"),
        ("Asia/Shanghai", "2026-11-18T23:30+00:00", None),
        ("America/New_York", "2026-11-18T02:59+00:00", None),
        ("America/New_York", "2026-11-18T03:00+00:00", "2026-11-18T12:30+00:00"),
        # The clocks go back in this night: the quiet hours end by the clock on the wall.
        ("America/New_York", "2026-11-01T03:00+00:00", "2026-11-01T12:30+00:00"),
    ],
)
def test_quiet_hours_over_midnight_are_those_of_the_readers_own_zone(zhou, zone, at, until):
    zhou.time_zone = zone
    zhou.save()
    actions.set_quiet_hours(zhou, from_time=time(22, 0), until_time=time(7, 30))

    ends_at = actions.quiet_until(zhou, at=datetime.fromisoformat(at))

    assert ends_at == (until and datetime.fromisoformat(until))


def test_quiet_hours_by_day_and_none(zhou):
    assert actions.quiet_until(zhou, at=NOW) is None
    actions.set_quiet_hours(zhou, from_time=time(9, 0), until_time=time(12, 0))
    assert actions.quiet_until(zhou, at=NOW) == datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
    actions.set_quiet_hours(zhou, from_time=None, until_time=None)
    assert actions.quiet_until(zhou, at=NOW) is None


def test_mail_waits_until_the_quiet_hours_are_over(zhou):
    actions.set_quiet_hours(zhou, from_time=time(9, 0), until_time=time(12, 0))
    told(zhou)

    run_until(NOW)
    run_until(NOW + timedelta(hours=1, minutes=59))
    assert mail.outbox == []
    run_until(NOW + timedelta(hours=2))
    assert len(mail.outbox) == 1


def test_who_has_left_over_night_is_not_written_to_in_the_morning(zhou):
    cast.administrator()
    actions.set_quiet_hours(zhou, from_time=time(9, 0), until_time=time(12, 0))
    told(zhou)
    people.disable_user(zhou, reason="离职", by=SYSTEM, at=NOW)

    run_until(NOW + timedelta(hours=3))

    assert mail.outbox == []


def test_the_digest_comes_once_in_the_morning_of_each_ones_zone(zhou):
    far = cast.person("far@hengyuan.example", "Ann", "service", language="en")
    far.time_zone = "America/New_York"
    far.save()
    told(zhou, far, kind="test.digest")
    told(zhou, far, kind="test.digest", url="/cases/y/")
    morning_here = datetime(2026, 11, 19, 0, 5, tzinfo=UTC)
    morning_there = datetime(2026, 11, 18, 13, 5, tzinfo=UTC)

    assert queries.due_for_digest(at=NOW) == []
    assert queries.due_for_digest(at=morning_there) == [far]
    assert queries.due_for_digest(at=morning_here) == [zhou]
    assert actions.send_digest(far, at=morning_there) == 2
    assert actions.send_digest(far, at=morning_there) == 0
    assert queries.due_for_digest(at=morning_there) == []
    (letter,) = mail.outbox
    assert letter.to == [far.email]
    assert letter.body.count("Late") == 2


def test_the_inbox_shows_ones_own_and_reading_leads_to_the_thing(client, zhou):
    (notice,) = told(zhou)
    (others,) = told(cast.lin_fang(), url="/cases/secret/")
    client.force_login(zhou)

    html = client.get(reverse("notices:inbox")).content.decode()
    response = client.post(reverse("notices:reading"), {"notice": str(notice.pk)})
    foreign = client.post(reverse("notices:reading"), {"notice": str(others.pk)})

    assert "Late" in html
    assert response["Location"] == "/cases/x/"
    assert foreign["Location"] == reverse("notices:inbox")
    others.refresh_from_db()
    assert others.read_at is None
    assert queries.unread_count(zhou.pk) == 0


def test_a_notice_never_leads_out_of_the_house(client, zhou):
    (notice,) = told(zhou, url="//evil.example/")
    client.force_login(zhou)

    response = client.post(reverse("notices:reading"), {"notice": str(notice.pk)})

    assert response["Location"] == reverse("notices:inbox")


def test_preferences_are_kept_and_half_quiet_hours_are_refused(client, zhou):
    client.force_login(zhou)
    ways = {"way_test.mail": "off", "way_test.digest": "mail", "way_test.off": "inbox"}

    half = client.post(reverse("notices:preferences"), {**ways, "quiet_from": "22:00"})
    kept = client.post(
        reverse("notices:preferences"), {**ways, "quiet_from": "22:00", "quiet_until": "07:00"}
    )

    assert (half.status_code, kept.status_code) == (422, 302)
    assert told(zhou) == []
    assert actions.quiet_until(zhou, at=datetime(2026, 11, 18, 15, 0, tzinfo=UTC)) is not None


def test_somebody_who_is_not_staff_has_no_notices_page(client):
    assert client.get(reverse("notices:inbox")).status_code == 302


def test_the_bell_counts_up_to_a_hundred_in_one_question(zhou, django_assert_num_queries):
    Notice.objects.bulk_create(
        Notice(user=zhou, kind="test.mail", title="x", url=f"/{n}", at=NOW) for n in range(130)
    )

    with django_assert_num_queries(1):
        assert queries.unread_count(zhou.pk) == 100


def test_the_inbox_pages_by_key(zhou, django_assert_num_queries):
    Notice.objects.bulk_create(
        Notice(user=zhou, kind="test.mail", title=f"{n}", at=NOW - timedelta(minutes=n)) for n in range(120)
    )

    seen, mark = [], None
    for _page in range(3):
        with django_assert_num_queries(1):
            page = queries.inbox(zhou.pk, after=mark)
        seen += [one.title for one in page.rows]
        mark = page.next

    assert seen == [str(n) for n in range(120)]
    assert mark is None
