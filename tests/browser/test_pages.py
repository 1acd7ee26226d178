"""Every main page: for the ear and the keyboard, on a phone, and in the reader's language alone."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.browser.conftest import case_of, waited
from tightrope.cases import actions as cases
from tightrope.cases.models import Case
from tightrope.channels.models import Message

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

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


@pytest.mark.skipif(
    not AXE.exists(), reason="axe-core comes with the front-end packages, which are not fetched here"
)
@pytest.mark.parametrize("who", ["", "zhou.min", "admin"])
def test_pages_speak_to_the_ear_and_fit_a_phone(who, window, signed_in):
    page = opened(who, window, signed_in)
    program = AXE.read_text()
    found = []
    for width, scheme in ((1440, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        for address in addresses(who):
            answer = page.goto(address)
            assert answer.status == 200, address
            page.evaluate(program)
            judged = page.evaluate(
                "(rules) => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", RULES
            )
            found += [
                f"{address} at {width}, {scheme}: {one['id']}, {one['help']}: {one['nodes'][0]['target']}"
                f" {one['nodes'][0]['html'][:160]} {one['nodes'][0].get('failureSummary', '')[:300]}"
                for one in judged["violations"]
                if one["impact"] in {"serious", "critical"}
            ]
            wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wider > 0:
                found.append(f"{address} is {wider} px wider than {width}")
    assert found == []


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
        keys.press("e")
        desk.locator(".case .page-meta .light[data-light=accepted]").wait_for()
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
    desk.locator("dialog[open]").wait_for(state="hidden")  # a browser closes it in its own time
    keys.press("/")
    assert desk.evaluate("document.activeElement.name") == "q"

    said = Message.objects.filter(
        conversation_id=case.conversation_id, direction="out", text="我们马上来看。"
    )
    assert said.count() == 1
