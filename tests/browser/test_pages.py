"""Every main page: for the ear and the keyboard, on a phone, and in the reader's language alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import resolve

from tests.browser.conftest import case_of, waited
from tests.browser.judging import faults_of, needs_axe, sizes, width_beyond
from tightrope.cases import actions as cases
from tightrope.cases.models import Case
from tightrope.channels.models import Message
from tightrope.core import clock
from tightrope.core.actor import SYSTEM
from tightrope.customers.actions import add_contact, open_account
from tightrope.customers.queries import actor_of_contact
from tightrope.notices.actions import answer_notice, notify
from tightrope.people.models import Team, User
from tightrope.people.queries import actor_of
from tightrope.promises.actions import keep_promise, look_at_due, make_promise
from tightrope.promises.models import PromiseKind, What
from tightrope.surveys.actions import rate_case

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]

DESK = (
    "/",
    "/cases/",
    "/cases/new/",
    "/customers/",
    "/promises/",
    "/surveys/",
    "/search/?q=空调",
    "/notices/",
    "/me/",
)
OFFICE = (
    "/figures/",
    "/promises/ledger/",
    "/promises/policies/",
    "/calendars/",
    "/mail/",
    "/mail/incoming/",
    "/people/",
    "/teams/",
    "/roles/",
    "/cases/categories/",
    "/operations/",
)
PORTAL = (
    "/portal/",
    "/portal/report/",
    "/portal/report/?category=ac-leak",
    "/portal/sign-in/",
    "/accounts/login/",
    "/demo/",
)


def addresses(who: str) -> list[str]:
    """The pages that somebody sees."""
    case = case_of("叶兰", "ye.lan@ye.example")
    if who == "zhou.min":
        return [*DESK, f"/cases/{case.public_id}/", f"/customers/{case.account.public_id}/"]
    if who == "admin":
        return list(OFFICE)
    link = cases.private_link_of(case, case.contact)
    return [*PORTAL, f"/s/{link.token}/", f"/s/{link.token}/thanks/"]


def opened(who: str, window, signed_in, **options):
    return signed_in(who, **options) if who else window(**options)


def every_page(page, who: str, known: set[tuple[str, ...]]) -> Iterator[str]:
    """The pages that somebody sees and all that they lead him to, one of each kind, opened one after the other.

    Of a kind that is `known` because somebody before him was led to one none is opened again.
    """
    ahead = [*addresses(who)]
    known |= {kind_of(address) for address in ahead}
    while ahead:
        address = ahead.pop(0)
        answer = page.request.get(address)
        assert answer.status == 200, address
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        page.goto(address)
        yield address
        for further in page.evaluate(LINKS):
            if kind_of(further) not in known:
                known.add(kind_of(further))
                ahead.append(further)


LINKS = """[...new Set([...document.querySelectorAll("a[href]")]
    .filter(one => one.origin === location.origin)
    .map(one => one.pathname + one.search))]"""
"""Where a page leads within the house, each place once."""


def kind_of(address: str) -> tuple[str, ...]:
    """What two addresses have in common whose pages are of one make: the route and what is asked of it."""
    parts = urlsplit(address)
    asked = {
        name: value for name, value in parse_qsl(parts.query) if name in {"view", "per", "ending", "kind"}
    }
    return (resolve(parts.path).view_name, *(f"{name}={value}" for name, value in sorted(asked.items())))


@pytest.fixture(scope="module")
def judged_kinds() -> set[tuple[str, ...]]:
    return set()


def make_it_lived_in() -> None:
    """Something of what stands on no page of a company that has just begun: an alarm, a streak, a rating."""
    from tightrope.notices.models import Notice

    case = case_of("叶兰", "ye.lan@ye.example")
    if Notice.objects.exists():
        return
    now, desk = clock.now(), Team.objects.order_by("pk")[0]
    people = User.objects.filter(
        email__in=[f"{who}@hengyuan.example" for who in ("zhou.min", "gu.wei", "admin")]
    )
    told = notify(
        people, kind="case.untriaged", title="无人查看", url=f"/cases/{case.public_id}/",
        facts={"subject": f"case:{case.pk}"}, by=SYSTEM, at=now,
    )  # fmt: skip
    answer_notice(told[0], word="我来处理", by=actor_of(told[0].user), at=now)
    member = desk.users.order_by("pk")[0]
    other = case_of("韩冬", "han.dong@han.example")
    for days, is_kept in ((4, True), (3, True), (2, False)):
        due_at = now - timedelta(days=days)
        word = make_promise(
            other, account_id=other.account_id, kind=PromiseKind.CUSTOMER, what=What.WORD, text="回电", user_id=member.pk,
            team_id=None, due_at=due_at, by=SYSTEM, at=due_at - timedelta(hours=2),
        )  # fmt: skip
        if is_kept:
            keep_promise(word, other, by=SYSTEM, at=due_at - timedelta(hours=1))
    look_at_due(at=now)
    cases.solve_case(other, solution="answer", by=SYSTEM, at=now)
    rate_case(other, score=1, comment="太慢", by=actor_of_contact(other.contact), at=now)


@needs_axe
@pytest.mark.timeout(900)
@pytest.mark.parametrize("who", ["", "zhou.min", "gu.wei", "admin"])
def test_every_page_speaks_to_the_ear_and_fits_a_phone(who, judged_kinds, window, signed_in):
    make_it_lived_in()
    page = opened(who, window, signed_in)
    found = []
    for address in every_page(page, who, judged_kinds):
        for size in sizes(page):
            found += [f"{address} at {size}: {fault}" for fault in faults_of(page)]
    assert found == []


def test_one_long_word_from_outside_widens_no_page(signed_in):
    word, now = "https://files.example.com/" + "0123456789" * 7, clock.now()
    account = open_account(name=word, kind="company", language="zh-hans", by=SYSTEM, at=now)
    contact = add_contact(account, name=word, language="zh-hans", by=SYSTEM, at=now)
    case = cases.open_case(
        title=word, text=word, channel="web", account=account, contact=contact, by=SYSTEM, at=now
    )
    page = signed_in("zhou.min")

    for width in (360, 1024):
        page.set_viewport_size({"width": width, "height": 800})
        for address in (
            f"/cases/{case.public_id}/",
            f"/customers/{account.public_id}/",
            "/cases/",
            "/customers/",
        ):
            page.goto(address)
            assert not width_beyond(page), f"{address} at {width}: {width_beyond(page)}"


@cache
def english_wordings(language: str) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Every English wording of ours that is said otherwise in Chinese: whole ones, and those with places to fill."""
    from babel.messages.pofile import read_po

    whole, patterns = set(), set()
    for path in (ROOT / "src/tightrope").glob(f"*/locale/{language}/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in read_po(file):
                for said in message.id if isinstance(message.id, tuple) else (message.id,):
                    words = re.sub(r"%\(\w+\)[sd]", "", said)
                    if not said or said == message.string or not re.search(r"[A-Za-z]{3}", words):
                        continue
                    if words == said:
                        whole.add(" ".join(said.split()))
                    else:
                        parts = re.split(r"%\(\w+\)[sd]", " ".join(said.split()))
                        patterns.add(".+".join(re.escape(part) for part in parts))
    return frozenset(whole), tuple(re.compile(pattern) for pattern in sorted(patterns))


def is_english(line: str, language: str) -> bool:
    """Whether a line of a page is a wording of ours that should have been Chinese.

    A row with an address is a letter: its subject speaks its recipient's language.
    """
    if "@" in line:
        return False
    whole, patterns = english_wordings(language)
    line = " ".join(line.split())
    return line in whole or any(pattern.fullmatch(line) for pattern in patterns)


@pytest.mark.parametrize(("locale", "folder"), [("zh-CN", "zh_Hans"), ("zh-TW", "zh_Hant")])
@pytest.mark.parametrize("who", ["", "zhou.min", "admin"])
def test_no_english_is_left_on_chinese_pages(who, locale, folder, house, window, signed_in):
    page = opened(who, window, signed_in, language=locale)
    page.context.add_cookies(
        [{"name": "django_language", "value": folder.lower().replace("_", "-"), "url": house.url}]
    )
    assert is_english("New case", folder)
    left = []
    for address in addresses(who):
        page.goto(address)
        lines = page.locator("body").inner_text().splitlines()
        left += [f"{address}: {line}" for line in lines if is_english(line, folder)]
        assert page.evaluate("document.documentElement.lang").lower() == folder.lower().replace("_", "-")
    assert left == []


def press_until(page, key: str, is_done: str) -> None:
    """Press a key as a person does: again after a second, when a part of the page was just being exchanged."""

    def pressed() -> bool:
        page.keyboard.press(key)
        for _wait in range(10):
            if page.evaluate(f"!!({is_done})"):
                return True
            page.wait_for_timeout(100)
        return False

    waited(pressed, what=f"what {key} does")


def test_an_agent_needs_no_mouse(signed_in):
    case = case_of("叶兰", "ye.lan@ye.example")
    desk = signed_in("zhou.min")
    desk.goto("/cases/?view=all")
    keys = desk.keyboard
    waited(lambda: desk.evaluate("!!customElements.get('key-map')"), what="the keys")
    for _step in range(60):
        keys.press("j")
        if desk.evaluate("document.activeElement.dataset.case") == case.public_id:
            break
    assert desk.evaluate("document.activeElement.dataset.case") == case.public_id
    keys.press("Enter")
    desk.locator(f".case[data-case='{case.public_id}']").wait_for()
    if case.status == Case.Status.RECEIVED:
        press_until(desk, "e", "document.querySelector('.case .page-meta .light[data-light=accepted]')")
    keys.press("n")
    waited(lambda: desk.evaluate("document.activeElement.name") == "body", what="the note's editor")
    keys.insert_text("只给同事看。")
    keys.press("Control+Enter")
    desk.locator(".case-talk", has_text="只给同事看。").wait_for()
    waited(lambda: not desk.evaluate("document.activeElement.matches('textarea')"), what="leaving the editor")
    keys.press("r")
    waited(lambda: desk.evaluate("document.activeElement.name") == "text", what="the answer's editor")
    keys.insert_text("我们马上来看。")
    keys.press("Control+Enter")
    desk.locator(".case-talk .message", has_text="我们马上来看。").wait_for()
    while desk.evaluate("document.activeElement.matches('textarea')"):
        keys.press("Shift+Tab")  # out of the editor, where letters are letters
    keys.press("s")
    desk.locator("dialog[open]").wait_for()
    keys.press("Escape")
    # A browser closes it in its own time, and gives the focus back to what opened it when it likes.
    desk.locator("dialog[open]").wait_for(state="hidden")
    press_until(desk, "/", "document.activeElement.name == 'q'")

    said = Message.objects.filter(
        conversation_id=case.conversation_id, direction="out", text="我们马上来看。"
    )
    assert said.count() == 1


def test_skipping_to_the_content_stays_on_the_desk_as_it_is(signed_in):
    desk = signed_in("zhou.min")
    desk.goto("/cases/?view=all")
    desk.wait_for_function("document.documentElement.classList.contains('has-js')")
    desk.evaluate("window.isTheSame = true")

    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    desk.wait_for_function("document.activeElement.id === 'main'")

    assert desk.evaluate("window.isTheSame")
