from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE customers_account_number START 1001", "DROP SEQUENCE customers_account_number"
        )
    ]
