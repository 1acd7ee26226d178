import django.db.models.deletion
import tightrope.core.ids
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('calendars', '0001_initial'),
        ('customers', '0002_account_number'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True)),
                ('category_ids', models.JSONField(blank=True, default=list)),
                ('severity_from', models.PositiveSmallIntegerField(default=1)),
                ('severity_to', models.PositiveSmallIntegerField(default=5)),
                ('importance_from', models.PositiveSmallIntegerField(default=1)),
                ('account_ids', models.JSONField(blank=True, default=list)),
                ('case_types', models.JSONField(blank=True, default=list)),
                ('tiers', models.JSONField(blank=True, default=list)),
                ('is_active', models.BooleanField(default=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'db_table': 'promises_policy',
                'constraints': [models.CheckConstraint(condition=models.Q(('severity_from__gte', 1), ('severity_to__lte', 5), ('severity_from__lte', models.F('severity_to'))), name='promises_policy_severity'), models.CheckConstraint(condition=models.Q(('importance_from__range', (1, 3))), name='promises_policy_importance')],
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=tightrope.core.ids.public_id, editable=False, max_length=22, unique=True)),
                ('kind', models.CharField(choices=[('customer', 'promised to the customer'), ('contract', 'by contract'), ('internal', 'internal target')], max_length=12)),
                ('what', models.CharField(choices=[('first_response', 'First response'), ('next_response', 'Next response'), ('resolution', 'Resolution'), ('hand_over', 'Hand-over'), ('arrival', 'Arrival'), ('follow_up', 'Follow-up call'), ('action', 'Action'), ('word', "A person's word")], max_length=20)),
                ('text', models.CharField(blank=True, help_text='What was said.', max_length=500)),
                ('evidence', models.TextField(blank=True, help_text='How we know: the mail, the call, the contract.')),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.CharField(max_length=200)),
                ('starts_at', models.DateTimeField(help_text='When the customer spoke: the clock runs from here.')),
                ('policy_version', models.PositiveIntegerField(null=True)),
                ('calendar_key', models.CharField(help_text='Names the hours and holidays it was reckoned by; empty after they changed.', max_length=64)),
                ('zone', models.CharField(max_length=64)),
                ('working_seconds', models.FloatField(help_text='Working time granted; null for a word with a date.', null=True)),
                ('due_at', models.DateTimeField()),
                ('beaten_share', models.DecimalField(decimal_places=2, default=Decimal('0.25'), max_digits=3)),
                ('beaten_seconds', models.PositiveIntegerField(null=True)),
                ('warn', models.JSONField(blank=True, default=dict)),
                ('warned', models.PositiveSmallIntegerField(default=0, help_text='The highest share already warned of, in %.')),
                ('state', models.CharField(choices=[('running', 'running'), ('kept', 'kept'), ('missed', 'missed'), ('withdrawn', 'withdrawn'), ('replaced', 'replaced')], default='running', max_length=12)),
                ('paused_at', models.DateTimeField(null=True)),
                ('missed_at', models.DateTimeField(null=True)),
                ('kept_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(help_text='When it was decided: kept, or due and not kept. The period it counts in.', null=True)),
                ('ended_at', models.DateTimeField(help_text='When it was withdrawn or replaced.', null=True)),
                ('end_reason', models.CharField(blank=True, max_length=500)),
                ('margin_working_seconds', models.FloatField(help_text='Between keeping and due; positive when early.', null=True)),
                ('margin_seconds', models.FloatField(null=True)),
                ('is_beaten', models.BooleanField(default=False)),
                ('next_look_at', models.DateTimeField(help_text='When its clock has something to say next.', null=True)),
                ('account', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='customers.account')),
                ('calendar', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='calendars.workcalendar')),
                ('maker', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('policy', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='promises.policy')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='promises.promise')),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'promises_promise',
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(max_length=300)),
                ('promise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='promises.promise')),
            ],
            options={
                'db_table': 'promises_pause',
                'ordering': ['from_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('first_response', 'First response'), ('next_response', 'Next response'), ('resolution', 'Resolution'), ('hand_over', 'Hand-over'), ('arrival', 'Arrival'), ('follow_up', 'Follow-up call'), ('action', 'Action'), ('word', "A person's word")], max_length=20)),
                ('kind', models.CharField(choices=[('customer', 'promised to the customer'), ('contract', 'by contract'), ('internal', 'internal target')], max_length=12)),
                ('working_seconds', models.PositiveIntegerField()),
                ('beaten_share', models.DecimalField(decimal_places=2, default=Decimal('0.25'), help_text='Kept with at least this share of the time left counts as beaten.', max_digits=3)),
                ('beaten_seconds', models.PositiveIntegerField(blank=True, help_text='Or: kept this much working time before it was due.', null=True)),
                ('warn', models.JSONField(blank=True, default=dict, help_text='Whom to warn at 50, 75 and 100 %.')),
                ('calendar', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='calendars.workcalendar')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='promises.policy')),
            ],
            options={
                'db_table': 'promises_target',
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('next_look_at__isnull', False)), fields=['next_look_at', 'id'], name='promises_next_look'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(fields=['subject_type', 'subject_id'], name='promises_subject'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('ended_at', None), ('kept_at', None), ('paused_at', None)), fields=['due_at', 'id'], name='promises_due'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('ended_at', None), ('kept_at', None), ('paused_at', None)), fields=['user', 'due_at', 'id'], name='promises_due_by_user'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('ended_at', None), ('kept_at', None), ('paused_at', None)), fields=['team', 'due_at', 'id'], name='promises_due_by_team'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('paused_at__isnull', False)), fields=['paused_at', 'id'], name='promises_paused'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('settled_at__isnull', False)), fields=['-settled_at', '-id'], name='promises_settled'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(fields=['account', '-due_at', '-id'], name='promises_account'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('maker__isnull', False)), fields=['maker', '-made_at', '-id'], name='promises_maker'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), ('kept_at', None), models.Q(('what__in', ('word', 'action', 'follow_up')), _negated=True)), fields=('subject_type', 'subject_id', 'kind', 'what'), name='promises_one_running'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('kept_at', None), ('missed_at', None), ('state', 'running')), models.Q(('ended_at', None), ('kept_at__isnull', False), ('missed_at', None), ('state', 'kept')), models.Q(('missed_at__isnull', False), ('state', 'missed')), models.Q(('ended_at__isnull', False), ('kept_at', None), ('missed_at', None), ('state__in', ['withdrawn', 'replaced'])), _connector='OR'), name='promises_state_is_told_by_times'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('kept_at', None), ('ended_at', None), _connector='OR'), name='promises_kept_or_ended_not_both'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kept_at', None), ('margin_seconds', None), ('margin_working_seconds', None)), models.Q(('kept_at__isnull', False), ('margin_seconds__isnull', False), ('margin_working_seconds__isnull', False)), _connector='OR'), name='promises_margin_iff_kept'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', False), ('state__in', ['kept', 'missed'])), models.Q(models.Q(('state__in', ['kept', 'missed']), _negated=True), ('settled_at', None)), _connector='OR'), name='promises_settled_iff_decided'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('is_beaten', False), ('state', 'kept'), _connector='OR'), name='promises_beaten_is_kept'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('paused_at', None), ('state', 'running'), _connector='OR'), name='promises_paused_is_running'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('next_look_at__isnull', False), ('paused_at', None), ('state', 'running')), models.Q(models.Q(models.Q(('state', 'running'), _negated=True), ('paused_at__isnull', False), _connector='OR'), ('next_look_at', None)), _connector='OR'), name='promises_running_clocks_tick'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('replaced_by', None), ('ended_at__isnull', False), _connector='OR'), name='promises_replaced_has_ended'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.UniqueConstraint(condition=models.Q(('until_at__isnull', True)), fields=('promise',), name='promises_pause_one_open'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.CheckConstraint(condition=models.Q(('until_at__isnull', True), ('until_at__gte', models.F('from_at')), _connector='OR'), name='promises_pause_forward'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.UniqueConstraint(fields=('policy', 'what', 'kind'), name='promises_target_once'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('working_seconds__gt', 0)), name='promises_target_has_time'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('beaten_share__range', (0, 1))), name='promises_target_share'),
        ),
    ]
