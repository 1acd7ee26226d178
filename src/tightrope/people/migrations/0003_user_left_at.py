from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_mail_addresses")]
    operations = [
        migrations.AddField(
            model_name="user", name="left_at", field=models.DateTimeField(blank=True, null=True)
        ),
    ]
