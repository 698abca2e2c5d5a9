from django.db import migrations, models

import groups.consent
import groups.joining
import groups.models.backfill
import groups.models.question
import groups.reaching
import members.models.person
import roundtable.clock
import roundtable.vault


class Migration(migrations.Migration):
    replaces = [
        ("groups", "0001_initial"),
        ("groups", "0002_a_run_has_an_end"),
        ("groups", "0003_a_run_has_shards"),
        ("groups", "0004_hosts_and_lines_of_pools"),
        ("groups", "0005_compositions_are_edited_by_hand"),
        ("groups", "0006_stand_by_and_private_words"),
        ("groups", "0007_a_card_for_a_free_seat"),
        ("groups", "0008_a_sabbatical_keeps_the_seat"),
        ("groups", "0009_a_group_closes_well"),
        ("groups", "0010_a_group_is_asked_and_changes"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Backfill",
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
                            ("shown", "the group looks at the card"),
                            ("asked", "the person has been asked"),
                            ("stayed", "the group stays as it is"),
                            ("gone", "not free any more, or no longer fitting"),
                            ("withdrawn", "taken back"),
                        ],
                        default="shown",
                        max_length=9,
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=1)),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("no_objection", "somebody joins if nobody has a concern; silence is a yes"),
                            ("everybody", "somebody joins if everybody says yes; silence is a no"),
                        ],
                        max_length=12,
                    ),
                ),
                ("secret", models.BinaryField(default=groups.models.backfill.new_secret, null=True)),
                ("shown_at", models.DateTimeField()),
                ("concerns_until", models.DateTimeField()),
            ],
            options={
                "ordering": ["-shown_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="BackfillVoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("voter", models.BinaryField()),
                (
                    "voice",
                    models.CharField(choices=[("fine", "Fine with me"), ("concern", "I have a concern")], max_length=7),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Composition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                ("made_at", models.DateTimeField(default=roundtable.clock.now)),
                (
                    "progress",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting for a worker"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("stage", models.CharField(blank=True, max_length=20)),
                ("failure", models.CharField(blank=True, max_length=300)),
                ("differences", models.CharField(blank=True, max_length=500)),
                ("seconds", models.PositiveSmallIntegerField(default=60)),
                ("seed", models.PositiveIntegerField(default=1)),
                ("zone", models.CharField(default="UTC", max_length=60)),
                ("placed", models.PositiveIntegerField(default=0)),
                ("bound", models.PositiveIntegerField(default=0)),
                ("quality", models.FloatField(default=0)),
                ("certificate", models.JSONField(blank=True, default=dict)),
                ("version", models.PositiveIntegerField(default=0)),
                ("prices", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Crossing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=80)),
                ("by_video", models.BooleanField()),
                (
                    "line",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "nothing"), (5, "taster"), (8, "start"), (12, "composed")], default=0
                    ),
                ),
                ("times", models.PositiveIntegerField(default=0)),
                ("crossed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["program", "place", "by_video"],
            },
        ),
        migrations.CreateModel(
            name="DraftGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("mode", models.CharField(max_length=16)),
                ("metro", models.CharField(blank=True, max_length=80)),
                ("zone", models.CharField(max_length=60)),
                ("window", models.PositiveSmallIntegerField()),
                ("quality", models.FloatField(default=0)),
                ("card", models.JSONField(blank=True, default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "on paper"),
                            ("released", "asking people"),
                            ("sealed", "sealed"),
                            ("dissolved", "dissolved"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("answer_until", models.DateTimeField(blank=True, null=True)),
                (
                    "step",
                    models.CharField(
                        choices=[("wait", "wait"), ("stand_by", "stand_by"), ("alone", "alone"), ("stuck", "stuck")],
                        default=groups.reaching.Step["WAIT"],
                        max_length=8,
                    ),
                ),
                ("step_at", models.DateTimeField(blank=True, null=True)),
                ("locked", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["composition", "number"],
            },
        ),
        migrations.CreateModel(
            name="Edit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("version", models.PositiveIntegerField()),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("move", "moved"),
                            ("lock", "locked"),
                            ("free", "unlocked"),
                            ("hold", "held"),
                            ("let_go", "let go"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("done", "done"), ("undone", "taken back"), ("dropped", "taken back for good")],
                        default="done",
                        max_length=7,
                    ),
                ),
                ("before", models.JSONField(blank=True, default=dict)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["composition", "number"],
            },
        ),
        migrations.CreateModel(
            name="FrozenPool",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                ("content", roundtable.vault.EncryptedText()),
                ("zone", models.CharField(max_length=60)),
                ("made_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "roster",
                    models.CharField(
                        choices=[
                            ("fixed", "a circle: the same people each time"),
                            ("open", "a roundtable: a larger pool, invited each time"),
                        ],
                        default="fixed",
                        max_length=8,
                    ),
                ),
                ("mode", models.CharField(max_length=16)),
                ("metro", models.CharField(blank=True, max_length=80)),
                ("zone", models.CharField(max_length=60)),
                ("window", models.PositiveSmallIntegerField()),
                ("sealed_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[("", "not asked"), ("not_needed", "it was no longer needed"), ("died", "it died")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("forgotten_at", models.DateTimeField(blank=True, null=True)),
                (
                    "entry_rule",
                    models.CharField(
                        choices=[("no_objection", "no objection"), ("everybody", "everybody")],
                        default=groups.joining.EntryRule["NO_OBJECTION"],
                        max_length=12,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
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
                            ("drafted", "drafted"),
                            ("stand_by", "stand-by"),
                            ("sent", "sent"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("lapsed", "lapsed"),
                            ("released", "released"),
                        ],
                        default=groups.consent.State["DRAFTED"],
                        max_length=10,
                    ),
                ),
                ("place_in_line", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("answer_until", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("proposed_at", models.DateTimeField(blank=True, null=True)),
                ("reconsider_until", models.DateTimeField(blank=True, null=True)),
                ("reminded", models.BooleanField(default=False)),
                ("other_time", models.BooleanField(default=False)),
                ("shares_address", models.BooleanField(default=False)),
                ("reason", roundtable.vault.EncryptedText(blank=True)),
                ("alone", roundtable.vault.EncryptedText(blank=True)),
            ],
            options={
                "ordering": ["draft", "place_in_line", "pk"],
            },
        ),
        migrations.CreateModel(
            name="LeftOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20)),
                ("sentence", models.CharField(max_length=300)),
                ("fix", models.JSONField(blank=True, null=True)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("joined_on", models.DateField()),
                ("left_on", models.DateField(blank=True, null=True)),
                ("shares_address", models.BooleanField(default=False)),
                ("parted", models.BooleanField(default=False)),
                (
                    "steps_out",
                    models.CharField(
                        blank=True,
                        choices=[("", "stays"), ("pool", "to the pool"), ("end", "for good")],
                        default="",
                        max_length=4,
                    ),
                ),
                ("would_close", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["joined_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Merge",
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
                            ("asked", "the members answer"),
                            ("done", "done"),
                            ("stayed", "everything stays as it is"),
                            ("broke", "agreed, but a rule would have broken"),
                            ("withdrawn", "taken back"),
                        ],
                        default="asked",
                        max_length=9,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-proposed_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Offer",
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
                    models.CharField(choices=[("circle", "a circle"), ("taster", "a taster meeting")], max_length=6),
                ),
                ("place", models.CharField(max_length=80)),
                ("by_video", models.BooleanField()),
                ("zone", models.CharField(max_length=60)),
                ("window", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waits for an organizer"),
                            ("signed", "signed"),
                            ("declined", "declined"),
                            ("withdrawn", "taken back"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["made_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Question",
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
                            ("merge", "one circle with another?"),
                            ("split", "two circles of this one?"),
                            ("company", "two of one company"),
                            ("renewal", "another season?"),
                        ],
                        max_length=8,
                    ),
                ),
                ("occasion", models.CharField(max_length=120)),
                (
                    "rule",
                    models.CharField(
                        choices=[("no_objection", "no objection"), ("everybody", "everybody")],
                        default=groups.joining.EntryRule["NO_OBJECTION"],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "the members answer"),
                            ("yes", "agreed"),
                            ("no", "stays as it is"),
                            ("told", "answered; the members read the totals"),
                            ("gone", "not a question any more"),
                            ("withdrawn", "taken back"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("secret", models.BinaryField(default=groups.models.question.new_secret, null=True)),
                ("asked_at", models.DateTimeField()),
                ("open_until", models.DateTimeField()),
                ("totals", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="QuestionWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("voter", models.BinaryField()),
                (
                    "word",
                    models.CharField(
                        choices=[
                            ("fine", "Fine with me"),
                            ("concern", "I have a concern"),
                            ("yes", "Yes, two circles"),
                            ("no", "I would rather stay as we are"),
                            ("together", "Go on together"),
                            ("one_out", "One of the two steps out"),
                            ("continue", "I continue"),
                            ("changes", "I continue, with changes"),
                            ("step_out", "I step out after this season"),
                        ],
                        max_length=8,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Sabbatical",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("meetings", models.PositiveSmallIntegerField()),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-begun_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Shard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("place", "placing people"),
                            ("improve", "making groups better"),
                            ("gather", "seating those left over"),
                            ("price", "pricing the rules"),
                        ],
                        default="place",
                        max_length=8,
                    ),
                ),
                ("number", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("running", "running"), ("done", "done")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("room", roundtable.vault.EncryptedText(blank=True)),
                ("seats", models.BinaryField(blank=True)),
                ("about", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "ordering": ["composition", "step", "number"],
            },
        ),
        migrations.CreateModel(
            name="Split",
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
                            ("asked", "the members answer"),
                            ("done", "done"),
                            ("stayed", "everything stays as it is"),
                            ("broke", "agreed, but a rule would have broken"),
                            ("withdrawn", "taken back"),
                        ],
                        default="asked",
                        max_length=9,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-proposed_at", "-pk"],
            },
        ),
    ]
