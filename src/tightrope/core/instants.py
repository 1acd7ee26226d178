"""Instants as PostgreSQL writes them, read by the interpreter's own reader.

The driver takes a text like `2026-11-22 04:30:00.5+00` apart in Python: five microseconds each, and a list of the
desk has two hundred and fifty of them. What the interpreter's reader does not know (infinity, years before
Christ) is left to the driver.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import BaseTzLoader, get_adapters_template


class InstantLoader(BaseTzLoader):
    """Reads a timestamptz in UTC, the time zone of every connection of ours."""

    timezone = UTC

    def load(self, data: Any) -> datetime:
        """The instant; raises psycopg.DataError for what no datetime can hold."""
        try:
            return datetime.fromisoformat(bytes(data).decode()).astimezone(UTC)
        except ValueError:
            return super().load(data)  # type: ignore[no-any-return]


def install() -> None:
    """Let every connection that Django makes from now on read instants this way."""
    get_adapters_template(True, UTC).register_loader("timestamptz", InstantLoader)
