"""From a connection string to Django's settings, with the limits every connection obeys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.conninfo import conninfo_to_dict

SESSION_OPTIONS = (
    "-c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=30000 -c jit=off"
)


class NoDatabase(RuntimeError):
    """The program was started without a database to work with."""


def database_settings(environ: Mapping[str, str], *, conn_health: bool) -> dict[str, Any]:
    """Django's `DATABASES["default"]` for `DATABASE_URL`; without one, a value that says so when used."""
    facts = conninfo_to_dict(environ.get("DATABASE_URL", "postgresql:///tightrope"))
    options: dict[str, Any] = {
        key: value
        for key, value in facts.items()
        if key not in {"host", "port", "user", "password", "dbname"}
    }
    # A long-running command (migration, demo, backup) sets its own limits with `core.db.without_limits`.
    options.setdefault("options", SESSION_OPTIONS)
    options["prepare_threshold"] = None  # safe behind PgBouncer's transaction pooling
    if environ.get("TIGHTROPE_POOL", "") not in {"", "0"}:
        options["pool"] = {"min_size": 1, "max_size": int(environ["TIGHTROPE_POOL"]), "timeout": 5}
    return {
        "ENGINE": "tightrope.core.postgres",
        "NAME": facts.get("dbname", "tightrope"),
        "USER": facts.get("user", ""),
        "PASSWORD": facts.get("password", ""),
        "HOST": facts.get("host", ""),
        "PORT": str(facts.get("port", "")),
        "CONN_MAX_AGE": 0 if "pool" in options else 60,
        "CONN_HEALTH_CHECKS": conn_health and "pool" not in options,
        "OPTIONS": options,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
