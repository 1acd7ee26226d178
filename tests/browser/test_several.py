"""Several cases at once: chosen with keys and mouse, kept through a live update, given away with one press."""

from __future__ import annotations

import pytest

from tests.browser.conftest import waited
from tests.browser.judging import faults_of, needs_axe
from tests.browser.test_live import case_of_somebody, colleague, open_and_hear
from tightrope.cases import actions as cases
from tightrope.cases.models import Case
from tightrope.core import clock
from tightrope.core.live import announce
from tightrope.people.models import User

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NEWEST = "/cases/?view=all"


def box(page, case: Case):
    return page.locator(f"#choose-{case.public_id}")


def chosen_on(page) -> str:
    return page.locator("#several [data-chosen]").inner_text()


def test_what_is_chosen_stays_through_a_live_update_and_is_given_with_one_press(signed_in):
    first, second, third = (case_of_somebody() for _ in range(3))
    desk = signed_in("chen.gang")
    open_and_hear(desk, NEWEST)
    bar = desk.locator("#several")
    assert not bar.is_visible()

    row = desk.locator(f"[data-case='{first.public_id}']")
    row.focus()
    desk.keyboard.press("x")
    box(desk, second).check()
    desk.locator("[data-key-search]").focus()  # the list may change while nobody holds a box
    cases.retitle_case(third, title="改过的标题", version=third.version, by=colleague(), at=clock.now())

    desk.locator("[data-key-row]", has_text="改过的标题").wait_for()
    assert box(desk, first).is_checked()
    assert box(desk, second).is_checked()
    assert not box(desk, third).is_checked()
    assert chosen_on(desk) == "已选 2 件"

    bar.locator("[formaction$='/assignment/']").click()
    dialog = desk.locator("dialog[open]")
    owner = User.objects.get(email="zhou.min@hengyuan.example")
    dialog.locator("[name=owner]").select_option(str(owner.pk))
    dialog.locator("button[type=submit]").click()

    outcome = desk.locator(".case-outcome")
    outcome.wait_for()
    assert desk.url.endswith("?view=all")
    waited(
        lambda: outcome.evaluate("(e) => e === document.activeElement"),
        what="the keyboard on what came of it",
    )
    assert owner.name in outcome.inner_text()
    waited(lambda: Case.objects.filter(pk__in=[first.pk, second.pk], owner=owner).count() == 2)
    assert Case.objects.get(pk=third.pk).owner_id is None
    assert not bar.is_visible()


def test_a_colleagues_list_is_asked_for_a_few_times_and_not_for_each_case(signed_in):
    case = case_of_somebody()
    desk = signed_in("zhou.min")
    open_and_hear(desk, NEWEST)
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url) if "/cases/?" in request.url else None)

    for _ in range(100):
        announce("desk:queue")  # as so many acts in a row do
    cases.accept_case(case, by=colleague(), at=clock.now())

    desk.locator(f"[data-case='{case.public_id}'] .light[data-light=accepted]").wait_for()
    assert 1 <= len(asked) <= 20, len(asked)


@needs_axe
def test_the_bar_its_form_and_what_came_of_it_speak_to_the_ear(signed_in):
    case = case_of_somebody()
    desk = signed_in("chen.gang")
    desk.goto(NEWEST)

    box(desk, case).check()
    assert faults_of(desk) == []
    desk.locator("#several [formaction$='/assignment/']").click()
    desk.locator("dialog[open]").wait_for()
    assert faults_of(desk) == []
    desk.locator("dialog[open] [name=owner]").select_option(index=1)
    desk.locator("dialog[open] form button[type=submit]").click()
    desk.locator(".case-outcome").wait_for()
    assert faults_of(desk) == []


def test_all_shown_are_chosen_and_let_go_again(signed_in):
    case_of_somebody()
    desk = signed_in("chen.gang")
    desk.goto(NEWEST)
    rows = desk.locator("[data-choice]").count()

    desk.locator("#choose-all").check()
    assert chosen_on(desk) == f"已选 {rows} 件"
    desk.locator("#several [type=reset]").click()

    assert desk.locator("[data-choice] :checked").count() == 0
    waited(
        lambda: desk.evaluate("document.activeElement.id") == "choose-all", what="the keyboard at the head"
    )


def test_without_scripts_the_boxes_lead_to_the_same_form_and_back_to_the_list(signed_in):
    case = case_of_somebody()
    desk = signed_in("chen.gang", scripts=False, width=360)
    desk.goto(NEWEST)

    box(desk, case).check()
    desk.locator("#several [formaction$='/handover/']").click()
    form = desk.locator("main form")
    assert case.number in form.inner_text()
    form.locator("[name=team]").select_option(index=1)
    form.locator("[name=reason]").fill("台风期间统一处理")
    form.locator("button[type=submit]").click()

    desk.locator(".case-outcome").wait_for()
    assert desk.url.endswith("?view=all")
    assert Case.objects.get(pk=case.pk).reroutings == 1


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_on_a_phone_the_bar_is_within_reach_and_nothing_is_too_wide(language, signed_in):
    case = case_of_somebody()
    phone = signed_in("chen.gang", width=360, touch=True, language=language)
    phone.goto(NEWEST)

    box(phone, case).check()

    bar, rail = phone.locator("#several").bounding_box(), phone.locator(".rail").bounding_box()
    assert bar["y"] + bar["height"] - rail["y"] <= 4  # no more than the padding of the bar is covered
    assert bar["y"] >= 0
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    for button in phone.locator("#several :is(button, summary)").all():
        assert not button.is_visible() or button.bounding_box()["height"] >= 43.5
    assert box(phone, case).evaluate("(e) => e.closest('label').getBoundingClientRect().width") >= 43.5
