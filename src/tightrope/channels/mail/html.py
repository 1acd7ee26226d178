"""HTML from strangers: an allow-list, enforced by nh3, and limits before it runs.

nh3 takes 41 s for 0.5 MB of nested `<div>`, and native code cannot be interrupted. So a document's shape is
measured first, and `child.py` runs all of this in a process that can be killed.
What comes out is for a sandboxed frame with its own content policy, never for a page of ours.
"""

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Final
from urllib.parse import unquote

import nh3

from tightrope.channels.mail.html_lines import Tag, shape_of, tags


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SANITISER_VERSION: Final = 1
MAX_HTML_CHARACTERS: Final = 4_000_000
MAX_DEPTH: Final = 400
MAX_TAGS: Final = 100_000
MAX_ENTITIES: Final = 100_000
MAX_ATTRIBUTES: Final = 400

REMOTE_IMAGE: Final = "data-remote-src"

_TAGS: Final = _words(
    "a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn"
    " div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre"
    " q rp rt ruby s samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u"
    " ul var wbr"
)
_NO_CONTENT: Final = _words("script style title head noscript template iframe object svg math select")
_ATTRIBUTES: Final = {
    "*": {"style", "dir", "lang", "title", "align"},
    "a": {"href"},
    "img": {"src", REMOTE_IMAGE, "alt", "width", "height"},
    "table": {"border", "cellpadding", "cellspacing", "width", "bgcolor"},
    "td": {"colspan", "rowspan", "width", "height", "valign", "bgcolor"},
    "th": {"colspan", "rowspan", "width", "height", "valign", "bgcolor"},
    "tr": {"valign", "bgcolor"},
    "col": {"span", "width"},
    "ol": {"start", "type"},
    "font": {"color", "size", "face"},
    "time": {"datetime"},
}
_STYLES: Final = _words(
    "color background-color font-weight font-style font-size font-family text-align text-decoration line-height"
    " vertical-align white-space list-style-type width max-width border border-top border-bottom border-left"
    " border-right border-color border-style border-width border-collapse border-spacing padding padding-top"
    " padding-bottom padding-left padding-right margin margin-top margin-bottom margin-left margin-right"
)

_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x20]*", re.IGNORECASE)
_INLINE_IMAGE = re.compile(r"data:image/(?:png|jpeg|jpg|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_CID = re.compile(r"cid:[^\s\"'<>]{1,200}", re.IGNORECASE)
_UNSAFE_STYLE = re.compile(r"url|expression|image|@|\\|/\*|var\(|position|javascript", re.IGNORECASE)
_ANY_SPACE = re.compile(
    r"[\s\x00-\x20\u00a0\u00ad\u061c\u180e\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
)
_SOURCE = re.compile(r"""(?<![\w-])src\s*=""", re.IGNORECASE)
_REMOTE_SOURCE = re.compile(r"""(?<![\w-])src\s*=\s*["']?\s*(?:https?:)?//""", re.IGNORECASE)
_SHOWN_CID = re.compile(r'src="cid:([^"]{1,800})"')


class HtmlRefused(ValueError):
    """The document is too large or too deep to be sanitised in bounded time; show the text instead."""


def sanitise(html: str) -> str:
    """The document reduced to the allow-list: no scripts, no forms, no remote images, tame styles.

    Remote images become `<img data-remote-src="...">`; pictures inside the mail keep `src="cid:..."`.
    Raises HtmlRefused beyond the limits.
    """
    if len(html) > MAX_HTML_CHARACTERS:
        raise HtmlRefused("html-too-big")
    shape = shape_of(html)
    if shape.depth > MAX_DEPTH:
        raise HtmlRefused("html-too-deep")
    if shape.tags > MAX_TAGS or shape.entities > MAX_ENTITIES or shape.widest_tag > MAX_ATTRIBUTES * 2:
        raise HtmlRefused("html-too-many")
    return nh3.clean(
        _with_remote_images_named(html),
        tags=_TAGS,
        clean_content_tags=_NO_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=_allowed_value,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        filter_style_properties=_STYLES,
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def _allowed_value(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        # Unicode spaces before "javascript:" make a relative link of it; nothing here links relatively.
        link = value.strip()
        return link if _LINK.fullmatch(_ANY_SPACE.sub("", link)) and _LINK.match(link) else None
    if attribute == "src":
        return value if tag == "img" and (_CID.fullmatch(value) or _INLINE_IMAGE.fullmatch(value)) else None
    if attribute == REMOTE_IMAGE:
        address = f"https:{value}" if value.startswith("//") else value
        is_link = re.fullmatch(r"https?://[^\s\x00-\x20]{1,2000}", address, re.IGNORECASE)
        return address if is_link else None
    if attribute == "style" and (_UNSAFE_STYLE.search(value) or len(value) > 2_000):
        kept = [rule for rule in value[:20_000].split(";") if not _UNSAFE_STYLE.search(rule)]
        return ";".join(kept)[:2_000] or None
    return value[:2_000]


def _with_remote_images_named(html: str) -> str:
    """Rename `src` to `data-remote-src` where it leads outside. This happens before sanitising: a tag that
    the browser would read otherwise loses its picture, never its cleaning."""
    pieces: list[str] = []
    position = 0
    for tag in tags(html):
        if tag.name == "img" and not tag.is_end and _REMOTE_SOURCE.search(tag.attributes):
            pieces += (html[position : tag.start], _renamed(html, tag))
            position = tag.end
    return "".join((*pieces, html[position:]))


def _renamed(html: str, tag: Tag) -> str:
    return _SOURCE.sub(f"{REMOTE_IMAGE}=", html[tag.start : tag.end], count=1)


def show_pictures(clean_html: str, picture_urls: Mapping[str, str]) -> str:
    """Put our own addresses, by Content-ID, in place of `src="cid:..."`, where known. Only this attribute value changes,
    and what is put in is escaped, so sanitised HTML stays sanitised."""

    def address(match: re.Match[str]) -> str:
        cid = unescape(match[1])
        url = picture_urls.get(cid) or picture_urls.get(unquote(cid))
        return f'src="{escape(url)}"' if url else 'src=""'

    return _SHOWN_CID.sub(address, clean_html)
