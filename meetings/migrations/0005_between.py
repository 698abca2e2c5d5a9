import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import members.models.person
import roundtable.vault


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0004_rota"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="topic",
            name="resources",
            field=roundtable.vault.EncryptedText(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="Archive",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField()),
                (
                    "program",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.program"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="QuietBetween",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "quiet between",
            },
        ),
        migrations.CreateModel(
            name="Idea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                ("theme", roundtable.vault.EncryptedText()),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("lean_coffee", "lean coffee"),
                            ("talk", "talk + discussion"),
                            ("deep_dive", "deep dive"),
                            ("ice_breaker", "ice-breaker"),
                            ("short", "short meeting"),
                        ],
                        max_length=12,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("accepted", models.BooleanField(default=False)),
                ("stands", models.BooleanField(default=False)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.meeting"
                    ),
                ),
                (
                    "presenter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-stands", "proposed_at", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="idea",
            constraint=models.UniqueConstraint(
                fields=("meeting", "proposed_by"), name="one_idea_per_member_and_meeting"
            ),
        ),
        migrations.AddConstraint(
            model_name="idea",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stands", True)), fields=("meeting",), name="one_idea_stands_per_meeting"
            ),
        ),
    ]
