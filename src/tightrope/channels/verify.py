"""Proof that no mail was lost, doubled or forgotten on its way, in or out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.db import connection

from tightrope.channels import originals
from tightrope.channels.models import RawMail
from tightrope.core import clock
from tightrope.files import storage

_CONTRADICTIONS = """
SELECT format('Message %%s has been on its way out since %%s and no job looks after it.', id, send_at)
  FROM channels_message WHERE state IN ('queued', 'sending') AND send_at < %(late)s
UNION ALL
SELECT format('Message %%s could be taken back until %%s and no job lets it go.', m.id, m.send_at)
  FROM channels_message m WHERE m.state = 'held' AND m.send_at < %(late)s AND NOT EXISTS (
    SELECT 1 FROM procrastinate_jobs j WHERE j.task_name = 'channels.let_go' AND j.status IN ('todo', 'doing')
      AND (j.args->>'message_id')::bigint = m.id)
UNION ALL
SELECT format('Message %%s names conversation %%s, which does not exist.', m.id, m.conversation_id)
  FROM channels_message m LEFT JOIN channels_conversation c ON c.id = m.conversation_id
  WHERE m.conversation_id IS NOT NULL AND c.id IS NULL
UNION ALL
SELECT format('Message %%s is earlier than the beginning of its conversation %%s.', m.id, c.id)
  FROM channels_message m JOIN channels_conversation c ON c.id = m.conversation_id WHERE m.at < c.opened_at
UNION ALL
SELECT format('Message %%s hangs on account %%s and its conversation on %%s.', m.id, m.account_id, c.account_id)
  FROM channels_message m JOIN channels_conversation c ON c.id = m.conversation_id
  WHERE m.account_id IS DISTINCT FROM c.account_id
UNION ALL
SELECT format('Raw mail %%s was read and has neither a message nor a bounce to show for it.', r.id)
  FROM channels_raw_mail r LEFT JOIN channels_message m ON m.raw_id = r.id
  WHERE r.state = 'read' AND r.reason = '' AND m.id IS NULL
UNION ALL
SELECT format('Raw mail %%s was read into %%s messages.', raw_id, count(*))
  FROM channels_message WHERE raw_id IS NOT NULL GROUP BY raw_id HAVING count(*) > 1
UNION ALL
SELECT format('Message %%s was read from raw mail %%s, which does not exist.', m.id, m.raw_id)
  FROM channels_message m LEFT JOIN channels_raw_mail r ON r.id = m.raw_id
  WHERE m.raw_id IS NOT NULL AND r.id IS NULL
UNION ALL
SELECT format('Raw mail %%s has not been read since %%s.', id, received_at)
  FROM channels_raw_mail WHERE state = 'new' AND received_at < %(late)s
UNION ALL
SELECT format('The same mail was taken twice: raw mails %%s.', string_agg(id::text, ', ' ORDER BY id))
  FROM channels_raw_mail WHERE state = 'read' GROUP BY mailbox, sha256 HAVING count(*) > 1
UNION ALL
SELECT format('Two mails of ours carry the Message-ID %%s.', message_id)
  FROM channels_message WHERE direction = 'out' AND message_id <> '' GROUP BY message_id HAVING count(*) > 1
"""


LATE = timedelta(minutes=30)


def contradictions(limit: int = 100) -> list[str]:
    """A sentence for each thing that cannot be; none when all is well."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({_CONTRADICTIONS}) found LIMIT %(limit)s",  # noqa: S608 - our own text
            {"late": clock.now() - LATE, "limit": limit},
        )
        found = [str(row[0]) for row in cursor.fetchall()]
    return [*found, *islice(_changed_mails(), max(0, limit - len(found)))]


def _changed_mails() -> Iterator[str]:
    for raw in RawMail.objects.filter(forgotten_at=None).order_by("pk").iterator(chunk_size=50):
        if raw.storage_key and not storage.path_of(raw.storage_key).is_file():
            yield f"Raw mail {raw.pk} has lost its content {raw.storage_key}."
        elif not originals.is_whole(raw):
            yield f"Raw mail {raw.pk} is not the bytes that came in: its hash differs."
