"""The start-up check on any server: silence when all is well, one sentence for each thing that is missing."""

from __future__ import annotations

import psycopg
import pytest

from tightrope.runtime.fitness import check_server
from tightrope.runtime.postgres import SUPERUSER
from tightrope.runtime.problems import UnfitDatabase


def test_our_own_server_is_fit_and_gets_its_extensions(empty_database):
    check_server(empty_database)

    with psycopg.connect(empty_database) as connection:
        found = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
    assert {"pg_trgm", "btree_gist", "unaccent"} <= found


def test_a_database_that_does_not_know_chinese_letters_is_refused_with_the_remedy(server):
    with psycopg.connect(server.url("postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE deaf OWNER tightrope TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
            + (" LOCALE_PROVIDER libc" if connection.info.server_version >= 150000 else "")
        )
        try:
            with pytest.raises(UnfitDatabase, match=r"LC_CTYPE is 'C'.*LC_CTYPE 'C\.UTF-8'"):
                check_server(server.url("deaf"))
        finally:
            connection.execute("DROP DATABASE deaf WITH (FORCE)")


def test_a_role_that_may_neither_create_tables_nor_extensions_is_told_what_to_run(server, empty_database):
    with psycopg.connect(server.url("postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS guest")
        connection.execute("CREATE ROLE guest LOGIN")

    with pytest.raises(UnfitDatabase) as refused:
        check_server(empty_database.replace("tightrope@", "guest@"))

    sentences = str(refused.value).splitlines()
    assert len(sentences) == 4
    assert "GRANT CREATE ON SCHEMA public TO guest" in sentences[0]
    assert all("CREATE EXTENSION" in sentence for sentence in sentences[1:])


def test_a_database_of_another_encoding_is_refused(server):
    with psycopg.connect(server.url("postgres", SUPERUSER), autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE latin OWNER tightrope TEMPLATE template0 ENCODING 'LATIN1'"
            " LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc"
        )
        try:
            with pytest.raises(UnfitDatabase, match="encoded in LATIN1"):
                check_server(server.url("latin"))
        finally:
            connection.execute("DROP DATABASE latin WITH (FORCE)")


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "nonsense"])
def test_a_server_that_does_not_answer_is_one_sentence(url):
    with pytest.raises(UnfitDatabase, match="cannot be reached"):
        check_server(url)
