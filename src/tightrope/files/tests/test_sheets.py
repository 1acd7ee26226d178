from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightrope.files import sheets


@pytest.mark.parametrize("first", list("=+-@\t\r＝＋－＠"))
def test_a_cell_is_never_a_formula(first):
    assert sheets.safe_cell(f"{first}1+1") == f"'{first}1+1"
    assert sheets.safe_cell(f" \u200b{first}cmd")[0] == "'"


def test_numbers_stay_numbers():
    assert [sheets.safe_cell(value) for value in (-5, Decimal("-1.50"), 0.5, None)] == [
        "-5",
        "-1.50",
        "0.5",
        "",
    ]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_what_is_written_is_read_again_and_runs_nothing(cells):
    text = "".join(sheets.csv_lines([f"c{n}" for n in range(len(cells))], [cells]))

    assert text.startswith("\ufeff")
    read = list(csv.reader(io.StringIO(text[1:], newline="")))[1:]
    expected = [sheets.safe_cell(cell) for cell in cells]
    assert read == [expected] or (expected == [""] and read == [[""]])
    assert not any(cell.lstrip()[:1] in sheets.FORMULA and cell.lstrip() for cell in expected)


def test_a_download_has_its_name_and_its_mark():
    response = sheets.csv_response("个案.csv", ["编号"], [["=cmd()"]])

    assert b"".join(response.streaming_content).decode() == "\ufeff编号\r\n'=cmd()\r\n"
    assert "filename*=utf-8''%E4%B8%AA%E6%A1%88.csv" in response["Content-Disposition"]
