"""Tags and filters of the design system: ``{% load ui %}``."""

import json
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tightrope.core.actor import Actor
from tightrope.ui import assets, drawn, icons, lights, quick, spark, wording
from tightrope.ui import format as written

register = template.Library()
register.tag("translate", quick.translate)
register.tag("url", quick.url)
SCHEMES = ("light", "dark")


# Times. Each filter takes the instant to count from as its argument; without one it is now.


@register.filter
def iso(at: datetime | date | None) -> str:
    """What stands in the attribute ``datetime``: the same as ``date:"c"`` at a tenth of its cost."""
    return written.iso(at) if at else ""


@register.filter
def moment(at: datetime | date | None, now: datetime | None = None) -> str:
    """``Sat 21 Nov, 14:30``"""
    return written.moment(at, now=now or timezone.now()) if at else ""


@register.filter
def day(at: datetime | date | None, now: datetime | None = None) -> str:
    """``Sat 21 Nov``"""
    return written.day(at, now=now or timezone.now()) if at else ""


@register.filter
def clock(at: datetime | None) -> str:
    """``14:30``"""
    return written.clock(at) if at else ""


@register.filter
def nearby(at: datetime | None, now: datetime | None = None) -> str:
    """``Today 16:30``, ``Mon 11:00``"""
    return written.nearby(at, now=now or timezone.now()) if at else ""


@register.filter
def nearby_in_sentence(at: datetime | None, now: datetime | None = None) -> str:
    """``today 16:30``, ``Mon 11:00``"""
    return written.nearby(at, now=now or timezone.now(), in_sentence=True) if at else ""


@register.filter
def ago(at: datetime | None, now: datetime | None = None) -> str:
    """``5 minutes ago``"""
    return written.ago(at, now=now or timezone.now()) if at else ""


@register.filter
def time_left(due_at: datetime | None, now: datetime | None = None) -> str:
    """``1:08 left``, ``late 0:12``"""
    return written.time_left(due_at, now=now or timezone.now()) if due_at else ""


@register.filter
def duration(length: written.Length | None, style: str = "long") -> str:
    """``1 hour 8 minutes``; ``:"short"`` gives ``1:08``, ``:"calendar"`` may say days."""
    if length is None:
        return ""
    ways = {"long": written.duration, "short": written.short_duration, "calendar": written.calendar_duration}
    return ways[style](length)


@register.filter
def margin(length: written.Length | None) -> str:
    """``38 minutes early``, ``late 0:12``"""
    return "" if length is None else written.margin(length)


# Figures.


@register.filter
def number(value: int | float | Decimal | None, digits: int | None = None) -> str:
    """``3,012``; ``:1`` writes exactly one digit after the point."""
    return "" if value is None else written.number(value, digits=digits)


@register.filter
def percent(share: float | Decimal | None, digits: int = 0) -> str:
    """A share of one as ``93%``."""
    return "" if share is None else written.percent(share, digits=digits)


@register.filter
def money(cents: int | None, currency: str = "CNY") -> str:
    """Hundredths of the unit as an amount: ``¥1,200.00``."""
    return "" if cents is None else written.money(cents, currency)


@register.filter
def file_size(size_bytes: int | None) -> str:
    """``1.4 MB``"""
    return "" if size_bytes is None else written.file_size(size_bytes)


@register.filter
def initials(name: str) -> str:
    """What the avatar of a person shows."""
    return written.initials(str(name))


# Lights.


@register.filter
def light_of(thing: object) -> str:
    """The light a case, promise, work order or status word shows."""
    return lights.light_of(thing)


@register.filter
def light_word(light: str, reader: str = "staff") -> str:
    """The word beside a light; ``:"customer"`` speaks to the customer."""
    words = lights.WORDS_FOR_CUSTOMER if reader == "customer" else lights.WORDS
    return str(words.get(light, ""))


# Drawings.


@register.filter
def may(actor: Actor | None, permission: str) -> bool:
    """Whether the reader holds a permission: a link is shown to whom it lets in. ``{% if actor|may:"case.open" %}``"""
    return actor is not None and actor.may(permission)


@register.simple_tag
def icon(name: str, label: str = "", size: int = 20, css: str = "") -> SafeString:
    """An icon of the sprite, inline: ``{% icon "search" %}``."""
    return icons.icon_svg(name, label=label, size=size, css=css)


@register.simple_tag
def sparkline(values: list[float | None], target: float | str | None = None, label: str = "") -> SafeString:
    """The way a figure went, as inline SVG; gaps (None) stay gaps. A missing target arrives as ""."""
    return spark.sparkline_svg(values, target=None if target in (None, "") else float(target), label=label)


@register.simple_tag
def run_bar(run: float | None) -> SafeString:
    """The hairline of a promise, filled to ``run`` percent. SVG, because a style attribute is refused by the CSP."""
    return spark.run_svg(run or 0)


# Addresses and the page itself.


def _request(context: template.Context) -> Any:
    """The request of the page, also inside an include with ``only``; an error page may have none."""
    return context.get("request") or getattr(context, "request", None)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """This page's query with some parameters changed; None or "" removes one: ``{% query sort="due" after=None %}``."""
    request = _request(context)
    parameters = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None or value == "":
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return "?" + parameters.urlencode()


@register.simple_tag
def html_language() -> str:
    """The value of ``lang`` on the root element."""
    return wording.html_language(translation.get_language() or "en")


@register.simple_tag(takes_context=True)
def colour_scheme(context: template.Context) -> str:
    """The person's own choice of scheme (context ``scheme`` or cookie ``scheme``); empty follows the system."""
    request = _request(context)
    chosen = context.get("scheme") or (request.COOKIES.get("scheme", "") if request is not None else "")
    return chosen if chosen in SCHEMES else ""


