from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]
    operations = [
        migrations.AddField("Proof", "adds_address", models.BooleanField(db_default=False, default=False)),
        migrations.AddConstraint(
            "Proof",
            models.CheckConstraint(
                condition=models.Q(("adds_address", False), ("contact__isnull", False), _connector="OR"),
                name="portal_proof_address_of_contact",
            ),
        ),
    ]
