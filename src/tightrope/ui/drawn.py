"""Components that stand many times on one page, put together without a template.

Including a template costs some fifty microseconds; a page of the desk has a hundred of these. The templates in
`ui/components/` stay the measure: a test compares what both write.
"""

from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from secrets import token_hex
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape as safe
from django.utils.html import linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tightrope.ui import assets
from tightrope.ui import format as written
from tightrope.ui.icons import icon_svg
from tightrope.ui.spark import run_svg


def button_html(
    label: Any,
    *,
    url: str = "",
    kind: str = "",
    size: str = "",
    icon: str = "",
    icon_end: str = "",
    type: str = "submit",  # noqa: A002 - as HTML calls it
    name: str = "",
    value: str = "",
    key: str = "",
) -> SafeString:
    """A button, or a link that looks like one; see components/button.html."""
    css = "button" + (f" button-{kind}" if kind else "") + (f" button-{size}" if size else "")
    keyed = f' data-key="{safe(key)}" aria-keyshortcuts="{safe(key)}"' if key else ""
    body = f"{icon_svg(icon, size=16) if icon else ''}<span>{safe(label)}</span>"
    if key:
        body += f'<kbd class="keys-only" aria-hidden="true">{safe(key)}</kbd>'
    if url:
        end = icon_svg(icon_end, size=16) if icon_end else ""
        return SafeString(f'<a class="{css}" href="{safe(url)}"{keyed}>{body}{end}</a>')
    named = (f' name="{safe(name)}"' if name else "") + (f' value="{safe(value)}"' if value else "")
    return SafeString(f'<button class="{css}" type="{safe(type)}"{named}{keyed}>{body}</button>')


def panel_html(
    content: str,
    *,
    title: Any = "",
    action_url: str = "",
    action_label: Any = "",
    foot: Any = "",
    plain: bool = False,
    flush: bool = False,
    folded: bool = False,
    id: str = "",  # noqa: A002 - as HTML calls it
) -> SafeString:
    """A card with a small title; see components/panel.html."""
    named = f' id="{safe(id)}"' if id else ""
    body = f'<div class="panel-body">{content}</div>'
    if folded:
        summary = f"<summary>{icon_svg('next')}{safe(title)}</summary>"
        return SafeString(f'<details class="panel"{named}>{summary}{body}</details>')
    css = "panel" + (" panel-plain" if plain else "") + (" panel-flush" if flush else "")
    action = f'<a class="link quiet" href="{safe(action_url)}">{safe(action_label)}</a>' if action_url else ""
    head = f'<header class="panel-head"><h2>{safe(title)}</h2>{action}</header>' if title else ""
    tail = f'<footer class="panel-foot">{safe(foot)}</footer>' if foot else ""
    return SafeString(f'<section class="{css}"{named}>{head}{body}{tail}</section>')


def menu_html(
    content: str, *, label: Any = "", icon: str = "", kind: str = "", start: bool = False, up: bool = False
) -> SafeString:
    """A menu that opens without JavaScript; see components/menu.html."""
    css = "menu" + (" menu-start" if start else "") + (" menu-up" if up else "")
    button = "button" + (f" button-{kind}" if kind else "") + (" button-icon" if icon else "")
    shown = icon_svg(icon, size=16, label=str(label)) if icon else f"{safe(label)}{icon_svg('down', size=12)}"
    summary = f'<summary class="{button}">{shown}</summary>'
    return SafeString(f'<details class="{css}">{summary}<div class="menu-list">{content}</div></details>')


def line_item_html(item: Any, *, kind: str = "", now: datetime) -> SafeString:
    """One entry of the line from future to past, an object or a mapping; see components/line_item.html."""

    def part(name: str) -> Any:
        return item.get(name, "") if isinstance(item, Mapping) else getattr(item, name, "")

    at, url, verdict, template = part("at"), part("url"), part("verdict"), part("template")
    title = (
        f'<a href="{safe(url)}">{safe(part("title"))}</a>' if url else f"<span>{safe(part('title'))}</span>"
    )
    judged = f'<span class="line-verdict">{safe(verdict)}</span>' if verdict else ""
    body = render_to_string(template, {"item": item}) if template else safe(part("body") or "")
    told = f'<div class="line-body">{body}</div>' if body or template else ""
    marked = f' data-is="{safe(kind)}"' if kind else ""
    return SafeString(
        f'<li{marked}><div class="line-head">{_time(at, now) if at else ""}{title}{judged}</div>{told}</li>'
    )


