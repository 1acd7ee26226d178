from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("cases", "0007_say_how_cases_ended")]

    operations = [
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('closed', 'merged', 'rejected')), models.Q(('outcome', ''), _negated=True)), models.Q(models.Q(('status__in', ('closed', 'merged', 'rejected')), _negated=True), ('outcome', '')), _connector='OR'), name='cases_case_ended_iff_outcome'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'closed'), ('type', 'complaint'), _negated=True), ('return_call', 'before'), models.Q(models.Q(('cause', ''), _negated=True), models.Q(('prevention', ''), _negated=True), ('return_call__in', ['done', 'given_up'])), _connector='OR'), name='cases_case_complaint_ends_whole'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'solved'), _negated=True), models.Q(('solution', ''), _negated=True), _connector='OR'), name='cases_case_solved_has_solution'),
        ),
    ]
