from django.db import migrations, models

FACTS = """
ALTER TABLE channels_message ADD COLUMN facts jsonb NOT NULL DEFAULT '{}';
CREATE INDEX channels_message_letters_to ON channels_message ((recipients ->> 0), sent_at)
  WHERE is_automatic AND sent_at IS NOT NULL;
CREATE INDEX channels_message_letters_at ON channels_message (sent_at) WHERE is_automatic AND sent_at IS NOT NULL;
CREATE INDEX channels_message_unplaced ON channels_message (at DESC, id DESC)
  WHERE direction = 'in' AND conversation_id IS NULL;
"""
BACK = """
DROP INDEX channels_message_unplaced; DROP INDEX channels_message_letters_at; DROP INDEX channels_message_letters_to;
ALTER TABLE channels_message DROP COLUMN facts;
"""


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_message")]
    operations = [
        migrations.RunSQL(
            FACTS,
            BACK,
            state_operations=[
                migrations.AddField("Message", "facts", models.JSONField(default=dict)),
            ],
        ),
        migrations.AddField("RawMail", "is_truncated", models.BooleanField(default=False)),
        migrations.AddField("RawMail", "message_id", models.CharField(blank=True, default="", max_length=300)),
        migrations.AddField("RawMail", "body_sha256", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField("RawMail", "is_vouched", models.BooleanField(default=False)),
        migrations.AddField("RawMail", "forgotten_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "RawMail", models.Index(fields=["-received_at", "-id"], name="channels_raw_mail_newest")
        ),
        migrations.AddIndex(
            "RawMail",
            models.Index(
                condition=models.Q(("message_id", ""), _negated=True),
                fields=["message_id"],
                name="channels_raw_mail_message_id",
            ),
        ),
        migrations.AddIndex(
            "RawMail",
            models.Index(
                condition=models.Q(("forgotten_at", None)),
                fields=["received_at"],
                name="channels_raw_mail_kept",
            ),
        ),
    ]
