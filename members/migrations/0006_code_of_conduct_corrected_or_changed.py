"""A version of the code of conduct is a correction, or a change that everybody accepts again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0005_waiting_letters_and_hints")]

    operations = [
        migrations.AddField(
            model_name="codeofconduct",
            name="kind",
            field=models.CharField(
                choices=[
                    ("correction", "a correction: nobody is asked again"),
                    ("change", "a change: everybody accepts it before they go on"),
                ],
                default="change",
                max_length=10,
            ),
        ),
    ]
