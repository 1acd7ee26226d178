"""What is put together without a template reads as its template does."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from tightrope.ui import drawn

EVIL = '<b>"&'
NOW = timezone.now()


def included(component, **arguments):
    return render_to_string(f"ui/components/{component}.html", arguments).strip()


@pytest.mark.parametrize(
    "arguments",
    [
        {"label": EVIL},
        {"label": "Send", "kind": "primary", "icon": "reply", "key": "e"},
        {"label": "Send", "name": "then", "value": EVIL, "size": "small"},
        {"label": "Solve", "url": f"/x/?a={EVIL}", "icon": "next", "icon_end": "next", "key": "s"},
    ],
)
def test_a_button_is_drawn_as_its_template_writes_it(arguments):
    assert drawn.button_html(**arguments) == included("button", **arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {"title": EVIL},
        {"title": "On file", "plain": True, "action_url": f"/{EVIL}", "action_label": EVIL, "foot": EVIL},
        {"flush": True, "id": "one"},
        {"title": EVIL, "folded": True},
    ],
)
def test_a_panel_is_drawn_as_its_template_writes_it(arguments):
    assert drawn.panel_html("content", **arguments) == included("panel", content="content", **arguments)


@pytest.mark.parametrize(
    "arguments",
    [{"label": EVIL}, {"label": EVIL, "icon": "more", "kind": "quiet", "start": True, "up": True}],
)
def test_a_menu_is_drawn_as_its_template_writes_it(arguments):
    assert drawn.menu_html("content", **arguments) == included("menu", content="content", **arguments)


def test_a_room_is_drawn_as_its_template_writes_it():
    room = {"label": EVIL, "url": "/desk/", "icon": "inbox", "count": 3, "current": True}

    assert drawn.rooms_html([room]) == f"<li>{included('room', room=room)}</li>"


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ({"at": NOW, "title": EVIL, "body": EVIL, "verdict": EVIL, "url": f"/{EVIL}"}, "late"),
        (
            {"at": NOW - timedelta(days=30), "title": SafeString("<b>Zhou Min</b> accepted it"), "body": ""},
            "kept",
        ),
        ({"title": EVIL}, ""),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_entry_of_the_line_is_drawn_as_its_template_writes_it(item, kind, language):
    with translation.override(language):
        written = included("line_item", item=item, kind=kind)

        assert drawn.line_item_html(item, kind=kind, now=NOW) == written
        assert drawn.line_item_html(SimpleNamespace(**item), kind=kind, now=NOW) == written


FILE = {"name": EVIL, "url": f"/{EVIL}", "size_bytes": 1400}


@pytest.mark.parametrize(
    "arguments",
    [
        {"author": EVIL, "body": f"{EVIL}\n\nTwo\nthree", "about": EVIL, "icon": "mail"},
        {"author": EVIL, "frame_url": f"/{EVIL}", "unsent": EVIL},
        {"author": "Zhou Min", "body": "So", "files": [FILE]},
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_message_is_drawn_as_its_template_writes_it(arguments, language):
    with translation.override(language):
        written = re.sub(r"\n\s*", "", included("message", at=NOW, **arguments))

        assert re.sub(r"\n\s*", "", drawn.message_html(at=NOW, now=NOW, **arguments)) == written


@pytest.mark.parametrize(
    "arguments",
    [
        {
            "title": EVIL,
            "about": EVIL,
            "url": f"/{EVIL}",
            "light": "late",
            "due_at": NOW + timedelta(days=30),
            "run": 120,
        },
        {"title": "One", "about": "C-1", "url": "/", "light": "waiting", "figure": EVIL, "word": EVIL},
        {"title": "One", "about": "C-1", "url": "/", "light": "received", "run": 0},
    ],
)
def test_a_row_is_drawn_as_its_template_writes_it(arguments):
    assert drawn.row_html(**arguments, now=NOW) == included("row", **arguments).replace("\n", "")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_kept_is_what_the_template_writes_for_these_words_and_this_language(language):
    word = gettext_lazy("Late")

    with translation.override(language):
        assert drawn.kept_html("light", light="late") == included("light", light="late")
        assert drawn.kept_html("light", light="late", word=word) == included(
            "light", light="late", word=str(word)
        )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_menu_of_a_person_is_drawn_as_its_template_writes_it(language):
    person = {"name": EVIL, "role": EVIL, "links": [{"label": EVIL, "url": "/me/", "icon": "settings"}]}
    request = RequestFactory().get("/desk/", {"q": EVIL})
    drawn.keep_csrf_token(request, "t")
    context = {"person": person, "scheme": "dark", "request": request}

    with translation.override(language):
        written = render_to_string("ui/components/person_menu.html", context)
        assert drawn.person_menu_html(request, person, scheme="dark") == written
        elsewhere = drawn.person_menu_html(RequestFactory().get("/other/"), person, scheme="dark")
    assert 'value="/other/"' in elsewhere
    assert "/desk/" not in elsewhere


def test_a_text_that_is_trusted_does_not_stand_in_for_the_same_text_that_is_not():
    trusted = drawn.kept_html("light", light="late", word=SafeString(EVIL))

    assert EVIL in trusted
    assert EVIL not in drawn.kept_html("light", light="late", word=EVIL)


def test_quick_words_are_those_of_the_language_and_escape_nothing_of_ours():
    template = Template('{% translate "Search" %}|{% translate "Light" context "colours" as l %}{{ l }}')

    with translation.override("zh-hans"):
        said = template.render(Context())

    usual = Template('{% load i18n %}{% translate "Search" %}|{% translate "Light" context "colours" %}')
    with translation.override("zh-hans"):
        assert said == usual.render(Context())
    assert said != "Search|Light"


@pytest.mark.parametrize("name", ["abc_-1", "a b", "a/b", "ü", EVIL, ""])
def test_a_quick_address_is_the_one_that_reverse_gives(name):
    from django.urls import NoReverseMatch, reverse

    template = Template('{% url "cases:case" name as u %}{{ u }}')

    try:
        wanted = reverse("cases:case", args=[name]).replace("&", "&amp;")
    except NoReverseMatch:
        wanted = ""
    assert template.render(Context({"name": name})) == wanted
