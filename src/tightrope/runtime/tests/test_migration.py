"""The cheap mark that says whether a database is at this release's state."""

from __future__ import annotations

import psycopg

from tightrope.runtime import migration
from tightrope.runtime.postgres import SUPERUSER


def leave(url: str, mark: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        migration._note(connection, mark)


def test_a_new_database_is_not_current_and_a_marked_one_is(empty_database):
    assert migration.is_current(empty_database) is False

    leave(empty_database, migration.wanted_state())

    assert migration.is_current(empty_database) is True


def test_a_mark_of_another_release_is_not_current_and_can_be_taken_away(empty_database):
    leave(empty_database, migration.OWN_MARK + "0" * 32)
    assert migration.is_current(empty_database) is False

    leave(empty_database, "")

    assert migration.present_state(empty_database) is None


def test_an_administrators_own_remark_on_his_database_is_kept(empty_database):
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("COMMENT ON DATABASE trial IS 'do not drop, Li Wei'")

    leave(empty_database, migration.wanted_state())

    with psycopg.connect(empty_database) as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'trial'"
        ).fetchone()
    assert row == ("do not drop, Li Wei",)
    assert migration.is_current(empty_database) is False


def test_a_role_that_does_not_own_the_database_leaves_no_mark_and_no_error(server, empty_database):
    with psycopg.connect(server.url("postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS visitor")
        connection.execute("CREATE ROLE visitor LOGIN")

    leave(empty_database.replace("tightrope@", "visitor@"), migration.wanted_state())

    assert migration.present_state(empty_database) is None
