"""Pictures of the main pages of a running demo company: three widths, two schemes, three languages.

    TIGHTROPE_DEMO=1 tightrope serve --demo        # in another terminal
    python -m tests.browser.pictures --url http://localhost:8000 --out pictures [--only desk case]

To be looked at one by one, and for the README. Also said: pages wider than their window and what the console says.
"""

from __future__ import annotations

import argparse
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

WIDTHS = {360: 780, 1024: 768, 1440: 900}
SCHEMES = ("light", "dark")
LANGUAGES = {"en": "Keller Precision GmbH", "zh-hans": "恒通数据", "zh-hant": "和泰商旅"}
"""The languages, each with the customer whose case is shown."""

STAFF = {
    "start": ("周敏", "/"),
    "desk": ("周敏", "/cases/"),
    "case": ("周敏", "case"),
    "new-case": ("周敏", "/cases/new/"),
    "account": ("周敏", "account"),
    "customers": ("周敏", "/customers/"),
    "promises": ("周敏", "/promises/"),
    "search": ("周敏", "/search/?q=空调"),
    "manager": ("顾伟", "/"),
    "figures": ("顾伟", "/figures/"),
    "surveys": ("顾伟", "/surveys/"),
    "ledger": ("顾伟", "/promises/ledger/"),
    "policies": ("管理员", "/promises/policies/"),
    "calendars": ("管理员", "/calendars/"),
    "mail": ("管理员", "/mail/"),
    "people": ("管理员", "/people/"),
    "operations": ("管理员", "/operations/"),
    "notices": ("周敏", "/notices/"),
    "preferences": ("周敏", "/notices/preferences/"),
    "me": ("周敏", "/me/"),
    "second-factor": ("周敏", "/accounts/2fa/"),
    "sessions": ("周敏", "/accounts/sessions/"),
    "contact": ("周敏", "account > /customers/contacts/"),
    "site": ("周敏", "account > /customers/sites/"),
    "duplicates": ("管理员", "/customers/duplicates/"),
    "letter": ("管理员", "/mail/ > /mail/messages/"),
    "incoming": ("管理员", "/mail/incoming/"),
    "survey": ("顾伟", "/surveys/ > /surveys/"),
    "promise": ("周敏", "/promises/ > /promises/"),
    "streaks": ("顾伟", "/promises/streaks/"),
    "record": ("管理员", "/figures/record/"),
    "duty": ("管理员", "/calendars/duty/"),
    "dictionary": ("顾伟", "/figures/dictionary/"),
    "stalling": ("顾伟", "/figures/stalling/"),
    "departments": ("顾伟", "/figures/departments/"),
    "solutions": ("顾伟", "/figures/solutions/"),
    "clarifications": ("顾伟", "/figures/clarifications/"),
    "sales": ("顾伟", "/figures/sales/"),
    "delivery": ("顾伟", "/figures/delivery/"),
    "mine": ("周敏", "/figures/mine/"),
    "answering": ("顾伟", "/surveys/answering/"),
    "reception": ("周敏", "/cases/reception/"),
    "complaint": ("钱慧", "/cases/?view=all&type=complaint > /cases/"),
    "calendar": ("管理员", "/calendars/ > /calendars/"),
    "policy": ("管理员", "/promises/policies/ > /promises/policies/"),
    "form": ("管理员", "/forms/ > /forms/"),
    "categories": ("管理员", "/cases/categories/"),
    "category": ("管理员", "/cases/categories/ > /cases/categories/"),
    "canned": ("管理员", "/cases/canned/"),
    "rules": ("管理员", "/cases/rules/"),
    "person": ("管理员", "/people/ > /people/"),
    "teams": ("管理员", "/teams/"),
    "roles": ("管理员", "/roles/"),
    "role": ("管理员", "/roles/ > /roles/"),
    "keys": ("管理员", "/keys/"),
    "style": ("管理员", "/style/"),
}
"""Name of the picture: who looks, and where; behind ">" the beginning of the address of the page's first link to take.

"case" and "account" are found through the search of the list.
"""

