"""Paging by key, counting, answering once, calling out."""

import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests import cast

from tightrope.core import http, idempotency, paging, throttle
from tightrope.people.models import User


@pytest.mark.django_db
@pytest.mark.parametrize(
    "order", [("name", "pk"), ("-name", "-pk"), ("joined_at", "name", "pk"), ("-joined_at", "-pk")]
)
def test_pages_by_key_are_the_list_cut_in_pieces(order):
    for number in range(23):
        at = None if number % 3 == 0 else cast.NOW + timedelta(hours=number % 5)
        User.objects.create(email=f"u{number}@x.example", name=f"N{number % 4}", joined_at=at)

    collected, mark = [], None
    while True:
        page = paging.page_by_key(User.objects.all(), order=order, after=mark, size=4)
        collected += page.rows
        mark = page.next
        if mark is None:
            break

    whole = paging.page_by_key(User.objects.all(), order=order, size=100).rows
    assert [u.pk for u in collected] == [u.pk for u in whole]
    assert len(collected) == 23


@pytest.mark.django_db
def test_a_forged_page_mark_is_refused():
    with pytest.raises(paging.BadCursor):
        paging.page_by_key(User.objects.all(), order=("pk",), after="bm9uc2Vuc2U")


@pytest.mark.django_db
def test_too_many_is_said_with_the_time_to_wait():
    for _ in range(3):
        throttle.allow("door", at_most=3, within=timedelta(minutes=1), at=cast.NOW)

    with pytest.raises(throttle.TooMany) as refused:
        throttle.allow("door", at_most=3, within=timedelta(minutes=1), at=cast.NOW)
    throttle.allow("door", at_most=3, within=timedelta(minutes=1), at=cast.NOW + timedelta(minutes=2))

    assert refused.value.retry_after == 60


@pytest.mark.django_db
def test_the_second_time_gets_the_first_answer():
    done = []

    def act():
        done.append(1)
        return {"number": "C-1"}

    assert idempotency.once("api", "k", act, at=cast.NOW) == ({"number": "C-1"}, True)
    assert idempotency.once("api", "k", act, at=cast.NOW) == ({"number": "C-1"}, False)
    assert done == [1]


@pytest.mark.django_db
def test_two_long_keys_that_begin_alike_are_two():
    begin = "order-4711/" * 20
    keys = [f"{begin}{number}" for number in (1, 2, 1)]

    answers = [idempotency.once("api", key, lambda key=key: {"is": key}, at=cast.NOW) for key in keys]

    assert [is_new for _answer, is_new in answers] == [True, True, False]
    assert answers[2][0] == {"is": keys[0]}


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://10.0.0.1/",
        "http://169.254.169.254/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "ftp://example.org/",
    ],
)
def test_calls_to_our_own_network_are_refused(url):
    with pytest.raises(http.Refused):
        http.fetch("GET", url)


class _Dripping(BaseHTTPRequestHandler):
    """Sends a byte now and then, for ever."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b".")
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, *_words: object) -> None:
        """Nothing is written beside the test."""


def test_an_answer_that_only_drips_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(http, "ANSWER_SECONDS", 0.5)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Dripping)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    began = time.monotonic()

    with pytest.raises(http.Refused, match="too long"):
        http.fetch("GET", f"http://127.0.0.1:{server.server_port}/", allow_private=True)

    assert time.monotonic() - began < 5
    server.shutdown()
    server.server_close()
