from django.db import migrations

# Until now an answer that could be taken back was a waiting one with a mark in its facts.
HOLD = """
UPDATE channels_message SET state = 'held', facts = facts - 'held', send_at = coalesce(send_at, now())
 WHERE direction = 'out' AND state = 'queued' AND facts ? 'held';
UPDATE channels_message SET facts = facts - 'held'
 WHERE direction = 'out' AND state = 'taken_back' AND facts ? 'held';
"""
LET_GO = "UPDATE channels_message SET state = 'queued' WHERE state = 'held';"


class Migration(migrations.Migration):
    """What is held back is a state of its own. The jobs that waited for it are gone; the round lets it go."""

    dependencies = [("channels", "0005_conversation_opened_at")]
    operations = [migrations.RunSQL(HOLD, LET_GO)]
