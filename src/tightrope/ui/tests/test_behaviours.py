"""The behaviours in a real browser, on the style guide, under the content security policy of the product."""

import shutil
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
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


def until(tab, expression):
    """Wait for a truth in the page. Playwright's own way evaluates a string inside, which the policy refuses."""
    for _ in range(100):
        if tab.evaluate(f"!!({expression})"):
            return
        tab.wait_for_timeout(50)
    raise AssertionError(f"It never became true: {expression}")


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
def chromium(playwright_engine):
    launched = playwright_engine.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield launched
    launched.close()


@pytest.fixture
def tab(chromium, address):
    context = chromium.new_context(base_url=address, viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    faults = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert faults == []


def test_nothing_on_the_guide_breaks_the_content_policy(tab):
    for name in ("components", "desk", "portal", "office", "plain", "print"):
        tab.goto(f"/style/?page={name}")
        tab.wait_for_load_state("networkidle")


def test_a_promise_counts_down_and_turns_late(tab):
    tab.clock.install()
    tab.goto("/style/?page=desk")
    until(tab, "customElements.get('due-clock')")
    due = tab.locator(".promise")
    assert due.locator(".promise-figure").inner_text().strip() == "1:08 left"

    tab.clock.fast_forward("01:09:00")

    assert due.locator(".promise-figure").inner_text().strip() == "late 0:00"
    assert due.get_attribute("data-light") == "late"


def test_a_draft_survives_a_reload_and_can_be_discarded(tab):
    tab.goto("/style/?page=desk")
    tab.fill("#reply", "三号机已切换")
    tab.wait_for_timeout(400)

    tab.reload()
    tab.get_by_text("Your words from").wait_for()

    assert tab.input_value("#reply") == "三号机已切换"
    tab.get_by_role("button", name="Discard").click()
    assert tab.input_value("#reply") == ""
    tab.reload()
    assert tab.input_value("#reply") == ""


def test_a_draft_leaves_only_when_its_form_was_accepted(tab):
    tab.goto("/style/?page=desk")
    tab.eval_on_selector("form.panel", "form => form.action = '/accept/'")
    tab.fill("#reply", "accepted")
    tab.locator("form.panel .button-primary").click()
    tab.wait_for_url("**/style/?page=office")
    until(tab, "Object.keys(localStorage).every((name) => !name.startsWith('tightrope:draft'))")


def test_the_keyboard_moves_searches_writes_and_explains(tab):
    tab.goto("/style/?page=desk")
    until(tab, "customElements.get('key-map')")

    tab.keyboard.press("j")
    assert "Air-conditioner" in tab.evaluate("document.activeElement.textContent")
    tab.keyboard.press("j")
    assert "Five new" in tab.evaluate("document.activeElement.textContent")
    tab.keyboard.press("k")
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.name") == "q"
    tab.keyboard.press("j")
    assert tab.input_value("[name=q]") == "j"
    tab.locator("h1").click()
    tab.keyboard.press("r")
    assert tab.evaluate("document.activeElement.id") == "reply"
    tab.locator("h1").click()
    tab.keyboard.press("?")
    assert tab.get_by_role("dialog").get_by_text("Next row").is_visible()
    tab.keyboard.press("Escape")
    assert tab.locator("dialog[open]").count() == 0


def test_a_key_presses_what_stands_in_a_closed_menu(tab):
    tab.goto("/style/?page=components")
    until(tab, "customElements.get('key-map')")
    tab.locator("details.menu a").first.evaluate("link => { link.dataset.key = 'y'; link.href = '#pressed' }")

    tab.keyboard.press("y")

    assert tab.evaluate("location.hash") == "#pressed"


def test_files_are_previewed_and_the_too_large_left_out(tab):
    tab.goto("/style/?page=components")
    until(tab, "customElements.get('file-drop')")
    tab.eval_on_selector("file-drop", "drop => drop.dataset.mostBytes = 1000")

    tab.set_input_files(
        "file-drop input",
        [
            {"name": "small.txt", "mimeType": "text/plain", "buffer": b"x" * 10},
            {"name": "large.txt", "mimeType": "text/plain", "buffer": b"x" * 2000},
        ],
    )

    shown = tab.locator("file-drop [data-files] li")
    assert shown.count() == 2
    assert "too large" in shown.nth(1).inner_text()
    assert tab.eval_on_selector("file-drop input", "input => [...input.files].map(file => file.name)") == [
        "small.txt"
    ]
    tab.get_by_role("button", name="Remove: small.txt").click()
    assert tab.eval_on_selector("file-drop input", "input => input.files.length") == 0


def test_a_live_region_fetches_its_fragment_but_not_under_a_typing_hand(tab):
    changes.clear()
    asked.clear()
    tab.goto("/style/?page=office")
    tab.evaluate(
        """() => document.querySelector(".page").insertAdjacentHTML("beforeend",
        '<live-region topics="case:1" data-src="/fragment/"><input id="typing"></live-region>')"""
    )
    until(tab, "customElements.get('live-region')")
    tab.focus("#typing")
    tab.wait_for_timeout(300)

    changes.set()
    tab.wait_for_timeout(300)
    assert asked == []
    tab.evaluate("document.activeElement.blur()")
    tab.get_by_text("fetched").wait_for()

    assert set(asked) == {"true"}


def test_an_act_that_failed_by_htmx_is_not_silent(tab):
    tab.goto("/style/?page=office")
    until(tab, "document.documentElement.classList.contains('has-js')")

    tab.evaluate("document.body.dispatchEvent(new CustomEvent('htmx:sendError', { bubbles: true }))")

    tab.get_by_text("The server cannot be reached.").wait_for()


def test_a_form_is_sent_once_however_often_one_presses(tab):
    tab.goto("/style/?page=desk")
    until(tab, "document.documentElement.classList.contains('has-js')")
    pressed = """() => {
        const form = document.querySelector("form.panel");
        const sent = [];
        addEventListener("submit", (event) => (sent.push(event.defaultPrevented), event.preventDefault()));
        form.requestSubmit();
        form.requestSubmit();
        return sent;
    }"""

    assert tab.evaluate(pressed) == [False, True]


def test_a_toast_waits_while_one_points_at_it_and_then_goes(tab):
    tab.clock.install()
    tab.goto("/style/?page=components")
    until(tab, "customElements.get('undo-toast')")
    toast = tab.locator("undo-toast")
    toast.evaluate("toast => { toast.left = 3 }")

    toast.hover()
    tab.clock.run_for(10_000)
    assert toast.count() == 1
    tab.mouse.move(0, 0)
    tab.clock.run_for(10_000)

    assert toast.count() == 0


def test_a_dialog_opens_and_gives_the_focus_back(tab):
    tab.goto("/style/?page=components")
    until(tab, "customElements.get('dialog-link')")
    opener = tab.get_by_role("link", name="Assign…")

    opener.click()
    assert tab.locator("#assign").evaluate("dialog => dialog.open")
    assert tab.evaluate("document.activeElement.matches('#assign form :is(input, select, textarea)')")
    tab.keyboard.press("Escape")

    assert tab.evaluate("document.activeElement.textContent").startswith("Assign")


def test_only_a_press_that_began_beside_a_dialog_closes_it(tab):
    tab.goto("/style/?page=components")
    until(tab, "customElements.get('dialog-link')")
    tab.get_by_role("link", name="Assign…").click()
    heading = tab.locator("#assign h2").bounding_box()

    tab.mouse.move(heading["x"] + 4, heading["y"] + 4)
    tab.mouse.down()
    tab.mouse.move(5, 5)
    tab.mouse.up()
    assert tab.locator("#assign").evaluate("dialog => dialog.open")
    tab.mouse.click(5, 5)

    assert not tab.locator("#assign").evaluate("dialog => dialog.open")


def test_everything_reads_and_posts_without_scripts(chromium, address):
    context = chromium.new_context(
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
def test_no_page_is_wider_than_its_window(tab, width, language):
    tab.set_viewport_size({"width": width, "height": 900})
    for name in ("components", "desk", "portal", "office", "plain"):
        tab.goto(f"/style/?page={name}&in={language}")

        assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
