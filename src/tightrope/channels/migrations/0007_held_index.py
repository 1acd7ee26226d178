from django.db import migrations

INDEX = "CREATE INDEX channels_message_held ON channels_message (send_at) WHERE state = 'held';"


class Migration(migrations.Migration):
    """What is held back is few rows among many, looked for by its time."""

    dependencies = [("channels", "0006_held_messages")]
    operations = [migrations.RunSQL(INDEX, "DROP INDEX channels_message_held;")]
