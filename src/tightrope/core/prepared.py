"""Statements as texts in SQL, and what PostgreSQL is told about planning them.

Planning a statement of a page costs PostgreSQL up to twenty times what answering it takes. What looks for keys, or
reads an index from its beginning, is therefore `Prepared`: planned once in each connection, whatever the values. Where
a rare value wants another way than a frequent one (the cases of one customer, sorted by time), the statement is
`Planned` anew for the values of each call.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connection, connections, models
from psycopg import Connection, Cursor, RawCursor, sql
from psycopg.pq import TransactionStatus

MOST_PREPARED = 200
"""So many statements a connection keeps prepared, those that were used last."""


class Given(models.Expression):
    """A value of a statement that is known only when it is sent."""

    def __init__(self, name: str, output_field: models.Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class Planned:
    """One text in SQL and what changes in it; PostgreSQL plans it for the values of each call."""

    def __init__(self, text: str, parameters: Iterable[Any]) -> None:
        self._text, self._parameters = text, list(parameters)

    def rows(self, **values: Any) -> list[Any]:
        """The rows for these values."""
        return self._fetched(
            [values[one.name] if isinstance(one, Given) else one for one in self._parameters]
        )

    def _fetched(self, parameters: Sequence[Any]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self._text, parameters)
            rows: list[Any] = cursor.fetchall()
            return rows


class Prepared(Planned):
    """The same for one plan that serves all values."""

    def __init__(self, text: str, parameters: Iterable[Any]) -> None:
        super().__init__(*_with_constants(text, list(parameters)))

    def _fetched(self, parameters: Sequence[Any]) -> list[Any]:
        return asked(self._text, parameters)


def asked(text: str, values: Sequence[Any]) -> list[Any]:
    """The rows of a statement that PostgreSQL plans once in each connection. Such texts must be few: what differs
    from call to call is a value."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    try:
        return _sent(database, text, values)
    except NotSupportedError:
        # A migration has changed a column under the plan. Within a transaction nothing more can be asked; its
        # end lets the driver forget all plans, so that the act succeeds when it is tried again.
        if database.in_atomic_block:
            raise
        with _preparing(database.connection):
            database.connection.execute("DEALLOCATE ALL")
        return _sent(database, text, values)


def _sent(database: Any, text: str, values: Sequence[Any]) -> list[Any]:
    # The driver's own cursor sends text and values apart; Django's puts them into one, and costs twice the driver's
    # time by what it does around: only who watches the statements needs that.
    own, rows = database.connection, []
    if database.queries_logged or database.execute_wrappers:
        watched = database.make_debug_cursor if database.queries_logged else database.make_cursor
        with _preparing(own), watched(Cursor(own)) as cursor:
            cursor.execute(text, values)
            rows = cursor.fetchall()
    else:
        database.validate_no_broken_transaction()
        with database.wrap_database_errors, _preparing(own), RawCursor(own) as cursor:
            rows = cursor.execute(_numbered(text), values).fetchall()
    return rows


_KEY = re.compile(r"(= \(?|\bIN \((%s, )*)$")


def _with_constants(text: str, parameters: list[Any]) -> tuple[str, list[Any]]:
    """The text with its constants in it, so that the plan may use the indexes made for them. Whole numbers that
    something is equal to stay outside: they are keys, of a doer or his teams, and all doers share one text then."""
    connection.ensure_connection()
    pieces = text.split("%s")
    assert len(pieces) == len(parameters) + 1, "a value is written as %s and nothing else is"
    whole, remaining = pieces[0], []
    for value, piece in zip(parameters, pieces[1:], strict=True):
        if isinstance(value, Given) or (type(value) is int and _KEY.search(whole)):
            remaining.append(value)
            whole += f"%s{piece}"
        else:
            whole += sql.Literal(value).as_string(connection.connection).replace("%", "%%") + piece
    return whole, remaining


@functools.cache
def _numbered(text: str) -> str:
    """The text with its values as PostgreSQL counts them, so that the driver need not look for them at each call."""
    numbers = itertools.count(1)
    return re.sub("%s|%%", lambda found: f"${next(numbers)}" if found[0] == "%s" else "%", text)


@contextmanager
def _preparing(own: Connection[Any]) -> Iterator[None]:
    """What is sent meanwhile is prepared. Only meanwhile, since the driver remembers each text it sends then."""
    if not _reaches_one_process(own):
        yield
        return
    own.prepare_threshold, own.prepared_max = 0, MOST_PREPARED
    try:
        yield
    finally:
        own.prepare_threshold = None


_reaching: WeakKeyDictionary[Connection[Any], bool] = WeakKeyDictionary()


def _reaches_one_process(own: Connection[Any]) -> bool:
    """Whether no pooler such as PgBouncer stands between: behind one the next statement may reach another server
    process, which has never heard of what was prepared. A pooler is known by the number of the process that it
    names, which is not that of the one that answers."""
    reaches = _reaching.get(own)
    if reaches is None:
        (process,) = own.execute("SELECT pg_backend_pid()").fetchone() or (None,)
        reaches = process == own.info.backend_pid
        if reaches:
            # Left to itself PostgreSQL plans anew wherever a table is cut into months, and plans longer than it reads.
            own.execute("SET plan_cache_mode = force_generic_plan")
        if own.info.transaction_status is not TransactionStatus.INTRANS:
            _reaching[own] = reaches  # a transaction that is taken back takes the setting with it
    return reaches
