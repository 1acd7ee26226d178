"""What somebody does is on the screen of everybody else within a second, also after something in between was away."""

from __future__ import annotations

import time

import pytest
from django.db import connection

from tests.browser.conftest import case_of, waited
from tightrope.cases import actions as cases
from tightrope.cases.models import Case
from tightrope.core import clock
from tightrope.core.actor import Actor
from tightrope.people.models import User
from tightrope.people.queries import actor_of

pytestmark = pytest.mark.browser

NOTE_WHEN = """([selector, light]) => {
    const seen = () => document.querySelector(selector)?.dataset.light === light;
    window.seenAt = seen() ? Date.now() / 1000 : 0;
    new MutationObserver(() => { if (!window.seenAt && seen()) window.seenAt = Date.now() / 1000; })
        .observe(document.body, { subtree: true, childList: true, attributes: true });
}"""


def case_of_somebody() -> Case:
    """One case that nobody has accepted."""
    name = f"更新{clock.now():%H%M%S%f}"
    return case_of(name, f"{name[2:]}@live.example", title=name)


def colleague() -> Actor:
    return actor_of(User.objects.get(email="chen.gang@hengyuan.example"))


def accept(case: Case) -> float:
    """A colleague accepts it. Returns the moment of the commit."""
    cases.accept_case(Case.objects.get(pk=case.pk), by=colleague(), at=clock.now())
    return time.time()


def open_and_hear(page, address: str) -> None:
    """Open a page and wait until its stream is answered."""
    with page.expect_response(lambda answer: "/live?" in answer.url):
        page.goto(address)
    page.wait_for_timeout(300)


def shown_at(page, within: float = 20) -> float:
    return waited(lambda: page.evaluate("window.seenAt"), within=within, what="the light on the page")


def test_an_act_is_on_the_list_of_a_colleague_within_a_second(signed_in):
    case = case_of_somebody()
    desk = signed_in("zhou.min")
    open_and_hear(desk, "/cases/?view=all")
    desk.evaluate(NOTE_WHEN, [f"[data-case='{case.public_id}'] .light", "accepted"])

    committed = accept(case)

    took = shown_at(desk) - committed
    assert took < 1, f"{took:.2f} s"


def test_an_act_is_on_the_customers_page_within_a_second(window):
    case = case_of_somebody()
    link = cases.private_link_of(case, case.contact)
    phone = window(width=360)
    open_and_hear(phone, f"/s/{link.token}/")
    phone.evaluate(NOTE_WHEN, [".steps [aria-current=step]", "accepted"])

    committed = accept(case)

    took = shown_at(phone) - committed
    assert took < 1, f"{took:.2f} s"


def test_what_happened_while_the_listener_was_cut_off_is_caught_up(signed_in):
    case = case_of_somebody()
    desk = signed_in("zhou.min")
    open_and_hear(desk, "/cases/?view=all")
    desk.evaluate(NOTE_WHEN, [f"[data-case='{case.public_id}'] .light", "accepted"])

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN tightrope_live%%'"
        )
        assert cursor.fetchone()[0] >= 1
    accept(case)

    assert shown_at(desk)


def test_a_page_finds_its_way_back_when_the_web_server_was_away(house, signed_in, chromium):
    case = case_of_somebody()
    link = cases.private_link_of(case, case.contact)
    context = chromium.new_context(base_url=house.url)  # its console may say that the server was away
    phone = context.new_page()
    open_and_hear(phone, f"/s/{link.token}/")
    phone.evaluate(NOTE_WHEN, [".steps [aria-current=step]", "accepted"])

    house.stop_web()
    phone.locator(".live-state").wait_for()
    accept(case)
    house.start_web()

    assert shown_at(phone, within=40)
    phone.locator(".live-state").wait_for(state="detached")
    context.close()
