"""A poll of a sealed circle: asked, answered, settled once; calendars follow."""

from __future__ import annotations

from datetime import time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from groups import closing
from groups.models.group import Why
from meetings import moving, planning, polling, polls, retiming, rhythms, skipping, tallying
from meetings.cadence import Cadence, rule_from
from meetings.models.meeting import Meeting, Role, State
from meetings.models.poll import Kind, Poll
from meetings.models.pollanswer import PollAnswer
from meetings.polls import Reply
from members.models.hours import Hours
from members.weekhours import block_mask, to_hex
from roundtable import clock as clock_module
from roundtable.audit import AuditLine
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db
NOON = time(12)
NAMES = ("ada", "grace", "hedy")
TUESDAY_18 = 1 * 48 + 36


@pytest.fixture
def led(meeting):
    """Who leads the first meeting."""
    return meeting.roles.select_related("person").get(role=Role.FACILITATOR).person


@pytest.fixture
def tuesdays(group):
    """Hedy can on Tuesday evenings only; the others on Thursdays and, if need be, on Tuesdays."""
    for name in NAMES:
        hours = Hours.objects.get(application__person__email=f"{name}@example.org")
        tuesday, thursday = block_mask(1, "evening"), block_mask(3, "evening")
        hours.good = to_hex(tuesday if name == "hedy" else thursday)
        hours.possible = to_hex(0 if name == "hedy" else tuesday)
        hours.save()


@pytest.fixture
def poll(group, meeting, tuesdays, organizer):
    planning.plan_ahead(group)
    return polling.open_poll(group, Kind.HOUR, by=organizer)


def person(group, name):
    return group.memberships.select_related("person").get(person__email=f"{name}@example.org").person


def say(poll, name, *replies):
    """To the hours in their order, from the first on."""
    options = [one.pk for one in poll.options.live()]
    words = {key: Reply(reply) for key, reply in zip(options, replies or ["good"] * len(options), strict=False)}
    polling.answer(poll, person(poll.group, name), words, received_at=clock_module.now())


def kinds():
    return sorted(Letter.objects.filter(kind__startswith="meetings/poll").values_list("kind", "to"))


def option(poll, weekday=1):
    return next(one for one in poll.options.live() if one.on.weekday() == weekday)


def test_the_best_hours_go_to_every_member_once(poll, group):
    hours = [(one.on.weekday(), f"{one.at:%H:%M}") for one in poll.options.live()]
    assert hours == [(1, "17:00"), (1, "18:30"), (3, "17:30"), (3, "19:00")]  # and not the hour that the group has
    assert kinds() == [("meetings/poll", f"{name}@example.org") for name in NAMES]
    assert AuditLine.objects.filter(verb="opened a poll", about=poll.about).count() == 1


def test_a_letter_tells_hours_and_nobody(poll):
    letter = Letter.objects.filter(kind="meetings/poll").first()
    assert "17:00 New York" in letter.text
    assert [word for word in ("Ada", "Grace", "Hedy", "works") if word in letter.text.replace("Hi Ada", "")] == []
    assert letter.expires_at == poll.closes_at


def test_one_poll_at_a_time(poll, group, organizer):
    with pytest.raises(NotAllowed, match="running already"):
        polling.open_poll(group, Kind.HOUR, by=organizer)


