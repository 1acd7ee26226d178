import django.db.models.deletion
import tightrope.cases.models.calls
import tightrope.cases.models.configured
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0005_parents_and_alarms'),
        ('channels', '0005_conversation_opened_at'),
        ('customers', '0002_account_number'),
        ('people', '0002_mail_addresses'),
        ('promises', '0002_calls_and_progress'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('outcome', models.CharField(choices=[('reached', 'I spoke with the customer'), ('no_answer', 'Nobody answered'), ('busy', 'The line was busy'), ('wrong', 'Wrong number'), ('later', 'The customer asked to be called later'), ('no_number', 'There is no number to call')], max_length=10)),
                ('text', models.TextField(blank=True)),
                ('by_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('next_at', models.DateTimeField(help_text='By when the next try is to be made.', null=True)),
            ],
            options={
                'db_table': 'cases_call_attempt',
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField(null=True)),
                ('purpose', models.CharField(choices=[('talk', 'Call about the case'), ('return', 'Return call after the solution'), ('silent', 'The customer does not answer in writing')], default='talk', max_length=8)),
                ('text', models.CharField(blank=True, max_length=500)),
                ('opened_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(help_text='By when the next try is to be made.')),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='Tries in vain.')),
                ('outcome', models.CharField(blank=True, choices=[('', 'still to be made'), ('reached', 'reached'), ('given_up', 'not reached, given up'), ('dropped', 'not needed any more')], default='', max_length=8)),
                ('reason', models.CharField(blank=True, help_text='Why it was given up or dropped.', max_length=500)),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'cases_call',
                'ordering': ['opened_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ComplaintSign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField(null=True)),
                ('ground', models.CharField(choices=[('word', 'The customer wrote a word of complaint'), ('score', 'The customer gave a low score')], max_length=8)),
                ('word', models.CharField(help_text='The word, or the score.', max_length=60)),
                ('quote', models.CharField(blank=True, help_text='The words around it.', max_length=200)),
                ('found_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'open'), ('taken', 'it is one'), ('dismissed', 'dismissed')], default='open', max_length=10)),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'db_table': 'cases_complaint_sign',
                'ordering': ['found_at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='case',
            name='again_of',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='again', to='cases.case'),
        ),
        migrations.AddField(
            model_name='case',
            name='again_times',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='How many complaints of the same came before it.'),
        ),
        migrations.AddField(
            model_name='case',
            name='call_due_at',
            field=models.DateTimeField(help_text='By when the customer is to be called next.', null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='end_told',
            field=models.CharField(blank=True, choices=[('', 'not told yet'), ('letter', 'by letter'), ('himself', 'said it himself'), ('nobody', 'there is nobody to tell'), ('untold', 'not told: spam, or before there was such a letter')], db_default='', default='', max_length=8),
        ),
        migrations.AddField(
            model_name='case',
            name='outcome',
            field=models.CharField(blank=True, choices=[('', 'not ended'), ('agreed', 'solved, the customer agrees'), ('unopposed', 'solved, nobody objected'), ('unanswered', 'the customer did not answer'), ('merged', 'lives on in another case'), ('spam', 'spam'), ('mistake', 'sent by mistake'), ('duplicate', 'told twice'), ('elsewhere', 'not for us')], db_default='', default='', max_length=12),
        ),
        migrations.AddField(
            model_name='case',
            name='return_call',
            field=models.CharField(blank=True, choices=[('', 'not needed yet'), ('owed', 'still to be made'), ('done', 'made'), ('given_up', 'tried in vain'), ('before', 'closed before return calls were asked for')], db_default='', default='', max_length=8),
        ),
        migrations.AddField(
            model_name='case',
            name='signs',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='How many signs of a complaint nobody has judged yet.'),
        ),
        migrations.AddField(
            model_name='case',
            name='update_alarms',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='How often somebody above was told that the customer hears nothing.'),
        ),
        migrations.AddField(
            model_name='rules',
            name='call_retries',
            field=models.JSONField(default=tightrope.cases.models.calls.usual_retries, help_text='Working minutes after each vain call; 0 is the next working day.'),
        ),
        migrations.AddField(
            model_name='rules',
            name='complaint_words',
            field=models.JSONField(default=tightrope.cases.models.configured.usual_words, help_text='Words of complaint by language.'),
        ),
        migrations.AddField(
            model_name='rules',
            name='detection',
            field=models.CharField(choices=[('suggest', 'suggest it to whoever works on the case'), ('make', 'make it a complaint at once')], default='suggest', max_length=8),
        ),
        migrations.AddField(
            model_name='rules',
            name='low_score',
            field=models.PositiveSmallIntegerField(default=2, help_text='A score of 5 up to which it may be a complaint; 0 for none.'),
        ),
        migrations.AddField(
            model_name='rules',
            name='recurrence_days',
            field=models.PositiveSmallIntegerField(default=90, help_text='A complaint of the same within so many days is one again.'),
        ),
        migrations.AddField(
            model_name='rules',
            name='return_call_hours',
            field=models.PositiveSmallIntegerField(default=8, help_text='Working hours until the return call, unless a policy says it.'),
        ),
        migrations.AddField(
            model_name='rules',
            name='silent_after_minutes',
            field=models.PositiveSmallIntegerField(default=30, help_text='Working minutes after a missed progress report until who leads is told.'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('call_due_at__isnull', False)), fields=['call_due_at', 'id'], name='cases_case_calls'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('signs__gt', 0)), fields=['next_due_at', 'priority', 'id'], name='cases_case_signs'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('again_of__isnull', False)), fields=['again_of'], name='cases_case_again'),
        ),
        migrations.AddField(
            model_name='call',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='cases.case'),
        ),
        migrations.AddField(
            model_name='call',
            name='owner',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='call',
            name='promise',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='promises.promise'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='call',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tries', to='cases.call'),
        ),
        migrations.AddField(
            model_name='complaintsign',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='complaint_signs', to='cases.case'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(condition=models.Q(('outcome', '')), fields=['due_at'], name='cases_call_due'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='cases_call_closed_iff_outcome'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'given_up'), _negated=True), models.Q(models.Q(('reason', ''), _negated=True), ('attempts__gt', 0)), _connector='OR'), name='cases_call_given_up_after_tries'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('case',), name='cases_call_one_open'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(fields=('call', 'number'), name='cases_call_attempt_once'),
        ),
        migrations.AddConstraint(
            model_name='complaintsign',
            constraint=models.UniqueConstraint(fields=('case', 'ground', 'word'), name='cases_complaint_sign_once'),
        ),
        migrations.AddConstraint(
            model_name='complaintsign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='cases_complaint_sign_settled'),
        ),
    ]
