from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.urls import reverse
from tests import cast

from tightrope.channels import access, actions, lists, originals, verify
from tightrope.channels.backend import KeptMail
from tightrope.channels.keys import reply_keys
from tightrope.channels.mail.tokens import reply_address
from tightrope.channels.models import Message, RawMail
from tightrope.channels.tests.factories import (
    NOW,
    arrive,
    at,
    conversation,
    deliver,
    letter,
    mail,
    message_of,
)
from tightrope.core import clock
from tightrope.core.actor import SYSTEM, Actor, Kind, Scope
from tightrope.people.access import Denied

pytestmark = pytest.mark.django_db

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(autouse=True)
def _an_hour_later():
    with clock.standing_at(NOW + timedelta(hours=1)):
        yield


@pytest.fixture
def enter(client):
    def as_(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_


@pytest.fixture
def readers():
    before = list(access._readers)
    yield access._readers
    access._readers[:] = before


def url(name, *args):
    return reverse(f"channels:{name}", args=args)


def html_mail(html: str) -> bytes:
    return mail().replace(b"text/plain", b"text/html").split(b"\r\n\r\n")[0] + b"\r\n\r\n" + html.encode()


def reset_letter() -> Message:
    from django.core.mail import EmailMultiAlternatives

    mail = EmailMultiAlternatives("Your code", "Your code is 123456", None, ["gu.wei@hengyuan.example"])
    mail.attach_alternative("<p>123456</p>", "text/html")
    KeptMail().send_messages([mail])
    return Message.objects.get(subject="Your code")


def test_kept_mail_is_listed_and_can_be_read(enter):
    ours = letter()
    page = enter(cast.chen_gang())

    listed = page.get(url("outbox"))
    read = page.get(url("letter", ours.pk))

    assert url("letter", ours.pk) in listed.content.decode()
    assert "请发一张照片。" in read.content.decode()
    assert ours.message_id in read.content.decode()


@pytest.mark.parametrize("view", [*lists.OUT_VIEWS, "nonsense"])
def test_each_view_out_opens_also_when_it_is_empty(enter, view):
    assert enter(cast.chen_gang()).get(url("outbox") + f"?view={view}").status_code == 200


@pytest.mark.parametrize("view", [*lists.IN_VIEWS, "machines", "nonsense"])
def test_each_view_in_opens_empty_and_full(enter, view):
    client = enter(cast.chen_gang())
    assert client.get(url("inbox") + f"?view={view}").status_code == 200
    arrive(mail())
    arrive(mail("robot", message_id="<2@x.example>", headers="Precedence: bulk"), uid="2")
    arrive(b"Subject: x\r\n\r\nnobody", uid="3")

    assert client.get(url("inbox") + f"?view={view}").status_code == 200


def test_a_broken_page_mark_is_refused(enter):
    client = enter(cast.chen_gang())
    assert client.get(url("outbox") + "?after=xx").status_code == 400
    assert client.get(url("inbox") + "?after=xx").status_code == 400


def test_lists_cost_the_same_however_long(enter, django_assert_max_num_queries):
    for number in range(60):
        letter(minutes=number)
    client = enter(cast.chen_gang())
    client.get(url("outbox"))

    with django_assert_max_num_queries(14):
        page = client.get(url("outbox") + "?view=kept")

    assert "after=" in page.content.decode()


def test_those_without_the_permission_stay_outside(enter):
    ours, raw = letter(), arrive(mail())
    client = enter(cast.zhou_min())

    for address in (
        url("outbox"),
        url("letter", ours.pk),
        url("inbox"),
        url("raw", raw.pk),
        url("original", raw.pk),
    ):
        assert client.get(address).status_code == 403
    for address in (url("sending", ours.pk), url("vouching", ours.pk), url("reading", raw.pk)):
        assert client.post(address).status_code == 403


def test_a_grant_for_a_team_reaches_no_mail():
    narrow = Actor(kind=Kind.STAFF, id=1, name="x", grants={"message.operate": Scope.TEAM})

    with pytest.raises(Denied):
        lists.letters("sent", by=narrow)


def test_a_letter_is_sent_again_by_a_press(enter, outside):
    outside.answers = ["554 no"]
    ours = letter(minutes=60)
    deliver(60)

    answer = enter(cast.chen_gang()).post(url("sending", ours.pk))
    deliver(61)

    assert answer.status_code == 303
    assert len(outside.mails) == 1


def test_a_raw_mail_shows_its_header_as_text_and_gives_its_bytes_away(enter):
    raw = arrive(mail(headers="X-Evil: <script>alert(1)</script>"))
    client = enter(cast.chen_gang())

    page = client.get(url("raw", raw.pk)).content.decode()
    original = client.get(url("original", raw.pk))

    assert "<script>alert" not in page
    assert "X-Evil: &lt;script&gt;" in page
    assert original["Content-Disposition"].startswith("attachment")
    assert original["Content-Type"] == "application/octet-stream"
    assert "sandbox" in original["Content-Security-Policy"]
    assert original.getvalue() == originals.content_of(raw)


def test_a_quarantined_mail_is_read_again_by_a_press(enter):
    raw = arrive(b"Subject: x\r\n\r\nnobody")

    answer = enter(cast.chen_gang()).post(url("reading", raw.pk))

    raw.refresh_from_db()
    assert (answer.status_code, raw.state) == (303, RawMail.State.NEW)


def test_a_machines_mail_is_sent_to_the_desk_by_a_press(enter):
    machine = message_of(arrive(mail(headers="Precedence: bulk")))

    answer = enter(cast.chen_gang()).post(url("vouching", machine.pk))

    assert answer.status_code == 303
    assert RawMail.objects.get().is_vouched


def test_a_machines_mail_that_stands_in_a_conversation_is_not_read_a_second_time(enter):
    about = conversation()
    to = reply_address(about.public_id, key=reply_keys()[0], domain="hengyuan.example")
    robots = message_of(arrive(mail(to=to, headers="Auto-Submitted: auto-replied")))
    assert robots.conversation_id == about.pk

    answer = enter(cast.chen_gang()).post(url("vouching", robots.pk))
    deliver()

    assert answer.status_code == 404
    assert list(Message.objects.filter(direction="in")) == [robots]
    actions.vouch_for(robots, by=SYSTEM, at=NOW)
    assert RawMail.objects.get().state == RawMail.State.READ
    assert verify.contradictions() == []


def test_unknown_numbers_are_no_pages(enter):
    client = enter(cast.chen_gang())
    for number in (999_999, 10**30):
        assert client.get(url("letter", number)).status_code == 404
        assert client.get(url("raw", number)).status_code == 404
        assert client.get(url("frame", number)).status_code == 404


def test_html_is_shown_in_a_sandboxed_document_to_readers_alone(client, enter, readers):
    about = conversation()
    shown = message_of(arrive(html_mail("<p onclick='x()'>hello<script>alert(1)</script></p>")))
    actions.move_message(shown, about, at=NOW)
    assert client.get(url("frame", shown.pk)).status_code == 404
    zhou = cast.zhou_min()
    assert enter(zhou).get(url("frame", shown.pk)).status_code == 404
    access.register_reader(lambda by, number: by.id == zhou.pk and number == about.pk)

    answer = enter(zhou).get(url("frame", shown.pk))

    assert answer.status_code == 200
    assert "sandbox;" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert b"hello" in answer.content
    assert b"script" not in answer.content
    assert b"onclick" not in answer.content
    assert Message.objects.get(pk=shown.pk).frame_url == url("frame", shown.pk)


def test_enclosed_pictures_are_shown_and_outside_ones_are_not(enter):
    picture = base64.b64encode(PNG).decode()
    raw = (
        "From: wang@x.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n"
        "--B\r\nContent-Type: text/html\r\n\r\n<p>see</p><img src='cid:pic@x'><img src='https://spy.example/a.png'>\r\n"
        "--B\r\nContent-Type: image/png; name=a.png\r\nContent-ID: <pic@x>\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: inline; filename=a.png\r\n\r\n{picture}\r\n--B--\r\n"
    )
    shown = message_of(arrive(raw.encode()))

    page = enter(cast.chen_gang()).get(url("frame", shown.pk)).content.decode()

    assert "data:image/png;base64," in page
    assert ' src="https://spy' not in page


def test_a_personal_letter_is_closed_to_those_who_do_not_manage_people(enter):
    personal = reset_letter()

    leads = enter(cast.chen_gang()).get(url("letter", personal.pk)).content.decode()
    assert "123456" not in leads
    assert enter(cast.chen_gang()).get(url("frame", personal.pk)).status_code == 404
    assert "123456" in enter(cast.administrator()).get(url("letter", personal.pk)).content.decode()


def test_the_words_of_personal_letters_are_dropped_after_a_week():
    personal, answer = reset_letter(), letter()

    assert actions.forget_personal_letters(at=at(60 * 24 * 6)) == 0
    assert actions.forget_personal_letters(at=at(60 * 24 * 9)) == 1
    assert Message.objects.get(id=personal.pk).text == ""
    assert Message.objects.get(id=answer.pk).text


def test_a_library_may_not_send_files_this_way():
    from django.core.mail import EmailMessage

    from tightrope.channels.backend import NotALetter

    with pytest.raises(NotALetter):
        KeptMail().send_messages(
            [EmailMessage("x", "y", to=["a@x.example"], attachments=[("a", b"b", "text/plain")])]
        )


def test_live_news_of_a_conversation_are_for_its_readers(readers):
    about = conversation()
    contact = Actor(kind=Kind.CONTACT, id=1, name="Wang", contact=1)
    assert not access.may_follow(contact, about.public_id)

    access.register_reader(lambda by, number: by == contact and number == about.pk)

    assert access.may_follow(contact, about.public_id)
    assert not access.may_follow(contact, "nonsense")
    assert access.may_read(SYSTEM, None)
