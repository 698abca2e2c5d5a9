import datetime
import uuid

import django.contrib.postgres.fields
from django.db import migrations, models

import meetings.boxes
import meetings.models.board
import meetings.voting
import members.models.person
import roundtable.clock
import roundtable.vault


class Migration(migrations.Migration):
    replaces = [
        ("meetings", "0001_initial"),
        ("meetings", "0002_seats_at_a_roundtable"),
        ("meetings", "0003_answers_that_come_back_by_mail"),
        ("meetings", "0004_polls_and_hours_in_turn"),
        ("meetings", "0005_cadences_and_attendance"),
        ("meetings", "0006_themes_and_talks"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Board",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.BigIntegerField(default=1)),
                ("led_until", models.DateTimeField(blank=True, null=True)),
                ("secret", models.BinaryField(blank=True, max_length=32, null=True)),
                ("starts_at", models.DateTimeField()),
                ("closing_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("welcome", "welcome"),
                            ("check_in", "check in"),
                            ("promises", "promises"),
                            ("rules", "rules"),
                            ("introductions", "introductions"),
                            ("hopes", "hopes"),
                            ("talk", "talk"),
                            ("case", "case"),
                            ("questions", "questions"),
                            ("experience", "experience"),
                            ("lessons", "lessons"),
                            ("promising", "promising"),
                            ("propose", "propose"),
                            ("introduce", "introduce"),
                            ("dots", "dots"),
                            ("round", "round"),
                            ("norms", "norms"),
                            ("closing", "closing"),
                            ("closed", "closed"),
                        ],
                        default=meetings.boxes.Phase["OPEN"],
                        max_length=16,
                    ),
                ),
                ("step", models.PositiveIntegerField(default=0)),
                (
                    "box",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("segment", "segment"),
                            ("turn", "turn"),
                            ("sponsor", "sponsor"),
                            ("discussion", "discussion"),
                            ("extension", "extension"),
                            ("thumbs", "thumbs"),
                            ("decision", "decision"),
                            ("takeaway", "takeaway"),
                            ("next", "next"),
                        ],
                        max_length=12,
                    ),
                ),
                ("box_ends_at", models.DateTimeField(blank=True, null=True)),
                ("box_left", models.DurationField(blank=True, null=True)),
                ("grace", models.BooleanField(default=False)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("turn", models.PositiveSmallIntegerField(default=0)),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("counted", models.BooleanField(default=False)),
                ("short", models.BooleanField(default=False)),
                ("extensions", models.PositiveSmallIntegerField(default=0)),
                ("spent", models.DurationField(default=datetime.timedelta)),
                ("since", models.DateTimeField(blank=True, null=True)),
                (
                    "parked_box",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("segment", "segment"),
                            ("turn", "turn"),
                            ("sponsor", "sponsor"),
                            ("discussion", "discussion"),
                            ("extension", "extension"),
                            ("thumbs", "thumbs"),
                            ("decision", "decision"),
                            ("takeaway", "takeaway"),
                            ("next", "next"),
                        ],
                        max_length=12,
                    ),
                ),
                ("parked_left", models.DurationField(blank=True, null=True)),
                ("put_off", models.BooleanField(default=False)),
                ("autopilot", models.BooleanField(default=False)),
                ("dots", models.PositiveSmallIntegerField(default=3)),
                ("per_topic", models.PositiveSmallIntegerField(default=2)),
                (
                    "boxes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        default=meetings.models.board.default_boxes,
                        size=None,
                    ),
                ),
                ("rule", models.CharField(default=meetings.voting.Rule["MORE_UP"], max_length=12)),
                ("tie", models.CharField(default=meetings.voting.Outcome["FACILITATOR"], max_length=12)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CalendarChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("echoes", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("dots", "dots"), ("thumbs", "thumbs")], max_length=6)),
                ("number", models.PositiveSmallIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("secret", models.BinaryField(blank=True, max_length=32, null=True)),
                ("dots", models.PositiveSmallIntegerField(default=3)),
                ("per_topic", models.PositiveSmallIntegerField(default=2)),
                ("lot", models.PositiveIntegerField()),
            ],
            options={
                "ordering": ["board_id", "kind", "number"],
            },
        ),
        migrations.CreateModel(
            name="Done",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name_plural": "done",
            },
        ),
        migrations.CreateModel(
            name="Dot",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("voter", models.BinaryField(max_length=32)),
                ("slot", models.PositiveSmallIntegerField()),
                ("nth", models.PositiveSmallIntegerField()),
                ("dots", models.PositiveSmallIntegerField()),
                ("per_topic", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.CharField(max_length=200, unique=True)),
                ("address", models.EmailField(max_length=254)),
                ("organizer", models.EmailField(max_length=254)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("floor", models.PositiveIntegerField(default=0)),
                ("partstat", models.CharField(default="NEEDS-ACTION", max_length=14)),
                ("stamp_at", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "entries",
                "ordering": ["seat", "pk"],
            },
        ),
        migrations.CreateModel(
            name="GroupCadence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("zone", models.CharField(max_length=60)),
                ("at", models.TimeField()),
                ("minutes", models.PositiveSmallIntegerField()),
                ("weekday", models.PositiveSmallIntegerField()),
                ("weeks", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("nth", models.SmallIntegerField(blank=True, null=True)),
                ("first_date", models.DateField()),
                (
                    "skips",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), blank=True, default=list, size=None
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GroupChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("standings", models.BooleanField(default=False)),
                ("link_minutes", models.PositiveSmallIntegerField(default=30)),
            ],
        ),
        migrations.CreateModel(
            name="Hand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Here",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since_at", models.DateTimeField(default=roundtable.clock.now)),
                ("in_room", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name_plural": "here",
                "ordering": ["since_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="HourBefore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name_plural": "hours before",
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "planned"), ("cancelled", "cancelled"), ("held", "held")],
                        default="planned",
                        max_length=10,
                    ),
                ),
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
                        default="lean_coffee",
                        max_length=12,
                    ),
                ),
                ("occurrence_date", models.DateField()),
                ("local_date", models.DateField()),
                ("local_time", models.TimeField()),
                ("zone", models.CharField(max_length=60)),
                ("minutes", models.PositiveSmallIntegerField()),
                (
                    "whole_format",
                    models.CharField(
                        blank=True,
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
                ("whole_minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("starts_at", models.DateTimeField(db_index=True)),
                ("ends_at", models.DateTimeField(db_index=True)),
                ("room", models.CharField(blank=True, max_length=200)),
                ("video_link", models.URLField(blank=True)),
                ("cap", models.PositiveSmallIntegerField(default=12)),
                ("theme", models.CharField(blank=True, max_length=120)),
                ("away", models.PositiveSmallIntegerField(default=0)),
                (
                    "ready",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("format", "The format suits this time"),
                                ("sponsor", "Somebody opens the first topic"),
                                ("topics", "There are topics enough"),
                                ("room", "Everybody knows where"),
                            ],
                            max_length=8,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="MeetingRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("facilitator", "facilitator"), ("timekeeper", "timekeeper")], max_length=12
                    ),
                ),
                ("acting", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=20)),
                ("before", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["board_id", "step"],
            },
        ),
        migrations.CreateModel(
            name="Option",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("at", models.TimeField()),
                ("starts_at", models.DateTimeField()),
                ("added_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("chosen_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["starts_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Poll",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("date", "the next date"),
                            ("move", "another time for one date"),
                            ("hour", "a new hour for all dates"),
                        ],
                        max_length=4,
                    ),
                ),
                ("from_date", models.DateField()),
                ("zone", models.CharField(max_length=60)),
                ("minutes", models.PositiveSmallIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField(db_index=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PollAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reply",
                    models.CharField(choices=[("good", "Good"), ("possible", "Possible"), ("no", "No")], max_length=8),
                ),
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RecordingYes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name_plural": "recording yeses",
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("raw", roundtable.vault.EncryptedText(bound_to="digest", null=True)),
                ("received_at", models.DateTimeField()),
                ("failed", models.BooleanField(default=False)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("judged_at", models.DateTimeField(blank=True, null=True)),
                ("verdict", models.CharField(blank=True, max_length=20)),
                ("message_hash", models.CharField(blank=True, max_length=64)),
                ("partstat", models.CharField(blank=True, max_length=14)),
                ("stamped_at", models.DateTimeField(blank=True, null=True)),
                ("sequence", models.PositiveIntegerField(blank=True, null=True)),
                ("stamp_at", models.DateTimeField(blank=True, null=True)),
                ("proposed_at", models.DateTimeField(blank=True, null=True)),
                ("dismissed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "replies",
                "ordering": ["received_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RequestKey",
            fields=[
                ("key", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("voter", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("short", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("spent", models.DurationField(default=datetime.timedelta)),
                ("extensions", models.PositiveSmallIntegerField(default=0)),
                ("outcome", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["board_id", "number"],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("invited", "invited"),
                            ("coming", "coming"),
                            ("not_coming", "not coming"),
                            ("tentative", "tentative"),
                            ("waiting", "waiting"),
                            ("excused", "excused"),
                        ],
                        default="invited",
                        max_length=12,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("line_at", models.DateTimeField(blank=True, null=True)),
                ("offered_until", models.DateTimeField(blank=True, null=True)),
                ("lapses", models.PositiveSmallIntegerField(default=0)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "attendance",
                    models.CharField(
                        choices=[
                            ("unknown", "not recorded"),
                            ("present", "present"),
                            ("late", "late"),
                            ("excused", "excused"),
                            ("absent", "absent"),
                        ],
                        default="unknown",
                        max_length=8,
                    ),
                ),
                ("own_word", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["meeting", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SeatAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "answer",
                    models.CharField(
                        choices=[("yes", "I am coming"), ("no", "I cannot come"), ("maybe", "I do not know yet")],
                        max_length=6,
                    ),
                ),
                (
                    "via",
                    models.CharField(
                        choices=[("page", "page"), ("link", "link"), ("mail", "calendar"), ("organizer", "organizer")],
                        max_length=10,
                    ),
                ),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["received_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SkippedReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=20)),
                ("starts_at", models.DateTimeField()),
                ("skipped_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["skipped_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Takeaway",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("text", roundtable.vault.EncryptedText()),
                ("revision", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "way",
                    models.CharField(
                        blank=True, choices=[("up", "up"), ("sideways", "sideways"), ("down", "down")], max_length=8
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("place", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "verbose_name_plural": "tallies",
                "ordering": ["call_id", "place", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Thumb",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("voter", models.BinaryField(max_length=32)),
                (
                    "way",
                    models.CharField(choices=[("up", "up"), ("sideways", "sideways"), ("down", "down")], max_length=8),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Toll",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("points", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                ("request_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("title", roundtable.vault.EncryptedText()),
                ("note", roundtable.vault.EncryptedText(blank=True)),
                ("hidden_author", models.BinaryField(blank=True, max_length=32, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to discuss"),
                            ("discussing", "under discussion"),
                            ("discussed", "discussed"),
                            ("merged", "merged"),
                            ("offered", "offered to the next meeting"),
                            ("dropped", "dropped"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("times_carried", models.PositiveSmallIntegerField(default=0)),
                ("ears_only", models.BooleanField(default=False)),
                ("revision", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["board_id", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.TimeField()),
            ],
            options={
                "ordering": ["group", "number"],
            },
        ),
    ]
