from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tightrope.core import clock, jobs
from tightrope.core.actor import SYSTEM
from tightrope.files import actions, queries, scanner, verify
from tightrope.files.models import Attachment
from tightrope.timeline.queries import events_of

from .factories import EICAR, NOW, attached, clamd, stored

pytestmark = pytest.mark.django_db


def test_a_clean_file_is_passed_and_a_virus_refused_and_told(settings):
    with clamd() as settings.FILES_SCANNER:
        clean, virus = attached(stored(b"hello", name="a.txt")), attached(stored(EICAR, name="b.txt"))
        assert clean.state == virus.state == "quarantined"

        with clock.standing_at(NOW):
            jobs.run_due(until=NOW.replace(year=2100))

    clean.refresh_from_db()
    virus.refresh_from_db()
    assert (clean.state, virus.state) == ("clean", "refused")
    (told,), _older = events_of("attachment", virus.pk, by=SYSTEM)
    assert told.facts == {"name": "b.txt", "found": "Win.Test.EICAR_HDB-1"}
    assert [one.pk for one in queries.attachments_of("thing", [1])[1]] == [clean.pk]


def test_when_the_scanner_is_away_nothing_is_passed_and_it_is_asked_again(settings):
    settings.FILES_SCANNER = "127.0.0.1:1"
    attachment = stored(b"hello", name="a.txt")

    with pytest.raises(scanner.Unreachable, match="did not answer"):
        actions.prepare_file(attachment.pk, at=NOW)
    attachment.refresh_from_db()
    assert attachment.state == "quarantined"

    assert actions.ask_again(at=NOW + timedelta(minutes=10)) == 0
    assert actions.ask_again(at=NOW + timedelta(hours=1)) == 1
    with clamd() as settings.FILES_SCANNER:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'files.prepare'")
            assert cursor.fetchone()[0] == 2
        jobs.run_due(until=NOW.replace(year=2100))
    attachment.refresh_from_db()
    assert attachment.state == "clean"


@pytest.mark.parametrize(
    "answer", ["", "stream: Can't allocate memory ERROR", "INSTREAM size limit exceeded. ERROR", "OK"]
)
def test_an_answer_that_is_neither_clean_nor_found_passes_nothing(answer):
    with pytest.raises(scanner.Unreachable):
        scanner._verdict(answer)


def test_an_address_that_is_none_is_said():
    with pytest.raises(scanner.Unreachable, match="no address"):
        scanner.scan([b"x"], address="clamav")


def test_contents_without_a_row_are_swept_after_a_day(files_root):
    kept = attached(stored())
    actions.prepare_file(kept.pk, at=NOW)
    orphan = stored(b"orphan", name="a.txt")
    Attachment.objects.filter(pk=orphan.pk).delete()
    now = clock.now()

    assert actions.sweep_orphans(at=now) == 0
    with clock.standing_at(now + timedelta(hours=26)):
        (sentence,) = verify.contradictions()
    assert sentence == f"Content {orphan.storage_key} belongs to no file."
    assert actions.sweep_orphans(at=now + timedelta(hours=26)) == 1
    assert len([path for path in files_root.rglob("*") if path.is_file()]) == 3
    assert verify.contradictions() == []


def test_files_that_were_given_and_never_used_are_swept_after_a_week(files_root):
    loose, used = stored(), attached(stored())

    assert actions.sweep_loose(at=NOW + timedelta(days=6)) == 0
    assert actions.sweep_loose(at=NOW + timedelta(days=8)) == 1

    assert list(Attachment.objects.all()) == [used]
    assert not (files_root / loose.storage_key).exists()


def test_verify_finds_what_is_lost_and_what_is_different(files_root):
    lost, changed = stored(b"one", name="a.txt"), stored(b"two", name="b.txt")
    (files_root / lost.storage_key).unlink()
    (files_root / changed.storage_key).write_bytes(b"too")

    found = verify.contradictions()

    assert len(found) == 2
    assert "has lost its content" in found[0]
    assert "is not what was given" in found[1]


@pytest.mark.parametrize("point", ["files.written", "files.copied"])
def test_a_failure_between_content_and_row_leaves_no_row_without_content(point):
    from tightrope.core import faults

    attachment = attached(stored()) if point == "files.copied" else None
    faults.arm(point)
    try:
        with pytest.raises(faults.InjectedFault):
            actions.prepare_file(attachment.pk, at=NOW) if attachment else stored()
    finally:
        faults.disarm()

    assert verify.contradictions() == []
    assert Attachment.objects.filter(thumbnail_key="").count() == Attachment.objects.count()