@register.filter
def own_address(address: object) -> str:
    """The address when it leads to this very server, else nothing: what came along as a tag must not lead away."""
    path = str(address or "")
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else ""


def _nonce(context: template.Context) -> str:
    return str(getattr(_request(context), "csp_nonce", "") or "")


@register.simple_tag(takes_context=True)
def csrf_field(context: template.Context) -> SafeString:
    """The hidden token of a POST form. Unlike ``csrf_token`` it survives an include with ``only``."""
    request = _request(context)
    if not isinstance(request, HttpRequest):
        return SafeString("")
    token = drawn.csrf_token_of(request)
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)


@register.simple_tag(takes_context=True)
def ui_styles(context: template.Context) -> SafeString:
    """The style sheets of the design system, in their order."""
    return drawn.styles_html(_nonce(context))


@register.simple_tag(takes_context=True)
def style(context: template.Context, path: str) -> SafeString:
    """One more style sheet for this page: ``{% style "dispatch/css/board.css" %}`` in the block ``styles``."""
    return format_html(
        '<link rel="stylesheet" href="{}" nonce="{}">', assets.address_of(path), _nonce(context)
    )


@register.simple_tag(takes_context=True)
def script(context: template.Context, path: str) -> SafeString:
    """One more module for this page, in the block ``scripts``."""
    address = assets.address_of(path)
    return format_html('<script type="module" src="{}" nonce="{}"></script>', address, _nonce(context))


def _json(value: object) -> SafeString:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(text)  # noqa: S308


@lru_cache(maxsize=8)
def _import_map(imports: tuple[tuple[str, str], ...]) -> SafeString:
    return _json({"imports": dict(imports)})


@lru_cache(maxsize=16)
def _script_words(language: str, now: str) -> SafeString:
    """What the behaviours say; requests within one second share it."""
    with translation.override(language):
        return _json(wording.script_wording(language) | {"now": now})


@register.simple_tag(takes_context=True)
def ui_scripts(context: template.Context) -> SafeString:
    """Import map, wording, main module and, when it is there, htmx."""
    nonce = _nonce(context)
    htmx = assets.htmx_path()
    imports = _import_map(tuple(assets.import_map()["imports"].items()))
    words = _script_words(translation.get_language() or "en", timezone.now().isoformat(timespec="seconds"))
    lines = [
        format_html('<script type="importmap" nonce="{}">{}</script>', nonce, imports),
        format_html('<script type="application/json" id="ui-words" nonce="{}">{}</script>', nonce, words),
    ]
    if htmx and htmx.endswith(".esm.js"):
        lines.append(
            format_html('<script type="module" src="{}" nonce="{}"></script>', assets.address_of(htmx), nonce)
        )
    elif htmx:
        lines.append(
            format_html('<script defer src="{}" nonce="{}"></script>', assets.address_of(htmx), nonce)
        )
    lines.append(
        format_html(
            '<script type="module" src="{}" nonce="{}"></script>', assets.address_of("ui/js/main.js"), nonce
        )
    )
    return mark_safe("\n".join(lines))  # noqa: S308


# Components that wrap other markup.


def _component(name: str, content: str, arguments: dict[str, Any]) -> SafeString:
    return SafeString(render_to_string(f"ui/components/{name}.html", {"content": content, **arguments}))


@register.simple_block_tag
def panel(content: str, **arguments: Any) -> SafeString:
    """``{% panel title=_("Device") %}…{% endpanel %}``; arguments as in components/panel.html."""
    return drawn.panel_html(content, **arguments)


@register.simple_block_tag
def dialog(content: str, **arguments: Any) -> SafeString:
    """``{% dialog id="assign" title=_("Assign") %}…{% enddialog %}``; arguments as in components/dialog.html."""
    return _component("dialog", content, arguments)


@register.simple_block_tag
def menu(content: str, **arguments: Any) -> SafeString:
    """``{% menu label=_("More") %}<a …>…{% endmenu %}``; arguments as in components/menu.html."""
    return drawn.menu_html(content, **arguments)


# Components that stand often on a page.


@register.simple_tag
def button(label: Any, **arguments: Any) -> SafeString:
    """``{% button label=l url=u icon="next" key="h" %}``; arguments as in components/button.html."""
    return drawn.button_html(label, **arguments)


@register.simple_tag(takes_context=True)
def person_menu(context: template.Context) -> SafeString:
    """``{% person_menu %}``: the ``person`` of the page, see components/person_menu.html."""
    return drawn.person_menu_html(context["request"], context["person"], scheme=colour_scheme(context))


@register.simple_tag
def line_item(item: Any, kind: str = "") -> SafeString:
    """``{% line_item item kind=item.kind %}``; arguments as in components/line_item.html."""
    return drawn.line_item_html(item, kind=kind, now=timezone.now())


@register.simple_tag
def message(**arguments: Any) -> SafeString:
    """``{% message author=turn.author at=turn.at body=turn.body %}``; arguments as in components/message.html."""
    return drawn.message_html(now=timezone.now(), **arguments)


@register.simple_tag
def kept(component: str, **arguments: Any) -> SafeString:
    """``{% kept "light" light=row.light word=row.word %}``: a component that says the same again and again, written
    once for these arguments in this language. It sees nothing else, so it can show nobody another's page."""
    return drawn.kept_html(component, **arguments)


@register.simple_tag
def rooms(rail: list[dict[str, Any]], css: str = "") -> SafeString:
    """``{% rooms rail %}``: entries of the rail, see components/room.html."""
    return drawn.rooms_html(rail, css)
