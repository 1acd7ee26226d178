import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calendars', '0001_initial'),
        ('core', '0002_cache_and_extensions'),  # btree_gist
        ('people', '0002_mail_addresses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(help_text='0 is Monday.', null=True)),
                ('from_time', models.TimeField(null=True)),
                ('until_time', models.TimeField(help_text='Before the beginning: on the next day.', null=True)),
                ('starts_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('stand_in', models.ForeignKey(blank=True, help_text='Is alarmed next, and at once when the other one has left.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='people.team')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'calendars_duty',
                'indexes': [models.Index(condition=models.Q(('ends_at__isnull', False)), fields=['team', 'ends_at', 'id'], name='calendars_duty_once')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ends_at', None), ('from_time__isnull', False), ('starts_at', None), ('until_time__isnull', False), ('weekday__range', (0, 6))), models.Q(('ends_at__gt', models.F('starts_at')), ('from_time', None), ('starts_at__isnull', False), ('until_time', None), ('weekday', None)), _connector='OR'), name='calendars_duty_weekly_or_once'), models.CheckConstraint(condition=models.Q(('stand_in', None), models.Q(('stand_in', models.F('user')), _negated=True), _connector='OR'), name='calendars_duty_stand_in'), models.UniqueConstraint(fields=('team', 'weekday', 'from_time'), name='calendars_duty_weekly_once'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('starts_at__isnull', False)), expressions=[('team', '='), (models.Func('starts_at', 'ends_at', function='tstzrange', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='calendars_duty_one_at_a_time')],
            },
        ),
    ]
