"""The main job on a running system with real mail and a real browser: reported, promised, asked, solved, rated."""

from __future__ import annotations

import base64
import io
import re

import pytest
from PIL import Image

from tests.browser.conftest import waited
from tightrope.cases.models import Case
from tightrope.channels.models import Message
from tightrope.core import clock
from tightrope.core.actor import SYSTEM
from tightrope.customers import actions as customers
from tightrope.customers.models import Contact
from tightrope.promises.models import Promise, State, What

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CHARSET = "gb18030"
REPORT_FILES = "form[enctype] input[type=file][multiple]"


def customer(name: str, mail: str, language: str = "zh-hans") -> Contact:
    """A contact of an account of his own."""
    now = clock.now()
    account = customers.open_account(name=f"{name}物业", kind="company", language=language, by=SYSTEM, at=now)
    return customers.add_contact(
        account, name=name, language=language, addresses=[("mail", mail)], by=SYSTEM, at=now
    )


def letter(subject: str, text: str, *, name: str, sender: str, to: str, extra: str = "") -> bytes:
    """A mail as an old Chinese client writes it: GB18030, eight bits, no quoted-printable."""

    def word(value: str) -> str:
        return f"=?{CHARSET}?B?{base64.b64encode(value.encode(CHARSET)).decode()}?="

    head = (
        f"From: {word(name)} <{sender}>\r\nTo: {to}\r\nSubject: {word(subject)}\r\n"
        f"Message-ID: <{abs(hash((subject, text)))}@{sender.partition('@')[2]}>\r\n{extra}MIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset={CHARSET}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return head.encode() + text.encode(CHARSET)


def light_at_desk(page) -> str:
    return page.locator(".case .page-meta .light").first.get_attribute("data-light")


def light_in_portal(page) -> str:
    return page.locator(".steps [aria-current=step]").first.get_attribute("data-light")


def stands(page, light: str, *, where: str) -> None:
    """Wait until the page shows this light as the current one."""
    shown = {
        "desk": ".case .page-meta .light[data-light={}]",
        "portal": ".steps [aria-current=step][data-light={}]",
    }[where].format(light)
    page.locator(shown).first.wait_for()


def write_and(page, text: str, then: str, **fields: str) -> None:
    """Write an answer on the open case and send it with what follows from it: wait or solve."""
    page.fill(".composer-reply textarea", text)
    act = page.locator(f".composer-reply details:has(button[name=then][value={then}])")
    act.locator("summary").click()
    for name, value in fields.items():
        act.locator(f"[name={name}]").fill(value)
    act.locator("button[name=then]").click()


def resolution_of(case: Case) -> Promise:
    return Promise.objects.get(subject_type="case", subject_id=case.pk, what=What.RESOLUTION, kind="customer")


def test_from_an_old_charset_to_a_beaten_promise(house, window, signed_in):
    sender = "zhao.chen@binhai.example"
    customer("赵晨", sender)
    house.post(
        letter(
            "地下车库电梯停梯",
            "显示 E5，没有人被困。",
            name="赵晨",
            sender=sender,
            to="service@hengyuan.example",
        ),
        sender=sender,
    )
    acknowledged = house.letter_to(sender)
    case = Case.objects.get(title="地下车库电梯停梯")
    text = acknowledged.get_body(("plain",)).get_content()
    assert acknowledged["Auto-Submitted"] == "auto-generated"
    assert case.number in acknowledged["Subject"]
    assert re.search(r"\d{1,2}:\d{2}", text), text  # the promised time, in the customer's language
    assert "周" in text
    link = re.search(r"http://127\.0\.0\.1:\d+(/s/[\w-]+/)", text).group(1)

    phone = window(width=360)
    phone.goto(link)
    assert light_in_portal(phone) == "received"
    desk = signed_in("zhou.min")
    desk.goto("/cases/?view=all")  # newest first: other tests may have filled the queue
    row = desk.locator("[data-key-row]", has_text=case.title)
    assert row.locator(".light").get_attribute("data-light") == "received"
    row.click()
    stands(desk, "received", where="desk")

    desk.locator("form[action$='/acceptance/'] button").click()
    stands(desk, "accepted", where="desk")
    stands(phone, "accepted", where="portal")  # by itself, nobody reloaded
    write_and(desk, "请发一张控制柜指示灯的照片。", "wait", waiting_for="控制柜照片")
    stands(desk, "waiting", where="desk")
    stands(phone, "waiting", where="portal")

    question = house.letter_to(sender, after=1, within=40)
    assert question["Auto-Submitted"] == "no"
    assert "控制柜" in question.get_body(("plain",)).get_content()
    answer = (
        "灯是红色的。\r\n\r\n在 2026年11月18日 10:06，客户服务写道：\r\n> 请发一张控制柜指示灯的照片。\r\n"
    )
    house.post(
        letter(
            f"回复: {question['Subject']}",
            answer,
            name="赵晨",
            sender=sender,
            to=str(question["Reply-To"]),
            extra=f"In-Reply-To: {question['Message-ID']}\r\n",
        ),
        sender=sender,
        to=re.search(r"[^<\s]+@[^>\s]+", str(question["Reply-To"])).group(0),
    )
    waited(
        lambda: Case.objects.filter(pk=case.pk, status=Case.Status.ACCEPTED).exists(),
        what="the answer in the same case",
    )
    desk.reload()
    stands(desk, "accepted", where="desk")
    assert "灯是红色的。" in desk.locator(".case-talk").inner_text()
    assert Case.objects.filter(contact=case.contact).count() == 1

    write_and(desk, "已远程复位，请再试。", "solve")
    stands(desk, "solved", where="desk")
    stands(phone, "solved", where="portal")
    phone.reload()
    phone.locator("form[action$='/confirmation/'] button").first.click()
    phone.locator("#rating input[name=score][value='5']").check(force=True)
    phone.locator("#rating form[action$='/rating/'] button[type=submit]").click()
    phone.locator("#rating .stars-shown").wait_for()

    promise = resolution_of(case)
    assert promise.state == State.KEPT
    assert promise.is_beaten
    case.refresh_from_db()
    assert case.status == Case.Status.CLOSED
    assert case.light(clock.now()) == "solved"
    assert "提前" in phone.locator(".big").inner_text()
    desk.reload()
    stands(desk, "solved", where="desk")
    assert "提前" in desk.locator(".case .promise").inner_text()


def test_a_report_from_a_phone_with_a_photo_is_solved_and_confirmed(house, window, signed_in):
    sender = "robin.hale@guests.example"
    phone = window(width=360, language="en-GB")
    phone.goto("/portal/report/?category=ac-leak")
    phone.fill("[name=title]", "The unit in the lobby drips")
    phone.fill("[name=text]", "Since this morning. The panel shows E3.")
    phone.fill("[name=name]", "Robin Hale")
    phone.fill("[name=mail]", sender)
    phone.set_input_files(
        REPORT_FILES,
        {"name": "lobby.png", "mimeType": "image/png", "buffer": picture()},
    )
    phone.locator("form[enctype] button[type=submit]").last.click()
    phone.wait_for_url("**/thanks/")
    case = Case.objects.get(title="The unit in the lobby drips")
    promised = phone.locator(".big").inner_text()
    assert re.search(r"\d{1,2}:\d{2}", promised), promised
    assert case.number in phone.locator("main").inner_text()

    proof = house.letter_to(sender)
    other = window(language="en-GB")
    other.goto(link_in(proof, "/portal/confirm/"))
    other.locator("main form button[type=submit]").click()
    acknowledged = house.letter_to(sender, after=1)
    assert case.number in acknowledged["Subject"]

    phone.goto(link_in(acknowledged, "/s/"))
    assert light_in_portal(phone) == "received"
    assert phone.locator(".bubbles img").count() == 1
    desk = signed_in("zhou.min")
    desk.goto(f"/cases/{case.public_id}/")
    assert "lobby.png" in desk.locator(".case-talk").inner_text()
    desk.locator("form[action$='/acceptance/'] button").click()
    stands(desk, "accepted", where="desk")
    write_and(desk, "Please clean the strainer and restart the unit.", "solve")
    stands(desk, "solved", where="desk")
    stands(phone, "solved", where="portal")

    phone.reload()
    phone.locator(".dock form[action$='/confirmation/'] button").click()
    phone.locator("#rating").wait_for()
    case.refresh_from_db()
    assert case.is_confirmed
    assert resolution_of(case).is_beaten
    assert "early" in phone.locator(".big").inner_text()
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_whole_way_of_a_customer_works_without_scripts(window):
    phone = window(width=360, scripts=False)
    phone.goto("/portal/report/")
    phone.locator("a[href*='category=ac-noise']").click()
    phone.fill("[name=title]", "夜里噪声很大")
    phone.fill("[name=text]", "二楼卧室。")
    phone.fill("[name=name]", "李建国")
    phone.fill("[name=mail]", "li.jianguo.noise@mail.example")
    phone.set_input_files(
        REPORT_FILES,
        {"name": "声音.txt", "mimeType": "text/plain", "buffer": b"rrrrr"},
    )
    phone.locator("form[enctype] button[type=submit]").last.click()
    assert phone.url.endswith("/thanks/")
    case = Case.objects.get(title="夜里噪声很大")
    assert re.search(r"\d{1,2}:\d{2}", phone.locator(".big").inner_text())

    phone.locator("main a[href^='/s/']").first.click()
    phone.fill("#words textarea", "补充：型号 PX-45。")
    phone.locator("#words form button[type=submit]").last.click()

    assert "补充：型号 PX-45。" in phone.locator(".bubbles").inner_text()
    assert light_in_portal(phone) == "received"
    assert Message.objects.filter(conversation_id=case.conversation_id, direction="in").count() == 2


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (320, 240), (20, 110, 110)).save(made, "PNG")
    return made.getvalue()


def link_in(mail, path: str) -> str:
    return re.search(
        rf"http://127\.0\.0\.1:\d+({re.escape(path)}[\w:-]+/)", mail.get_body(("plain",)).get_content()
    ).group(1)
