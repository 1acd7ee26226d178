"""The one writer of tables that leave the house. A cell that a spreadsheet would take for a formula is made text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
BOM = "\ufeff"
"""Without it Excel reads Chinese as the code page of the machine it runs on."""


def safe_cell(value: Any) -> str:
    """A value as the text of one cell that no spreadsheet runs. Numbers stay numbers, also negative ones."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, float, Decimal)):
        return str(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    text = str(value).replace("\x00", "")
    # Spreadsheets skip spaces and invisible characters before they look for a formula.
    first = text.lstrip(" \u00a0\u200b\u200e\u200f\u2060\u3000\ufeff")[:1]
    return f"'{text}" if first in FORMULA and first else text


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A table as CSV (UTF-8 with its mark, CRLF), line by line."""
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    writer.writerow([safe_cell(column) for column in columns])
    yield BOM + line.getvalue()
    for row in rows:
        line.seek(0)
        line.truncate()
        writer.writerow([safe_cell(value) for value in row])
        yield line.getvalue()


def csv_response(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """The table as a download named `name`."""
    response = StreamingHttpResponse(csv_lines(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
