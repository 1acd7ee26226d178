"""HTML from strangers: what is left is harmless, and what it said is still there."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightrope.channels.mail.html import HtmlRefused, sanitise, show_pictures
from tightrope.channels.mail.html_lines import lines_of, text_of_html
from tightrope.channels.mail.tests.mails import patient

ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>',
    '<a href="\u2003javascript:alert(1)">x</a>', '<a href="java\tscript:alert(1)">x</a>', '<a href="\u00a0\u200bjavascript:alert(1)">x</a>',
    '<a href="&#x6A;avascript:alert(1)">x</a>', '<a href="data:text/html,<script>alert(1)</script>">x</a>', '<a href="vbscript:x">x</a>',
    '<a href="//evil.example/x">x</a>', '<a href="/relative">x</a>', '<a href="\\\\evil.example">x</a>', '<iframe src="https://evil.example">x</iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>', "<object data=x></object>", "<embed src=x>", '<base href="https://evil.example/">',
    '<meta http-equiv=refresh content="0;url=https://evil.example">', '<link rel=stylesheet href="https://evil.example/x.css">',
    "<style>@import 'https://evil.example'</style>", '<form action="https://evil.example"><input name=p><button>go</button></form>',
    '<div style="background:url(https://evil.example/x)">x</div>', '<div style="background-image:url(https://evil.example)">x</div>',
    '<div style="position:fixed;top:0;left:0;width:100%">x</div>', '<div style="width:expression(alert(1))">x</div>',
    '<p style="color:red;-moz-binding:url(x)">x</p>', '<img src="https://evil.example/pixel.gif">', '<img src=//evil.example/x>',
    '<img srcset="https://evil.example/x 2x">', '<video src="https://evil.example" poster="https://evil.example"></video>',
    '<audio src="https://evil.example">', '<table background="https://evil.example/x"><tr><td>x</table>', "<body onload=alert(1)>x</body>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<textarea><script>alert(1)</script></textarea>",
    "<template><script>alert(1)</script></template>", '<a href="https://ok.example" target=_blank onclick=alert(1)>x</a>',
    "<!--><img src=x onerror=alert(1)>-->", "<![CDATA[<img src=x onerror=alert(1)>]]>", "<xss id=x tabindex=1 onfocus=alert(1)></xss>",
    '<img src="data:image/svg+xml;base64,PHN2Zy8+">', '<img src="data:text/html,x">', "<select><style></select><img src=x onerror=alert(1)></style>",
    '<font face="x" color="red" onmouseover=alert(1)>x</font>', "<p id=location name=document class=x>x</p>", "<plaintext>x",
]  # fmt: skip

TAGS = frozenset({
    "a", "abbr", "b", "big", "blockquote", "br", "center", "code", "div", "em", "font", "h1", "hr", "i", "img", "li",
    "ol", "p", "pre", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tr", "u", "ul",
})  # fmt: skip
ATTRIBUTES = {
    "style",
    "title",
    "href",
    "rel",
    "src",
    "data-remote-src",
    "alt",
    "width",
    "color",
    "face",
    "border",
}
LINK = re.compile(r"(?:https?://|mailto:|tel:)")
PICTURE = re.compile(r"cid:|data:image/(?:png|gif|jpeg|webp);")


class Judge(HTMLParser):
    """Looks at every tag and attribute that a browser would see."""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attributes:
            assert name in ATTRIBUTES
            assert name != "href" or LINK.match(value or "")
            assert name != "src" or PICTURE.match(value or "")
            assert name != "style" or not re.search(r"url|expression|position|binding|image", value or "")

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"a comment was left: {data}")


def judge(clean: str) -> None:
    judging = Judge()
    judging.feed(clean)
    judging.close()


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_taken_out(attack: str) -> None:
    clean = sanitise(f"<p>before</p>{attack}<p>after</p>")

    judge(clean)
    assert "before" in clean


@patient
@given(
    st.lists(
        st.one_of(st.sampled_from(ATTACKS), st.text("<>/='\"& abc!-\x00\u2003", max_size=12)), max_size=8
    )
)
def test_heaps_of_attacks_are_taken_out_and_cleaning_twice_changes_nothing(pieces: list[str]) -> None:
    clean = sanitise("".join(pieces))

    judge(clean)
    assert sanitise(clean) == clean


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="https://ok.example/a?b=1&amp;c=2">x</a>', '<a href="https://ok.example/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">x</a>'),
        ('<a href="mailto:a@b.cn">x</a>', '<a href="mailto:a@b.cn" rel="noopener noreferrer nofollow">x</a>'),
        ('<a href="tel:+8613800138000">x</a>', '<a href="tel:+8613800138000" rel="noopener noreferrer nofollow">x</a>'),
        ('<img src="cid:a@b" alt="x" width="3">', '<img src="cid:a@b" alt="x" width="3">'),
        ('<img src="https://a.cn/x.png" alt="x">', '<img data-remote-src="https://a.cn/x.png" alt="x">'),
        ("<IMG SRC='HTTP://a.cn/x.png'>", '<img data-remote-src="HTTP://a.cn/x.png">'),
        ("<img src=//a.cn/x.png>", '<img data-remote-src="https://a.cn/x.png">'),
        ('<p style="color: red; position: fixed">x</p>', '<p style="color:red">x</p>'),
        ("<table><tr><td colspan=2 onclick=x>x</td></tr></table>", '<table><tbody><tr><td colspan="2">x</td></tr></tbody></table>'),
    ],
)  # fmt: skip
def test_what_a_mail_needs_is_kept(html: str, expected: str) -> None:
    assert sanitise(html) == expected


@pytest.mark.parametrize(
    "html", ["<div>" * 500, "<b>" * 5_000, "&amp;" * 200_000, "x" * 4_000_001, "<" * 300_000]
)
def test_a_document_that_would_take_long_is_refused_at_once(html: str) -> None:
    began = time.monotonic()

    with pytest.raises(HtmlRefused):
        sanitise(html)

    assert time.monotonic() - began < 2


def test_pictures_of_the_mail_are_shown_from_our_addresses_only() -> None:
    clean = sanitise('<img src="cid:a%40b"><img src="cid:unknown"><p>src="cid:a%40b"</p>')

    shown = show_pictures(clean, {"a@b": '/files/1"onload="x'})

    assert '<img src="/files/1&quot;onload=&quot;x">' in shown
    assert '<img src="">' in shown


def test_text_of_a_document_keeps_what_a_reader_sees() -> None:
    html = "<p>one</p><p>two<br>three</p>a &lt; b < c<!-- no --><blockquote>old</blockquote><pre>x\n  y</pre><!-- open"

    assert text_of_html(html) == "one\n\ntwo\nthree\n\na < b < c\n> old\nx\n  y"


@patient
@given(st.text("<>/ab!-\"'= \n&;#", max_size=300))
def test_any_text_gives_lines_in_the_order_of_the_source(html: str) -> None:
    starts = [line.start for line in lines_of(html)]

    assert all(0 <= start <= len(html) for start in starts)
