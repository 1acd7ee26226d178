import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='WorkCalendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True)),
                ('zone', models.CharField(default='Asia/Shanghai', max_length=64)),
                ('country', models.CharField(blank=True, help_text='Whose public holidays are free.', max_length=2)),
                ('subdivision', models.CharField(blank=True, max_length=12)),
                ('pattern', models.JSONField(help_text='Shifts by weekday, e.g. mon: 09:00-12:00, 13:00-18:00.')),
                ('is_default', models.BooleanField(default=False)),
                ('confirmed_years', models.JSONField(blank=True, default=list, help_text='Years whose holidays somebody looked through and found right.')),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'db_table': 'calendars_calendar',
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('is_default',), name='calendars_one_default')],
            },
        ),
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('kind', models.CharField(choices=[('holiday', 'free'), ('workday', 'make-up workday'), ('hours', 'hours of its own'), ('ordinary', 'as every week')], max_length=10)),
                ('follows', models.PositiveSmallIntegerField(blank=True, help_text='The weekday whose shifts a make-up workday has; 0 is Monday.', null=True)),
                ('hours', models.JSONField(blank=True, default=list, help_text='The shifts of a day with hours of its own, e.g. 09:00-12:00.')),
                ('note', models.CharField(blank=True, max_length=200)),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='overrides', to='calendars.workcalendar')),
            ],
            options={
                'db_table': 'calendars_override',
                'ordering': ['on'],
                'constraints': [models.UniqueConstraint(fields=('calendar', 'on'), name='calendars_override_once'), models.CheckConstraint(condition=models.Q(models.Q(('follows__range', (0, 6)), ('kind', 'workday')), models.Q(models.Q(('kind', 'workday'), _negated=True), ('follows__isnull', True)), _connector='OR'), name='calendars_override_follows'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'hours'), models.Q(('hours', []), _negated=True)), models.Q(models.Q(('kind', 'hours'), _negated=True), ('hours', [])), _connector='OR'), name='calendars_override_hours')],
            },
        ),
    ]
