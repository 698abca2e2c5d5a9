import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import groups.consent


class Migration(migrations.Migration):
    replaces = [("groups", "0011_an_hour_moves")]

    initial = True

    dependencies = [
        ("groups", "0001_tables"),
        ("members", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="backfill",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="backfills", to="members.application"
            ),
        ),
        migrations.AddField(
            model_name="backfillvoice",
            name="backfill",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="voices", to="groups.backfill"
            ),
        ),
        migrations.AddField(
            model_name="composition",
            name="base",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="versions",
                to="groups.composition",
            ),
        ),
        migrations.AddField(
            model_name="composition",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="composition",
            name="program",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="compositions", to="members.program"
            ),
        ),
        migrations.AddField(
            model_name="crossing",
            name="program",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.program"
            ),
        ),
        migrations.AddField(
            model_name="draftgroup",
            name="composition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="groups.composition"
            ),
        ),
        migrations.AddField(
            model_name="edit",
            name="application",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.application"
            ),
        ),
        migrations.AddField(
            model_name="edit",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="edit",
            name="composition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="edits", to="groups.composition"
            ),
        ),
        migrations.AddField(
            model_name="edit",
            name="source",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="groups.draftgroup"
            ),
        ),
        migrations.AddField(
            model_name="edit",
            name="target",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="groups.draftgroup"
            ),
        ),
        migrations.AddField(
            model_name="frozenpool",
            name="composition",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="frozen", to="groups.composition"
            ),
        ),
        migrations.AddField(
            model_name="group",
            name="draft",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="group",
                to="groups.draftgroup",
            ),
        ),
        migrations.AddField(
            model_name="group",
            name="merged_into",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="groups.group"
            ),
        ),
        migrations.AddField(
            model_name="group",
            name="program",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="groups", to="members.program"
            ),
        ),
        migrations.AddField(
            model_name="backfill",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="backfills", to="groups.group"
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.application"
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="draft",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="holds", to="groups.draftgroup"
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="members.application"
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="draft",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="groups.draftgroup"
            ),
        ),
        migrations.AddField(
            model_name="backfill",
            name="invitation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="groups.invitation",
            ),
        ),
        migrations.AddField(
            model_name="leftout",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.application"
            ),
        ),
        migrations.AddField(
            model_name="leftout",
            name="composition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="left_out", to="groups.composition"
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="groups.group"
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="joins",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="groups.group"),
        ),
        migrations.AddField(
            model_name="merge",
            name="stays",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="merges", to="groups.group"
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="members.application"
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="draft",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="offer",
                to="groups.draftgroup",
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="group",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="offer",
                to="groups.group",
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="program",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="members.program"
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="groups.group"
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="merge",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="questions",
                to="groups.merge",
            ),
        ),
        migrations.AddField(
            model_name="questionword",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="said", to="groups.question"
            ),
        ),
        migrations.AddField(
            model_name="sabbatical",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="sabbaticals", to="groups.membership"
            ),
        ),
        migrations.AddField(
            model_name="shard",
            name="composition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="shards", to="groups.composition"
            ),
        ),
        migrations.AddField(
            model_name="split",
            name="goes",
            field=models.ManyToManyField(related_name="+", to="groups.membership"),
        ),
        migrations.AddField(
            model_name="split",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="splits", to="groups.group"
            ),
        ),
        migrations.AddField(
            model_name="split",
            name="made",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="split_off",
                to="groups.group",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="split",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="questions",
                to="groups.split",
            ),
        ),
        migrations.AddConstraint(
            model_name="backfillvoice",
            constraint=models.UniqueConstraint(fields=("backfill", "voter"), name="one_voice_per_member_and_card"),
        ),
        migrations.AddConstraint(
            model_name="composition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("progress__in", ["waiting", "running"])),
                fields=("program",),
                name="one_composition_runs_at_a_time_per_program",
            ),
        ),
        migrations.AddConstraint(
            model_name="crossing",
            constraint=models.UniqueConstraint(
                fields=("program", "place", "by_video"), name="one_line_per_pool_is_the_last_one_passed"
            ),
        ),
        migrations.AddConstraint(
            model_name="draftgroup",
            constraint=models.UniqueConstraint(
                fields=("composition", "number"), name="drafts_are_numbered_once_per_composition"
            ),
        ),
        migrations.AddConstraint(
            model_name="draftgroup",
            constraint=models.CheckConstraint(
                condition=models.Q(("window__lt", 336)), name="a_window_starts_within_the_week"
            ),
        ),
        migrations.AddConstraint(
            model_name="edit",
            constraint=models.UniqueConstraint(
                fields=("composition", "number"), name="edits_are_numbered_once_per_composition"
            ),
        ),
        migrations.AddConstraint(
            model_name="edit",
            constraint=models.CheckConstraint(
                condition=models.Q(("act__in", ["move", "hold", "let_go"]), ("application", None), _connector="XOR"),
                name="an_edit_is_about_a_person_or_a_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(fields=("program", "name"), name="a_name_is_given_once_per_program"),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(
                condition=models.Q(("window__lt", 336)), name="a_group_meets_within_the_week"
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("forgotten_at", None), ("closed_at__lte", models.F("forgotten_at")), _connector="OR"
                ),
                name="what_a_group_kept_goes_after_its_close",
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", None), ("closed_at__isnull", False), _connector="OR"),
                name="a_group_that_went_into_another_is_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(
                fields=("draft", "application"), name="a_person_is_held_once_in_a_draft"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                fields=("draft", "application"), name="one_invitation_per_person_and_draft"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", [groups.consent.State["SENT"], groups.consent.State["ACCEPTED"]])),
                fields=("application",),
                name="a_person_is_asked_for_one_group_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", groups.consent.State["STAND_BY"])),
                fields=("draft", "place_in_line"),
                name="a_place_in_line_is_given_once_per_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", groups.consent.State["STAND_BY"]), _negated=True),
                    ("place_in_line__isnull", False),
                    _connector="OR",
                ),
                name="who_stands_by_has_a_place_in_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("proposed_at", None), ("state", groups.consent.State["STAND_BY"]), _connector="OR"),
                name="only_who_stands_by_is_proposed",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", [groups.consent.State["DRAFTED"], groups.consent.State["STAND_BY"]]),
                    ("sent_at__isnull", False),
                    ("state", groups.consent.State["RELEASED"]),
                    _connector="OR",
                ),
                name="who_answered_had_been_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="backfill",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "shown")),
                fields=("application",),
                name="a_card_is_before_one_group_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="backfill",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "shown")),
                fields=("group", "place"),
                name="each_card_has_its_place_in_the_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="backfill",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__range", (1, 3))), name="three_cards_at_once_at_most"
            ),
        ),
        migrations.AddConstraint(
            model_name="backfill",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "shown"), ("secret", None), _connector="XOR"),
                name="a_decided_card_keeps_no_secret",
            ),
        ),
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.UniqueConstraint(
                fields=("composition", "application"), name="one_reason_per_person_and_composition"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_on", None)),
                fields=("group", "person"),
                name="one_current_membership_per_person_and_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_on", None), ("left_on__gte", models.F("joined_on")), _connector="OR"),
                name="nobody_leaves_before_they_joined",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(("parted", False), ("left_on__isnull", False), _connector="OR"),
                name="who_parted_is_a_member_no_more",
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(("stays", models.F("joins")), _negated=True), name="no_group_is_merged_with_itself"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("application",),
                name="a_person_offers_one_thing_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("program", "place", "by_video", "kind"),
                name="a_pool_has_one_open_offer_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(("window__lt", 336)), name="an_offer_is_for_an_hour_of_the_week"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "open"), ("decided_at__isnull", False), _connector="XOR"),
                name="an_open_offer_is_not_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="questionword",
            constraint=models.UniqueConstraint(fields=("question", "voter"), name="one_word_per_member_and_question"),
        ),
        migrations.AddConstraint(
            model_name="sabbatical",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("membership",),
                name="one_sabbatical_at_a_time_per_membership",
            ),
        ),
        migrations.AddConstraint(
            model_name="sabbatical",
            constraint=models.CheckConstraint(
                condition=models.Q(("meetings__range", (1, 3))), name="a_sabbatical_covers_1_to_3_meetings"
            ),
        ),
        migrations.AddConstraint(
            model_name="shard",
            constraint=models.UniqueConstraint(
                fields=("composition", "step", "number"), name="a_shard_is_numbered_once_per_run_and_step"
            ),
        ),
        migrations.AddConstraint(
            model_name="shard",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "running"), ("lease_until", None), _connector="XOR"),
                name="a_shard_at_work_has_a_lease",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "gone"), _negated=True),
                fields=("group", "kind", "occasion"),
                name="a_group_is_asked_once_on_each_occasion",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["merge", "split"]), ("state", "open")),
                fields=("group",),
                name="a_group_is_asked_for_one_change_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "open"), ("secret", None), _connector="XOR"),
                name="an_answered_question_keeps_no_secret",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("open_until__gt", models.F("asked_at"))), name="a_question_stays_open_for_a_while"
            ),
        ),
    ]
