from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0007_short_meetings"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="told_starts_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
