import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import meetings.boxes
import meetings.voting


class Migration(migrations.Migration):
    replaces = [("meetings", "0007_short_meetings")]

    initial = True

    dependencies = [
        ("groups", "0002_links"),
        ("meetings", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="calendarchoice",
            name="person",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="board",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.board"),
        ),
        migrations.AddField(
            model_name="done",
            name="call",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.call"),
        ),
        migrations.AddField(
            model_name="done",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="dot",
            name="call",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.call"),
        ),
        migrations.AddField(
            model_name="groupcadence",
            name="group",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="cadence", to="groups.group"
            ),
        ),
        migrations.AddField(
            model_name="groupchoice",
            name="group",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="groups.group"
            ),
        ),
        migrations.AddField(
            model_name="hand",
            name="board",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.board"),
        ),
        migrations.AddField(
            model_name="hand",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="here",
            name="board",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.board"),
        ),
        migrations.AddField(
            model_name="here",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="hourbefore",
            name="person",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="meetings", to="groups.group"
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="presenter",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="board",
            name="meeting",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.meeting"
            ),
        ),
        migrations.AddField(
            model_name="meetingrole",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="roles", to="meetings.meeting"
            ),
        ),
        migrations.AddField(
            model_name="meetingrole",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="move",
            name="board",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.board"),
        ),
        migrations.AddField(
            model_name="poll",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="polls", to="groups.group"
            ),
        ),
        migrations.AddField(
            model_name="poll",
            name="meeting",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="polls",
                to="meetings.meeting",
            ),
        ),
        migrations.AddField(
            model_name="poll",
            name="opened_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="option",
            name="poll",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="options", to="meetings.poll"
            ),
        ),
        migrations.AddField(
            model_name="pollanswer",
            name="option",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.option"
            ),
        ),
        migrations.AddField(
            model_name="pollanswer",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="recordingyes",
            name="board",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.board"),
        ),
        migrations.AddField(
            model_name="recordingyes",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="entry",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="meetings.entry"
            ),
        ),
        migrations.AddField(
            model_name="requestkey",
            name="call",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.call"),
        ),
        migrations.AddField(
            model_name="round",
            name="board",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.board"),
        ),
        migrations.AddField(
            model_name="round",
            name="sponsor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="call",
            name="round",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="meetings.round",
            ),
        ),
        migrations.AddField(
            model_name="seat",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="seats", to="meetings.meeting"
            ),
        ),
        migrations.AddField(
            model_name="seat",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="seats", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="seat",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.seat"
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="seat",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="meetings.seat"
            ),
        ),
        migrations.AddField(
            model_name="seatanswer",
            name="seat",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="history", to="meetings.seat"
            ),
        ),
        migrations.AddField(
            model_name="skippedreminder",
            name="seat",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.seat"),
        ),
        migrations.AddField(
            model_name="takeaway",
            name="round",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.round"),
        ),
        migrations.AddField(
            model_name="takeaway",
            name="written_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="tally",
            name="call",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.call"),
        ),
        migrations.AddField(
            model_name="thumb",
            name="call",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.call"),
        ),
        migrations.AddField(
            model_name="toll",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.meeting"
            ),
        ),
        migrations.AddField(
            model_name="toll",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="board",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.board"),
        ),
        migrations.AddField(
            model_name="topic",
            name="carried_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="meetings.topic",
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="meetings.topic",
            ),
        ),
        migrations.AddField(
            model_name="topic",
            name="sponsor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="tally",
            name="topic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="meetings.topic",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="topic",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.topic"),
        ),
        migrations.AddField(
            model_name="dot",
            name="topic",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="meetings.topic"),
        ),
        migrations.AddField(
            model_name="turn",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="turns", to="groups.group"
            ),
        ),
        migrations.AddConstraint(
            model_name="done",
            constraint=models.UniqueConstraint(fields=("call", "person"), name="a_person_is_done_once_per_call"),
        ),
        migrations.AddConstraint(
            model_name="groupcadence",
            constraint=models.CheckConstraint(
                condition=models.Q(("weeks", None), ("nth", None), _connector="XOR"),
                name="a_cadence_has_one_rule_in_weeks_or_in_months",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupcadence",
            constraint=models.CheckConstraint(
                condition=models.Q(("weeks", None), ("weeks__range", (1, 12)), _connector="OR"),
                name="dates_are_1_to_12_weeks_apart",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupcadence",
            constraint=models.CheckConstraint(
                condition=models.Q(("nth", None), ("nth__in", [1, 2, 3, 4, -1]), _connector="OR"),
                name="a_monthly_date_is_one_of_the_first_4_or_last",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupcadence",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__lt", 7)), name="a_cadence_is_on_one_of_7_weekdays"
            ),
        ),
        migrations.AddConstraint(
            model_name="groupcadence",
            constraint=models.CheckConstraint(
                condition=models.Q(("at__gte", datetime.time(5, 0))), name="no_cadence_begins_at_night"
            ),
        ),
        migrations.AddConstraint(
            model_name="groupcadence",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__range", (30, 240))), name="a_cadence_lasts_30_to_240_minutes"
            ),
        ),
        migrations.AddConstraint(
            model_name="groupchoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("link_minutes__range", (0, 1440))), name="a_link_shows_at_most_a_day_ahead"
            ),
        ),
        migrations.AddConstraint(
            model_name="hand",
            constraint=models.UniqueConstraint(fields=("board", "person"), name="one_raised_hand_per_person_and_board"),
        ),
        migrations.AddConstraint(
            model_name="here",
            constraint=models.UniqueConstraint(fields=("board", "person"), name="a_person_is_here_once_per_board"),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                fields=("group", "occurrence_date"), name="a_date_is_planned_once_per_group"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="a_meeting_ends_after_it_starts"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("cap__range", (1, 12))), name="a_meeting_seats_1_to_12"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("format", "short"), ("whole_minutes", None), _connector="XOR"),
                name="a_short_meeting_knows_its_whole_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("format", "short"), ("whole_format", ""), _connector="XOR"),
                name="a_short_meeting_knows_its_whole_format",
            ),
        ),
        migrations.AddIndex(
            model_name="board",
            index=models.Index(
                condition=models.Q(("phase", meetings.boxes.Phase["CLOSED"]), _negated=True),
                fields=["box_ends_at"],
                name="boards_by_the_end_of_a_box",
            ),
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.CheckConstraint(
                condition=models.Q(("parked_box", ""), ("parked_left__isnull", False), _connector="XOR"),
                name="a_parked_box_keeps_its_rest",
            ),
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.CheckConstraint(
                condition=models.Q(("dots__lte", 9), ("per_topic__gte", 1), ("per_topic__lte", models.F("dots"))),
                name="dots_on_one_topic_fit_a_budget_of_at_most_9",
            ),
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.CheckConstraint(
                condition=models.Q(("closing_at__lt", models.F("ends_at"))), name="the_closing_begins_before_the_end"
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingrole",
            constraint=models.UniqueConstraint(fields=("meeting", "role"), name="one_person_per_role_and_meeting"),
        ),
        migrations.AddConstraint(
            model_name="move",
            constraint=models.UniqueConstraint(fields=("board", "step"), name="one_move_per_board_and_step"),
        ),
        migrations.AddConstraint(
            model_name="poll",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None), ("settled_at", None)),
                fields=("group",),
                name="one_running_poll_per_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="poll",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opened_at"))), name="a_poll_is_open_for_a_while"
            ),
        ),
        migrations.AddConstraint(
            model_name="poll",
            constraint=models.CheckConstraint(
                condition=models.Q(("settled_at", None), ("ended_at", None), _connector="OR"),
                name="a_poll_is_settled_or_ends_without_a_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="poll",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "move"), ("meeting__isnull", False)),
                    models.Q(models.Q(("kind", "move"), _negated=True), ("meeting", None)),
                    _connector="OR",
                ),
                name="a_poll_to_move_names_its_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="option",
            constraint=models.UniqueConstraint(fields=("poll", "on", "at"), name="an_hour_is_asked_once_per_poll"),
        ),
        migrations.AddConstraint(
            model_name="option",
            constraint=models.UniqueConstraint(
                condition=models.Q(("chosen_at__isnull", False)), fields=("poll",), name="one_hour_is_chosen_per_poll"
            ),
        ),
        migrations.AddConstraint(
            model_name="option",
            constraint=models.CheckConstraint(
                condition=models.Q(("chosen_at", None), ("withdrawn_at", None), _connector="OR"),
                name="what_was_withdrawn_is_not_chosen",
            ),
        ),
        migrations.AddConstraint(
            model_name="pollanswer",
            constraint=models.UniqueConstraint(fields=("option", "person"), name="one_answer_per_member_and_hour"),
        ),
        migrations.AddConstraint(
            model_name="recordingyes",
            constraint=models.UniqueConstraint(
                fields=("board", "person"), name="one_yes_to_a_recording_per_person_and_board"
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                fields=("board", "kind", "number"), name="calls_are_numbered_once_per_board_and_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("board", "kind"),
                name="one_open_call_per_board_and_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_at", None), ("secret", None), _connector="XOR"),
                name="an_open_call_has_a_secret_and_a_closed_one_none",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "dots"), ("round__isnull", False), _connector="OR"),
                name="thumbs_are_asked_in_a_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(fields=("meeting", "person"), name="one_seat_per_person_and_meeting"),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.UniqueConstraint(fields=("meeting", "number"), name="a_number_is_given_once_per_meeting"),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", None), ("number__range", (1, 12)), _connector="OR"),
                name="numbers_run_from_1_to_12",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "waiting"), ("line_at", None), _connector="XOR"),
                name="who_waits_is_in_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("own_word", False), models.Q(("attendance", "unknown"), _negated=True), _connector="OR"
                ),
                name="an_own_word_says_who_was_there",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(("offered_until", None), ("state", "waiting"), _connector="OR"),
                name="a_seat_is_offered_to_who_waits_for_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="seat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("number", None), ("state", "coming"), ("offered_until__isnull", False), _connector="OR"
                ),
                name="a_number_is_held_by_who_comes_or_is_offered_it",
            ),
        ),
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(
                condition=models.Q(("judged_at", None)), fields=["received_at", "id"], name="reply_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(fields=["entry", "message_hash"], name="reply_by_message"),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("judged_at", None), ("raw__isnull", True), _connector="XOR"),
                name="a_judged_mail_keeps_no_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("judged_at", None), models.Q(("verdict", ""), _negated=True), _connector="XOR"),
                name="a_verdict_comes_with_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("seat",), name="one_live_entry_per_seat"
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("floor__lte", models.F("sequence"))), name="the_floor_is_not_above_the_sequence"
            ),
        ),
        migrations.AddConstraint(
            model_name="skippedreminder",
            constraint=models.UniqueConstraint(
                fields=("seat", "what", "starts_at"), name="a_reminder_is_skipped_once_per_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="takeaway",
            constraint=models.UniqueConstraint(fields=("round",), name="one_takeaway_per_round"),
        ),
        migrations.AddConstraint(
            model_name="thumb",
            constraint=models.UniqueConstraint(fields=("call", "voter"), name="one_thumb_per_voter_and_call"),
        ),
        migrations.AddConstraint(
            model_name="thumb",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "way__in",
                        [meetings.voting.Thumb["UP"], meetings.voting.Thumb["SIDEWAYS"], meetings.voting.Thumb["DOWN"]],
                    )
                ),
                name="a_thumb_points_up_sideways_or_down",
            ),
        ),
        migrations.AddConstraint(
            model_name="toll",
            constraint=models.UniqueConstraint(fields=("meeting", "person"), name="a_meeting_costs_a_member_once"),
        ),
        migrations.AddConstraint(
            model_name="toll",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__lte", 10)), name="nothing_costs_more_than_the_night"
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(fields=("board", "request_key"), name="a_topic_sent_twice_is_one_topic"),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "discussing")),
                fields=("board",),
                name="one_topic_under_discussion_per_board",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "merged"), ("merged_into", None), _connector="XOR"),
                name="a_merged_topic_names_what_it_is_part_of",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                name="no_topic_is_merged_into_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(("sponsor", None), ("hidden_author", None), _connector="OR"),
                name="a_hidden_author_is_no_named_sponsor",
            ),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(fields=("call", "topic"), name="a_topic_is_counted_once_per_call"),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(
                condition=models.Q(("way", ""), _negated=True),
                fields=("call", "way"),
                name="a_way_is_counted_once_per_call",
            ),
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.CheckConstraint(
                condition=models.Q(("topic", None), ("way", ""), _connector="XOR"),
                name="a_tally_is_of_a_topic_or_of_a_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(fields=("board", "number"), name="rounds_are_numbered_once_per_board"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("board",), name="one_open_round_per_board"
            ),
        ),
        migrations.AddConstraint(
            model_name="dot",
            constraint=models.UniqueConstraint(
                fields=("call", "voter", "slot"), name="a_slot_holds_one_dot_per_voter_and_call"
            ),
        ),
        migrations.AddConstraint(
            model_name="dot",
            constraint=models.UniqueConstraint(
                fields=("call", "voter", "topic", "nth"), name="dots_on_a_topic_are_numbered_once_per_voter"
            ),
        ),
        migrations.AddConstraint(
            model_name="dot",
            constraint=models.CheckConstraint(
                condition=models.Q(("slot__gte", 1), ("slot__lte", models.F("dots"))),
                name="a_slot_is_within_the_budget",
            ),
        ),
        migrations.AddConstraint(
            model_name="dot",
            constraint=models.CheckConstraint(
                condition=models.Q(("nth__gte", 1), ("nth__lte", models.F("per_topic"))),
                name="dots_on_a_topic_are_within_its_limit",
            ),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.UniqueConstraint(fields=("group", "number"), name="each_hour_in_turn_has_its_number"),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.UniqueConstraint(fields=("group", "at"), name="an_hour_takes_its_turn_once"),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__range", (1, 3))), name="three_hours_in_turn_at_most"
            ),
        ),
    ]
