"""Who was there: ticked by who leads, corrected by each for themselves, read by the others only in counts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from groups.models.group import Group
from meetings import attendance, attending, board, preparing
from meetings.models.board import Board
from meetings.models.cadence import GroupChoice
from meetings.models.meeting import Meeting, Role, State
from meetings.models.seat import Attendance, Seat
from members.models.program import Roster
from roundtable.errors import NotAllowed

pytestmark = pytest.mark.django_db
ABSENT, EXCUSED, LATE, PRESENT = Attendance.ABSENT, Attendance.EXCUSED, Attendance.LATE, Attendance.PRESENT


@pytest.fixture
def led(meeting):
    return meeting.roles.select_related("person").get(role=Role.FACILITATOR).person


@pytest.fixture
def over(meeting, clock):
    clock.to(meeting.ends_at + timedelta(hours=1))
    return meeting


def seat(meeting, name):
    return Seat.objects.select_related("meeting__group", "person").get(
        meeting=meeting, person__email=f"{name}@example.org"
    )


def said(meeting):
    rows = meeting.seats.order_by("person__name").values_list("person__email", "attendance")
    return {email.partition("@")[0]: word for email, word in rows}


def test_who_leads_ticks_and_a_members_own_word_stays(over, led):
    attendance.correct(seat(over, "hedy"), LATE)
    words = {seat(over, name).public_id: ABSENT for name in ("ada", "hedy")}
    attendance.tick(over, words | {seat(over, "grace").public_id: EXCUSED}, by=led)
    assert said(over) == {"ada": ABSENT, "grace": EXCUSED, "hedy": LATE}
    attendance.correct(seat(over, "ada"), PRESENT)
    assert said(over)["ada"] == PRESENT


@pytest.mark.parametrize(
    ("when", "sentence"),
    [("before", "has not begun"), ("week", "A week has passed"), ("cancelled", "called off")],
)
def test_too_early_too_late_or_nobody_met(when, sentence, meeting, led, clock):
    moment = {"before": meeting.starts_at - timedelta(minutes=1), "week": meeting.ends_at + timedelta(days=7)}
    clock.to(moment.get(when, meeting.ends_at))
    if when == "cancelled":
        Meeting.objects.filter(pk=meeting.pk).update(state=State.CANCELLED)
    with pytest.raises(NotAllowed, match=sentence):
        attendance.tick(meeting, {seat(meeting, "ada").public_id: PRESENT}, by=led)
    with pytest.raises(NotAllowed, match=sentence):
        attendance.correct(seat(meeting, "ada"), PRESENT)
    assert set(said(meeting).values()) == {"unknown"}


def test_the_close_of_the_board_fills_in_only_what_nobody_has_said(meeting, led, clock):
    table = Board.objects.select_related("meeting__group").get(meeting=meeting)
    clock.to(meeting.starts_at)
    for name in ("ada", "grace"):
        attending.here(table, by=seat(meeting, name).person)
    attendance.correct(seat(meeting, "ada"), EXCUSED)
    board.close(table, by=led, step=Board.objects.get(pk=table.pk).step)
    assert said(meeting) == {"ada": "excused", "grace": "present", "hedy": "unknown"}


def test_at_a_roundtable_nobody_opens_the_memory_for_themselves(over, led):
    Group.objects.filter(pk=over.group_id).update(roster=Roster.OPEN)
    over.seats.filter(person__email="grace@example.org").update(state="coming")
    with pytest.raises(NotAllowed, match="whoever leads says who was there"):
        attendance.correct(seat(over, "ada"), PRESENT)
    over.refresh_from_db()
    attendance.tick(over, {one.public_id: PRESENT for one in over.seats.all()}, by=led)
    assert said(over) == {"ada": "unknown", "grace": "present", "hedy": "unknown"}


def test_the_page_takes_the_words_of_who_leads_and_of_each_member(over, led):
    browser, hedy = Client(), seat(over, "hedy")
    browser.force_login(hedy.person)
    answer = browser.post(f"{over.path}my-attendance/", {"attendance": "late"}, follow=True).content.decode()
    assert "your own word stays" in answer
    assert (
        "Please choose"
        in browser.post(f"{over.path}my-attendance/", {"attendance": "asleep"}, follow=True).content.decode()
    )
    browser.force_login(led)
    assert "Say who was there" in browser.get(over.path).content.decode()
    words = {f"seat-{one.public_id}": "absent" for one in over.seats.all()}
    assert "Noted." in browser.post(f"{over.path}attended/", words, follow=True).content.decode()
    assert (said(over)["hedy"], set(said(over).values())) == ("late", {"late", "absent"})
    odd = {f"seat-{hedy.public_id}": "asleep"}
    assert "nothing has changed" in browser.post(f"{over.path}attended/", odd, follow=True).content.decode()


def test_without_a_role_nobody_says_it_of_others_and_nobody_reads_it(over):
    role_less = over.seats.exclude(person__in=over.roles.values("person")).get().person
    over.seats.update(attendance=ABSENT)
    browser = Client()
    browser.force_login(role_less)
    assert browser.post(f"{over.path}attended/", {}).status_code == 404
    assert browser.get(over.path).content.decode().count("So far it says: absent") == 1
    assert "Say who was there" not in browser.get(over.path).content.decode()


def test_after_it_who_leads_reads_who_was_there_and_the_others_what_was_said_before(meeting, led, clock):
    meeting.seats.update(attendance=PRESENT)
    meeting.seats.filter(person__email="grace@example.org").update(attendance=LATE)
    role_less = meeting.seats.exclude(person__in=meeting.roles.values("person")).get().person

    def shown(person):
        browser = Client()
        browser.force_login(person)
        found = browser.get(meeting.path).content.decode()
        heading = re.search(r"<h2>(Who [^<]+)</h2>", found)[1]
        return heading, sorted(re.findall(r"<small>(.+?)</small></li>", found))

    invited = ["invited"] * 3
    assert shown(led) == ("Who is coming", invited)
    clock.to(meeting.starts_at + timedelta(minutes=30))
    Meeting.objects.filter(pk=meeting.pk).update(state=State.HELD)  # its board was closed early
    assert shown(led) == ("Who was there", ["late", "present", "present"])
    assert shown(role_less) == ("Who meant to come", ["gave no answer"] * 3)
    clock.to(attendance.open_until(meeting))
    assert shown(led)[0] == "Who meant to come"


def test_standings_are_off_until_the_group_chooses_them_and_leave_pauses_out(over, group, led):
    over.seats.update(attendance=PRESENT)
    over.seats.filter(person__email="grace@example.org").update(attendance=ABSENT)
    over.seats.filter(person__email="hedy@example.org").update(attendance=EXCUSED)
    assert attendance.standings(group) is None
    browser = Client()
    browser.force_login(led)
    page = f"/groups/{group.public_id}/"
    assert "Who came how often" not in browser.get(page).content.decode()
    browser.post(f"{page}choices/", {"standings": "on", "link_minutes": "30"})
    found = [(one.name.split()[0], one.came, one.of) for one in attendance.standings(group)]
    assert found == [("Ada", 1, 1), ("Grace", 0, 1)]
    assert "0 of 1" in browser.get(page).content.decode()
    preparing.choose(group, standings=False, link_minutes=30, by=led)
    assert attendance.standings(group) is None


def test_a_choice_that_is_none_changes_nothing(group, meeting, led):
    browser = Client()
    browser.force_login(led)
    page = browser.post(f"/groups/{group.public_id}/choices/", {"standings": "on", "link_minutes": "7"}, follow=True)
    assert "nothing has changed" in page.content.decode()
    assert not GroupChoice.objects.exists()


def test_organizers_read_how_many_came_and_never_who(over, group, organizer, client):
    over.seats.update(attendance=PRESENT)
    over.seats.filter(person__email="grace@example.org").update(attendance=ABSENT)
    client.force_login(organizer)
    shown = client.get(f"/admin/groups/group/living/{group.public_id}/").content.decode()
    assert "2 of 3" in shown
    assert [name for name in ("Ada", "Grace", "Hedy") if name in shown] == []


def test_the_form_begins_with_what_was_announced_and_leaves_the_rest_open(over, led):
    for name, state in {"ada": "coming", "grace": "not_coming"}.items():
        over.seats.filter(person__email=f"{name}@example.org").update(state=state)
    browser = Client()
    browser.force_login(led)
    shown = browser.get(over.path).content.decode()
    assert [shown.count(f'value="{word}" selected') for word in ("present", "excused", "", "absent")] == [1, 1, 1, 0]
    browser.post(f"{over.path}attended/", {f"seat-{one.public_id}": "" for one in over.seats.all()})
    assert set(said(over).values()) == {"unknown"}
