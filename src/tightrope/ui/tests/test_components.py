"""Every component, rendered with strings that would hurt if they were not escaped."""

from datetime import timedelta
from pathlib import Path

import pytest
from django import forms
from django.contrib.messages.storage.base import Message
from django.template import Context, RequestContext, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation

COMPONENTS = Path(__file__).parent.parent / "templates" / "ui" / "components"
BAD = '<script>alert("x")</script><img src=x onerror=alert(1)>" onclick="alert(2)'
NOW = timezone.now()
FILES = [{"name": BAD, "url": "/f", "size_bytes": 10, "note": BAD, "error": BAD, "thumbnail_url": "/t"}]
ITEM = {"at": NOW, "title": BAD, "body": BAD, "verdict": BAD, "url": "/x"}
ROOM = {"label": BAD, "url": "/x", "icon": "desk", "count": 3, "current": True}


class HostileForm(forms.Form):
    title = forms.CharField(label=BAD, help_text=BAD)
    kind = forms.ChoiceField(label=BAD, choices=[("a", BAD)], widget=forms.RadioSelect)
    sure = forms.BooleanField(label=BAD, help_text=BAD)

    def clean(self):
        raise forms.ValidationError(BAD)


FORM = HostileForm({"title": "", "kind": BAD})

ARGUMENTS = {
    "avatar": {"name": BAD, "image_url": BAD, "named": True},
    "banner": {"kind": "wrong", "title": BAD, "text": BAD, "action_url": "/x", "action_label": BAD},
    "bubble": {"body": BAD, "author": BAD, "at": NOW, "verdict": BAD, "files": FILES},
    "button": {"label": BAD, "url": "/x", "key": "r", "icon": "reply", "icon_end": "next", "why": BAD},
    "chip": {"label": BAD, "remove_url": "/x", "icon": "star"},
    "choices": {},
    "dialog": {"id": "d", "title": BAD, "content": BAD},
    "due": {"due_at": NOW + timedelta(hours=1), "run": 140, "light": "late"},
    "empty": {"icon": "work", "title": BAD, "text": BAD, "action_url": "/x", "action_label": BAD},
    "errors": {"form": FORM},
    "field": {"field": FORM["title"], "count": 20},
    "field_errors": {"field": FORM["title"]},
    "figure": {"label": BAD, "value": BAD, "unit": BAD, "target": BAD, "distance": BAD, "note": BAD, "url": "/x",
               "values": [1, None, 3], "target_value": 0},
    "file_drop": {"label": BAD, "help": BAD, "accept": BAD},
    "files": {"files": FILES},
    "form": {"form": FORM, "draft": BAD, "submit": BAD, "cancel_url": "/x"},
    "kbd": {"key": BAD},
    "kv": {"facts": [{"label": BAD, "value": BAD, "url": "/x"}, {"label": BAD, "value": ""}]},
    "languages": {"languages": [{"label": BAD, "code": "zh", "url": "/x", "current": True}]},
    "light": {"light": "late", "word": BAD},
    "line": {"ahead": [ITEM], "past": [ITEM, ITEM | {"kind": "missed"}], "now": NOW},
    "line_item": {"item": ITEM, "kind": "kept"},
    "menu": {"label": BAD, "content": BAD, "icon": "more"},
    "message": {"author": BAD, "about": BAD, "at": NOW, "body": BAD, "icon": "mail", "unsent": BAD, "files": FILES},
    "note": {"author": BAD, "at": NOW, "body": BAD, "files": FILES},
    "pager": {"previous_url": "/x", "next_url": "/x", "shown": 8, "note": BAD},
    "panel": {"title": BAD, "content": BAD, "action_url": "/x", "action_label": BAD, "foot": BAD},
    "person_menu": {"person": {"name": BAD, "role": BAD, "sign_out_url": "/x",
                               "links": [{"label": BAD, "url": "/x", "icon": "settings"}]}},
    "progress": {"label": BAD, "done": 1, "total": 3, "detail": BAD},
    "promise": {"due_at": NOW, "what": BAD, "detail": BAD, "run": 20, "action_url": "/x", "action_label": BAD},
    "rail": {"rail": [ROOM] * 9},
    "room": {"room": ROOM},
    "row": {"url": "/x", "title": BAD, "about": BAD, "light": "accepted", "due_at": NOW, "run": 3},
    "stars": {"action": "/x", "words": [BAD] * 5},
    "steps": {"steps": [{"word": BAD, "light": "received"}, {"word": BAD, "light": ""}]},
    "table": {"columns": [{"label": BAD, "sort_url": "/x", "sorted": "ascending"}], "caption": BAD,
              "rows": [{"url": "/x", "cells": [{"text": BAD}, BAD, {"chip": BAD}, {"light": "late", "text": BAD}]}]},
    "table_cell": {"cell": {"text": BAD, "url": "/x"}},
    "tabs": {"label": BAD, "tabs": [{"label": BAD, "url": "/x", "count": 0}]},
    "toast": {"text": BAD, "undo_url": "/x"},
    "when": {"at": NOW, "now": NOW},
}  # fmt: skip


