"""How a hit reads as a row of the page of results, put together without a template: see `ui.drawn`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.html import conditional_escape as safe
from django.utils.safestring import SafeString

from tightrope.search.queries import Found
from tightrope.ui import format as written
from tightrope.ui.drawn import kept_html


def drawn(found: Iterable[Found], *, at: datetime) -> SafeString:
    """Two lines each: what it is and its light; whose it is and the day."""
    return SafeString("".join(_drawn(one, at) for one in found))


def _drawn(one: Found, at: datetime) -> str:
    hit = one.hit
    light = kept_html("light", light=hit.light) if hit.light else ""
    return (
        f'<a class="rows-row" href="{safe(hit.url)}" data-key-row>'
        f'<span class="rows-line"><b>{safe(hit.title)}</b>{light}</span>'
        f'<span class="rows-line"><span class="quiet">{safe(hit.hint)}</span>'
        f'<span class="quiet nowrap">{safe(written.day(one.at, now=at))}</span></span></a>'
    )
