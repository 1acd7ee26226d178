"""On a phone: whatever is pressed is large enough for a thumb, and no word is cut off."""

from __future__ import annotations

import pytest

from tests.browser.test_pages import addresses, opened

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SMALL = """() => {
  const small = [];
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 1;
  for (const e of document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")) {
    if (!shown(e) || e.closest(".aloud, .skip, .robots, [aria-hidden=true]")) continue;
    // A link within a sentence keeps the height of its line.
    const within = e.parentElement.innerText.trim().length > e.innerText.trim().length + 3;
    if (getComputedStyle(e).display === "inline" && within) continue;
    const cover = getComputedStyle(e, "::after");
    if (cover.content !== "none" && cover.position === "absolute" && cover.inset === "0px") continue;
    const pressed = e.matches("[type=checkbox], [type=radio], [type=file]") ? e.closest("label") ?? e : e;
    const height = pressed.getBoundingClientRect().height;
    if (height < 43.5) small.push(`${e.tagName} ${e.className} ${Math.round(height)} px: ${e.innerText || e.name}`);
  }
  return small;
}"""
CUT = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.innerText && !e.closest(".aloud, .skip"))
  .filter((e) => /hidden|clip/.test(getComputedStyle(e).overflowX) && getComputedStyle(e).textOverflow !== "ellipsis")
  .filter((e) => e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1)
  .map((e) => `${e.tagName} ${e.className} is cut: ${e.innerText.slice(0, 60)}`)"""


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("who", ["", "zhou.min", "admin"])
def test_a_thumb_finds_every_target(who, language, window, signed_in):
    page = opened(who, window, signed_in, width=360, language=language, touch=True)
    found = []
    for address in addresses(who):
        page.goto(address)
        found += [f"{address}: {what}" for what in page.evaluate(SMALL) + page.evaluate(CUT)]
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wider > 0:
            found.append(f"{address} is {wider} px wider than the phone")
    assert found == []


def test_the_report_fits_a_phone_before_any_script_has_run(window):
    page = window(width=360, touch=True, scripts=False, language="en-GB")

    page.goto("/portal/report/?category=ac-leak")

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
