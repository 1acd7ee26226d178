"""The icons, read once from the sprite and drawn inline.

Inline rather than by ``<use href>``: an outside reference is refused by some browsers under
``default-src 'none'``, is missing on a page shown without network, and flashes on the first page.
"""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SPRITE = Path(__file__).parent / "static" / "ui" / "icons.svg"
_ALIASES = {
    "inbox": "desk",
    "building": "customer",
    "clock": "promise",
    "plus": "add",
    "users": "people",
    "tools": "work",
}
_SYMBOL = re.compile(r'<symbol id="([^"]+)" viewBox="([^"]+)">(.*?)</symbol>')


class UnknownIcon(LookupError):
    """No icon of this name is drawn in the sprite."""


class Drawing(NamedTuple):
    """One symbol of the sprite: its view box and its shapes, both from our own file."""

    view_box: str
    shapes: SafeString


@cache
def drawings() -> dict[str, Drawing]:
    """All symbols of the sprite by name."""
    sprite = SPRITE.read_text(encoding="utf-8")
    return {name: Drawing(box, mark_safe(shapes)) for name, box, shapes in _SYMBOL.findall(sprite)}  # noqa: S308


@lru_cache(maxsize=512)
def icon_svg(name: str, *, label: str = "", size: int = 20, css: str = "") -> SafeString:
    """The icon as inline SVG; silent to screen readers unless it carries a label."""
    try:
        drawing = drawings()[_ALIASES.get(name, name)]
    except KeyError:
        raise UnknownIcon(f"There is no icon {name!r}; see static/ui/icons.svg.") from None
    classes = " ".join(filter(None, ("icon", "" if size == 20 else f"icon-{size}", css)))
    if label:
        return format_html(
            '<svg class="{}" viewBox="{}" role="img" aria-label="{}">{}</svg>',
            classes, drawing.view_box, label, drawing.shapes,
        )  # fmt: skip
    return format_html(
        '<svg class="{}" viewBox="{}" aria-hidden="true">{}</svg>', classes, drawing.view_box, drawing.shapes
    )
