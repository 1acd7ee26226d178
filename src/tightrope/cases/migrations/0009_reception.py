import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0008_whole_endings'),
        ('customers', '0002_account_number'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Reception',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('visit', 'Visit'), ('call', 'Call')], max_length=8)),
                ('visitor', models.CharField(max_length=120)),
                ('company', models.CharField(blank=True, max_length=200)),
                ('purpose', models.CharField(max_length=300)),
                ('outcome', models.CharField(choices=[('settled', 'settled at once'), ('case', 'became a case'), ('passed_on', 'passed on to the host'), ('again', 'comes or calls again'), ('not_received', 'could not be received')], max_length=12)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('came_at', models.DateTimeField()),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receptions', to='customers.account')),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receptions', to='cases.case')),
                ('host', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('logged_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'cases_reception',
                'indexes': [models.Index(fields=['-came_at', '-id'], name='cases_reception_came')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'case'), _negated=True), ('case__isnull', False), _connector='OR'), name='cases_reception_case_is_named')],
            },
        ),
    ]
