"""The administrator's program: help at once, faults as sentences, exit codes as promised."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tightrope.runtime import places
from tightrope.runtime.command import main
from tightrope.runtime.problems import RuntimeProblem

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize(
    "act", ["serve", "worker", "migrate", "demo", "verify", "backup", "restore", "createadmin", "check"]
)
def test_every_act_has_help(act, capsys):
    with pytest.raises(SystemExit) as ended:
        main([act, "--help"])

    assert ended.value.code == 0
    assert f"usage: tightrope {act}" in capsys.readouterr().out


def test_the_help_names_the_environment_and_the_exit_codes(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])

    said = capsys.readouterr().out
    assert "DATABASE_URL" in said
    assert "exit codes:" in said


@pytest.mark.parametrize("wrong", [[], ["fly"], ["serve", "--port", "70000"], ["serve", "--only", "kitchen"]])
def test_wrong_use_ends_with_2(wrong):
    with pytest.raises(SystemExit) as ended:
        main(wrong)

    assert ended.value.code == 2


def test_help_comes_without_loading_the_application():
    program = (
        "import sys\nfrom tightrope.runtime.command import main\n"
        "try: main(['serve', '--help'])\nexcept SystemExit: pass\n"
        "heavy = {'django', 'psycopg', 'numpy'} & set(sys.modules)\nassert not heavy, heavy\n"
    )

    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)


def test_a_data_folder_that_cannot_be_made_is_one_sentence_and_ends_with_3(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TIGHTROPE_VAR", str(tmp_path / "file" / "var"))

    assert main(["migrate"]) == 3

    said = capsys.readouterr().err
    assert said.startswith("tightrope: The data folder")
    assert said.count("\n") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can take another account's folder")
def test_root_does_not_work_in_a_data_folder_of_another_account(tmp_path, monkeypatch, capsys):
    os.chown(tmp_path, 65534, 65534)
    monkeypatch.setenv("TIGHTROPE_VAR", str(tmp_path))

    assert main(["migrate"]) == 3

    assert "belongs to nobody" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_backup_of_a_server_that_is_away_ends_with_3(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TIGHTROPE_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    assert main(["backup", str(tmp_path / "saved")]) == 3

    assert "cannot be read" in capsys.readouterr().err
    assert not (tmp_path / "saved").exists()


def test_the_secret_key_is_made_once_and_read_by_its_owner_only(tmp_path):
    first = places.secret_key(tmp_path)

    assert places.secret_key(tmp_path) == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_cut_off_secret_key_is_not_used(tmp_path):
    (tmp_path / "secret-key").write_text("short")

    with pytest.raises(RuntimeProblem, match="no whole key"):
        places.secret_key(tmp_path)


def test_what_an_administrator_set_stays(tmp_path):
    environment = {"TIGHTROPE_MODE": "test", "TIGHTROPE_SECRET_KEY": "chosen"}

    places.complete(environment, tmp_path)

    assert environment["TIGHTROPE_MODE"] == "test"
    assert environment["TIGHTROPE_SECRET_KEY"] == "chosen"
    assert not (tmp_path / "secret-key").exists()


OURS_ALONE = {"TIGHTROPE_DEMO"}
"""What `tightrope serve --demo` sets for its parts; nobody sets it by hand."""


def named_in(text: str) -> set[str]:
    return set(re.findall(r"\bTIGHTROPE_[A-Z_]+", text))


def test_every_setting_is_named_by_the_help_and_the_example(capsys):
    read: set[str] = set()
    for path in (ROOT / "src/tightrope/config").glob("*.py"):
        read |= named_in(path.read_text("utf-8"))
    with pytest.raises(SystemExit):
        main(["--help"])
    told = named_in(capsys.readouterr().out)
    example = named_in((ROOT / "deploy/tightrope.env.example").read_text("utf-8"))

    assert len(read) > 20
    assert read - told - OURS_ALONE == set()
    assert read - example - OURS_ALONE == set()
