from django.db import migrations, models


class Migration(migrations.Migration):
    """The bytes of mails move to the storage of files: the key first, the rows by a job, the column goes later."""

    dependencies = [("channels", "0003_mail_facts")]
    operations = [
        migrations.AddField(
            "RawMail", "storage_key", models.CharField(blank=True, db_default="", default="", max_length=80)
        ),
        migrations.AlterField("RawMail", "content", models.BinaryField(default=b"")),
        migrations.AddIndex(
            "RawMail",
            models.Index(
                condition=models.Q(("storage_key", ""), _negated=True),
                fields=["storage_key"],
                name="channels_raw_mail_content",
            ),
        ),
        migrations.AddIndex(
            "RawMail",
            models.Index(
                condition=models.Q(("forgotten_at", None), ("size__gt", 0), ("storage_key", "")),
                fields=["id"],
                name="channels_raw_mail_unmoved",
            ),
        ),
    ]
