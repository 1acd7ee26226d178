from django.db import migrations, models
from django.db.models import Q

WHAT = [
    ("first_response", "First response"), ("next_response", "Next response"), ("resolution", "Resolution"),
    ("update", "Progress report"), ("hand_over", "Hand-over"), ("return_call", "Return call"),
    ("arrival", "Arrival"), ("follow_up", "Follow-up call"), ("call", "Call"), ("action", "Action"),
    ("word", "A person's word"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("promises", "0001_initial")]

    operations = [
        migrations.AlterField("promise", "what", models.CharField(choices=WHAT, max_length=20)),
        migrations.AlterField("target", "what", models.CharField(choices=WHAT, max_length=20)),
        migrations.RemoveConstraint("promise", "promises_one_running"),
        migrations.AddConstraint(
            "promise",
            models.UniqueConstraint(
                condition=Q(
                    ("ended_at", None),
                    ("kept_at", None),
                    Q(("what__in", ("word", "action", "follow_up", "call")), _negated=True),
                ),
                fields=("subject_type", "subject_id", "kind", "what"),
                name="promises_one_running",
            ),
        ),
    ]
