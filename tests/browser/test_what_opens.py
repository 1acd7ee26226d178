"""What opens over a page: dialogs and menus, for the ear, on a phone, and for whoever has no mouse."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser.conftest import case_of, waited
from tests.browser.judging import faults_of, needs_axe, sizes
from tightrope.cases import actions as cases
from tightrope.cases.models import Case
from tightrope.core import clock
from tightrope.core.actor import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300), needs_axe]

WIDE = {"width": 1440, "height": 800}
OPENERS = "dialog-link :is(a, button)"
IS_BACK = "one => [one, one.closest('details')?.querySelector('summary')].includes(document.activeElement)"
"""The focus is where the dialog was asked for, or on the menu in which that stands."""


@pytest.fixture
def pages() -> list[str]:
    """The list, a case at work, a complaint without a customer, and a solved case whose customer is to be called."""
    now = clock.now()
    at_work = case_of("凌峰", "ling.feng@ling.example")
    if at_work.status == Case.Status.RECEIVED:
        cases.accept_case(at_work, by=SYSTEM, at=now)
    complaint = cases.open_case(
        title="态度差", text="来的人很不耐烦。", channel="web", account=None, contact=None,
        case_type=Case.Type.COMPLAINT, by=SYSTEM, at=now,
    )  # fmt: skip
    solved = case_of("苗青", "miao.qing@miao.example")
    if not solved.is_finished:
        solved = cases.solve_case(solved, solution="answer", by=SYSTEM, at=now)
        cases.plan_call(solved, due_at=now + timedelta(days=1), text="看是否还漏", by=SYSTEM, at=now)
    return ["/cases/", *(f"/cases/{case.public_id}/" for case in (at_work, complaint, solved)), "/style/"]


def test_every_dialog_has_a_name_fits_a_phone_and_gives_the_focus_back(pages, signed_in):
    page = signed_in("admin")
    found, seen = [], set()
    for address in pages:
        page.set_viewport_size(WIDE)
        page.goto(address)
        page.wait_for_function("document.documentElement.classList.contains('has-js')")
        for everything in page.locator("#choose-all").all():
            everything.check()  # the acts on several cases stand there while some are chosen
        for number in range(page.locator(OPENERS).count()):
            opener = page.locator(OPENERS).nth(number)
            leads_to = opener.evaluate("one => one.getAttribute('href') ?? one.formAction").replace(
                address, ""
            )
            if leads_to in seen:
                continue
            seen.add(leads_to)
            said = f"{address} {opener.inner_text() or opener.text_content()}".strip()
            opener.evaluate(
                "one => { const menu = one.closest('details'); if (menu) menu.open = true; one.focus() }"
            )
            opener.press("Enter")
            page.locator("dialog:modal").wait_for()
            for size in sizes(page):
                found += [f"{said} at {size}: {fault}" for fault in faults_of(page, within="dialog:modal")]
                found += [f"{said} at {size}: {fault}" for fault in overflow_of(page)]
            page.set_viewport_size(WIDE)  # on a phone the list beside the case, with its openers, is away
            page.keyboard.press("Escape")
            page.locator("dialog:modal").wait_for(state="hidden")
            waited(lambda opener=opener: opener.evaluate(IS_BACK), what=f"the focus back on {said}")
    assert found == []
    assert len(seen) > 12, seen


def overflow_of(page) -> list[str]:
    """What of the open dialog nobody can reach: beyond the window, or wider than itself."""
    return page.evaluate(
        """() => {
            const dialog = document.querySelector("dialog:modal"), body = dialog.querySelector(".dialog-body");
            const box = dialog.getBoundingClientRect(), found = [];
            if (box.left < 0 || box.right > innerWidth) found.push(`from ${box.left} to ${box.right}`);
            if (box.top < 0 || box.bottom > innerHeight) found.push(`from ${box.top} down to ${box.bottom}`);
            if (body && body.scrollWidth > body.clientWidth + 1) found.push(`its content is ${body.scrollWidth} wide`);
            return found;
        }"""
    )


def test_every_menu_speaks_to_the_ear_and_stays_in_the_window(pages, signed_in):
    page = signed_in("admin")
    found, seen = [], set()
    for address in pages:
        page.goto(address)
        for size in sizes(page):
            for number in range(page.locator("details.menu > summary").count()):
                summary = page.locator("details.menu > summary").nth(number)
                label = summary.get_attribute("aria-label") or summary.inner_text()
                is_everywhere = not summary.evaluate("one => one.closest('main')")
                if not summary.is_visible() or (is_everywhere and (label, size) in seen):
                    continue
                seen.add((label, size))
                said = f"{address} {label} at {size}"
                summary.focus()
                summary.press("Enter")
                page.locator("details.menu[open]").wait_for()
                found += [f"{said}: {fault}" for fault in faults_of(page, within="details.menu[open]")]
                box = page.locator("details.menu[open] > :not(summary)").first.bounding_box()
                if box["x"] < 0 or box["x"] + box["width"] > page.viewport_size["width"]:
                    found.append(f"{said}: from {box['x']} to {box['x'] + box['width']}")
                page.keyboard.press("Escape")
                page.locator("details.menu[open]").wait_for(state="hidden")
                if not summary.evaluate("one => one === document.activeElement"):
                    found.append(f"{said}: the focus did not come back")
    assert found == []


def test_the_list_of_keys_speaks_to_the_ear(pages, signed_in):
    page = signed_in("admin")
    page.goto(pages[1])
    waited(lambda: page.evaluate("!!customElements.get('key-map')"), what="the keys")
    page.keyboard.press("?")
    page.locator("dialog:modal").wait_for()

    assert page.locator("dialog:modal kbd").count() > 10
    for size in sizes(page):
        assert [*faults_of(page, within="dialog:modal"), *overflow_of(page)] == [], size
