from django.db import migrations

EARLIEST = """
UPDATE channels_conversation c SET opened_at = first.at
FROM (SELECT conversation_id, min(at) AS at FROM channels_message WHERE conversation_id IS NOT NULL GROUP BY 1) first
WHERE c.id = first.conversation_id AND first.at < c.opened_at
"""


class Migration(migrations.Migration):
    """A conversation begins with its earliest word; until now it began when that word was written down."""

    dependencies = [("channels", "0004_mail_originals")]
    operations = [migrations.RunSQL(EARLIEST, migrations.RunSQL.noop)]