def message_html(
    *,
    author: str,
    at: datetime,
    now: datetime,
    body: str = "",
    about: str = "",
    icon: str = "",
    frame_url: str = "",
    unsent: str = "",
    files: Any = (),
) -> SafeString:
    """Something said in public; see components/message.html."""
    sign = f"{icon_svg(icon)} " if icon else ""
    whereby = f'<span class="quiet">{safe(about)}</span>' if about else ""
    if frame_url:
        title = safe(_("Message from %(author)s") % {"author": author})
        said = f'<iframe class="message-frame" src="{safe(frame_url)}" sandbox title="{title}" loading="lazy"></iframe>'
    else:
        said = f'<div class="message-body">{linebreaks(body, autoescape=True)}</div>'
    held = f'<p class="quiet">{safe(unsent)}</p>' if unsent else ""
    sent_along = render_to_string("ui/components/files.html", {"files": files}).strip() if files else ""
    foot = f'<footer class="message-foot">{held}{sent_along}</footer>' if held or files else ""
    return SafeString(
        f'<article class="message{" message-unsent" if unsent else ""}">'
        f'<header class="message-head"><span>{sign}<b>{safe(author)}</b>{whereby}</span>'
        f"{_time(at, now, css='quiet')}</header>{said}{foot}</article>"
    )


def _time(at: datetime, now: datetime, css: str = "") -> str:
    marked = f' class="{css}"' if css else ""
    title = safe(written.moment(at, now=now))
    return f'<time{marked} datetime="{written.iso(at)}" title="{title}">{safe(written.nearby(at, now=now))}</time>'


class MenuLink(NamedTuple):
    """An entry of the person's own menu."""

    label: str
    url: str
    icon: str = ""


def person_menu_html(request: HttpRequest, person: Mapping[str, Any], *, scheme: str) -> SafeString:
    """The person at the top, kept for him in each language and scheme; see components/person_menu.html."""
    fixed = {f"person.{name}": str(person.get(name) or "") for name in _OF_A_PERSON}
    links = tuple(
        MenuLink(str(one["label"]), one["url"], one.get("icon", "")) for one in person.get("links", ())
    )
    return kept_part(
        request,
        "ui/components/person_menu.html",
        {**fixed, "person.links": links, "scheme": scheme},
        {"here": request.get_full_path()},
    )


_OF_A_PERSON = ("name", "role", "title", "image_url", "sign_out_url")


def rooms_html(rooms: Iterable[Mapping[str, Any]], css: str = "") -> SafeString:
    """Some rooms of the rail as entries of a list; see components/room.html."""
    return SafeString(
        "".join(
            _room(
                css,
                str(room["url"]),
                str(room["label"]),
                str(room.get("icon") or ""),
                str(room.get("count") or ""),
                bool(room.get("current")),
            )
            for room in rooms
        )
    )


@lru_cache(maxsize=1024)
def _room(css: str, url: str, label: str, icon: str, count: str, current: bool) -> str:
    marked = ' aria-current="page"' if current else ""
    counted = f'<span class="rail-count">{safe(count)}</span>' if count else ""
    drawing = icon_svg(icon) if icon else ""
    room = (
        f'<a href="{safe(url)}"{marked}>{drawing}<span class="rail-label">{safe(label)}</span>{counted}</a>'
    )
    return f'<li class="{css}">{room}</li>' if css else f"<li>{room}</li>"


def styles_html(nonce: str) -> SafeString:
    """The links to the style sheets of the design system; only the nonce differs from page to page."""
    return SafeString(_styles().replace(_slot(0), safe(nonce)))


