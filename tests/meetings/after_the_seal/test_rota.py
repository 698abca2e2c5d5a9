"""The rota of a circle: who has which role, who is asked when, how it is swapped, and what everybody sees of it."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from groups import repairing, sabbaticals
from meetings import moving, planning, preparing, rotating, seating, skipping, swapping
from meetings.models.meeting import Format, MeetingRole, Role
from meetings.models.rota import OptOut, RoleOffer
from meetings.models.seat import Answer, Attendance, Via
from meetings.roleplan import Duty
from members.models.person import Person
from roundtable import clock as clock_module
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db
LEADS, KEEPS = Duty.FACILITATOR, Duty.TIMEKEEPER
HERE = ZoneInfo("America/New_York")
NAMES = ("ada", "grace", "hedy", "jean", "karen")


@pytest.fixture
def group(circle):
    return circle(*[one.capitalize() for one in NAMES])


@pytest.fixture
def dates(group):
    """The three dates that stand."""
    planning.plan_ahead(group)
    return list(group.meetings.order_by("starts_at"))


def name(person):
    return person.email.partition("@")[0]


def who(meeting, duty=LEADS):
    role = meeting.roles.filter(role=duty).select_related("person").first()
    return name(role.person) if role else None


def leaders(dates):
    return [who(one) for one in dates]


def person(who):
    return Person.objects.get(email=f"{who}@example.org")


def say(meeting, who, answer):
    return seating.respond(meeting.seats.get(person=person(who)), answer, via=Via.PAGE, received_at=clock_module.now())


def days_before(meeting, days, hour=9):
    return (meeting.starts_at.astimezone(HERE) - timedelta(days=days)).replace(hour=hour, minute=0)


def sweep(clock, moment):
    clock.to(moment)
    rotating.keep()


def agree(meeting, duty=LEADS):
    swapping.accept(meeting, duty, by=person(who(meeting, duty)))


def test_three_dates_have_three_leaders_and_whoever_kept_the_time_leads_next(dates):
    assert leaders(dates) == ["ada", "grace", "hedy"]
    assert [who(one, KEEPS) for one in dates] == ["grace", "hedy", "jean"]


def test_what_was_really_done_counts(group, dates, clock):
    """Ada had the first date and did not come: of those who led nothing she is next again."""
    first = dates[0]
    first.seats.update(attendance=Attendance.PRESENT)
    first.seats.filter(person=person("ada")).update(attendance=Attendance.ABSENT)
    clock.to(first.ends_at + timedelta(minutes=1))
    MeetingRole.objects.filter(meeting__in=dates[1:]).delete()
    swapping.opt_in(group.memberships.first())
    for one in dates[1:]:
        swapping.take(one, LEADS, by=person("ada" if one == dates[1] else "jean"))
    assert who(planning.plan_ahead(group)[0]) in {"grace", "hedy", "karen"}


@pytest.mark.parametrize("way", ["no", "sabbatical", "leaves"])
def test_who_falls_out_gives_the_role_on_and_nobody_else_is_touched(way, group, dates, member):
    agree(dates[1], KEEPS)
    before = {(one.pk, duty): who(one, duty) for one in dates for duty in (LEADS, KEEPS)}
    if way == "no":
        say(dates[0], "ada", Answer.NO)
    elif way == "sabbatical":
        sabbaticals.begin(member(group, "ada"), meetings=1)
    else:
        repairing.leave(member(group, "ada"), back_to_pool=True)
    after = {(one.pk, duty): who(one, duty) for one in dates for duty in (LEADS, KEEPS)}
    assert {key for key in before if before[key] != after[key]} == {(dates[0].pk, LEADS)}
    assert after[dates[0].pk, LEADS] in {"jean", "karen"}


def test_a_no_by_who_has_said_yes_gives_it_on_too_and_a_yes_brings_nothing_back(dates):
    agree(dates[0])
    say(dates[0], "ada", Answer.NO)
    say(dates[0], "ada", Answer.YES)
    assert (who(dates[0]), dates[0].roles.get(role=LEADS).accepted_at) == ("jean", None)


def test_who_opted_out_is_passed_over_and_comes_back_to_the_next_free_date(group, dates, member):
    agree(dates[0])
    for one in ("ada", "grace"):
        swapping.opt_out(member(group, one))
        swapping.opt_out(member(group, one))
    held = {name(role.person) for role in MeetingRole.objects.filter(meeting__in=dates[1:]).select_related("person")}
    assert (leaders(dates)[0], held & {"ada", "grace"}) == ("ada", set())
    swapping.opt_in(member(group, "grace"))
    say(dates[1], who(dates[1]), Answer.NO)
    assert (who(dates[1]), OptOut.objects.count()) == ("grace", 1)


def test_a_date_that_is_taken_back_has_its_two_again(group, dates):
    say(dates[1], "grace", Answer.NO)
    moving.call_off(dates[1], by=person("ada"))
    skipping.take_back(group, dates[1].occurrence_date, by=person("ada"))
    dates[1].refresh_from_db()
    assert None not in (who(dates[1]), who(dates[1], KEEPS))


def test_whose_turn_it_is_hears_of_it_once_four_weeks_before(dates, letters, clock):
    third = dates[2]
    sweep(clock, days_before(third, 29))
    assert not Letter.objects.filter(about=third.about, kind="meetings/your_turn").exists()
    for hour in (8, 9, 10):
        sweep(clock, days_before(third, 28, hour))
    told = Letter.objects.filter(about=third.about, kind="meetings/your_turn")
    assert sorted(told.values_list("to", flat=True)) == ["hedy@example.org", "jean@example.org"]
    assert "It is your turn to lead" in told.get(to="hedy@example.org").text
    assert [one for one in NAMES if one.capitalize() in told.first().text] == []


def test_near_a_date_they_hear_of_it_at_once_but_not_at_night_and_not_after_a_yes(dates, letters, clock):
    first = dates[0]
    agree(first)
    sweep(clock, days_before(first, 10, hour=23))
    assert letters("meetings/your_turn") == []
    sweep(clock, days_before(first, 9, hour=8))
    assert letters("meetings/your_turn") == ["grace"]


def test_after_a_move_they_hear_of_the_new_date(dates, clock):
    first = dates[0]
    sweep(clock, days_before(first, 10))
    moved = moving.move(first, on=first.local_date + timedelta(days=3), at=first.local_time, by=person("ada"))
    rotating.keep()
    told = Letter.objects.filter(about=first.about, kind="meetings/your_turn", to="ada@example.org").order_by("pk")
    assert [one.state for one in told] == ["cancelled", "queued"]
    assert f"{moved.local_date:%-d}" in told[1].subject


def test_without_a_yes_the_next_two_are_asked_then_all_then_an_organizer(dates, letters, clock, organizer):
    second = dates[1]
    sweep(clock, days_before(second, 28))
    sweep(clock, days_before(second, 8))
    assert letters("meetings/lead_wanted") == []
    for hour in (18, 19):
        sweep(clock, days_before(second, 7, hour))
    two = letters("meetings/lead_wanted")
    assert (len(two), "grace" in two) == (2, False)
    for hour in (18, 19):
        sweep(clock, days_before(second, 5, hour))
    assert letters("meetings/lead_wanted") == ["ada", "hedy", "jean", "karen"]
    assert letters("meetings/nobody_leads") == []
    for hour in (18, 19):
        sweep(clock, days_before(second, 3, hour))
    line = Letter.objects.get(kind="meetings/nobody_leads")
    assert (line.to, [one for one in NAMES if one.capitalize() in line.text]) == (organizer.email, [])


def test_where_nobody_else_could_lead_the_organizer_hears_of_it_all_the_same(dates, letters, clock):
    for one in NAMES[1:]:
        say(dates[0], one, Answer.NO)
    clock.to(days_before(dates[0], 5, hour=18))
    rotating.keep()
    sweep(clock, days_before(dates[0], 3, hour=18))
    assert (letters("meetings/lead_wanted"), len(letters("meetings/nobody_leads"))) == ([], 1)


def test_where_somebody_says_yes_nobody_else_is_asked_and_letters_that_wait_are_taken_back(dates, letters, clock):
    second = dates[1]
    sweep(clock, days_before(second, 28))
    sweep(clock, days_before(second, 7, hour=18))
    swapping.take(second, LEADS, by=person("karen"))
    assert (who(second), letters("meetings/lead_wanted")) == ("karen", [])
    for days in (5, 3):
        sweep(clock, days_before(second, days, hour=18))
    assert (letters("meetings/lead_wanted"), letters("meetings/nobody_leads")) == ([], [])
    with pytest.raises(NotAllowed, match="said yes already"):
        swapping.take(second, LEADS, by=person("ada"))


def test_who_ticks_something_off_has_said_yes(dates):
    preparing.check_off(dates[1], ready=[], form=Format.LEAN_COFFEE, by=person("grace"))
    agreed = dict(dates[1].roles.values_list("role", "accepted_at"))
    assert (agreed[LEADS] is not None, agreed[KEEPS]) == (True, None)


def test_before_that_week_nobody_takes_it_from_whose_turn_it_is(dates):
    with pytest.raises(NotAllowed, match="said yes already"):
        swapping.take(dates[2], LEADS, by=person("ada"))
    MeetingRole.objects.filter(meeting=dates[2], role=KEEPS).delete()
    swapping.take(dates[2], KEEPS, by=person("karen"))
    assert who(dates[2], KEEPS) == "karen"


def test_who_keeps_the_time_and_takes_the_lead_gives_the_time_to_the_next(dates, clock):
    clock.to(days_before(dates[0], 6))
    swapping.take(dates[0], LEADS, by=person("grace"))
    assert who(dates[0]) == "grace"
    assert who(dates[0], KEEPS) not in (None, "grace")


def test_two_dates_are_swapped_by_one_press_each(dates, letters):
    made = swapping.offer(dates[0], LEADS, by=person("ada"), to=person("hedy").public_id, against=dates[2].public_id)
    assert (letters("meetings/role_offered"), leaders(dates)) == (["hedy"], ["ada", "grace", "hedy"])
    swapping.answer(dates[0], LEADS, by=person("hedy"), yes=True)
    assert leaders(dates) == ["hedy", "grace", "ada"]
    agreed = MeetingRole.objects.filter(role=LEADS, meeting__in=[dates[0], dates[2]], accepted_at=None)
    assert (agreed.count(), RoleOffer.objects.count(), letters("meetings/role_answered")) == (0, 0, ["ada"])
    text = (
        Letter.objects.get(kind="meetings/role_answered").text + Letter.objects.get(kind="meetings/role_offered").text
    )
    assert [one for one in NAMES if one.capitalize() in text] == []
    with pytest.raises(NotAllowed, match="not offered to you any more"):
        swapping.answer(dates[0], LEADS, by=person("hedy"), yes=True)
    assert made.by == person("ada")


def test_a_no_leaves_everything_and_tells_who_asked(dates, letters):
    swapping.offer(dates[0], LEADS, by=person("ada"), to=person("karen").public_id)
    swapping.answer(dates[0], LEADS, by=person("karen"), yes=False)
    assert (leaders(dates), RoleOffer.objects.count()) == (["ada", "grace", "hedy"], 0)
    assert "It is still your turn" in Letter.objects.get(kind="meetings/role_answered").text


def test_without_a_name_whoever_is_next_is_asked_and_asking_again_asks_nobody_twice(dates, letters):
    swapping.offer(dates[0], LEADS, by=person("ada"))
    assert (RoleOffer.objects.get().to, RoleOffer.objects.get().against) == (person("grace"), dates[1])
    swapping.offer(dates[0], LEADS, by=person("ada"), to=person("karen").public_id)
    assert letters("meetings/role_offered") == ["karen"]
    swapping.withdraw(dates[0], LEADS, by=person("ada"))
    swapping.withdraw(dates[0], LEADS, by=person("ada"))
    assert (letters("meetings/role_offered"), RoleOffer.objects.count()) == ([], 0)


@pytest.mark.parametrize("falls", ["no by who asked", "no by who is asked", "asked leaves", "date begins"])
def test_an_offer_ends_with_what_it_was_about(falls, group, dates, member, clock):
    swapping.offer(dates[0], LEADS, by=person("ada"), to=person("hedy").public_id, against=dates[2].public_id)
    {
        "no by who asked": lambda: say(dates[0], "ada", Answer.NO),
        "no by who is asked": lambda: say(dates[2], "hedy", Answer.NO),
        "asked leaves": lambda: repairing.leave(member(group, "hedy"), back_to_pool=True),
        "date begins": lambda: sweep(clock, dates[0].starts_at),
    }[falls]()
    assert RoleOffer.objects.count() == 0


@pytest.mark.parametrize(
    ("to", "against"),
    [("nobody", None), ("ada", None), ("grace", 2), ("stranger", None)],
    ids=["unknown", "oneself", "not their date", "no member"],
)
def test_only_who_can_is_asked(to, against, dates):
    found = Person.objects.filter(email=f"{to}@example.org").first()
    whom = found.public_id if found else to
    with pytest.raises(NotAllowed, match="cannot be asked"):
        swapping.offer(
            dates[0], LEADS, by=person("ada"), to=whom, against="" if against is None else dates[against].public_id
        )


def test_what_is_not_mine_i_neither_accept_nor_offer_and_nothing_goes_once_it_has_begun(dates, clock):
    for act in (swapping.accept, swapping.offer, swapping.withdraw):
        with pytest.raises(NotAllowed, match="somebody else’s"):
            act(dates[0], LEADS, by=person("karen"))
    clock.to(dates[0].starts_at)
    with pytest.raises(NotAllowed, match="has begun"):
        swapping.accept(dates[0], LEADS, by=person("ada"))


def test_who_said_no_to_the_date_takes_nothing_there(dates, clock):
    clock.to(days_before(dates[0], 6))
    say(dates[0], "karen", Answer.NO)
    with pytest.raises(NotAllowed, match="not there at this date"):
        swapping.take(dates[0], LEADS, by=person("karen"))


def turn_of(meeting):
    return reverse("meetings:your_turn", args=[meeting.public_id])


def test_the_letters_link_says_yes_without_names_and_looking_changes_nothing(dates, client, clock):
    sweep(clock, days_before(dates[0], 6))
    letter = Letter.objects.get(kind="meetings/your_turn", to="ada@example.org")
    page = client.get(f"/your-turn/{letter.secrets_by_mark()['~~token~~']}/", follow=True)
    text = page.content.decode()
    assert "It is your turn to lead the meeting" in text
    assert [one for one in ("Grace", "Hedy", "Karen") if one in text] == []
    assert dates[0].roles.get(role=LEADS).accepted_at is None
    said = client.post(turn_of(dates[0]), {"what": "accept", "role": "facilitator"}, follow=True).content.decode()
    assert "Thank you. It is yours." in said
    assert dates[0].roles.get(role=LEADS).accepted_at is not None
    client.post(turn_of(dates[0]), {"what": "ask", "role": "facilitator"})
    assert RoleOffer.objects.get().to == person("grace")
    assert "Grace" not in client.get(turn_of(dates[0])).content.decode()


def test_signed_in_a_member_swaps_by_name_from_the_page_and_the_other_answers_on_the_meetings_page(dates, client):
    client.force_login(person("ada"))
    assert "Swap dates" in client.get(turn_of(dates[0])).content.decode()
    whom = f"{person('hedy').public_id} {dates[2].public_id}"
    client.post(turn_of(dates[0]), {"what": "ask", "role": "facilitator", "whom": whom})
    assert "Hedy is asked to take it" in client.get(dates[0].path).content.decode()
    client.force_login(person("hedy"))
    assert "Ada asks you to lead the meeting" in client.get(dates[0].path).content.decode()
    client.post(turn_of(dates[0]), {"what": "yes", "role": "facilitator"})
    assert leaders(dates) == ["hedy", "grace", "ada"]
    late = client.post(turn_of(dates[0]), {"what": "yes", "role": "facilitator"}, follow=True).content.decode()
    assert "not offered to you any more" in late


@pytest.mark.parametrize(
    "odd",
    [{}, {"what": "accept"}, {"what": "sing", "role": "host"}, {"what": "ask", "role": "facilitator", "whom": "'; --"}],
)
def test_an_odd_press_changes_nothing_and_says_so(odd, dates, client):
    client.force_login(person("ada"))
    said = client.post(turn_of(dates[0]), odd, follow=True).content.decode()
    assert "Please press one of the buttons" in said
    assert (RoleOffer.objects.count(), MeetingRole.objects.exclude(accepted_at=None).count()) == (0, 0)


def test_the_page_of_the_season_shows_who_leads_who_said_yes_and_how_it_is_shared(group, dates, client, clock):
    agree(dates[0])
    dates[0].seats.update(attendance=Attendance.PRESENT)
    clock.to(dates[0].ends_at + timedelta(minutes=1))
    planning.plan_ahead(group)
    agree(dates[1])
    client.force_login(person("hedy"))
    page = client.get(reverse("meetings:rota", args=[group.public_id])).content.decode()
    assert page.count('<li class="card"') == 6
    assert (page.count("has said yes"), page.count("nobody has been asked")) == (1, 2)
    assert "Hedy (you)" in page
    shares = re.findall(r'<dt>(\w+)</dt>\s*<dd class="cluster"><span>led (\d), (\d) to come', page)
    assert shares == [
        ("Ada", "1", "0"),
        ("Grace", "0", "1"),
        ("Hedy", "0", "1"),
        ("Jean", "0", "1"),
        ("Karen", "0", "0"),
    ]


def test_one_press_opts_out_and_back_in(group, dates, client):
    client.force_login(person("ada"))
    page, press = (reverse(f"meetings:{one}", args=[group.public_id]) for one in ("group", "opt_out"))
    assert "Pass me over in the rota" in client.get(page).content.decode()
    client.post(press, {"out": "on"})
    assert "You are passed over" in client.get(page).content.decode()
    assert who(dates[0]) != "ada"
    client.post(press)
    assert OptOut.objects.count() == 0


@pytest.mark.parametrize("names", [NAMES[:3], NAMES])
def test_the_rota_and_the_sweep_ask_the_same_for_three_members_and_for_five(
    names, circle, client, clock, django_assert_num_queries
):
    group = circle(*[one.capitalize() for one in names])
    planning.plan_ahead(group)
    client.force_login(person("ada"))
    with django_assert_num_queries(11):
        assert client.get(reverse("meetings:rota", args=[group.public_id])).status_code == 200
    rotating.keep()
    with django_assert_num_queries(5):
        rotating.keep()


def test_in_a_room_a_third_one_hosts_and_decides_nothing(group, client):
    type(group).objects.filter(pk=group.pk).update(mode="in_person", metro="Lisbon")
    group.refresh_from_db()
    second = planning.plan_ahead(group)[0]
    host = second.roles.get(role=Role.HOST).person
    assert len(set(second.roles.values_list("person", flat=True))) == 3
    client.force_login(host)
    assert client.get(reverse("meetings:checklist", args=[second.public_id])).status_code == 404
    assert "your turn to see to the room" in client.get(second.path).content.decode()
