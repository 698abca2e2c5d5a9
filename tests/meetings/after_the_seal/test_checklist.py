"""Four ticks for who leads, one letter an hour before, and a circle's year with at most four letters a meeting."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from groups.models.group import Membership
from meetings import calling, moving, planning, preparing, reminding, rotating, seating, swapping
from meetings.models.board import Board, Topic
from meetings.models.meeting import Format, Meeting, MeetingRole, Ready, Role
from meetings.models.seat import Answer, HourBefore, Seat, SkippedReminder, State, Via
from meetings.models.takeaway import Promise
from meetings.roleplan import Duty
from roundtable import clock as clock_module
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.groups.conftest import applicant

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("America/New_York")
DAY = timedelta(days=1)


@pytest.fixture
def led(meeting):
    return meeting.roles.select_related("person").get(role=Role.FACILITATOR).person


@pytest.fixture
def second(group, meeting):
    """Six weeks after the first: there is time for every reminder."""
    return planning.plan_ahead(group)[0]


def days_before(meeting, days, hour=9):
    there = meeting.starts_at.astimezone(HERE) - timedelta(days=days)
    return there.replace(hour=hour, minute=0)


def leader(meeting):
    return meeting.roles.get(role=Role.FACILITATOR).person


def told(kind, meeting):
    return list(Letter.objects.filter(kind=f"meetings/{kind}", about=meeting.about).values_list("to", flat=True))


def say(meeting, name, answer):
    seat = meeting.seats.get(person__email=f"{name}@example.org")
    return seating.respond(seat, answer, via=Via.PAGE, received_at=clock_module.now())


def test_who_leads_hears_of_the_ticks_two_weeks_and_a_week_before(second, clock):
    for days in (15, 14, 13, 7, 6):
        clock.to(days_before(second, days))
        reminding.remind()
    assert told("checklist", second) == [leader(second).email] * 2
    letter = Letter.objects.filter(kind="meetings/checklist").first()
    assert all(tick.label in letter.text for tick in Ready)
    assert f"{second.path}checklist/" in letter.text


def test_what_is_ticked_is_not_asked_again(second, clock):
    clock.to(days_before(second, 14))
    reminding.remind()
    ready = [Ready.FORMAT, Ready.SPONSOR, Ready.TOPICS]
    preparing.check_off(second, ready=ready, form=Format.LEAN_COFFEE, by=leader(second))
    clock.to(days_before(second, 7))
    reminding.remind()
    again = Letter.objects.filter(kind="meetings/checklist").latest("pk")
    assert [tick.label in again.text for tick in Ready] == [False, False, False, True]
    preparing.check_off(second, ready=list(Ready), form=Format.LEAN_COFFEE, by=leader(second))
    later = planning.AHEAD and second.group.meetings.latest("starts_at")
    preparing.check_off(later, ready=list(Ready), form=Format.LEAN_COFFEE, by=leader(later))
    for days in (14, 7):
        clock.to(days_before(later, days))
        reminding.remind()
    assert told("checklist", later) == []


def test_who_leads_reads_in_numbers_what_to_know_and_on_the_page_who_is_new(group, meeting, second, clock):
    tables = {one.meeting_id: one for one in Board.objects.filter(meeting__in=[meeting, second])}
    author = leader(second)
    for carried in (0, 1, 2):
        Topic.objects.create(board=tables[second.pk], title="Quarry", sponsor=author, times_carried=carried)
    Promise.objects.create(board=tables[meeting.pk], person=author, text="I write it down.")
    clock.to(meeting.ends_at + timedelta(hours=1))
    ida = applicant(group.program, "Ida", stage="placed").person
    calling.welcome(Membership.objects.create(group=group, person=ida, joined_on=clock_module.today()))
    say(second, "ida", Answer.YES)
    clock.to(days_before(second, 14))
    reminding.remind()
    letter = Letter.objects.get(kind="meetings/checklist")
    lines = [line for line in letter.text.splitlines() if line.startswith("- ")][-5:]
    assert lines == [
        "- 2 topics from earlier meetings",
        "- 1 promise to ask about first",
        "- 1 person for the first time",
        "- 1 comes, 3 have not said yet",
        "- more on the checklist's page",
    ]
    assert [word for word in ("Quarry", "write it down", "Ida") if word in letter.text + letter.html] == []
    browser = Client()
    browser.force_login(author)
    page = browser.get(f"{second.path}checklist/").content.decode()
    assert ("2 of them come along" in page, "1 to ask about first" in page, "Ida: greet them" in page) == (True,) * 3


def test_where_nobody_is_new_or_everybody_is_no_line_counts_who_is_there_for_the_first_time(meeting, second, clock):
    clock.to(days_before(meeting, 7))  # the very first one
    reminding.remind()
    clock.to(days_before(second, 14))
    reminding.remind()
    letters = Letter.objects.filter(kind="meetings/checklist")
    assert {one.about for one in letters} == {meeting.about, second.about}
    assert [one.about for one in letters if "first time" in one.text + one.html] == []


def test_another_format_changes_when_the_board_closes(second):
    before = Board.objects.get(meeting=second)
    preparing.check_off(second, ready=[], form=Format.DEEP_DIVE, by=leader(second))
    assert Meeting.objects.get(pk=second.pk).format == Format.DEEP_DIVE
    assert Board.objects.get(meeting=second).version == before.version + 1
    Board.objects.filter(meeting=second).update(phase="welcome")
    with pytest.raises(NotAllowed, match="board has begun"):
        preparing.check_off(second, ready=[Ready.ROOM], form=Format.TALK, by=leader(second))
    assert Meeting.objects.get(pk=second.pk).ready == []


def test_the_page_is_for_who_has_a_role_and_says_what_is_missing(second, clock):
    browser = Client()
    role_less = second.seats.exclude(person__in=second.roles.values("person")).first().person
    browser.force_login(role_less)
    assert browser.get(f"{second.path}checklist/").status_code == 404
    browser.force_login(leader(second))
    assert "0 wait on the board" in browser.get(f"{second.path}checklist/").content.decode()
    odd = browser.post(f"{second.path}checklist/", {"form": "talk", "ready": ["coffee"]}).content.decode()
    assert "Select a valid choice" in odd
    answer = browser.post(f"{second.path}checklist/", {"form": "talk", "ready": ["room", "topics"]}, follow=True)
    assert "Noted." in answer.content.decode()
    assert Meeting.objects.get(pk=second.pk).ready == ["topics", "room"]
    assert "2 of 4 ready" in browser.get(second.path).content.decode()
    clock.to(second.starts_at)
    late = browser.post(f"{second.path}checklist/", {"form": "talk", "ready": []}).content.decode()
    assert "This meeting has begun" in late


def test_an_hour_before_only_who_asked_for_it_and_comes(meeting, clock):
    for name in ("ada", "grace", "hedy"):
        say(meeting, name, Answer.NO if name == "hedy" else Answer.YES)
    browser = Client()
    for name in ("grace", "hedy"):
        browser.force_login(meeting.seats.get(person__email=f"{name}@example.org").person)
        for _ in range(2):
            browser.post(f"{meeting.path}hour-before/", {"wanted": "on"})
    clock.to(meeting.starts_at - timedelta(minutes=59))
    reminding.remind()
    reminding.remind()
    assert told("starting", meeting) == ["grace@example.org"]
    browser.post(f"{meeting.path}hour-before/", {})
    assert HourBefore.objects.get().person.email == "grace@example.org"


def test_what_could_not_be_written_in_its_time_is_recorded_once_and_not_sent_late(meeting, clock):
    Meeting.objects.filter(pk=meeting.pk).update(ready=Ready.values)
    clock.to(meeting.starts_at - timedelta(days=3, hours=12))
    assert reminding.remind() == 0
    reminding.remind()
    skipped = SkippedReminder.objects.values_list("what", "seat__person__email").order_by("seat__person__email")
    assert list(skipped) == [("please_answer", f"{name}@example.org") for name in ("ada", "grace", "hedy")]
    assert told("please_answer", meeting) == []


def test_an_outage_over_the_start_is_recorded_too_and_what_was_sent_is_not(meeting, clock):
    for name in ("ada", "grace", "hedy"):
        say(meeting, name, Answer.YES)
    Meeting.objects.filter(pk=meeting.pk).update(ready=Ready.values)
    HourBefore.objects.create(person=meeting.seats.first().person)
    clock.to(days_before(meeting, 1, hour=17))
    assert reminding.remind() == 3
    clock.to(meeting.starts_at + timedelta(hours=2))
    assert reminding.remind() == 0
    assert list(SkippedReminder.objects.values_list("what", flat=True)) == ["starting"]


def test_after_a_move_the_ticks_stay_and_the_letter_comes_for_the_new_date(second, clock):
    clock.to(days_before(second, 14))
    reminding.remind()
    moved = moving.move(second, on=second.local_date + 7 * DAY, at=second.local_time, by=leader(second))
    clock.to(days_before(moved, 14))
    reminding.remind()
    assert told("checklist", second) == [leader(second).email] * 2


def test_a_date_that_was_called_off_asks_nobody_for_ticks(second, clock):
    moving.call_off(second, by=leader(second))
    clock.to(days_before(second, 14))
    reminding.remind()
    assert told("checklist", second) == []


def moments_of(meeting):
    """When the sweep has something to write for a meeting, and once in between."""
    at_nine = [days_before(meeting, days, hour) for days in (14, 13, 8, 7, 6, 3, 2) for hour in (9, 12)]
    before = [meeting.starts_at - timedelta(minutes=minutes) for minutes in (24 * 60, 23 * 60, 59, 30)]
    return sorted([*at_nine, *before])


def agree(group):
    """Whoever was told of their turn says yes."""
    told = Letter.objects.filter(kind="meetings/your_turn").values("person", "about")
    for role in MeetingRole.objects.filter(meeting__group=group, accepted_at=None).select_related("meeting", "person"):
        if told.filter(person=role.person, about=role.meeting.about).exists():
            swapping.accept(role.meeting, Duty(role.role), by=role.person)


def test_in_a_circles_year_nobody_gets_more_than_four_letters_for_a_meeting(group, meeting, clock):
    """Ada answers at once, Grace when asked, Hedy does not know until the last day; all want the hour before."""
    for membership in group.memberships.all():
        HourBefore.objects.create(person=membership.person)
    year = clock.now() + timedelta(days=365)
    led, days = set(), Counter()
    while clock.now() < year:
        planning.keep_ahead()
        coming_up = Meeting.objects.filter(group=group).coming_up(clock.now()).first()
        led.add((leader(coming_up).email, coming_up.about))
        say(coming_up, "ada", Answer.YES)
        say(coming_up, "hedy", Answer.MAYBE)
        for moment in moments_of(coming_up):
            if moment > clock.now():
                clock.to(moment)
                days[moment.date()] += reminding.remind()
                rotating.keep()
                agree(group)
            if told("please_answer", coming_up) and moment > coming_up.starts_at - 7 * DAY + timedelta(hours=1):
                say(coming_up, "grace", Answer.YES)
            if moment >= coming_up.starts_at - 2 * DAY:
                say(coming_up, "hedy", Answer.YES)
        clock.to(coming_up.ends_at + timedelta(minutes=1))
    assert Seat.objects.filter(state=State.COMING).count() >= 3 * 8
    taken = Letter.objects.exclude(state="cancelled").filter(about__startswith="meeting:")
    checklists = Counter(taken.filter(kind="meetings/checklist").values_list("to", "about"))
    turns = Counter(taken.filter(kind="meetings/your_turn").values_list("to", "about"))
    apart = ("meetings/checklist", "meetings/your_turn")
    others = Counter(taken.exclude(kind__in=apart).values_list("to", "about"))
    assert set(checklists) <= led
    assert (set(turns.values()), taken.filter(kind="meetings/lead_wanted").count()) == ({1}, 0)
    assert set(checklists.values()) == {2, 1} or set(checklists.values()) == {2}
    assert max(others[one] for one in others.keys() - led) == 4
    assert max(others[one] for one in led) <= 5  # and how many are silent, three days before
