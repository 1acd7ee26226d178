"""The behaviours in a real browser, on the style guide, under the content security policy of the product."""

import shutil
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import include, path

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
changes = threading.Event()
asked = []


def live(request):
    def stream():
        yield "retry: 100\n\n"
        changes.wait(10)
        yield "event: changed\ndata: case:1\n\n"

    return StreamingHttpResponse(stream(), content_type="text/event-stream")


def fragment(request):
    asked.append(request.headers.get("HX-Request"))
    return HttpResponse(f"<p>fetched {len(asked)}</p><due-clock datetime='2099-01-01T00:00:00Z'></due-clock>")


def accept(request):
    from django.http import HttpResponseRedirect

    return (
        HttpResponseRedirect("/style/?page=office")
        if "fail" not in request.GET
        else HttpResponse("no", status=500)
    )


urlpatterns = [
    path("", include("tightrope.ui.urls")),
    path("live", live),
    path("fragment/", fragment),
    path("accept/", accept),
]


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        """Nothing: the server's chatter is not the test's."""


class Threading(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture(scope="module")
def address():
    with override_settings(
        ROOT_URLCONF="tightrope.ui.tests.test_behaviours",
        MIDDLEWARE=["tightrope.core.middleware.SecurityHeaders"],
        ALLOWED_HOSTS=["*"],
        DEBUG=True,
        WHITENOISE_USE_FINDERS=True,
    ):
        server = Threading(("127.0.0.1", 0), Quiet)
        server.set_app(StaticFilesHandler(get_wsgi_application()))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser, address):
    context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    faults = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert faults == []


def test_nothing_on_the_guide_breaks_the_content_policy(page):
    for name in ("components", "desk", "portal", "office", "plain", "print"):
        page.goto(f"/style/?page={name}")
        page.wait_for_load_state("networkidle")


def test_a_promise_counts_down_and_turns_late(page):
    page.clock.install()
    page.goto("/style/?page=desk")
    due = page.locator(".promise")
    assert due.locator(".promise-figure").inner_text().strip() == "1:08 left"

    page.clock.fast_forward("01:09:00")

    assert due.locator(".promise-figure").inner_text().strip() == "late 0:00"
    assert due.get_attribute("data-light") == "late"


def test_a_draft_survives_a_reload_and_can_be_discarded(page):
    page.goto("/style/?page=desk")
    page.fill("#reply", "三号机已切换")
    page.wait_for_timeout(400)

    page.reload()
    page.get_by_text("Your draft has been restored.").wait_for()

    assert page.input_value("#reply") == "三号机已切换"
    page.get_by_role("button", name="Discard").click()
    assert page.input_value("#reply") == ""
    page.reload()
    assert page.input_value("#reply") == ""


def test_a_draft_leaves_only_when_its_form_was_accepted(page):
    page.goto("/style/?page=desk")
    page.eval_on_selector("form.panel", "form => form.action = '/accept/'")
    page.fill("#reply", "accepted")
    page.locator("form.panel .button-primary").click()
    page.wait_for_url("**/style/?page=office")
    page.wait_for_function("Object.keys(localStorage).every((name) => !name.startsWith('tightrope:draft'))")


def test_the_keyboard_moves_searches_writes_and_explains(page):
    page.goto("/style/?page=desk")
    page.wait_for_function("customElements.get('key-map')")

    page.keyboard.press("j")
    assert "Air-conditioner" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("j")
    assert "Five new" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("k")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("j")
    assert page.input_value("[name=q]") == "j"
    page.locator("h1").click()
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.id") == "reply"
    page.locator("h1").click()
    page.keyboard.press("?")
    assert page.get_by_role("dialog").get_by_text("Next row").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_files_are_previewed_and_the_too_large_left_out(page):
    page.goto("/style/?page=components")
    page.wait_for_function("customElements.get('file-drop')")
    page.eval_on_selector("file-drop", "drop => drop.dataset.mostBytes = 1000")

    page.set_input_files(
        "file-drop input",
        [
            {"name": "small.txt", "mimeType": "text/plain", "buffer": b"x" * 10},
            {"name": "large.txt", "mimeType": "text/plain", "buffer": b"x" * 2000},
        ],
    )

    shown = page.locator("file-drop [data-files] li")
    assert shown.count() == 2
    assert "too large" in shown.nth(1).inner_text()
    assert page.eval_on_selector("file-drop input", "input => [...input.files].map(file => file.name)") == [
        "small.txt"
    ]
    page.get_by_role("button", name="Remove: small.txt").click()
    assert page.eval_on_selector("file-drop input", "input => input.files.length") == 0


def test_a_live_region_fetches_its_fragment_but_not_under_a_typing_hand(page):
    changes.clear()
    asked.clear()
    page.goto("/style/?page=office")
    page.evaluate(
        """() => document.querySelector(".page").insertAdjacentHTML("beforeend",
        '<live-region topics="case:1" data-src="/fragment/"><input id="typing"></live-region>')"""
    )
    page.wait_for_function("customElements.get('live-region')")
    page.focus("#typing")
    page.wait_for_timeout(300)

    changes.set()
    page.wait_for_timeout(300)
    assert asked == []
    page.evaluate("document.activeElement.blur()")
    page.get_by_text("fetched").wait_for()

    assert set(asked) == {"true"}


def test_a_toast_waits_while_one_points_at_it_and_then_goes(page):
    page.clock.install()
    page.goto("/style/?page=components")
    page.wait_for_function("customElements.get('undo-toast')")
    toast = page.locator("undo-toast")
    toast.evaluate("toast => { toast.left = 3 }")

    toast.hover()
    page.clock.run_for(10_000)
    assert toast.count() == 1
    page.mouse.move(0, 0)
    page.clock.run_for(10_000)

    assert toast.count() == 0


def test_a_dialog_opens_and_gives_the_focus_back(page):
    page.goto("/style/?page=components")
    page.wait_for_function("customElements.get('dialog-link')")
    opener = page.get_by_role("link", name="Assign…")

    opener.click()
    assert page.locator("#assign").evaluate("dialog => dialog.open")
    page.keyboard.press("Escape")

    assert page.evaluate("document.activeElement.textContent").startswith("Assign")


def test_everything_reads_and_posts_without_scripts(browser, address):
    context = browser.new_context(
        base_url=address, java_script_enabled=False, viewport={"width": 360, "height": 780}
    )
    plain = context.new_page()
    plain.goto("/style/?page=desk")

    assert plain.locator(".promise-figure").inner_text().strip() == "1:08 left"
    plain.locator(".rail-more summary").click()
    assert plain.get_by_role("link", name="Spare parts").is_visible()
    context.close()


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("width", [360, 1024, 1440])
def test_no_page_is_wider_than_its_window(page, width, language):
    page.set_viewport_size({"width": width, "height": 900})
    for name in ("components", "desk", "portal", "office", "plain"):
        page.goto(f"/style/?page={name}&in={language}")

        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