@cache
def _styles() -> str:
    return "\n".join(
        f'<link rel="stylesheet" href="{safe(assets.address_of(path))}" nonce="{_slot(0)}">'
        for path in assets.STYLES
    )


def kept_html(component: str, **arguments: Any) -> SafeString:
    """A component of `ui/components/` as its template writes it, kept in the process for these arguments."""
    known = ((name, str(one) if isinstance(one, Promise) else one) for name, one in arguments.items())
    # A text that is trusted equals the same text that is not, and must not stand in its place.
    return _kept(component, get_language() or "en", tuple((name, type(one), one) for name, one in known))


@lru_cache(maxsize=4096)
def _kept(component: str, language: str, arguments: tuple[tuple[str, type, Any], ...]) -> SafeString:
    values = {name: value for name, _type, value in arguments}
    return SafeString(render_to_string(f"ui/components/{component}.html", values).strip())


def kept_part(
    request: HttpRequest, template: str, fixed: Mapping[str, Hashable], slots: Mapping[str, Any]
) -> SafeString:
    """A large part of a page, kept in the process for these fixed values in this language; what differs on each page
    is put into its slots. The template sees both by their names (`case.public_id`) and nothing else, the token of
    its forms aside; what it decides upon must be fixed."""
    known = ((name, str(one) if isinstance(one, Promise) else one) for name, one in fixed.items())
    marked = tuple((name, type(one), one) for name, one in known)
    kept = _kept_part(template, get_language() or "en", marked, tuple(slots))
    for place, value in enumerate((csrf_token_of(request), *slots.values())):
        kept = kept.replace(_slot(place), safe(value))
    return SafeString(kept)


_SLOT = f"slot{token_hex(8)}"
"""Begins every mark of a slot. Nobody outside can know it, so that nobody's words are taken for one."""


def _slot(place: int) -> str:
    return f"{_SLOT}x{place}x"


@lru_cache(maxsize=2048)
def _kept_part(
    template: str, language: str, fixed: tuple[tuple[str, type, Any], ...], slots: tuple[str, ...]
) -> str:
    page = HttpRequest()
    keep_csrf_token(page, _slot(0))
    values: dict[str, Any] = {"request": page}
    for name, value in [
        *((name, value) for name, _type, value in fixed),
        *((name, _slot(place)) for place, name in enumerate(slots, start=1)),
    ]:
        *parents, last = name.split(".")
        inner = values
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = value
    return render_to_string(template, values)


def csrf_token_of(request: HttpRequest) -> str:
    """The token of the forms of this page. Each call of Django's `get_token` makes another mask; one a page hides
    the secret as well."""
    token: str | None = getattr(request, "_token_of_page", None)
    return token if token is not None else keep_csrf_token(request, get_token(request))


def keep_csrf_token(request: HttpRequest, token: str) -> str:
    """Let this be the token of the page's forms."""
    request._token_of_page = token  # type: ignore[attr-defined]
    return token


def row_html(
    *,
    url: str,
    title: str,
    about: str,
    light: str,
    word: str = "",
    now: datetime,
    due_at: datetime | None = None,
    run: float = 0,
    figure: str = "",
) -> SafeString:
    """A case in a narrow list; see components/row.html."""
    if figure:
        shown: str = safe(figure)
    elif due_at:
        iso, moment = timezone.localtime(due_at).isoformat(), safe(written.moment(due_at, now=now))
        left = safe(written.time_left(due_at, now=now))
        shown = (
            f'<due-clock datetime="{iso}"><time datetime="{iso}" title="{moment}">{left}</time></due-clock>'
        )
    else:
        shown = safe(_("No promise"))
    return SafeString(
        f'<a class="rows-row" href="{safe(url)}" data-key-row><span class="rows-line"><b>{safe(title)}</b>'
        f'<span class="due" data-light="{safe(light)}"><span class="due-figure">{shown}</span>{run_svg(run)}</span></span>'
        f'<span class="rows-line"><span class="quiet">{safe(about)}</span>{kept_html("light", light=light, word=word)}'
        "</span></a>"
    )
