from django.db import migrations, models

# The sign-in library keeps a list of addresses of its own and writes it while a page is read. It is made equal to ours.
ADDRESSES = """
DELETE FROM account_emailaddress a USING people_user u WHERE a.user_id = u.id AND lower(a.email) <> lower(u.email);
INSERT INTO account_emailaddress (user_id, email, "primary", verified)
  SELECT u.id, u.email, true, false FROM people_user u
  WHERE NOT EXISTS (SELECT 1 FROM account_emailaddress a WHERE a.user_id = u.id);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("account", "0009_emailaddress_unique_primary_email")]
    operations = [
        migrations.RunSQL(ADDRESSES, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Installation",
            fields=[("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False))],
            options={"db_table": "people_installation", "managed": False},
        ),
    ]
