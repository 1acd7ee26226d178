"""Keeping the index true: put a thing into it, take it out of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from tightrope.core.prepared import asked
from tightrope.search import words
from tightrope.search.models import Document

_UPSERT = """
INSERT INTO search_document (kind, object_id, account_id, contact_id, title, text, tsv, at, audience)
VALUES (%s, %s, %s, %s, %s, %s, %s::tsvector, %s, %s)
ON CONFLICT (kind, object_id) DO UPDATE SET
  account_id = EXCLUDED.account_id, contact_id = EXCLUDED.contact_id, title = EXCLUDED.title,
  text = EXCLUDED.text, tsv = EXCLUDED.tsv, at = EXCLUDED.at, audience = EXCLUDED.audience
WHERE (search_document.account_id, search_document.contact_id, search_document.title, search_document.text,
  search_document.tsv, search_document.at, search_document.audience) IS DISTINCT FROM
  (EXCLUDED.account_id, EXCLUDED.contact_id, EXCLUDED.title, EXCLUDED.text, EXCLUDED.tsv, EXCLUDED.at,
  EXCLUDED.audience)
RETURNING 1
"""


def index(
    kind: str, object_id: int, *, title: str, body: str, account_id: int | None, contact_id: int | None = None,
    codes: Iterable[str] = (), at: datetime, audience: Literal["staff", "public"] = "staff",
) -> None:  # fmt: skip
    """Let a thing be found by its words, codes and pieces of text; saying it again replaces what was there.

    Called in the transaction of the act that changed the thing. `codes` are numbers, serials, phone numbers
    and mail addresses: asked for exactly, they come first. `at` orders the hits, newest first.
    """
    row = document(
        kind, object_id, title=title, body=body, account_id=account_id, contact_id=contact_id,
        codes=codes, at=at, audience=audience,
    )  # fmt: skip
    asked(_UPSERT, row)


def document(
    kind: str, object_id: int, *, title: str, body: str, account_id: int | None, contact_id: int | None = None,
    codes: Iterable[str] = (), at: datetime, audience: Literal["staff", "public"] = "staff",
) -> tuple[Any, ...]:  # fmt: skip
    """The row of the index for a thing, as `index` writes it."""
    codes = [one for one in codes if one]
    plain_title, plain_body = words.normalised(title), words.normalised(body)
    text = "\n".join([plain_title, *(words.normalised(one) for one in codes), plain_body])
    tsv = words.vector(title=plain_title, body=plain_body, codes=codes)
    shown = title.replace("\x00", "")[:300]
    return (kind, object_id, account_id, contact_id, shown, text, tsv, at, audience)


@transaction.atomic
def forget(kind: str, object_id: int) -> None:
    """Take a thing out of the index. Saying it twice is not an error."""
    Document.objects.filter(kind=kind, object_id=object_id).delete()
