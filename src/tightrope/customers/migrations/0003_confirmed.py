from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0002_account_number'),
    ]

    operations = [
        migrations.AddField(
            model_name='address',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, help_text='When the person last said that it still leads to him.', null=True),
        ),
        migrations.AddField(
            model_name='contact',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, help_text='When he last said that name and position are right.', null=True),
        ),
    ]
