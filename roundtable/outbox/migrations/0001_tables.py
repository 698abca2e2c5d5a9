import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import roundtable.clock
import roundtable.outbox.models
import roundtable.vault


class Migration(migrations.Migration):
    replaces = [("outbox", "0001_initial"), ("outbox", "0002_letter_edited_at")]

    initial = True

    dependencies = [
        ("members", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Code"), (1, "Seat"), (2, "Reminder"), (3, "Rest")], default=3
                    ),
                ),
                ("dedupe_key", models.TextField(unique=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("about", models.CharField(db_index=True, max_length=60)),
                ("to", models.TextField()),
                ("subject", models.TextField()),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("ics", models.BinaryField(null=True)),
                ("headers", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("secret", roundtable.vault.EncryptedText(bound_to="message_id", null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("queued", "Queued"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("not_before", models.DateTimeField(default=roundtable.clock.now)),
                ("expires_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("unclear", models.BooleanField(default=False)),
                ("message_id", models.TextField(default=roundtable.outbox.models.new_message_id, unique=True)),
                ("provider_id", models.TextField(blank=True)),
                (
                    "delivery",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("deferred", "Deferred"),
                            ("delivered", "Delivered"),
                            ("bounced", "Bounced"),
                            ("complained", "Complained"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("last_error", models.CharField(blank=True, max_length=80)),
                ("created_at", models.DateTimeField(default=roundtable.clock.now)),
                ("edited_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("blanked_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "sending"))),
                        fields=["priority", "not_before", "id"],
                        name="letter_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "queued", "sending", "sent", "failed", "cancelled"])
                        ),
                        name="a_letter_is_in_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("delivery__in", ["none", "deferred", "delivered", "bounced", "complained"])
                        ),
                        name="a_delivery_is_of_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at", None), ("expires_at__gt", models.F("not_before")), _connector="OR"
                        ),
                        name="a_letter_can_be_sent_in_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lease_until__isnull", False), ("state", "sending")),
                            models.Q(models.Q(("state", "sending"), _negated=True), ("lease_until", None)),
                            _connector="OR",
                        ),
                        name="a_lease_lasts_while_a_letter_is_being_sent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="what_was_sent_was_sent_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True), ("secret__isnull", True), _connector="OR"
                        ),
                        name="a_sent_letter_holds_no_secret",
                    ),
                ],
            },
        ),
    ]
