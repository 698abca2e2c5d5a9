import datetime
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
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
        ("meetings", "0007_short_meetings"),
    ]

    initial = True

    dependencies = [
        ("groups", "0001_tables"),
        ("members", "0001_tables"),
    ]

    operations = [
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
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="meetings", to="groups.group"
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
                (
                    "presenter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("group", "occurrence_date"), name="a_date_is_planned_once_per_group"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="a_meeting_ends_after_it_starts",
                    ),
                    models.CheckConstraint(condition=models.Q(("cap__range", (1, 12))), name="a_meeting_seats_1_to_12"),
                    models.CheckConstraint(
                        condition=models.Q(("format", "short"), ("whole_minutes", None), _connector="XOR"),
                        name="a_short_meeting_knows_its_whole_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("format", "short"), ("whole_format", ""), _connector="XOR"),
                        name="a_short_meeting_knows_its_whole_format",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="roles", to="meetings.meeting"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("facilitator", "facilitator"), ("timekeeper", "timekeeper")], max_length=12
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("acting", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "role"), name="one_person_per_role_and_meeting")
                ],
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="seats", to="meetings.meeting"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="seats", to=settings.AUTH_USER_MODEL
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
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "person"), name="one_seat_per_person_and_meeting"),
                    models.UniqueConstraint(fields=("meeting", "number"), name="a_number_is_given_once_per_meeting"),
                    models.CheckConstraint(
                        condition=models.Q(("number", None), ("number__range", (1, 12)), _connector="OR"),
                        name="numbers_run_from_1_to_12",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("line_at", None), _connector="XOR"),
                        name="who_waits_is_in_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("own_word", False), models.Q(("attendance", "unknown"), _negated=True), _connector="OR"
                        ),
                        name="an_own_word_says_who_was_there",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("offered_until", None), ("state", "waiting"), _connector="OR"),
                        name="a_seat_is_offered_to_who_waits_for_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number", None), ("state", "coming"), ("offered_until__isnull", False), _connector="OR"
                        ),
                        name="a_number_is_held_by_who_comes_or_is_offered_it",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SeatAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="history", to="meetings.seat"
                    ),
                ),
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
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="meetings.seat"
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("seat",), name="one_live_entry_per_seat"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("floor__lte", models.F("sequence"))),
                        name="the_floor_is_not_above_the_sequence",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HourBefore",
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
                "verbose_name_plural": "hours before",
            },
        ),
        migrations.CreateModel(
            name="SkippedReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.seat"
                    ),
                ),
                ("what", models.CharField(max_length=20)),
                ("starts_at", models.DateTimeField()),
                ("skipped_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["skipped_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("seat", "what", "starts_at"), name="a_reminder_is_skipped_once_per_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Board",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.meeting"
                    ),
                ),
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("phase", meetings.boxes.Phase["CLOSED"]), _negated=True),
                        fields=["box_ends_at"],
                        name="boards_by_the_end_of_a_box",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("box", ""), ("box_ends_at", None), ("box_left", None)),
                            models.Q(
                                models.Q(("box", ""), _negated=True),
                                models.Q(("box_ends_at", None), ("box_left", None), _connector="XOR"),
                            ),
                            _connector="OR",
                        ),
                        name="a_box_runs_or_rests",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parked_box", ""), ("parked_left__isnull", False), _connector="XOR"),
                        name="a_parked_box_keeps_its_rest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dots__lte", 9), ("per_topic__gte", 1), ("per_topic__lte", models.F("dots"))
                        ),
                        name="dots_on_one_topic_fit_a_budget_of_at_most_9",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closing_at__lt", models.F("ends_at"))),
                        name="the_closing_begins_before_the_end",
                    ),
                ],
            },
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
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.board"
                    ),
                ),
                ("request_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("title", roundtable.vault.EncryptedText()),
                ("note", roundtable.vault.EncryptedText(blank=True)),
                (
                    "sponsor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="meetings.topic",
                    ),
                ),
                (
                    "carried_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="meetings.topic",
                    ),
                ),
                ("times_carried", models.PositiveSmallIntegerField(default=0)),
                ("ears_only", models.BooleanField(default=False)),
                ("revision", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["board_id", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("board", "request_key"), name="a_topic_sent_twice_is_one_topic"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "discussing")),
                        fields=("board",),
                        name="one_topic_under_discussion_per_board",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "merged"), ("merged_into", None), _connector="XOR"),
                        name="a_merged_topic_names_what_it_is_part_of",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="no_topic_is_merged_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sponsor", None), ("hidden_author", None), _connector="OR"),
                        name="a_hidden_author_is_no_named_sponsor",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.board"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.topic"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "sponsor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("short", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("spent", models.DurationField(default=datetime.timedelta)),
                ("extensions", models.PositiveSmallIntegerField(default=0)),
                ("outcome", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["board_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("board", "number"), name="rounds_are_numbered_once_per_board"),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)), fields=("board",), name="one_open_round_per_board"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Here",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.board"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("since_at", models.DateTimeField(default=roundtable.clock.now)),
                ("in_room", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name_plural": "here",
                "ordering": ["since_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("board", "person"), name="a_person_is_here_once_per_board")
                ],
            },
        ),
        migrations.CreateModel(
            name="Hand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.board"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("board", "person"), name="one_raised_hand_per_person_and_board")
                ],
            },
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.board"
                    ),
                ),
                ("step", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=20)),
                ("before", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["board_id", "step"],
                "constraints": [models.UniqueConstraint(fields=("board", "step"), name="one_move_per_board_and_step")],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.board"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="meetings.round",
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("board", "kind", "number"), name="calls_are_numbered_once_per_board_and_kind"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("board", "kind"),
                        name="one_open_call_per_board_and_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_at", None), ("secret", None), _connector="XOR"),
                        name="an_open_call_has_a_secret_and_a_closed_one_none",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "dots"), ("round__isnull", False), _connector="OR"),
                        name="thumbs_are_asked_in_a_round",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dot",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.call"
                    ),
                ),
                ("voter", models.BinaryField(max_length=32)),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.topic"
                    ),
                ),
                ("slot", models.PositiveSmallIntegerField()),
                ("nth", models.PositiveSmallIntegerField()),
                ("dots", models.PositiveSmallIntegerField()),
                ("per_topic", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call", "voter", "slot"), name="a_slot_holds_one_dot_per_voter_and_call"
                    ),
                    models.UniqueConstraint(
                        fields=("call", "voter", "topic", "nth"), name="dots_on_a_topic_are_numbered_once_per_voter"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slot__gte", 1), ("slot__lte", models.F("dots"))),
                        name="a_slot_is_within_the_budget",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nth__gte", 1), ("nth__lte", models.F("per_topic"))),
                        name="dots_on_a_topic_are_within_its_limit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Thumb",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.call"
                    ),
                ),
                ("voter", models.BinaryField(max_length=32)),
                (
                    "way",
                    models.CharField(choices=[("up", "up"), ("sideways", "sideways"), ("down", "down")], max_length=8),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("call", "voter"), name="one_thumb_per_voter_and_call"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "way__in",
                                [
                                    meetings.voting.Thumb["UP"],
                                    meetings.voting.Thumb["SIDEWAYS"],
                                    meetings.voting.Thumb["DOWN"],
                                ],
                            )
                        ),
                        name="a_thumb_points_up_sideways_or_down",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestKey",
            fields=[
                ("key", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.call"
                    ),
                ),
                ("voter", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.call"
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="meetings.topic",
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(fields=("call", "topic"), name="a_topic_is_counted_once_per_call"),
                    models.UniqueConstraint(
                        condition=models.Q(("way", ""), _negated=True),
                        fields=("call", "way"),
                        name="a_way_is_counted_once_per_call",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("topic", None), ("way", ""), _connector="XOR"),
                        name="a_tally_is_of_a_topic_or_of_a_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Done",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.call"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "done",
                "constraints": [
                    models.UniqueConstraint(fields=("call", "person"), name="a_person_is_done_once_per_call")
                ],
            },
        ),
        migrations.CreateModel(
            name="RecordingYes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.board"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "recording yeses",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("board", "person"), name="one_yes_to_a_recording_per_person_and_board"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupCadence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "group",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cadence", to="groups.group"
                    ),
                ),
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
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weeks", None), ("nth", None), _connector="XOR"),
                        name="a_cadence_has_one_rule_in_weeks_or_in_months",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weeks", None), ("weeks__range", (1, 12)), _connector="OR"),
                        name="dates_are_1_to_12_weeks_apart",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nth", None), ("nth__in", [1, 2, 3, 4, -1]), _connector="OR"),
                        name="a_monthly_date_is_one_of_the_first_4_or_last",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lt", 7)), name="a_cadence_is_on_one_of_7_weekdays"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("at__gte", datetime.time(5, 0))), name="no_cadence_begins_at_night"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__range", (30, 240))), name="a_cadence_lasts_30_to_240_minutes"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "group",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="groups.group"
                    ),
                ),
                ("standings", models.BooleanField(default=False)),
                ("link_minutes", models.PositiveSmallIntegerField(default=30)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("link_minutes__range", (0, 1440))), name="a_link_shows_at_most_a_day_ahead"
                    )
                ],
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
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="polls", to="groups.group"
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
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="polls",
                        to="meetings.meeting",
                    ),
                ),
                ("from_date", models.DateField()),
                ("zone", models.CharField(max_length=60)),
                ("minutes", models.PositiveSmallIntegerField()),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField(db_index=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("settled_at", None)),
                        fields=("group",),
                        name="one_running_poll_per_group",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opened_at"))), name="a_poll_is_open_for_a_while"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("settled_at", None), ("ended_at", None), _connector="OR"),
                        name="a_poll_is_settled_or_ends_without_a_result",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "move"), ("meeting__isnull", False)),
                            models.Q(models.Q(("kind", "move"), _negated=True), ("meeting", None)),
                            _connector="OR",
                        ),
                        name="a_poll_to_move_names_its_meeting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Option",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="options", to="meetings.poll"
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.TimeField()),
                ("starts_at", models.DateTimeField()),
                ("added_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("chosen_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["starts_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("poll", "on", "at"), name="an_hour_is_asked_once_per_poll"),
                    models.UniqueConstraint(
                        condition=models.Q(("chosen_at__isnull", False)),
                        fields=("poll",),
                        name="one_hour_is_chosen_per_poll",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("chosen_at", None), ("withdrawn_at", None), _connector="OR"),
                        name="what_was_withdrawn_is_not_chosen",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PollAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "option",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.option"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reply",
                    models.CharField(choices=[("good", "Good"), ("possible", "Possible"), ("no", "No")], max_length=8),
                ),
                ("received_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("option", "person"), name="one_answer_per_member_and_hour")
                ],
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
                (
                    "entry",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="meetings.entry"
                    ),
                ),
                (
                    "seat",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.seat"
                    ),
                ),
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("judged_at", None)), fields=["received_at", "id"], name="reply_waiting"
                    ),
                    models.Index(fields=["entry", "message_hash"], name="reply_by_message"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("judged_at", None), ("raw__isnull", True), _connector="XOR"),
                        name="a_judged_mail_keeps_no_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("judged_at", None), models.Q(("verdict", ""), _negated=True), _connector="XOR"
                        ),
                        name="a_verdict_comes_with_its_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("echoes", models.BooleanField(default=True)),
            ],
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
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.round"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("text", roundtable.vault.EncryptedText()),
                ("revision", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("round",), name="one_takeaway_per_round")],
            },
        ),
        migrations.CreateModel(
            name="Toll",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.meeting"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("points", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "person"), name="a_meeting_costs_a_member_once"),
                    models.CheckConstraint(
                        condition=models.Q(("points__lte", 10)), name="nothing_costs_more_than_the_night"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="turns", to="groups.group"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.TimeField()),
            ],
            options={
                "ordering": ["group", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("group", "number"), name="each_hour_in_turn_has_its_number"),
                    models.UniqueConstraint(fields=("group", "at"), name="an_hour_takes_its_turn_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__range", (1, 3))), name="three_hours_in_turn_at_most"
                    ),
                ],
            },
        ),
    ]