@pytest.mark.parametrize(
    ("kind", "days", "sentence"),
    [(Kind.DATE, 5, "has a next date already"), (Kind.MOVE, 14, "too near")],
)
def test_a_poll_that_cannot_help_is_refused(group, meeting, organizer, kind, days, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        polling.open_poll(group, kind, by=organizer, meeting=meeting if kind == Kind.MOVE else None, days=days)
    assert Poll.objects.count() == 0


def test_a_closed_group_is_not_asked(group, meeting, organizer, clock):
    group.closed_at = clock.now()
    group.save()
    with pytest.raises(NotAllowed, match="circles that go on"):
        polling.open_poll(group, Kind.HOUR, by=organizer)


@pytest.mark.parametrize("days", [0, 1, 15, 400])
def test_a_poll_is_open_for_two_days_to_two_weeks(group, meeting, organizer, days):
    with pytest.raises(NotAllowed, match="two days to two weeks"):
        polling.open_poll(group, Kind.HOUR, by=organizer, days=days)


def test_a_circle_that_closes_asks_no_longer(poll, group, organizer, clock):
    closing.close(group, by=organizer, why=Why.NOT_NEEDED)
    poll.refresh_from_db()
    assert (poll.ended_at, poll.settled_at) == (clock.now(), None)
    with pytest.raises(NotAllowed, match="is over"):
        polling.settle(option(poll), by=organizer)


def test_where_nobodys_hours_are_known_there_is_nothing_to_choose(group, meeting, organizer):
    Hours.objects.all().delete()
    with pytest.raises(NotAllowed, match="nobody’s hours are known"):
        polling.open_poll(group, Kind.HOUR, by=organizer)


def test_the_last_answer_counts_and_hours_do_not(poll):
    first = poll.options.live()[0]
    assert tallying.counts(poll, [first])[first.pk] == polls.Count(3)
    say(poll, "ada", "no")
    say(poll, "ada", "possible")
    assert tallying.counts(poll, [first])[first.pk] == polls.Count(3, possible=1)
    assert PollAnswer.objects.count() == 1


def test_an_answer_to_an_hour_that_is_not_asked_any_more_sends_nothing(poll, led):
    keys = [one.pk for one in poll.options.live()]
    polling.withdraw_option(poll.options.get(pk=keys[1]), by=led)
    with pytest.raises(NotAllowed, match="changed meanwhile"):
        polling.answer(poll, led, dict.fromkeys(keys, Reply.GOOD), received_at=clock_module.now())
    assert PollAnswer.objects.count() == 0


def test_after_the_deadline_nobody_answers(poll, clock):
    clock.to(poll.closes_at)
    with pytest.raises(NotAllowed, match="is over"):
        say(poll, "ada")


def test_a_new_hour_is_asked_of_everybody_and_the_old_answers_stay(poll, led):
    say(poll, "ada")
    assert "ada" not in [one.email.split("@")[0] for one in tallying.silent(poll, list(poll.options.live()))]
    added = polling.add_option(poll, on=poll.from_date + timedelta(days=3), at=NOON, by=led)
    said = tallying.replies_of(poll, person(poll.group, "ada"))
    assert added.pk not in said
    assert len(said) == 4
    assert len(tallying.silent(poll, list(poll.options.live()))) == 3


def test_an_hour_that_comes_back_has_its_answers(poll, led):
    say(poll, "ada", "good", "possible")
    second = poll.options.live()[1]
    polling.withdraw_option(second, by=led)
    back = polling.add_option(poll, on=second.on, at=second.at, by=led)
    assert (back.pk, back.withdrawn_at) == (second.pk, None)
    assert tallying.replies_of(poll, person(poll.group, "ada"))[second.pk] == Reply.POSSIBLE


@pytest.mark.parametrize(
    ("days", "at", "sentence"),
    [
        (-30, NOON, "Choose a day from"),
        (1, time(3), "cannot start between"),
        (1, time(12, 15), "full or half hour"),
        (2, NOON, "Five hours are enough"),
    ],
)
def test_an_hour_that_cannot_be_asked_is_refused(poll, led, days, at, sentence):
    polling.add_option(poll, on=poll.from_date + timedelta(days=1), at=NOON, by=led)
    with pytest.raises(NotAllowed, match=sentence):
        polling.add_option(poll, on=poll.from_date + timedelta(days=days), at=at, by=led)
    assert poll.options.count() == polls.MOST


def test_the_same_hour_is_not_asked_twice(poll, led):
    first = poll.options.live()[0]
    with pytest.raises(NotAllowed, match="in the poll already"):
        polling.add_option(poll, on=first.on, at=first.at, by=led)


def test_on_the_last_day_no_hour_is_added(poll, led, clock):
    clock.to(poll.closes_at - timedelta(hours=24))
    with pytest.raises(NotAllowed, match="last day"):
        polling.add_option(poll, on=poll.from_date, at=NOON, by=led)


def test_the_last_hour_stays(poll, led):
    first, *others = poll.options.live()
    for one in others:
        polling.withdraw_option(one, by=led)
    with pytest.raises(NotAllowed, match="last hour"):
        polling.withdraw_option(first, by=led)


def starts(group):
    return list(group.meetings.order_by("starts_at").values_list("local_date", "local_time"))


def test_a_settled_hour_moves_every_date_and_every_calendar(poll, group, led):
    Letter.objects.filter(ics__isnull=False).update(state="sent", secret=None, sent_at=clock_module.now())
    before = starts(group)
    for name in ("ada", "grace", "hedy"):
        say(poll, name)
    settled = polling.settle(option(poll), by=led)
    group.refresh_from_db()
    assert (group.window, settled.reason) == (option(poll).slot, "")
    moved = [(day - timedelta(days=2), time(17)) if day >= poll.from_date else (day, at) for day, at in before]
    assert starts(group) == moved
    assert len(moved) == 3
    asked_again = Letter.objects.filter(kind="meetings/moved", to="ada@example.org").order_by("not_before")
    dates = [Calendar.from_ical(bytes(one.ics)).walk("VEVENT")[0] for one in asked_again]
    assert [one.start for one in dates] == [one.starts_at for one in group.meetings.order_by("starts_at")][
        -len(dates) :
    ]
    assert {int(one["SEQUENCE"]) for one in dates} == {1}
    assert planning.plan_ahead(group) == []


def test_what_is_planned_after_a_new_hour_follows_it(poll, group, led, clock):
    for name in NAMES:
        say(poll, name)
    polling.settle(option(poll), by=led)
    clock.to(group.meetings.order_by("starts_at").first().ends_at)
    planned = planning.plan_ahead(group)
    days = [one.local_date for one in group.meetings.order_by("starts_at")]
    assert len(planned) == 1
    assert {after - before for before, after in pairwise(days[1:])} == {timedelta(weeks=6)}
    assert days[-1].weekday() == 1


def test_a_poll_is_settled_once(poll, led):
    for name in NAMES:
        say(poll, name)
    polling.settle(option(poll), by=led)
    with pytest.raises(NotAllowed, match="is over"):
        polling.settle(option(poll), by=led)
    with pytest.raises(NotAllowed, match="is over"):
        polling.end(poll, by=led)


@pytest.mark.parametrize(
    ("replies", "reason", "sentence"),
    [
        ({}, "why", "So far 0 of 3"),
        ({"ada": "good"}, "why", "So far 1 of 3 can at this hour; it takes 2"),
        ({"ada": "no", "grace": "no"}, "why", "Everybody who answered said no"),
        ({"ada": "good", "grace": "good", "hedy": "no"}, "", ""),
    ],
)
def test_an_hour_that_may_not_be_chosen_is_refused_and_nothing_changes(poll, group, led, replies, reason, sentence):
    for name, reply in replies.items():
        say(poll, name, *[reply] * 4)
    before = starts(group)
    if not sentence:
        assert polling.settle(option(poll), by=led, reason=reason).settled_at is not None
        return
    with pytest.raises(NotAllowed, match=sentence):
        polling.settle(option(poll), by=led, reason=reason)
    assert (starts(group), Poll.objects.running().count()) == (before, 1)


def test_outside_somebodys_hours_takes_a_written_reason(poll, group, led):
    chosen = polling.add_option(poll, on=_next(poll.from_date, 3), at=time(18), by=led)
    for name in ("ada", "grace"):
        polling.answer(poll, person(group, name), {chosen.pk: Reply.GOOD}, received_at=clock_module.now())
    with pytest.raises(NotAllowed, match="outside somebody’s hours"):
        polling.settle(chosen, by=led)
    assert polling.settle(chosen, by=led, reason=" Hedy’s kindergarten. ").reason == "Hedy’s kindergarten."


def _next(day, weekday):
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def test_who_says_they_can_is_not_outside_their_hours(poll, group, led):
    chosen = polling.add_option(poll, on=_next(poll.from_date, 3), at=time(18), by=led)
    for name in NAMES:
        polling.answer(poll, person(group, name), {chosen.pk: Reply.POSSIBLE}, received_at=clock_module.now())
    assert polling.settle(chosen, by=led).reason == ""


def test_a_withdrawn_hour_is_not_chosen(poll, led):
    for name in NAMES:
        say(poll, name)
    gone = polling.withdraw_option(option(poll), by=led)
    with pytest.raises(NotAllowed, match="taken out"):
        polling.settle(gone, by=led)


def test_the_deadline_settles_by_itself_on_what_most_can(poll, group, clock):
    best = poll.options.live()[1]
    for name in ("ada", "grace"):
        say(poll, name, "no", "good", "no", "no")
    clock.to(poll.closes_at)
    polling.settle_due()
    polling.settle_due()
    poll.refresh_from_db()
    assert (poll.settled_at, poll.options.get(chosen_at__isnull=False).pk) == (clock.now(), best.pk)
    assert poll.reason in ("", polls.BY_ITSELF)


def test_the_deadline_of_a_poll_that_nobody_answered_changes_nothing(poll, group, clock):
    before = starts(group)
    clock.to(poll.closes_at)
    polling.settle_due()
    poll.refresh_from_db()
    assert (poll.settled_at, poll.ended_at, starts(group)) == (None, clock.now(), before)
    assert Letter.objects.filter(about=poll.about, state="queued").count() == 0


def test_before_the_deadline_nothing_settles_by_itself(poll, clock):
    clock.to(poll.closes_at - timedelta(seconds=1))
    polling.settle_due()
    assert Poll.objects.running().count() == 1


def test_the_silent_are_reminded_twice_and_nobody_else(poll, clock):
    say(poll, "ada")
    here = ZoneInfo("America/New_York")
    half = (poll.opened_at + (poll.closes_at - poll.opened_at) / 2).astimezone(here)
    clock.to(half.replace(hour=10) + timedelta(days=half.hour >= 10))
    assert [polling.remind(), polling.remind()] == [2, 0]
    say(poll, "grace")
    clock.to(poll.closes_at - timedelta(hours=20))
    clock.to(clock.now().astimezone(here).replace(hour=9))
    assert [polling.remind(), polling.remind()] == [1, 0]
    reminded = [to for kind, to in kinds() if kind == "meetings/poll_closes"]
    assert reminded == ["grace@example.org", "hedy@example.org", "hedy@example.org"]


def test_a_single_date_moves_to_the_hour_that_was_chosen(group, meeting, tuesdays, led):
    planning.plan_ahead(group)
    second = group.meetings.order_by("starts_at")[1]
    poll = polling.open_poll(group, Kind.MOVE, by=led, meeting=second)
    others = [one.starts_at for one in group.meetings.exclude(pk=second.pk)]
    for name in NAMES:
        say(poll, name)
    chosen = poll.options.live()[0]
    polling.settle(chosen, by=led)
    second.refresh_from_db()
    group.refresh_from_db()
    assert (second.local_date, second.local_time) == (chosen.on, chosen.at)
    assert [one.starts_at for one in group.meetings.exclude(pk=second.pk)] == others
    assert group.window == 3 * 48 + 34


def test_a_date_that_was_called_off_during_its_poll_ends_it(group, meeting, led, clock):
    planning.plan_ahead(group)
    second = group.meetings.order_by("starts_at")[1]
    poll = polling.open_poll(group, Kind.MOVE, by=led, meeting=second)
    for name in NAMES:
        say(poll, name)
    moving.call_off(second, by=led)
    called_off = clock.now()
    clock.to(poll.closes_at)
    polling.settle_due()
    poll.refresh_from_db()
    assert (poll.ended_at, poll.settled_at) == (called_off, None)


def queued(poll):
    return Letter.objects.filter(about=poll.about, state="queued").count()


@pytest.fixture
def second(group, meeting):
    planning.plan_ahead(group)
    return group.meetings.order_by("starts_at")[1]


@pytest.mark.parametrize("kind", [Kind.MOVE, Kind.HOUR])
def test_a_new_rhythm_ends_a_poll_about_the_old_one(group, meeting, second, led, clock, kind):
    poll = polling.open_poll(group, kind, by=led, meeting=second if kind == Kind.MOVE else None)
    for name in NAMES:
        say(poll, name)
    rhythm = Cadence(rule_from(meeting.local_date, weeks=6), time(20), "Europe/Madrid", 90, meeting.local_date)
    retiming.retime(group, rhythm, start=meeting.local_date, by=led)
    stands = list(group.meetings.values_list("starts_at", flat=True))
    poll.refresh_from_db()
    assert (poll.ended_at, poll.settled_at, queued(poll)) == (clock.now(), None, 0)
    clock.to(poll.closes_at)
    polling.settle_due()
    assert list(group.meetings.values_list("starts_at", flat=True)) == stands


def test_a_date_that_is_moved_by_hand_ends_its_poll_and_no_other(group, meeting, second, led, clock):
    poll = polling.open_poll(group, Kind.MOVE, by=led, meeting=second)
    moving.move(meeting, on=meeting.local_date + timedelta(days=1), at=NOON, by=led)
    poll.refresh_from_db()
    assert poll.running
    moving.move(second, on=second.local_date + timedelta(days=1), at=NOON, by=led)
    poll.refresh_from_db()
    assert (poll.ended_at, queued(poll)) == (clock.now(), 0)


def test_a_date_that_is_left_out_ends_its_poll(group, second, led, clock):
    poll = polling.open_poll(group, Kind.MOVE, by=led, meeting=second)
    skipping.skip(group, second.occurrence_date, by=led)
    poll.refresh_from_db()
    assert (poll.ended_at, queued(poll)) == (clock.now(), 0)


def test_hours_on_another_clock_than_the_date_are_not_chosen(group, second, led):
    poll = polling.open_poll(group, Kind.MOVE, by=led, meeting=second)
    for name in NAMES:
        say(poll, name)
    Meeting.objects.filter(pk=second.pk).update(zone="Europe/Madrid")
    with pytest.raises(NotAllowed, match="another clock"):
        polling.settle(poll.options.live()[0], by=led, reason="why")
    poll.refresh_from_db()
    assert (poll.running, Meeting.objects.get(pk=second.pk).starts_at) == (True, second.starts_at)


def test_a_group_without_a_date_gets_its_next_one(group, meeting, led, organizer):
    moving.call_off(meeting, by=led)
    poll = polling.open_poll(group, Kind.DATE, by=organizer)
    for name in NAMES:
        say(poll, name)
    chosen = poll.options.live()[0]
    polling.settle(chosen, by=organizer)
    planned = Meeting.objects.get(group=group, state=State.PLANNED)
    assert (planned.local_date, planned.local_time, planned.format) == (chosen.on, chosen.at, "ice_breaker")
    assert planned.seats.count() == 3
    assert Letter.objects.filter(kind="meetings/planned", about=planned.about).count() == 3


def test_where_no_hour_fits_everybody_at_the_seal_a_poll_opens_by_itself(group, meeting, tuesdays):
    Meeting.objects.all().delete()
    planned = polling.plan_first(group)
    poll = Poll.objects.get()
    assert (poll.kind, poll.meeting, poll.opened_by) == (Kind.MOVE, planned, None)


def test_where_the_first_hour_fits_no_poll_opens(group, meeting):
    assert Poll.objects.count() == 0


def test_an_hour_that_fits_all_needs_no_poll(group, meeting, led):
    planning.plan_ahead(group)
    polling.take_hour(group, slot=3 * 48 + 36, by=led)
    group.refresh_from_db()
    assert group.window == 3 * 48 + 36
    assert {at for _, at in starts(group)[1:]} == {time(18)}


@pytest.mark.parametrize(
    ("slot", "sentence"), [(TUESDAY_18, "does not fit everybody"), (3 * 48 + 34, "keeps this rhythm already")]
)
def test_an_hour_that_fits_not_all_takes_a_poll(group, meeting, led, slot, sentence):
    with pytest.raises(NotAllowed, match=sentence):
        polling.take_hour(group, slot=slot, by=led)


def test_who_has_left_neither_counts_nor_answers(poll, group):
    say(poll, "hedy")
    left = group.memberships.get(person__email="hedy@example.org")
    left.left_on = clock_module.today()
    left.save()
    first = poll.options.live()[0]
    assert tallying.counts(poll, [first])[first.pk].members == 2
    assert tallying.counts(poll, [first])[first.pk].answered == 0
    with pytest.raises(NotAllowed, match="belongs"):
        polling.answer(poll, left.person, {first.pk: Reply.GOOD}, received_at=clock_module.now())


def test_a_move_in_a_weekly_group_never_puts_two_dates_on_one_day(group, meeting, led, clock):
    group.program.every_weeks = 1
    group.program.save()
    planning.plan_ahead(group)
    days = [one.local_date for one in group.meetings.order_by("starts_at")]
    retiming.to_slot(group, 0 * 48 + 24, start=days[0], by=led)
    after = [one.local_date for one in group.meetings.order_by("starts_at")]
    assert [one.weekday() for one in after] == [0, 0, 0]
    assert after == sorted(set(after))
    assert after[0] >= days[0]
    assert rhythms.hour_of(group.__class__.objects.get(pk=group.pk)) == NOON