OUTSIDE = {
    "login": "/accounts/login/",
    "demo-door": "/demo/",
    "portal": "/portal/",
    "portal-choose": "/portal/report/",
    "portal-report": "form",
    "portal-thanks": "thanks",
    "portal-case": "case",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument(
        "--url", default="http://localhost:8000", help="address of the demo company (%(default)s)"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--only", nargs="+", choices=[*STAFF, *OUTSIDE], help="only these pages")
    parser.add_argument("--language", nargs="+", choices=LANGUAGES, default=list(LANGUAGES))
    parser.add_argument("--width", nargs="+", type=int, choices=WIDTHS, default=list(WIDTHS))
    parser.add_argument("--scheme", nargs="+", choices=SCHEMES, default=list(SCHEMES))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for language in options.language:
            with_staff(browser, options, language)
            with_customers(browser, options, language)
        browser.close()


def wanted(names: dict[str, Any], options: argparse.Namespace) -> Iterator[str]:
    yield from (name for name in names if not options.only or name in options.only)


def opened(browser: Browser, options: argparse.Namespace, language: str) -> BrowserContext:
    """A window of somebody who reads this language."""
    locale = {"en": "en-GB", "zh-hans": "zh-CN", "zh-hant": "zh-TW"}[language]
    context = browser.new_context(base_url=options.url, locale=locale, reduced_motion="reduce")
    context.add_cookies([{"name": "django_language", "value": language, "url": options.url}])
    return context


def with_staff(browser: Browser, options: argparse.Namespace, language: str) -> None:
    names = list(wanted(STAFF, options))
    for who in dict.fromkeys(STAFF[name][0] for name in names):
        context = opened(browser, options, language)
        page = context.new_page()
        page.goto("/demo/")
        page.locator("button", has_text=who).first.click()
        for name in names:
            if STAFF[name][0] == who:
                page.goto(place_of(page, STAFF[name][1], language))
                shoot(page, options, name, language)
        context.close()


def place_of(page: Page, where: str, language: str) -> str:
    """The address of a page; that of a case or an account begins with the customer of this language."""
    where, _separator, link = where.partition(" > ")
    if link:
        page.goto(place_of(page, where, language))
        own = urlsplit(page.url).path
        addresses = page.locator(f":is(main, aside) a[href^='{link}']").evaluate_all(
            "all => all.map(one => one.pathname)"
        )
        return next((one for one in addresses if one not in {own, link} and not one.endswith("/new/")), own)
    if where.startswith("/"):
        return where
    name = LANGUAGES[language]
    if where == "account":
        page.goto(f"/search/?q={name}")
        return (
            page.locator(":is(main, aside) a[href^='/customers/']", has_text=name).first.get_attribute("href")
            or "/customers/"
        )
    page.goto("/cases/?view=all")
    return page.locator("[data-key-row]", has_text=name).first.get_attribute("href") or "/cases/"


def with_customers(browser: Browser, options: argparse.Namespace, language: str) -> None:
    context = opened(browser, options, language)
    page = context.new_page()
    reported: dict[str, Callable[[], None]] = {
        "form": lambda: choose_kind(page),
        "thanks": lambda: report(page, language),
        "case": lambda: page.goto(page.locator("a[href^='/s/']").first.get_attribute("href") or ""),
    }
    names = list(wanted(OUTSIDE, options))
    if "portal-case" in names and "portal-thanks" not in names:
        names.insert(names.index("portal-case"), "portal-thanks")
    for name in names:
        if OUTSIDE[name] in reported:
            reported[OUTSIDE[name]]()
        else:
            page.goto(OUTSIDE[name])
        shoot(page, options, name, language)
    context.close()


def choose_kind(page: Page) -> None:
    page.goto("/portal/report/")
    page.locator(":is(main, aside) a[href*='category=']").first.click()


def report(page: Page, language: str) -> None:
    """Report a problem as a stranger, so that the page of thanks and the case can be seen."""
    title, text = {
        "en": ("The cold room is warming up", "It shows E5 since six in the morning."),
        "zh-hans": ("冷库温度升高", "早上六点起显示 E5，温度已到 8 度。"),
        "zh-hant": ("冷藏庫溫度升高", "早上六點起顯示 E5，溫度已到 8 度。"),
    }[language]
    choose_kind(page)
    page.fill("[name=title]", title)
    page.fill("[name=text]", text)
    page.fill("[name=name]", {"en": "Robin Hale", "zh-hans": "赵晨", "zh-hant": "林怡君"}[language])
    page.fill("[name=mail]", f"guest-{language}@guests.example")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/s/.+/thanks/"))


def shoot(page: Page, options: argparse.Namespace, name: str, language: str) -> None:
    """The page as it stands, in every width and scheme."""
    for width in options.width:
        page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        for scheme in options.scheme:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.wait_for_timeout(120)
            page.screenshot(path=options.out / f"{name}-{width}-{scheme}-{language}.png")
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wider > 0:
            print(f"{name} in {language} at {width}: {wider} px wider than the window ({page.url})")


if __name__ == "__main__":
    main()
