"""Whatever a stranger writes, on whatever channel, is text on every page that shows it: nothing runs, asks or pops up."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from itertools import pairwise

import httpx
import pytest
from django.db import transaction

from tests.browser.conftest import SERVICE, House, waited
from tests.browser.hostile import PAYLOADS
from tightrope.cases import actions as cases
from tightrope.cases.models import Case
from tightrope.channels.models import Message
from tightrope.core import clock
from tightrope.core.actor import SYSTEM
from tightrope.core.models import Counter
from tightrope.customers import actions as customers
from tightrope.customers.models import Account

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PACK = 6
PACKS = [PAYLOADS[start : start + PACK] for start in range(0, len(PAYLOADS), PACK)]
"""Several payloads share one report, so that few pages show all of them in every place."""


def report_by_portal(house: House, number: int, pack: tuple[str, ...]) -> None:
    """A report whose title, text, name and file names are payloads, sent by a program instead of a browser."""
    with httpx.Client(base_url=house.url, timeout=60) as client:
        page = client.get("/portal/report/?category=ac-leak").text
        token = page.partition('name="form_token" value="')[2].partition('"')[0]
        sent = client.post(
            "/portal/report/",
            data={
                "csrfmiddlewaretoken": client.cookies["csrf"],
                "category": "ac-leak",
                "form_token": token,
                "title": f"P{number} {pack[number % PACK % len(pack)]}"[:200],
                "text": "\n".join(pack),
                "name": pack[(number + 1) % len(pack)][:80],
                "mail": f"portal{number}@hostile.example",
            },
            files=[("uploads", (f"{one}.txt", b"text", "text/plain")) for one in pack],
            headers={"Referer": house.url},
        )
    assert sent.status_code == 302, sent.text[:2000]


def report_by_mail(house: House, number: int, pack: tuple[str, ...]) -> None:
    """A mail whose subject, sender's name, HTML and attachments' names are payloads."""
    sender = f"mail{number}@hostile.example"
    mail = EmailMessage()
    one_line = [one.replace("\t", " ") for one in pack]
    mail["From"] = Address(display_name=one_line[number % len(pack)], addr_spec=sender)
    mail["To"] = SERVICE
    mail["Subject"] = f"M{number} {one_line[(number + 1) % len(pack)]}"
    mail["Message-ID"] = f"<{number}@hostile.example>"
    mail.set_content("\n".join(pack))
    mail.add_alternative("<p>" + "</p><p>".join(pack) + "</p>", subtype="html")
    for one in one_line:
        mail.add_attachment(b"text", maintype="text", subtype="plain", filename=f"{one}.txt")
    house.post(mail.as_bytes(), sender=sender)


def on_file(payloads: tuple[str, ...]) -> list[Account]:
    """Accounts, contacts and cases whose names and titles are payloads, entered by somebody careless."""
    now = clock.now()
    accounts = []
    with transaction.atomic():
        for name, other in pairwise((*payloads, payloads[0])):
            account = customers.open_account(
                name=name[:120], kind="company", language="en", tags=[other[:40]], by=SYSTEM, at=now
            )
            contact = customers.add_contact(account, name=other[:120], language="en", by=SYSTEM, at=now)
            cases.open_case(
                title=name[:200],
                text=other,
                channel="phone",
                account=account,
                contact=contact,
                told_at=now,
                by=SYSTEM,
                at=now,
            )
            accounts.append(account)
    return accounts


class Reader:
    """Somebody who reads page after page and looks whether anything ran."""

    def __init__(self, page) -> None:
        self.page, self.read = page, 0

    def reads(self, address: str, *, sandboxed: bool = False) -> str:
        """The words of a page on which nothing ran. Its policy is the strict one, or the sandbox's."""
        answer = self.page.goto(address)
        policy = answer.headers.get("content-security-policy", "")
        assert answer.status == 200, address
        assert "default-src 'none'" in policy
        assert ("sandbox" in policy) is sandboxed
        assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
        if not sandboxed:
            assert self.page.evaluate("[window.__xss, document.querySelector('base')]") == [None, None], (
                address
            )
        self.read += 1
        return self.page.locator("body").inner_text()


def test_nothing_of_it_runs_anywhere(house, window, signed_in):
    assert len(PAYLOADS) >= 60
    Counter.objects.all().delete()  # one machine reports for many customers here
    accounts = on_file(PAYLOADS)
    for number, pack in enumerate(PACKS):
        report_by_mail(house, number, pack)
    for number, pack in enumerate(PACKS):
        report_by_portal(house, number, pack)
    came = Message.objects.filter(direction="in", channel="mail", sender__endswith="@hostile.example")
    waited(lambda: came.count() >= len(PACKS), within=90, what="all hostile mails")
    waited(
        lambda: Case.objects.filter(title__startswith="M").count() >= len(PACKS),
        within=90,
        what="their cases",
    )

    desk = Reader(signed_in("zhou.min"))
    hostile = Case.objects.filter(title__regex=r"^[MP]\d+ ").select_related("contact")
    assert hostile.count() == 2 * len(PACKS)
    for case in hostile:
        assert "__xss" in desk.reads(f"/cases/{case.public_id}/")
    desk.page.emulate_media(media="print")
    desk.reads(f"/cases/{hostile[0].public_id}/")
    desk.page.emulate_media(media="screen")
    read_on(desk, "/cases/?view=all", "a[href*='after=']", pages=4)
    read_on(desk, "/customers/", "a[href*='after=']", pages=3)
    for account in accounts[::8]:
        assert account.name.strip()[:3] in desk.reads(f"/customers/{account.public_id}/")
    for address in (
        "/",
        "/search/?q=script",
        "/search/?q=onerror",
        f"/search/?q={PAYLOADS[8]}",
        "/promises/",
        "/notices/",
    ):
        desk.reads(address)
    for message in came:
        desk.reads(f"/messages/{message.pk}/frame/", sandboxed=True)

    office = Reader(signed_in("admin"))
    for address in ("/mail/", "/mail/incoming/", "/mail/incoming/?view=machines", "/operations/"):
        office.reads(address)

    customer = Reader(window(width=360))
    for case in hostile:
        link = cases.private_link_of(case, case.contact)
        assert "__xss" in customer.reads(f"/s/{link.token}/")


def read_on(reader: Reader, address: str, further: str, *, pages: int) -> None:
    """Read a list from page to page."""
    for _page in range(pages):
        reader.reads(address)
        following = reader.page.locator(further).last
        if not following.count():
            return
        address = following.get_attribute("href")
        if address.startswith("?"):
            address = reader.page.url.partition("?")[0] + address


def test_the_policy_stops_what_is_put_into_a_page_and_says_so(house, chromium):
    before = len(house.policy_reports())
    context = chromium.new_context(base_url=house.url)
    page = context.new_page()
    page.goto("/portal/")

    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.__xss=1\">')")

    waited(lambda: len(house.policy_reports()) > before, what="the report of the browser")
    assert page.evaluate("window.__xss") is None
    context.close()
