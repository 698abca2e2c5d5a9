"""While somebody acts for the facilitator, the row keeps whose role it is by right, through how many hands it goes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def keep_right(apps, schema_editor):
    """Of a meeting that goes on while this runs: who may have the role back was in `before`."""
    apps.get_model("meetings", "MeetingRole").objects.filter(acting=True).update(by_right=F("before"))


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0008_called_off_stays_called_off"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="board",
            name="parked_grace",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="meetingrole",
            name="by_right",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(keep_right, migrations.RunPython.noop),
    ]
