from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tightrope.core import clock, jobs
from tightrope.files import actions, kinds, names, places, storage
from tightrope.files.models import Attachment

from .factories import NOW, attached, photo_with_place, picture, stored

HOSTILE = [
    "../../etc/passwd", "..\\..\\windows\\system32\\x.dll", "a\u200b.php\u200b", "invoice\u202efdp.exe", "x.php.",
    "a\x00.png", "字" * 300 + ".pdf", "CON", "nul.txt", "com1.pdf", ".", "..", "", " ", "a/b/c.png", "<img>.png",
    "x\r\nSet-Cookie: a=b.png", "\ud800.png", "a" * 300, "." * 300, "\u200f\u200f",
]  # fmt: skip


@given(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=400)))
def test_a_name_is_harmless_whatever_it_was(name):
    safe = names.safe_name(name)

    assert 0 < len(safe) <= names.LONGEST + 12
    assert not re.search(r'[/\\<>:"|?*\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e]', safe)
    assert not safe.endswith((".", " "))
    assert safe.lower().split(".")[0] not in {"con", "nul", "com1", "prn", "aux", "lpt1"}
    safe.encode("utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE)
def test_a_content_never_lies_under_its_senders_name(name, files_root):
    attachment = stored(name=name)

    lies_at = storage.path_of(attachment.storage_key).resolve()
    assert files_root.resolve() in lies_at.parents
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{36}", attachment.storage_key)


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (picture(), "a.png", "image/png"),
        (picture(), "a.html", "image/png"),
        (picture("JPEG"), "a.svg", "image/jpeg"),
        (b"<html><script>alert(1)</script>", "a.png", "application/octet-stream"),
        (b"<html><script>alert(1)</script>", "a.html", "application/octet-stream"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.svg", "application/octet-stream"),
        (b"alert(1)", "a.js", "application/octet-stream"),
        (b"alert(1)", "a.xhtml", "application/octet-stream"),
        (b"%PDF-1.7\n%", "a.pdf", "application/pdf"),
        (b"\xe6\x97\xa5 log", "a.txt", "text/plain; charset=utf-8"),
        (b"PK\x03\x04" + bytes(60), "a.docx", kinds.ALLOWED[".docx"][0]),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(60), "a.mp4", "video/mp4"),
    ],
)
def test_the_type_is_told_by_what_is_inside(content, name, content_type):
    assert kinds.kind_of(content, name)[0] == content_type


@given(st.binary(max_size=300), st.text(max_size=30))
def test_the_type_is_one_of_ours_whatever_comes(content, name):
    ours = {entry[0] for entry in kinds.ALLOWED.values()} | {kinds.UNKNOWN[0], "text/plain; charset=utf-8"}

    assert kinds.kind_of(content, name)[0] in ours


@pytest.mark.django_db
def test_too_large_empty_and_programs_leave_nothing_behind(settings, files_root):
    settings.FILES_LARGEST_USUAL_BYTES = 100

    with pytest.raises(actions.TooLarge, match="too large"):
        stored(b"x" * 101, name="log.txt")
    with pytest.raises(actions.TooLarge):
        stored(picture(size=(900, 900)))
    with pytest.raises(actions.EmptyFile, match="nothing"):
        actions.store_file(b"", name="a.txt", account_id=None, by=clock_actor(), at=NOW)
    with pytest.raises(actions.NotAllowed, match="program"):
        stored(b"MZ" + bytes(99), name="photo.jpg")

    assert not Attachment.objects.exists()
    assert [path for path in files_root.rglob("*") if path.is_file()] == []


def clock_actor():
    from .factories import ZHOU

    return ZHOU


@pytest.mark.django_db
def test_a_film_may_be_larger_than_a_document(settings):
    settings.FILES_LARGEST_USUAL_BYTES = 100

    film = stored(b"\x00\x00\x00\x18ftypmp42" + bytes(500), name="a.mp4")

    assert (film.kind, film.size) == ("video", 512)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_no_longer_says_where_it_was_taken(form):
    photo = photo_with_place(form)
    assert Image.open(io.BytesIO(photo)).getexif().get_ifd(0x8825)

    told = places.without_place(photo)

    with Image.open(io.BytesIO(told)) as opened:
        opened.load()
        assert len(told) == len(photo)
        assert not opened.getexif().get_ifd(0x8825)
        assert opened.getexif()[0x0110] == "Phone 12"


def test_a_place_in_xmp_is_blanked_too():
    xmp = b'<x exif:GPSLatitude="31,13.824N" exif:GPSLongitude="121,28.4E"><exif:GPSAltitude>4/1</exif:GPSAltitude>'

    told = places.without_place(b"\xff\xd8" + xmp)

    assert b"31,13" not in told
    assert b"121,28" not in told
    assert b"4/1" not in told


@given(st.binary(max_size=400))
def test_blanking_never_fails_and_keeps_the_length(noise):
    for begin in (
        b"",
        b"Exif\x00\x00II*\x00",
        b"Exif\x00\x00MM\x00*",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF",
        b"II*\x00",
    ):
        assert len(places.without_place(begin + noise)) == len(begin + noise)


@pytest.mark.django_db
def test_a_picture_gets_two_copies_without_any_words_about_it():
    attachment = stored(photo_with_place(), name="photo.jpg")

    with clock.standing_at(NOW):
        jobs.run_due(until=NOW.replace(year=2100))

    attachment.refresh_from_db()
    for key, longest in ((attachment.thumbnail_key, 320), (attachment.shown_key, 640)):
        with Image.open(storage.path_of(key)) as copy:
            assert (copy.format, max(copy.size)) == ("JPEG", longest)
            assert not dict(copy.getexif())


@pytest.mark.django_db
@pytest.mark.parametrize("content", [picture()[:200], b"\x89PNG\r\n\x1a\n" + b"\xff" * 900])
def test_a_broken_picture_stays_a_download_without_copies(content):
    attachment = actions.prepare_file(stored(content).pk, at=NOW)

    assert attachment is not None
    assert (attachment.state, attachment.thumbnail_key) == ("clean", "")


@pytest.mark.django_db
def test_a_picture_of_too_many_points_is_not_opened(monkeypatch):
    monkeypatch.setattr("tightrope.files.pictures.MOST_PIXELS", 1000)

    attachment = actions.prepare_file(stored().pk, at=NOW)

    assert attachment is not None
    assert attachment.thumbnail_key == ""


@pytest.mark.django_db
def test_preparing_twice_draws_once(files_root: Path):
    attachment = attached(stored())
    first = actions.prepare_file(attachment.pk, at=NOW)
    second = actions.prepare_file(attachment.pk, at=NOW)

    assert first is not None
    assert second is not None
    assert first.thumbnail_key == second.thumbnail_key
    assert len([path for path in files_root.rglob("*") if path.is_file()]) == 3
