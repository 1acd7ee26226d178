"""The record leaves the house as lines that prove themselves; what was altered afterwards is found."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db import connection
from tests import cast

from tightrope import timeline
from tightrope.core.actor import SYSTEM
from tightrope.runtime.command import main
from tightrope.timeline import exported
from tightrope.timeline.events import Event
from tightrope.timeline.export import Part, as_lines, stretch

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Told(Event):
    kind: ClassVar[str] = "test.told"
    word: Any


@pytest.fixture
def later():
    """An hour after everything that the tests write, by the clock of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0] + HOUR


@pytest.fixture
def zhou():
    user = cast.zhou_min()
    for hours, word in enumerate(("你好", {"b": 1.5, "aa": [1e-7, 1e22, None, True]}, '引号"\\\n\u0001—')):
        timeline.record(user, Told(word=word), by=cast.actor(user), at=cast.NOW + hours * HOUR)
    return user


def lines_of(part, later):
    return "".join(as_lines(part, taken_at=later)).splitlines(keepends=True)


def faults_of(lines):
    return exported.check(lines).faults


def test_the_whole_record_proves_itself(zhou, later):
    found = exported.check(lines_of(Part(), later))

    assert found.faults == []
    assert found.events == json.loads(lines_of(Part(), later)[-1])["events"] > 3
    assert (found.streams > 1, found.left_out) == (True, 0)


def test_one_subject_is_exported_from_its_first_entry_on(zhou, later):
    lines = lines_of(Part(subject_type="user", subject_id=zhou.pk), later)

    events = [json.loads(line) for line in lines[1:-1]]
    assert [one["kind"] for one in events] == ["user.invited", "test.told", "test.told", "test.told"]
    assert [one["seq"] for one in events] == [1, 2, 3, 4]
    assert events[2]["facts"] == {"word": {"b": 1.5, "aa": [1e-7, 1e22, None, True]}}
    assert faults_of(lines) == []


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"since": cast.NOW + HOUR}, 2),
        ({"until": cast.NOW + HOUR}, 1),
        ({"since": cast.NOW + HOUR, "until": cast.NOW + 2 * HOUR}, 1),
    ],
)
def test_a_part_by_time_says_what_it_leaves_out_and_is_no_fault(zhou, later, wanted, words):
    lines = lines_of(Part(**wanted), later)

    assert sum(json.loads(line).get("kind") == "test.told" for line in lines) == words
    assert faults_of(lines) == []


def test_a_part_by_person_holds_his_acts_only(zhou, later):
    timeline.record(zhou, Told(word="system"), by=SYSTEM, at=cast.NOW)

    lines = lines_of(Part(person_id=zhou.pk), later)

    assert {json.loads(line)["actor"]["id"] for line in lines[1:-1]} == {zhou.pk}
    assert len(lines) == 3 + 2
    assert exported.check(lines).left_out == 1


def test_what_was_altered_added_lost_or_cut_off_is_found(zhou, later):
    lines = lines_of(Part(), later)
    at = next(place for place, line in enumerate(lines) if "你好" in line)

    shown = lines[at].replace('"facts":{"word":"你好"}', '"facts":{"word":"再见"}')
    both = lines[at].replace("你好", "再见")
    assert any("is not what was hashed" in one for one in faults_of([*lines[:at], shown, *lines[at + 1 :]]))
    assert any("hash of user" in one for one in faults_of([*lines[:at], both, *lines[at + 1 :]]))
    assert any("lacks 2 to 2" in one for one in faults_of([*lines[:at], *lines[at + 1 :]]))
    assert any("stands twice" in one for one in faults_of([*lines[: at + 1], *lines[at:]]))
    assert any("cut off" in one for one in faults_of(lines[:-1]))
    assert any("behind the end" in one for one in faults_of([*lines, lines[at]]))
    assert any("cannot be read" in one for one in faults_of([lines[0], "nonsense\n", *lines[1:]]))
    assert any("cut off" in one for one in faults_of([]))


def test_an_entry_with_a_new_hash_breaks_the_link_to_the_next(zhou, later):
    lines = lines_of(Part(), later)
    at = next(place for place, line in enumerate(lines) if "你好" in line)
    forged = json.loads(lines[at])
    forged["sealed"] = forged["sealed"].replace("你好", "再见")
    forged["facts"] = {"word": "再见"}
    forged["hash"] = exported.hashlib.sha256(forged["sealed"].encode()).hexdigest()

    faults = faults_of([*lines[:at], json.dumps(forged) + "\n", *lines[at + 1 :]])

    assert any("does not follow the one before it" in one for one in faults)


def test_entries_of_the_same_moment_may_stand_in_either_order(zhou, later):
    lines = lines_of(Part(), later)
    at = next(place for place, line in enumerate(lines) if "你好" in line)
    turned = [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]

    assert all("events are not those" in one for one in faults_of(turned))


def test_what_is_still_being_written_comes_with_the_next_export(zhou):
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        just_now = cursor.fetchone()[0]

    assert stretch(Part(), taken_at=just_now).lines == []


def test_an_export_goes_on_behind_the_last_number_whatever_was_wanted(zhou, later):
    whole = [line["id"] for line in stretch(Part(), taken_at=later).lines]
    found, after = [], 0
    while after is not None:
        piece = stretch(Part(person_id=zhou.pk), taken_at=later, after=after, most=2)
        found += [line["id"] for line in piece.lines]
        after = piece.next

    assert found == whole[-3:]


def test_each_stretch_is_one_statement(zhou, later, django_assert_num_queries):
    with django_assert_num_queries(1):
        stretch(Part(), taken_at=later)


def test_the_check_runs_without_the_program(zhou, later, tmp_path):
    whole, cut = tmp_path / "record.jsonl", tmp_path / "cut.jsonl"
    whole.write_text("".join(lines_of(Part(), later)), encoding="utf-8", newline="\n")
    cut.write_text("".join(lines_of(Part(), later)[:-1]), encoding="utf-8", newline="\n")
    script = Path(exported.__file__)

    good, bad = (
        subprocess.run(
            [sys.executable, "-I", "-S", script, path], capture_output=True, text=True, check=False
        )
        for path in (whole, cut)
    )

    assert (good.returncode, good.stderr) == (0, "")
    assert "0 fault(s)" in good.stdout
    assert bad.returncode == 1
    assert "cut off" in bad.stdout


def test_the_command_checks_a_file_and_needs_no_database(zhou, later, tmp_path, capsys):
    whole = tmp_path / "record.jsonl"
    whole.write_text("".join(lines_of(Part(), later)), encoding="utf-8", newline="\n")

    assert main(["verify", "--export", str(whole)]) == 0
    assert "0 fault(s)" in capsys.readouterr().out
    assert main(["verify", "--export", str(tmp_path / "nothing")]) == 1
    assert "nothing" in capsys.readouterr().err