def shown(component: str, /, **arguments: object) -> str:
    return render_to_string(f"ui/components/{component}.html", arguments, request=RequestFactory().get("/"))


def test_no_component_is_left_out_here():
    assert {path.stem for path in COMPONENTS.glob("*.html")} == set(ARGUMENTS)


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_a_component_escapes_what_it_is_given(name, language):
    with translation.override(language):
        html = shown(name, **ARGUMENTS[name])

    assert html.strip() or name == "choices"
    assert "<script" not in html
    assert "<img src=x" not in html
    assert 'onclick="' not in html


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_a_component_without_arguments_does_not_fail(name):
    if name in {
        "field",
        "field_errors",
        "light",
        "room",
        "row",
        "when",
        "table_cell",
        "menu",
        "dialog",
        "message",
    }:
        arguments = ARGUMENTS[name]
    else:
        arguments = {}

    assert isinstance(shown(name, **arguments), str)


def test_a_post_form_carries_its_token_even_inside_an_isolated_include():
    template = Template('{% include "ui/components/stars.html" with action="/x" words=words only %}')
    request = RequestFactory().get("/")

    html = template.render(_page(request, words=["a"] * 5))

    assert 'name="csrfmiddlewaretoken"' in html


def _page(request, **values):
    return RequestContext(request, values)


def test_a_disabled_link_becomes_a_button_that_says_why():
    html = shown("button", label="Close", url="/x", disabled=True, why="A work order is open.")

    assert "href" not in html
    assert "disabled" in html
    assert "A work order is open." in html


def test_block_components_take_markup_between_their_tags():
    html = Template("{% load ui %}{% panel title=t %}<b>{{ t }}</b>{% endpanel %}").render(
        Context({"t": "<i>"})
    )

    assert "<b>&lt;i&gt;</b>" in html
    assert "<h2>&lt;i&gt;</h2>" in html


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere/", "//elsewhere/", "javascript:alert(1)", "success", None, "/\\\\elsewhere"],
)
def test_undo_never_leads_away(address):
    html = render_to_string("ui/plain.html", {"messages": [Message(20, "Done", extra_tags=address)]})

    assert "<undo-toast" in html
    assert "<form" not in html


def test_a_message_of_the_last_page_becomes_a_toast_with_undo():
    html = render_to_string(
        "ui/plain.html",
        {"messages": [Message(20, BAD, extra_tags="/cases/7/undo/")]},
        request=RequestFactory().get("/"),
    )

    assert '<undo-toast class="toast"' in html
    assert 'action="/cases/7/undo/"' in html
    assert "<img src=x" not in html


def test_a_figure_that_is_not_known_has_no_unit():
    known = shown("figure", label="Resolution", value="3:20", unit="h")
    unknown = shown("figure", label="Resolution", value="–", unit="h")

    assert "<small>h</small>" in known
    assert "<small>" not in unknown
