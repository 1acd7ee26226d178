import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from tightrope.ui import errors, views

PAGES = ("components", "desk", "portal", "office", "plain", "print")


def guide(**parameters) -> str:
    request = RequestFactory().get("/style/", parameters)
    request.csp_nonce = "n0nce"  # type: ignore[attr-defined]
    return views.style_guide(request).content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("page", PAGES)
def test_the_style_guide_shows_each_page_in_each_language(page, language):
    html = guide(page=page, **{"in": language})

    assert f'<html lang="{ {"en": "en", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}[language] }"' in html
    assert html.count("<h1") == 1
    assert 'id="main"' in html


def test_every_script_and_style_carries_the_nonce_of_the_answer():
    html = guide()

    assert html.count("<script") == html.count('nonce="n0nce"') - html.count('rel="stylesheet"')
    assert html.count("<script") >= 3


def test_the_scheme_can_be_chosen_and_nothing_else_slips_in():
    assert 'data-scheme="dark"' in guide(scheme="dark")
    assert "data-scheme" not in guide(scheme='"><script>')


def test_a_chosen_scheme_is_kept_and_can_be_let_go():
    chosen = views.choose_scheme(RequestFactory().post("/scheme/", {"scheme": "dark", "next": "/cases/?a=1"}))
    let_go = views.choose_scheme(RequestFactory().post("/scheme/", {"scheme": "", "next": "/"}))

    assert (chosen.status_code, chosen["Location"]) == (302, "/cases/?a=1")
    assert chosen.cookies["scheme"].value == "dark"
    assert let_go.cookies["scheme"].value == ""


def test_a_choice_of_colours_never_leads_away():
    answer = views.choose_scheme(
        RequestFactory().post("/scheme/", {"scheme": "dark", "next": "https://elsewhere/"})
    )

    assert answer["Location"] == "/"


def test_the_language_of_the_guide_does_not_leak_into_the_next_answer():
    before = translation.get_language()

    guide(**{"in": "zh-hant"})

    assert translation.get_language() == before


@pytest.mark.parametrize("shell", ["desk", "office", "portal", "plain", "print"])
def test_a_shell_stands_without_any_context(shell):
    html = render_to_string(f"ui/{shell}.html", {})

    assert 'id="main"' in html


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 429, 500, 503])
def test_an_error_page_says_what_to_do_next(status):
    html = render_to_string(f"ui/errors/{status}.html", {})

    assert html.count("<h1>") == 1
    assert 'name="outcome" content="error"' in html
    assert 'href="/"' in html
    assert str(status) in html


def test_the_handlers_answer_with_their_status():
    request = RequestFactory().get("/nowhere/")

    answers: list[HttpResponse] = [
        errors.handler400(request, ValueError()),
        errors.handler403(request, PermissionError()),
        errors.handler404(request, LookupError()),
        errors.handler500(request),
        errors.csrf_failure(request),
    ]

    assert [answer.status_code for answer in answers] == [400, 403, 404, 500, 403]


def test_the_page_of_a_broken_server_needs_no_context_processor(settings):
    broken = [dict(settings.TEMPLATES[0])]
    broken[0]["OPTIONS"] = broken[0]["OPTIONS"] | {
        "context_processors": ["tightrope.ui.tests.test_views.breaks"]
    }
    settings.TEMPLATES = broken

    assert errors.handler500(RequestFactory().get("/")).status_code == 500


def breaks(request):
    raise RuntimeError("This is what broke.")


def test_a_letter_has_words_for_programs_that_show_no_pictures():
    arguments = {
        "brand": "恒源",
        "heading": "<b>",
        "light": "waiting",
        "action_url": "https://x/1",
        "action_label": "Reply",
        "why": "W",
    }

    html = render_to_string("ui/mail/base.html", arguments)
    text = render_to_string("ui/mail/base.txt", arguments)

    assert "&lt;b&gt;" in html
    assert "<script" not in html
    assert "<b>" in text
    assert "https://x/1" in text
