import django.db.models.deletion
from django.conf import settings
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
        ("groups", "0011_an_hour_moves"),
    ]

    initial = True

    dependencies = [
        ("members", "0001_tables"),
    ]

    operations = [
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
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="compositions", to="members.program"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "base",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="versions",
                        to="groups.composition",
                    ),
                ),
                ("prices", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("progress__in", ["waiting", "running"])),
                        fields=("program",),
                        name="one_composition_runs_at_a_time_per_program",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "composition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="groups.composition"
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("composition", "number"), name="drafts_are_numbered_once_per_composition"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("window__lt", 336)), name="a_window_starts_within_the_week"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeftOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "composition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="left_out", to="groups.composition"
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.application"
                    ),
                ),
                ("code", models.CharField(max_length=20)),
                ("sentence", models.CharField(max_length=300)),
                ("fix", models.JSONField(blank=True, null=True)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("composition", "application"), name="one_reason_per_person_and_composition"
                    )
                ],
            },
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
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="groups", to="members.program"
                    ),
                ),
                (
                    "draft",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="group",
                        to="groups.draftgroup",
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
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="groups.group",
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
                "constraints": [
                    models.UniqueConstraint(fields=("program", "name"), name="a_name_is_given_once_per_program"),
                    models.CheckConstraint(
                        condition=models.Q(("window__lt", 336)), name="a_group_meets_within_the_week"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("forgotten_at", None), ("closed_at__lte", models.F("forgotten_at")), _connector="OR"
                        ),
                        name="what_a_group_kept_goes_after_its_close",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", None), ("closed_at__isnull", False), _connector="OR"),
                        name="a_group_that_went_into_another_is_closed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="groups.group"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_on", None)),
                        fields=("group", "person"),
                        name="one_current_membership_per_person_and_group",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("left_on", None), ("left_on__gte", models.F("joined_on")), _connector="OR"),
                        name="nobody_leaves_before_they_joined",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parted", False), ("left_on__isnull", False), _connector="OR"),
                        name="who_parted_is_a_member_no_more",
                    ),
                ],
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
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="groups.draftgroup"
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="members.application",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draft", "application"), name="one_invitation_per_person_and_draft"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", [groups.consent.State["SENT"], groups.consent.State["ACCEPTED"]])
                        ),
                        fields=("application",),
                        name="a_person_is_asked_for_one_group_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", groups.consent.State["STAND_BY"])),
                        fields=("draft", "place_in_line"),
                        name="a_place_in_line_is_given_once_per_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", groups.consent.State["STAND_BY"]), _negated=True),
                            ("place_in_line__isnull", False),
                            _connector="OR",
                        ),
                        name="who_stands_by_has_a_place_in_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proposed_at", None), ("state", groups.consent.State["STAND_BY"]), _connector="OR"
                        ),
                        name="only_who_stands_by_is_proposed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", [groups.consent.State["DRAFTED"], groups.consent.State["STAND_BY"]]),
                            ("sent_at__isnull", False),
                            ("state", groups.consent.State["RELEASED"]),
                            _connector="OR",
                        ),
                        name="who_answered_had_been_asked",
                    ),
                ],
            },
        ),
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
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="backfills", to="groups.group"
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="backfills", to="members.application"
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="groups.invitation",
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
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "shown")),
                        fields=("application",),
                        name="a_card_is_before_one_group_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "shown")),
                        fields=("group", "place"),
                        name="each_card_has_its_place_in_the_group",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place__range", (1, 3))), name="three_cards_at_once_at_most"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "shown"), ("secret", None), _connector="XOR"),
                        name="a_decided_card_keeps_no_secret",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BackfillVoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "backfill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="voices", to="groups.backfill"
                    ),
                ),
                ("voter", models.BinaryField()),
                (
                    "voice",
                    models.CharField(choices=[("fine", "Fine with me"), ("concern", "I have a concern")], max_length=7),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("backfill", "voter"), name="one_voice_per_member_and_card")
                ],
            },
        ),
        migrations.CreateModel(
            name="Edit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "composition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="edits", to="groups.composition"
                    ),
                ),
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
                (
                    "application",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="members.application",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="groups.draftgroup"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="groups.draftgroup"
                    ),
                ),
                ("before", models.JSONField(blank=True, default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["composition", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("composition", "number"), name="edits_are_numbered_once_per_composition"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("act__in", ["move", "hold", "let_go"]), ("application", None), _connector="XOR"
                        ),
                        name="an_edit_is_about_a_person_or_a_group",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="holds", to="groups.draftgroup"
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.application"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("draft", "application"), name="a_person_is_held_once_in_a_draft")
                ],
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
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="members.program"
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="members.application"
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
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draft",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="offer",
                        to="groups.draftgroup",
                    ),
                ),
                (
                    "group",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="offer",
                        to="groups.group",
                    ),
                ),
            ],
            options={
                "ordering": ["made_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("application",),
                        name="a_person_offers_one_thing_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("program", "place", "by_video", "kind"),
                        name="a_pool_has_one_open_offer_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("window__lt", 336)), name="an_offer_is_for_an_hour_of_the_week"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "open"), ("decided_at__isnull", False), _connector="XOR"),
                        name="an_open_offer_is_not_decided",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Crossing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.program"
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("program", "place", "by_video"), name="one_line_per_pool_is_the_last_one_passed"
                    )
                ],
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
                    "stays",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="merges", to="groups.group"
                    ),
                ),
                (
                    "joins",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="groups.group"),
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stays", models.F("joins")), _negated=True),
                        name="no_group_is_merged_with_itself",
                    )
                ],
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
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="splits", to="groups.group"
                    ),
                ),
                (
                    "made",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="split_off",
                        to="groups.group",
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
                ("goes", models.ManyToManyField(related_name="+", to="groups.membership")),
            ],
            options={
                "ordering": ["-proposed_at", "-pk"],
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
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="groups.group"
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
                    "merge",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="groups.merge",
                    ),
                ),
                (
                    "split",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="groups.split",
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "gone"), _negated=True),
                        fields=("group", "kind", "occasion"),
                        name="a_group_is_asked_once_on_each_occasion",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["merge", "split"]), ("state", "open")),
                        fields=("group",),
                        name="a_group_is_asked_for_one_change_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "open"), ("secret", None), _connector="XOR"),
                        name="an_answered_question_keeps_no_secret",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("open_until__gt", models.F("asked_at"))),
                        name="a_question_stays_open_for_a_while",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuestionWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="said", to="groups.question"
                    ),
                ),
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("question", "voter"), name="one_word_per_member_and_question")
                ],
            },
        ),
        migrations.CreateModel(
            name="Sabbatical",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sabbaticals", to="groups.membership"
                    ),
                ),
                ("meetings", models.PositiveSmallIntegerField()),
                ("begun_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-begun_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("membership",),
                        name="one_sabbatical_at_a_time_per_membership",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("meetings__range", (1, 3))), name="a_sabbatical_covers_1_to_3_meetings"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrozenPool",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "composition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="frozen", to="groups.composition"
                    ),
                ),
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
                    "composition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shards", to="groups.composition"
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("composition", "step", "number"), name="a_shard_is_numbered_once_per_run_and_step"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "running"), ("lease_until", None), _connector="XOR"),
                        name="a_shard_at_work_has_a_lease",
                    ),
                ],
            },
        ),
    ]
