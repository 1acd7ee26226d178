"""PostgreSQL through Django, whose pool hands out no connection that the server has left behind."""

from __future__ import annotations

from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base, operations
from psycopg import Connection, OperationalError
from psycopg_pool import ConnectionPool


class DatabaseOperations(operations.DatabaseOperations):
    """The log of statements names those too that the server has prepared (`core.prepared`)."""

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """The statement with its values in it."""
        return super().last_executed_query(cursor, sql, params) or self.compose_sql(sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """A pool keeps its connections when the server dies and would fail one request with each of them. Django's own
    check asks the server before each request; whether the other end has hung up is known without asking."""

    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection whose server is there. Raises OperationalError when there is none to be had."""
        connection = super().get_new_connection(conn_params)
        while self.pool and is_left(connection):
            connection.close()  # the pool says so in the log, and makes another
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection


def is_left(connection: Connection[Any]) -> bool:
    """Whether the server has ended this idle connection. Asks nobody where nothing has arrived, as nearly always."""
    arrived, is_spoken_to = poll(), False
    try:
        arrived.register(connection.fileno(), POLLIN)
        # A notice or a changed setting may lie there too; after a farewell comes the end of the stream.
        while arrived.poll(0):
            is_spoken_to = True
            connection.pgconn.consume_input()
        if is_spoken_to:
            # It may have been a farewell whose end of the stream is still on its way.
            ConnectionPool.check_connection(connection)
    except OperationalError:
        return True
    return False
