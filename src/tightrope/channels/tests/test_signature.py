"""Letters to customers are signed, and what an answer quotes of the signature is no word of the customer."""

from __future__ import annotations

from email import message_from_bytes

import pytest

from tightrope.channels.mail.strip import strip_html, strip_text
from tightrope.channels.models import Message
from tightrope.channels.signature import signed
from tightrope.channels.tests.factories import arrive, conversation, deliver, letter, mail, message_of
from tightrope.core.actor import Actor, Kind

pytestmark = pytest.mark.django_db

ZHOU = Actor(kind=Kind.STAFF, id=1, name="周敏")
SIGNATURE = "-- \n恒源 Air & Lift\n服务热线 400 000 0100\nhttp://localhost:8000/portal/"


def sent(outside, **facts: object) -> str:
    """The words of a letter as they left."""
    letter(**facts)
    deliver()
    payload = message_from_bytes(outside.mails[-1]).get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n").rstrip("\n")


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def test_a_letter_ends_with_the_company_its_hotline_and_the_portal(outside):
    assert sent(outside, language="zh-hans", is_automatic=True) == f"请发一张照片。\n\n{SIGNATURE}"


@pytest.mark.parametrize(("language", "hotline"), [("en", "Hotline 400"), ("zh-hant", "服務專線 400")])
def test_it_is_signed_in_the_language_of_the_customer(outside, language, hotline):
    assert hotline in sent(outside, language=language)


def test_without_a_hotline_none_is_named(outside, settings):
    settings.HOTLINE = ""

    assert sent(outside, language="zh-hans").endswith("-- \n恒源 Air & Lift\nhttp://localhost:8000/portal/")


def test_a_persons_letter_carries_his_name_once(outside):
    assert sent(outside, author=ZHOU, language="zh-hans") == f"请发一张照片。\n\n周敏\n\n{SIGNATURE}"
    by_hand = "请发一张照片。\n\n此致\n周敏"
    assert sent(outside, author=ZHOU, language="zh-hans", text=by_hand) == f"{by_hand}\n\n{SIGNATURE}"


def test_the_words_in_the_portal_stay_as_they_were_written(outside):
    sent(outside, author=ZHOU, language="zh-hans")

    assert Message.objects.get().text == "请发一张照片。"


def test_an_answer_that_quotes_a_letter_comes_in_without_its_signature(outside):
    about = conversation()
    ours = sent(outside, about=about, author=ZHOU, language="zh-hans")
    answer = f"好的，明天可以。\n\n在 2026年11月18日，恒源 <service@hengyuan.example> 写道：\n{quoted(ours)}"

    came = message_of(arrive(mail(answer, sender="王磊 <wang.lei@hengtong.example>")))

    assert came.text == "好的，明天可以。"
    assert "服务热线" in came.quoted


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_an_answer_below_or_between_the_quoted_lines_is_kept_whole(language):
    ours = signed("几楼？\n什么时候？", language=language, author="周敏")
    first, rest = quoted(ours).split("\n", 1)

    below = strip_text(f"On 2026-11-18 S <s@x.example> wrote:\n{quoted(ours)}\n\n三楼，今天。")
    between = strip_text(f"On 2026-11-18 S <s@x.example> wrote:\n{first}\n三楼。\n{rest}\n今天。")

    assert below.new_text == "三楼，今天。"
    assert "三楼。" in between.new_text
    assert "今天。" in between.new_text


@pytest.mark.parametrize("twice", ["", " <http://localhost:8000/portal/>"])
def test_an_answer_below_a_quotation_that_nothing_marks_is_not_taken_for_a_signature(twice):
    ours = signed("几楼？", language="zh-hans") + twice

    result = strip_text(f"{ours}\n\n三楼，今天。")

    assert "三楼，今天。" in result.new_text
    assert "服务热线" not in result.new_text
    assert "服务热线" in result.signature


def test_an_answer_in_html_between_quoted_lines_is_kept_whole():
    lines = [f"<div>{line}</div>" for line in signed("几楼？", language="zh-hans").split("\n")]

    result = strip_html(
        f"<blockquote><div>哪里？</div></blockquote><div>三楼。</div><blockquote>{''.join(lines)}</blockquote><div>今天。</div>"
    )

    assert "三楼。" in result.new_text
    assert "今天。" in result.new_text
