"""The form of a report in a real browser: words survive the page, and "back" makes no second case."""

from __future__ import annotations

import pytest

from tests.browser.conftest import CHROMIUM, PASSWORD, case_of
from tests.browser.test_portal import MAIL, customer, enter

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]
FORM = "/portal/report/?category=ac-leak"
BACK = "填写的内容已恢复"
OTHER_MAIL = "lin.tao@lin.example"
PHOTO = {"name": "板.txt", "mimeType": "text/plain", "buffer": b"E3"}


def another_customer() -> None:
    """Somebody else who signs in on the same computer."""
    from tightrope.core import clock
    from tightrope.core.actor import SYSTEM
    from tightrope.customers import actions as customers
    from tightrope.people import actions as people
    from tightrope.people.models import User

    case = case_of("林涛", OTHER_MAIL)
    if not User.objects.filter(email=OTHER_MAIL).exists():
        user = people.invite_user(
            email=OTHER_MAIL, name="林涛", roles=[], teams=[], language="zh-hans", password=PASSWORD,
            by=SYSTEM, at=clock.now(),
        )  # fmt: skip
        customers.link_user(case.contact, user, by=SYSTEM, at=clock.now())


def type_in(page, title: str, text: str) -> None:
    page.goto(FORM)
    page.fill("[name=title]", title)
    page.fill("[name=text]", text)
    page.wait_for_timeout(500)


def drafts(page) -> int:
    return page.evaluate(
        """[localStorage, sessionStorage].flatMap(Object.keys)
        .filter((name) => name.startsWith("tightrope:draft:")).length"""
    )


def send(page) -> None:
    page.locator("main form button[type=submit]").first.click()


def numbers(title: str) -> list[str]:
    from tightrope.cases.models import Case

    return [case.number for case in Case.objects.filter(title=title)]


def test_what_a_stranger_typed_is_back_in_his_tab_and_in_no_other(window):
    page = window(width=360)
    type_in(page, "三楼漏水", "从中午开始。")
    page.fill("[name=name]", "路人")
    page.set_input_files("[name=uploads]", PHOTO)
    page.wait_for_timeout(500)

    page.reload()
    line = page.locator("draft-keeper")
    line.get_by_text(BACK).wait_for()

    assert page.input_value("[name=title]") == "三楼漏水"
    assert page.input_value("[name=text]") == "从中午开始。"
    assert page.input_value("[name=name]") == "路人"
    assert "文件需要重新选择" in line.inner_text()
    other = page.context.new_page()
    other.goto(FORM)
    other.wait_for_timeout(500)
    assert other.input_value("[name=title]") == ""
    page.get_by_role("button", name="放弃").click()
    assert page.input_value("[name=title]") == ""
    page.reload()
    page.wait_for_timeout(500)
    assert page.input_value("[name=title]") == ""


def test_after_a_day_it_is_forgotten(window):
    page = window(width=360)
    type_in(page, "三楼漏水", "从中午开始。")
    page.evaluate(
        """() => { for (const name of Object.keys(sessionStorage).filter((one) => one.includes("draft"))) {
        const kept = JSON.parse(sessionStorage[name]);
        sessionStorage[name] = JSON.stringify({ ...kept, until: kept.until - 24 * 3600000 }) } }"""
    )

    page.goto("/portal/")
    page.goto(FORM)
    page.wait_for_timeout(500)

    assert page.input_value("[name=title]") == ""
    assert drafts(page) == 0


def test_what_was_accepted_is_kept_no_longer(window):
    page = window(width=360)
    type_in(page, "漏水而已", "从中午开始。")
    send(page)  # without a name: the form comes back
    page.locator(".errors").first.wait_for()
    assert drafts(page) == 1
    page.fill("[name=name]", "路人")
    page.fill("[name=phone]", "13900002345")
    send(page)
    page.wait_for_url("**/thanks/")
    page.wait_for_timeout(500)

    assert drafts(page) == 0
    page.goto(FORM)
    page.wait_for_timeout(500)
    assert page.input_value("[name=title]") == ""


def test_a_customers_words_are_his_alone_and_gone_when_he_signs_out(window):
    customer()
    another_customer()
    page = window(width=360)
    enter(page)
    type_in(page, "二楼漏水", "从早上开始。")

    page = reopened(page)
    page.locator("draft-keeper").get_by_text(BACK).wait_for()
    assert page.input_value("[name=text]") == "从早上开始。"
    page.context.clear_cookies()
    enter(page, OTHER_MAIL)
    page.goto(FORM)
    page.wait_for_timeout(500)
    assert page.input_value("[name=text]") == ""

    page.context.clear_cookies()
    enter(page, MAIL)
    page.goto(FORM)
    page.locator("draft-keeper").get_by_text(BACK).wait_for()
    page.locator("form[data-forgets] button").click()
    page.wait_for_url("**/portal/")
    assert drafts(page) == 0


def reopened(page):
    """Another tab of the same browser, after this one was closed."""
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(FORM)
    return page


@pytest.mark.parametrize("is_changed", [False, True], ids=["as it was", "with other words"])
def test_sent_again_after_back_it_is_the_same_case(window, is_changed):
    title = f"后退{is_changed}"
    page = window(width=360)
    type_in(page, title, "从中午开始。")
    page.fill("[name=name]", "路人")
    page.fill("[name=phone]", f"1390000{7000 + is_changed}")
    send(page)
    page.wait_for_url("**/thanks/")

    page.go_back()
    page.fill("[name=title]", title)
    page.fill("[name=text]", "现在滴得更快。" if is_changed else "从中午开始。")
    page.fill("[name=name]", "路人")
    page.fill("[name=phone]", f"1390000{7000 + is_changed}")
    page.wait_for_timeout(500)
    send(page)

    (number,) = numbers(title)
    page.get_by_text("您已于").wait_for()
    assert f"编号 {number}" in page.locator("body").inner_text()
    if not is_changed:
        assert "/thanks/" in page.url
        return
    assert page.input_value("[name=text]") == "现在滴得更快。"
    page.get_by_role("button", name=f"补充到 {number}").click()
    page.wait_for_url("**/s/**")
    page.locator(".bubble").get_by_text("现在滴得更快。").wait_for()
    assert numbers(title) == [number]
    page.wait_for_timeout(300)
    assert drafts(page) == 0


def test_a_reply_sent_again_after_back_is_said_once(window):
    case = customer()
    page = window(width=360)
    enter(page)
    page.goto(f"/portal/cases/{case.public_id}/")

    for _ in range(2):
        page.fill("#words [name=text]", "请尽快安排。")
        page.locator("#words form button[type=submit]").click()
        page.locator(".toasts").get_by_text("已收到您的留言").wait_for()
        page.go_back()
        page.wait_for_url("**/portal/cases/*/")

    page.reload()
    assert page.locator(".bubble").get_by_text("请尽快安排。").count() == 1
