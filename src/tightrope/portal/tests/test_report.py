"""Reporting: robots, floods, frames of other sites, and words that want to be more than words."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests import cast

from tightrope.cases import actions as cases
from tightrope.cases.models import Case
from tightrope.cases.tests import factories
from tightrope.channels.models import Message
from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.customers import actions as customers
from tightrope.fields.actions import publish_definition
from tightrope.people.models import User
from tightrope.portal.tests.test_journey import report, token_in
from tightrope.timeline.queries import notes_of

pytestmark = pytest.mark.django_db

PAYLOADS = (
    "<script>window.__xss=1</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "<svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "{{7*7}}{% load x %}${7*7}<%=7*7%>",
    "javascript:alert(1)",
    "<a href=javascript:alert(1)>x</a>",
    "\u202e<script>alert(1)</script>",
    "<math><mtext></mtext><script>alert(1)</script></math>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<iframe srcdoc='<script>alert(1)</script>'>",
)
ALIVE = (
    "<script>alert",
    "<script>window",
    "<img src=x",
    "<svg/onload",
    "<iframe srcdoc",
    "<a href=javascript",
    "<math>",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_words_stay_words_in_portal_and_desk(client, payload):
    factories.category()
    report(client, title=f"标题 {payload}", text=f"正文 {payload}", name=f"名 {payload}"[:100])
    case = Case.objects.get()
    link = case.links.get().token
    page = client.get(f"/s/{link}/")
    client.post(
        f"/s/{link}/words/",
        {
            "form_token": token_in(page),
            "text": payload,
            "uploads": [SimpleUploadedFile(f"{payload[:40]}.txt", b"x")],
        },
    )
    zhou = cast.actor(cast.zhou_min())
    cases.accept_case(case, by=zhou, at=cast.NOW)
    cases.wait_for_customer(case, waiting_for=payload, by=zhou, at=cast.NOW)

    pages = [
        client.get(f"/s/{link}/"),
        client.get(f"/s/{link}/thanks/"),
        client.get(f"/portal/report/?category=leak&title={payload}"),
    ]
    client.force_login(cast.zhou_min())
    pages.append(client.get(f"/cases/{case.public_id}/"))

    for answer in pages:
        assert answer.status_code == 200
        html = answer.content.decode()
        for sign in ALIVE:
            assert sign not in html


def test_a_robot_opens_nothing_and_a_person_whose_browser_fills_in_everything_sends_it_once_more(client):
    factories.category()

    answer = report(client, website="http://spam.example")

    assert answer.status_code == 422
    assert not Case.objects.exists()
    html = answer.content.decode()
    assert "Please send it once more" in html
    assert "spam.example" not in html
    assert report(client).status_code == 302
    assert Case.objects.count() == 1


def test_one_address_cannot_flood_the_desk(client):
    factories.category()

    answers = [report(client, title=f"第 {n} 次") for n in range(11)]

    assert answers[-1].status_code == 429
    assert Case.objects.count() == 10
    with clock.standing_at(cast.NOW + timedelta(days=1, minutes=1)):
        assert report(client).status_code == 302


@pytest.mark.parametrize(
    "changed",
    [
        {"title": ""},
        {"text": " "},
        {"name": ""},
        {"mail": ""},
        {"mail": "nonsense"},
        {"mail": "", "phone": "12"},
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(client, changed):
    factories.category()

    answer = report(client, **{"text": "从中午开始滴水。", **changed})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert not Case.objects.exists()
    if changed.get("text") != " ":
        assert "从中午开始滴水。" in html


def test_a_form_without_our_mark_or_with_an_old_one_opens_nothing(client):
    factories.category()
    form = client.get("/portal/report/?category=leak")
    facts = {"category": "leak", "title": "漏水", "text": "漏", "name": "王", "phone": "13800001234"}

    forged = client.post("/portal/report/", {**facts, "form_token": "abc:def:ghi"})

    assert forged.status_code == 422
    assert not Case.objects.exists()
    renewed = client.post("/portal/report/", {**facts, "form_token": token_in(forged)})
    assert renewed.status_code == 302
    assert token_in(form) != token_in(forged)


def test_a_post_without_the_cookies_token_is_refused():
    factories.category()
    strict = Client(enforce_csrf_checks=True)
    case = factories.case()
    link = case.links.get().token

    assert strict.post("/portal/report/", {"category": "leak"}).status_code == 403
    assert strict.post(f"/s/{link}/confirmation/").status_code == 403
    assert strict.post("/portal/sign-in/", {"address": "a@b.example"}).status_code == 403


def test_the_form_in_a_frame_needs_no_cookie_and_knows_nobody(settings):
    factories.category()
    settings.EMBED_HOSTS = ["https://www.hengyuan.example"]
    contact = factories.wang_lei()
    user = User.objects.create(email="w@login.example", name="王磊")
    customers.link_user(contact, user, by=SYSTEM, at=cast.NOW)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    form = strict.get("/portal/embed/leak/")
    facts = {
        "form_token": token_in(form),
        "title": "漏水",
        "text": "漏",
        "name": "路人",
        "phone": "13900001234",
    }

    assert "frame-ancestors 'self' https://www.hengyuan.example" in form["Content-Security-Policy"]
    assert "X-Frame-Options" not in form
    assert (
        strict.post("/portal/embed/leak/", facts, headers={"Origin": "https://evil.example"}).status_code
        == 403
    )
    assert strict.post("/portal/embed/leak/", {**facts, "form_token": "x"}).status_code == 403
    answer = strict.post("/portal/embed/leak/", facts, headers={"Origin": "http://testserver"})

    case = Case.objects.get()
    assert answer.status_code == 200
    assert case.number in answer.content.decode()
    assert case.account_id is None
    assert case.channel == "form"


def test_other_pages_are_never_framed(client):
    assert "frame-ancestors 'none'" in client.get("/portal/")["Content-Security-Policy"]


def test_a_customer_who_is_signed_in_is_known(client):
    factories.policies()
    factories.category()
    contact = factories.wang_lei()
    user = User.objects.create(email="w@login.example", name="王磊")
    customers.link_user(contact, user, by=SYSTEM, at=cast.NOW)
    client.force_login(user)
    form = client.get("/portal/report/?category=leak&title=PX-60")
    assert 'value="PX-60"' in form.content.decode()
    assert 'name="mail"' not in form.content.decode()

    answer = client.post(
        "/portal/report/", {"category": "leak", "form_token": token_in(form), "title": "漏水", "text": "漏"}
    )

    case = Case.objects.get()
    assert case.contact == contact
    assert answer["Location"] == f"/portal/cases/{case.public_id}/"
    assert "您提交的内容已收到。" in client.get(answer["Location"]).content.decode()
    assert case.number in client.get("/portal/").content.decode()


def closed_case() -> tuple[Case, str]:
    """A case that its customer has confirmed as solved, and the token of his link."""
    factories.policies()
    zhou = cast.actor(cast.zhou_min())
    case = factories.case()
    cases.accept_case(case, by=zhou, at=cast.NOW)
    cases.solve_case(case, solution="answer", by=zhou, at=cast.NOW)
    return cases.confirm_case(case, by=zhou, at=cast.NOW), case.links.get().token


def test_a_closed_case_is_taken_up_again_or_followed_by_a_new_one(client):
    zhou = cast.actor(cast.zhou_min())
    case, link = closed_case()
    page = client.get(f"/s/{link}/")

    client.post(f"/s/{link}/reopening/", {"form_token": token_in(page), "reason": "还在滴水"})

    case.refresh_from_db()
    assert case.status == Case.Status.REOPENED
    assert "还在滴水" in client.get(f"/s/{link}/").content.decode()
    cases.solve_case(case, solution="answer", by=zhou, at=cast.NOW)
    client.post(f"/s/{link}/confirmation/")
    with clock.standing_at(cast.NOW + timedelta(days=60)):
        page = client.get(f"/s/{link}/")
        assert "/reopening/" not in page.content.decode()
        answer = client.post(f"/s/{link}/following/", {"form_token": token_in(page), "text": "又滴水了"})
    following = Case.objects.get(follows=case)
    assert answer["Location"] == f"/s/{following.links.get().token}/"
    case.refresh_from_db()
    assert case.status == Case.Status.CLOSED


def test_what_happens_again_needs_words_and_the_page_says_so(client):
    case, link = closed_case()

    with clock.standing_at(cast.NOW + timedelta(days=60)):
        page = client.get(f"/s/{link}/")
        answer = client.post(f"/s/{link}/following/", {"form_token": token_in(page), "text": " "})

    assert page.context["words_form"]["text"].field.required
    assert answer.status_code == 422
    assert answer.context["words_form"].errors["text"]
    assert not Case.objects.filter(follows=case).exists()


def test_a_link_is_no_way_around_the_number_of_reports(client):
    factories.policies()
    zhou = cast.actor(cast.zhou_min())
    case = factories.case()
    link = case.links.get().token

    def follow(number: int) -> int:
        facts = {"form_token": f"t{number}", "text": f"又一件 {number}"}
        return client.post(f"/s/{link}/following/", facts).status_code

    follow(0)
    cases.accept_case(case, by=zhou, at=cast.NOW)
    cases.solve_case(case, solution="answer", by=zhou, at=cast.NOW)
    cases.confirm_case(case, by=zhou, at=cast.NOW)
    follow(1)
    assert not Case.objects.filter(follows=case).exists()
    with clock.standing_at(cast.NOW + timedelta(days=60)):
        answers = [follow(number) for number in range(2, 12)]

    assert answers == [303] * 5 + [429] * 5
    assert Case.objects.filter(follows=case).count() == 5


def test_a_link_floods_no_conversation(client):
    case = factories.case()
    link = case.links.get().token

    answers = [
        client.post(f"/s/{link}/words/", {"form_token": f"t{number}", "text": "x"}).status_code
        for number in range(63)
    ]

    assert answers == [303] * 60 + [429] * 3


def test_a_second_press_of_reply_says_it_once(client):
    case = factories.case()
    link = case.links.get().token
    token = token_in(client.get(f"/s/{link}/"))

    for _ in range(3):
        client.post(f"/s/{link}/words/", {"form_token": token, "text": "喂？"})

    assert client.get(f"/s/{link}/").content.decode().count("喂？") == 1


def test_other_words_in_a_form_that_was_sent_already_are_not_lost(client):
    case = factories.case()
    link = case.links.get().token
    token = token_in(client.get(f"/s/{link}/"))

    for words in ("喂？", "还在漏。", "还在漏。"):
        client.post(f"/s/{link}/words/", {"form_token": token, "text": words})

    html = client.get(f"/s/{link}/").content.decode()
    assert html.count("喂？") == 1
    assert html.count("还在漏。") == 1


def test_what_colleagues_note_and_the_system_writes_is_not_on_the_page(client):
    case = factories.case()
    cases.add_note(case, text="这家难缠", by=cast.actor(cast.zhou_min()), at=cast.NOW)
    jobs.run_due()

    html = client.get(f"/s/{case.links.get().token}/").content.decode()
    assert "这家难缠" not in html
    assert "没有密码" not in html
    assert html.count('<article class="bubble') == 1


def test_the_form_of_a_category_asks_and_its_answers_are_shown(client):
    parent = factories.category("ac", form_key="ac")
    factories.category("leak", parent=parent)
    publish_definition(
        "ac",
        names={"en": "Air-conditioner", "zh-hans": "空调"},
        questions=[
            {"key": "code", "kind": "text", "names": {"en": "Code", "zh-hans": "故障码"}, "is_required": True}
        ],
        by=SYSTEM,
        at=cast.NOW,
    )
    client.cookies["django_language"] = "zh-hans"
    assert "故障码" in client.get("/portal/report/?category=leak").content.decode()

    assert report(client).status_code == 422
    assert report(client, q_code="<b>E3</b>").status_code == 302

    case = Case.objects.get()
    assert case.answers == {"code": "<b>E3</b>"}
    assert case.form_version == 1
    page = client.get(f"/s/{case.links.get().token}/").content.decode()
    assert "故障码" in page
    assert "&lt;b&gt;E3&lt;/b&gt;" in page


def test_a_nul_in_the_words_is_refused(client):
    factories.category()

    assert report(client, title="x\x00y").status_code == 422
    assert not Case.objects.exists()


def test_a_report_that_the_desk_gave_to_another_customer_stays_there_when_its_mailbox_is_proven(client):
    factories.category()
    wang = factories.wang_lei()
    report(client, mail="wang.lei@hengtong.example")
    jobs.run_due()
    (link,) = re.findall(r"/portal/confirm/[\w-]+/", Message.objects.get(direction="out").text)
    case = Case.objects.get()
    other = customers.open_account(name="别家", kind="company", language="zh-hans", by=SYSTEM, at=cast.NOW)
    zhou = cast.actor(cast.zhou_min())
    cases.join_case(case, account=other, contact=None, by=zhou, at=cast.NOW)
    shown_to_the_reporter = case.links.get().token

    answer = client.post(link)

    case.refresh_from_db()
    assert answer.status_code == 303
    assert case.account == other
    assert case.contact != wang
    assert client.get(f"/s/{shown_to_the_reporter}/").status_code == 404
    assert any("王磊" in note.body for note in notes_of("case", case.pk))


def test_the_hotline_stands_beside_the_form_in_a_frame(client, settings):
    factories.category()
    settings.HOTLINE = "400 000 0100"

    assert 'href="tel:4000000100"' in client.get("/portal/embed/leak/").content.decode()


@pytest.mark.parametrize("address", ["/portal/nowhere/", "/portal/embed/nothing/", "/s/x/y/"])
def test_a_customer_who_got_lost_is_led_back_to_the_portal(client, address):
    answer = client.get(address)

    html = answer.content.decode()
    assert answer.status_code == 404
    assert 'class="button button-primary" href="/portal/"' in html
    assert "Search for its number" not in html


def test_what_was_confirmed_is_not_asked_for_again_while_a_call_is_due(client):
    factories.policies()
    zhou = cast.actor(cast.zhou_min())
    case = factories.case()
    link = case.links.get().token
    cases.accept_case(case, by=zhou, at=cast.NOW)
    cases.solve_case(case, solution="answer", by=zhou, at=cast.NOW)
    assert "/confirmation/" in client.get(f"/s/{link}/").content.decode()
    Case.objects.filter(pk=case.pk).update(is_confirmed=True)

    html = client.get(f"/s/{link}/").content.decode()

    assert "/confirmation/" not in html
    assert "/reopening/" in html
    assert '<a class="button button-primary" href="#rating"' in html


def test_the_hotline_stands_beside_the_form_and_below_every_page(client, settings):
    factories.category()
    settings.HOTLINE = "400 000 0100"
    report = client.get("/portal/report/?category=leak").content.decode()
    home = client.get("/portal/").content.decode()
    settings.HOTLINE = ""
    without = client.get("/portal/").content.decode()

    assert report.count('href="tel:4000000100"') == 2
    assert 'href="tel:4000000100"' in home
    assert "tel:" not in without
