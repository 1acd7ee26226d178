"""`tightrope plan` as a person uses it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tightrope.planning.command import main
from tightrope.planning.commands.models import Model
from tightrope.planning.commands.reading import read_table
from tightrope.planning.commands.running import Run, cancelled_by_hand

os.environ.setdefault("TIGHTROPE_PLAIN_LOOPS", "1")

SITES = {
    "kind": "siting",
    "aim": "median",
    "count": 1,
    "points": "points.csv",
    "sites": [{"name": "A", "x": 0, "y": 0}, {"name": "B", "x": 50, "y": 0}],
    "speed_kmh": 60,
}
DAY = {
    "name": "Monday",
    "points": [[0, 0], [3, 4], [6, 8]],
    "visits": [{"name": "V1", "place": 1, "service": 30}, {"name": "V2", "place": 2, "service": 30}],
    "engineers": [{"name": "Wu", "start": 0, "end": 0, "shift": [0, 480]}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "site.json").write_text(json.dumps(SITES))
    (tmp_path / "points.csv").write_text("name,visits_per_year,x,y\n10,300,0,1\n11,20,50,1\n")
    (tmp_path / "day.json").write_text(json.dumps(DAY))
    return tmp_path


def test_a_plan_is_written_told_drawn_and_judged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan, picture = folder / "plan.json", folder / "plan.svg"
    name = str(folder / "site.json")

    assert main(["site", name, "--out", str(plan), "--table", "--picture", str(picture)]) == 0
    told = capsys.readouterr().out
    assert main(["site", name, "--check", str(plan)]) == 0

    assert "A" in told
    assert json.loads(plan.read_text())["bases"][0]["name"] == "A"
    assert picture.stat().st_size > 1000
    assert not list(folder.glob("*.part"))


def test_a_forged_plan_is_found_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = folder / "plan.json"
    main(["site", str(folder / "site.json"), "--out", str(plan)])
    forged = json.loads(plan.read_text())
    forged["mean_minutes"] = 0.0
    plan.write_text(json.dumps(forged))

    assert main(["site", str(folder / "site.json"), "--check", str(plan)]) == 1
    assert "mean_minutes" in capsys.readouterr().out


def test_a_day_is_routed_and_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = folder / "plan.json"
    name = str(folder / "day.json")

    assert main(["route", name, "--engine", "insertion", "--out", str(plan), "--table"]) == 0
    assert main(["route", name, "--check", str(plan)]) == 0

    out, err = capsys.readouterr()
    assert "V2" in out
    assert "The plan holds" in out
    assert "cost" in err


def test_a_day_is_planned_anew_with_people_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, plan, later = str(folder / "day.json"), folder / "plan.json", folder / "later.json"
    main(["route", name, "--engine", "insertion", "--out", str(plan)])
    more = {**DAY, "visits": [*DAY["visits"], {"name": "urgent", "place": 1, "service": 30}]}
    (folder / "day.json").write_text(json.dumps(more))

    anew = ["route", name, "--start", str(plan), "--keep", "0.9", "--steps", "50", "--out", str(later)]
    assert main(anew) == 0
    assert main(["route", name, "--check", str(later)]) == 0

    assert json.loads(later.read_text())["engine"] == "replan"
    assert main(["route", name, "--keep", "0.9"]) == 2
    assert "needs --start" in capsys.readouterr().err


def test_ctrl_c_while_drawing_ends_without_a_trace(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Model, "draw", pressed)

    assert main(["site", str(folder / "site.json"), "--picture", str(folder / "plan.png")]) == 130
    assert "ended by hand" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "line 1: is not JSON"),
        ("[]", "must hold an object"),
        ('{"kind": "siting", "points": "gone.csv"}', "is not there"),
        ('{"kind": "siting", "points": [], "x": NaN}', "NaN is not a number"),
    ],
)
def test_bad_files_end_with_a_sentence(
    tmp_path: Path, text: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.json").write_text(text)

    assert main(["site", str(tmp_path / "bad.json")]) == 2
    assert words in capsys.readouterr().err


def test_heavy_packages_are_loaded_only_by_whom_they_serve(folder: Path) -> None:
    asked = (
        "import sys; from tightrope.planning.command import main;"
        f"main(['site', {str(folder / 'day.json')!r}]);"
        "print(sorted({'numba', 'scipy', 'matplotlib'} & set(sys.modules)))"
    )

    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"


def test_public_instances_are_found_below_a_folder_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "three.txt").write_text("3 2 1\n1 2 4\n2 3 5\n")

    assert main(["site", "three", "--format", "pmed", "--folder", str(tmp_path)]) == 0
    assert "node 2" in capsys.readouterr().out
    assert main(["site", "four", "--format", "pmed", "--folder", str(tmp_path)]) == 2
    assert "0 times" in capsys.readouterr().err


def test_names_that_look_like_numbers_stay_names(folder: Path) -> None:
    assert read_table(folder / "points.csv")[0] == {"name": "10", "visits_per_year": 300, "x": 0, "y": 1}


def test_ctrl_c_ends_the_run_and_keeps_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(seconds=60.0)
    before = signal.getsignal(signal.SIGINT)

    with cancelled_by_hand(run):
        threading.Timer(0.05, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
        while not run.is_reached():
            run.progress(3.0, 0.0)
    run.finish()

    assert run.is_cancelled
    assert "best plan so far is kept" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is before
