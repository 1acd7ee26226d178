import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_list_indexes'),
        ('channels', '0003_mail_facts'),
        ('customers', '0002_account_number'),
        ('people', '0002_mail_addresses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='alarms',
            field=models.PositiveSmallIntegerField(default=0, help_text='How often somebody above was told that nobody has looked at it.'),
        ),
        migrations.AddField(
            model_name='case',
            name='ended_over_children',
            field=models.CharField(blank=True, help_text='Why it was solved although children were open.', max_length=300),
        ),
        migrations.AddField(
            model_name='case',
            name='parent',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='cases.case'),
        ),
        migrations.AddField(
            model_name='case',
            name='split_from',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='split_off', to='cases.case'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('parent__isnull', False)), fields=['parent'], name='cases_case_parent'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('split_from__isnull', False)), fields=['split_from'], name='cases_case_split'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('owner', None), ('status', 'received')), fields=['received_at'], name='cases_case_untriaged'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('parent', None), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='cases_case_not_own_parent'),
        ),
    ]
