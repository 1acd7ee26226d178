from __future__ import annotations

import re

import pytest
from django.test import RequestFactory
from django.urls import reverse
from tests import cast

from tightrope.core.actor import NOBODY, SYSTEM, Actor, Kind
from tightrope.files import access, actions, queries, serving
from tightrope.files.models import Attachment

from .factories import LI_NA, NOW, ZHOU, attached, picture, stored

pytestmark = pytest.mark.django_db
FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def _readers(monkeypatch):
    """Everybody reads thing 1, nobody thing 2."""
    monkeypatch.setattr(access, "_readers", {"thing": lambda by, number: by is not NOBODY and number == 1})


@pytest.fixture
def client(client):
    client.force_login(cast.zhou_min())
    return client


def address(attachment: Attachment, name: str = "") -> str:
    return reverse("files:download", args=[attachment.public_id, name or attachment.name])


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "a.html"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.svg"),
        (b"alert(1)", "a.js"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "a.xhtml"),
        (b"%PDF-1.7", "a.pdf"),
        (b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<script>", "a.mht"),
        (picture("GIF"), "a.gif"),
        (b"hello", "报价\u202e.txt"),
    ],
)
def test_whatever_is_uploaded_is_handed_out_as_a_harmless_download(client, content, name):
    attachment = attached(stored(content, name=name))

    response = client.get(address(attachment))

    assert body(response) == content
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Content-Type"] == attachment.content_type
    assert "html" not in response["Content-Type"]
    assert "svg" not in response["Content-Type"]
    assert "no-cache" in response["Cache-Control"]


def test_strangers_and_unknown_names_see_the_same_404(client):
    forbidden = attached(stored(), subject_id=2)
    theirs = client.get(address(forbidden))
    nobodys = client.get(f"/files/{'A' * 22}/{forbidden.name}")

    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    plain = [
        re.sub(rb'nonce="[^"]*"|\b\w{64}\b', b"", answer.content).replace(name.encode(), b"")
        for answer, name in ((theirs, forbidden.public_id), (nobodys, "A" * 22))
    ]
    assert plain[0] == plain[1]


def test_somebody_who_is_not_signed_in_gets_nothing(client):
    attachment = attached(stored())
    client.logout()

    assert client.get(address(attachment)).status_code == 404


def test_guessing_is_slowed_down(client, monkeypatch):
    monkeypatch.setattr("tightrope.files.views.MISSES_AN_HOUR", 3)

    codes = [client.get(f"/files/AAAAAAAAAAAAAAAAAAAA{n:02}/x").status_code for n in range(5)]

    assert codes == [404, 404, 404, 429, 429]
    assert client.get(address(attached(stored()))).status_code == 200


@pytest.mark.parametrize("kind", [Kind.CONTACT, Kind.LINK])
def test_a_customer_gets_public_files_only(kind):
    customer = Actor(kind=kind, id=7, contact=7, name="李娜")

    assert access.may_read(customer, attached(stored(), is_public=True))
    assert not access.may_read(customer, attached(stored(), is_public=False))
    assert access.may_read(ZHOU, attached(stored(), is_public=False))


def test_what_hangs_on_nothing_is_its_givers_alone():
    loose = stored(by=LI_NA)

    assert access.may_read(LI_NA, loose)
    assert access.may_read(SYSTEM, loose)
    assert not access.may_read(ZHOU, loose)
    assert not access.may_read(Actor(kind=Kind.CONTACT, id=8, name="x"), loose)
    assert not access.may_read(NOBODY, stored(by=NOBODY))


def test_what_nobody_registered_is_nobodys():
    attachment = actions.attach(stored(), subject_type="other", subject_id=1, account_id=None, is_public=True)

    assert not access.may_read(ZHOU, attachment)


@pytest.mark.parametrize("state", ["quarantined", "refused"])
def test_what_is_not_clean_is_given_to_nobody(client, state):
    attachment = attached(stored())
    Attachment.objects.filter(pk=attachment.pk).update(state=state)

    assert client.get(address(attachment)).status_code == 404


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, None),
        ("bytes=-50", -50, None),
        ("bytes=10-999999", 10, None),
    ],
)
def test_a_player_gets_the_piece_it_asks_for(client, asked, first, end):
    film = attached(stored(FILM, name="a.mp4"))

    response = client.get(address(film), headers={"Range": asked})

    piece = FILM[first:end]
    assert (response.status_code, body(response)) == (206, piece)
    start = first if first >= 0 else len(FILM) + first
    assert response["Content-Range"] == f"bytes {start}-{start + len(piece) - 1}/{len(FILM)}"
    assert response["Content-Length"] == str(len(piece))


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0", "bytes=5-2"])
def test_a_piece_that_is_not_there_is_refused(client, asked):
    film = attached(stored(FILM, name="a.mp4"))

    response = client.get(address(film), headers={"Range": asked})

    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(FILM)}")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-9", "lines=1-2", "bytes=-", "bytes=x-y"])
def test_words_we_do_not_know_get_the_whole(client, asked):
    film = attached(stored(FILM, name="a.mp4"))

    response = client.get(address(film), headers={"Range": asked})

    assert (response.status_code, len(body(response))) == (200, len(FILM))


def test_a_piece_of_another_version_is_the_whole_and_the_same_version_is_not_sent_twice(client):
    film = attached(stored(FILM, name="a.mp4"))
    tag = client.head(address(film))["ETag"]

    other = client.get(address(film), headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    same = client.get(address(film), headers={"If-None-Match": tag})

    assert (other.status_code, len(body(other))) == (200, len(FILM))
    assert (same.status_code, same.content) == (304, b"")


def test_the_small_copies_are_shown_inline(client):
    attachment = attached(stored())
    url = reverse("files:thumbnail", args=[attachment.public_id])
    assert client.get(url).status_code == 404
    actions.prepare_file(attachment.pk, at=NOW)

    for name in ("files:thumbnail", "files:picture"):
        response = client.get(reverse(name, args=[attachment.public_id]))

        assert (response["Content-Type"], response["Content-Disposition"]) == ("image/jpeg", "inline")
        assert "sandbox" in response["Content-Security-Policy"]
        assert response.content[:3] == b"\xff\xd8\xff"


def test_under_asgi_a_film_comes_in_pieces_and_never_whole(monkeypatch):
    import asyncio

    from django.test import AsyncRequestFactory

    monkeypatch.setattr("tightrope.files.storage.CHUNK", 1000)
    film = stored(FILM, name="a.mp4")
    request = AsyncRequestFactory().get("/", headers={"Range": "bytes=5-4004"})

    async def pieces() -> list[bytes]:
        response = serving.whole_or_range(request, film)
        return [piece async for piece in response]

    got = asyncio.run(pieces())

    assert [len(piece) for piece in got] == [1000] * 4
    assert b"".join(got) == FILM[5:4005]


def test_the_list_shows_pictures_players_and_what_is_still_checked(client):
    from django.template.loader import render_to_string

    photo, film = attached(stored()), attached(stored(FILM, name="a.mp4"))
    actions.prepare_file(photo.pk, at=NOW)
    waiting = attached(stored(name="<b>.png"))
    Attachment.objects.filter(pk=waiting.pk).update(state="quarantined")

    files = [queries.shown(one) for one in queries.attachments_of("thing", [1])[1]]
    html = render_to_string("files/_list.html", {"files": files}, request=RequestFactory().get("/"))

    assert reverse("files:thumbnail", args=[photo.public_id]) in html
    assert f'<video src="{address(film)}"' in html
    assert address(waiting) not in html
    assert "being checked" in html
    assert "<b>" not in html
