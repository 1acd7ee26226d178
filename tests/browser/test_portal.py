"""Every page a customer sees, on the smallest phone, with JavaScript and without it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.browser.conftest import CHROMIUM, PASSWORD, case_of
from tightrope.portal.access import ROUTES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed"),
]
NAME, MAIL = "陈静", "chen.jing@chen.example"
CONTENTS = {"portal:link_file", "portal:link_thumbnail", "portal:link_picture"}
"""Files and pictures, which are no pages."""


def customer():
    """A contact with a password, and a case of hers."""
    from tightrope.core import clock
    from tightrope.core.actor import SYSTEM
    from tightrope.customers import actions as customers
    from tightrope.people import actions as people
    from tightrope.people.models import User

    case = case_of(NAME, MAIL)
    if not User.objects.filter(email=MAIL).exists():
        user = people.invite_user(
            email=MAIL, name=NAME, roles=[], teams=[], language="zh-hans", password=PASSWORD, by=SYSTEM,
            at=clock.now(),
        )  # fmt: skip
        customers.link_user(case.contact, user, by=SYSTEM, at=clock.now())
    return case


def pages(case) -> list[str]:
    """One address of every page of the portal; a new page without one fails here."""
    from tightrope.cases.actions import private_link_of

    link = private_link_of(case, case.contact)
    names = {
        **{key: {} for key in ("home", "sign_in", "sent", "report", "profile")},
        **{key: {"token": "A" * 43} for key in ("entry", "proof", "address_proof")},
        "form": {"code": "ac-leak"},
        "case": {"public_id": case.public_id},
        **{key: {"token": link.token} for key in ("link", "thanks")},
    }
    assert {name for name, rule in ROUTES.items() if "GET" in rule} - CONTENTS == {
        f"portal:{n}" for n in names
    }
    return [reverse(f"portal:{name}", kwargs=kwargs) for name, kwargs in names.items()]


def enter(page, mail: str = MAIL) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", mail)
    page.fill("[name=password]", PASSWORD)
    page.locator("form[action*='login'] button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/accounts/" not in url)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("is_signed_in", [True, False], ids=["signed in", "stranger"])
def test_every_page_fits_the_smallest_phone(window, scripts, is_signed_in):
    addresses = pages(customer())
    page = window(width=360, scripts=scripts)
    if is_signed_in:
        enter(page)
    wrong = []

    for address in addresses:
        answer = page.goto(address)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        hidden = page.locator("h1").count() != 1 or not page.locator("main").first.is_visible()
        if answer.status != 200 or wider > 0 or hidden:
            wrong.append(f"{address}: {answer.status}, {wider} px too wide, without its heading: {hidden}")

    assert wrong == []


def test_a_customer_changes_her_details_and_reports_without_scripts(window):
    from tightrope.customers.models import Contact

    customer()
    page = window(width=360, scripts=False)
    enter(page)

    page.goto("/portal/profile/")
    page.fill("[name=name]", "陈静仪")
    page.locator("form:has([name=time_zone]) button[type=submit]").click()
    assert Contact.objects.filter(name="陈静仪").count() == 1
    page.fill("[name=address]", "chen@new.example")
    page.locator("form[action$='addresses/'] button[type=submit]").click()
    assert "chen@new.example" in page.locator("body").inner_text()
    page.goto("/portal/report/?category=ac-leak")
    page.fill("[name=title]", "三楼漏水")
    page.fill("[name=text]", "从中午开始。")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/portal/cases/**")

    assert "三楼漏水" in page.locator("h1").inner_text()
    Contact.objects.filter(name="陈静仪").update(name=NAME)
