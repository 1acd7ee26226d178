"""From a report without an account to five stars, as a browser without JavaScript does it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests import cast

from tightrope.cases import actions as cases
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels.models import Message
from tightrope.core import clock, jobs
from tightrope.files.models import Attachment
from tightrope.promises.models import Promise, State, What
from tightrope.surveys.models import Survey

pytestmark = pytest.mark.django_db

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


def token_in(response) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def report(client, **changed):
    form = client.get("/portal/report/?category=leak")
    facts = {
        "category": "leak",
        "form_token": token_in(form),
        "title": "三楼机房空调漏水",
        "text": "从中午开始滴水。",
        "name": "王磊",
        "mail": "wang.lei@hengtong.example",
        **changed,
    }
    return client.post("/portal/report/", facts)


def test_from_a_report_to_five_stars(client):
    factories.policies()
    factories.category()
    zhou = cast.actor(cast.zhou_min())

    answer = report(client, uploads=[SimpleUploadedFile("板.png", PNG, "text/html")])
    assert answer.status_code == 302
    thanks = client.get(answer["Location"]).content.decode()
    case = Case.objects.get()
    link = case.links.get()
    assert case.number in thanks
    assert f"/s/{link.token}/" in thanks
    assert Attachment.objects.get().content_type == "image/png"

    cases.accept_case(case, by=zhou, at=cast.NOW + timedelta(minutes=5))
    with clock.standing_at(cast.NOW + timedelta(minutes=30)):
        cases.send_reply(case, text="请发一张照片。", by=zhou, at=clock.now())
        cases.wait_for_customer(case, waiting_for="一张面板的照片", by=zhou, at=clock.now())
    with clock.standing_at(cast.NOW + timedelta(minutes=31)):
        jobs.run_due(until=clock.now(), only=["channels.let_go"])  # the time to take it back is over
        page = client.get(f"/s/{link.token}/").content.decode()
    assert "请发一张照片。" in page
    assert "一张面板的照片" in page
    assert 'data-light="waiting"' in page

    with clock.standing_at(cast.NOW + timedelta(minutes=40)):
        page = client.get(f"/s/{link.token}/")
        answer = client.post(f"/s/{link.token}/words/", {"form_token": token_in(page), "text": "照片来了"})
    assert answer.status_code == 303
    case.refresh_from_db()
    assert case.status == Case.Status.ACCEPTED
    assert Message.objects.filter(direction="in", text="照片来了").count() == 1

    solved_at = cast.NOW + timedelta(hours=2)
    cases.solve_case(case, solution="answer", by=zhou, at=solved_at)
    with clock.standing_at(solved_at + timedelta(minutes=10)):
        assert client.post(f"/s/{link.token}/confirmation/").status_code == 303
        assert client.post(f"/s/{link.token}/rating/", {"score": "5", "comment": "很快"}).status_code == 303
        page = client.get(f"/s/{link.token}/").content.decode()
    case.refresh_from_db()
    assert case.status == Case.Status.CLOSED
    assert Survey.objects.get(score=5).comment == "很快"
    assert "很快" in page
    resolution = Promise.objects.get(what=What.RESOLUTION)
    assert resolution.state == State.KEPT


def test_a_second_press_is_the_same_report(client):
    factories.category()
    form = client.get("/portal/report/?category=leak")
    facts = {
        "category": "leak",
        "form_token": token_in(form),
        "title": "漏水",
        "text": "漏",
        "name": "王",
        "phone": "13800001234",
    }

    first = client.post("/portal/report/", facts)
    second = client.post("/portal/report/", facts)

    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_nothing_is_mailed_before_the_mailbox_proved_itself_but_the_question(client):
    factories.category()
    report(client, title="买一送一 http://evil.example", mail="stranger@elsewhere.example")

    jobs.run_due()

    (mail,) = Message.objects.filter(direction="out")
    assert mail.recipients == ["stranger@elsewhere.example"]
    assert "evil" not in mail.subject + mail.text
    assert "王磊" not in mail.subject + mail.text


def test_a_message_that_cannot_be_taken_stands_in_its_field_again(client):
    factories.category()
    report(client)
    token = Case.objects.get().links.get().token
    page = client.get(f"/s/{token}/")

    answer = client.post(
        f"/s/{token}/words/",
        {
            "form_token": token_in(page),
            "text": "漏得更厉害了。",
            "uploads": [SimpleUploadedFile("板.png", PNG), SimpleUploadedFile("x.exe", b"MZ" + bytes(300))],
        },
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "漏得更厉害了。</textarea>" in html
    assert "x.exe" in html
    assert "Please add your files once more: 板.png, x.exe." in html
    assert not Message.objects.filter(text="漏得更厉害了。").exists()


def test_a_reason_that_is_too_long_stands_in_its_open_field_again(client):
    factories.category()
    report(client)
    case = Case.objects.get()
    zhou = cast.actor(cast.zhou_min())
    cases.accept_case(case, by=zhou, at=clock.now())
    cases.solve_case(case, solution="answer", by=zhou, at=clock.now())
    token = case.links.get().token
    page = client.get(f"/s/{token}/")

    reason = "还在滴水" * 501
    answer = client.post(f"/s/{token}/reopening/", {"form_token": token_in(page), "reason": reason})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert f"{reason}</textarea>" in html
    assert '<details class="fold" id="reopen" open>' in html


def test_a_report_that_misses_something_says_which_files_are_to_be_added_again(client):
    factories.category()

    answer = report(client, name="", uploads=[SimpleUploadedFile("板.png", PNG)])

    assert answer.status_code == 422
    assert "Please add your files once more: 板.png." in answer.content.decode()
