"""What axe-core says of a page, wide and on a phone, and whether it is wider than its window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).resolve().parents[2] / "frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = ((1440, "light"), (360, "dark"))

needs_axe = pytest.mark.skipif(
    not AXE.exists(), reason="axe-core comes with the front-end packages, which are not fetched here"
)


def sizes(page: Any) -> Iterator[str]:
    """Give the page one size and scheme after the other, and say which."""
    for width, scheme in SIZES:
        page.set_viewport_size({"width": width, "height": 800})
        # Without motion: colours on their way from one scheme to the other are nobody's colours.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        yield f"{width}, {scheme}"


def faults_of(page: Any, *, within: str = "html") -> list[str]:
    """What keeps somebody from using the page as it stands now: serious faults for the ear, and its width."""
    if not page.evaluate("!!window.axe"):
        page.evaluate(AXE.read_text())
    judged = page.evaluate(
        "([within, rules]) => axe.run(within, { runOnly: rules, resultTypes: ['violations'] })",
        [within, RULES],
    )
    found = [
        f"{one['id']}, {one['help']}: {one['nodes'][0]['target']} {one['nodes'][0]['html'][:160]}"
        f" {one['nodes'][0].get('failureSummary', '')[:300]}"
        for one in judged["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
    wider = width_beyond(page)
    return [*found, wider] if wider else found


SPREADING = """[...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.children.length)
    .map(one => one.parentElement.outerHTML.slice(0, 300))[0]"""
"""The first thing without parts that stands out of the window."""


def width_beyond(page: Any) -> str:
    """By how much the page is wider than its window and what first stands out, or nothing."""
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return f"{wider} px wider than the window: {page.evaluate(SPREADING)}" if wider > 0 else ""
