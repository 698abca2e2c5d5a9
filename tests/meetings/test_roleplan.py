"""The plan of a season: who leads, who keeps the time, who hosts. No database."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.models.meeting import Role
from meetings.roleplan import Circle, Duty, Held, Member, Plan, Planned, Step, free, line, plan, step

LEADS, KEEPS, HOSTS = Duty.FACILITATOR, Duty.TIMEKEEPER, Duty.HOST
FIRST = date(2026, 1, 8)
START = datetime(2026, 5, 12, 18, tzinfo=UTC)
DAY = timedelta(days=1)
FEW = settings(max_examples=40)


def on(number: int) -> date:
    return FIRST + timedelta(weeks=6 * number)


def people(count: int) -> list[Member]:
    return [Member(key) for key in range(1, count + 1)]


def dates(count: int, *, season: int = 1, first: int = 0) -> list[Planned]:
    return [Planned(on(first + number), season) for number in range(count)]


def led(number: int, leads: int, keeps: int = 0, *, season: int = 1, could: int = 9) -> Held:
    did = {LEADS: leads} | ({KEEPS: keeps} if keeps else {})
    return Held(on(number), season, did, frozenset(range(1, could + 1)))


def leaders(planned: Plan) -> list[int | None]:
    return [one.get(LEADS) for one in planned]


def keepers(planned: Plan) -> list[int | None]:
    return [one.get(KEEPS) for one in planned]


def taken(circle: Circle) -> Circle:
    """The plan as it stands once it is written down."""
    rows = zip(circle.planned, plan(circle), strict=True)
    return replace(circle, planned=[replace(one, has=has) for one, has in rows])


@st.composite
def circles(draw: st.DrawFn) -> Circle:
    """Whoever there is, with whatever past, whoever is away, and with some who said yes."""
    keys = list(range(1, draw(st.integers(1, 9)) + 1))
    some = st.sampled_from(keys)
    members = [Member(key, new=draw(st.booleans()), willing=draw(st.integers(0, 3)) > 0) for key in keys]
    held = [led(number, draw(some), draw(some), could=draw(some)) for number in range(draw(st.integers(0, 4)))]
    planned = []
    for number in range(draw(st.integers(1, 6))):
        away = frozenset(draw(st.sets(some, max_size=3)))
        has = {duty: draw(some) for duty in Duty if draw(st.booleans())}
        there = len({key for key in has.values() if key not in away}) == len(has)
        agreed = frozenset(duty for duty in has if there and draw(st.booleans()))
        planned.append(Planned(on(4 + number), 1 + number // 3, away, has, agreed))
    return Circle(members, held, planned, draw(st.sampled_from([(LEADS, KEEPS), (LEADS, KEEPS, HOSTS)])))


def test_the_duties_are_the_roles_of_a_meeting() -> None:
    assert [duty.value for duty in Duty] == Role.values


@FEW
@given(circles())
def test_each_has_one_duty_at_a_date_nobody_who_is_away_has_any_and_a_yes_stays(circle: Circle) -> None:
    for one, has in zip(circle.planned, plan(circle), strict=True):
        assert len(set(has.values())) == len(has)
        assert set(has.values()) & one.away == set()
        assert {duty: has.get(duty) for duty in one.agreed & set(circle.duties)} == {
            duty: one.has[duty] for duty in one.agreed & set(circle.duties)
        }


@FEW
@given(circles())
def test_a_date_without_a_leader_is_one_at_which_nobody_could(circle: Circle) -> None:
    for one, has in zip(circle.planned, plan(circle), strict=True):
        if LEADS not in has:
            assert free(circle, one, has) == []
            assert set(has) == set(one.agreed) & set(circle.duties)


@FEW
@given(circles())
def test_made_again_it_is_the_same(circle: Circle) -> None:
    standing = taken(circle)
    assert plan(standing) == [one.has for one in standing.planned]


@FEW
@given(circles(), st.data())
def test_who_falls_out_leaves_everybody_else_where_they_were(circle: Circle, data: st.DataObject) -> None:
    standing = taken(circle)
    gone = data.draw(st.sampled_from([member.key for member in standing.members]))
    at = data.draw(st.none() | st.integers(0, len(standing.planned) - 1))
    without = (
        replace(standing, members=[member for member in standing.members if member.key != gone])
        if at is None
        else replace(
            standing,
            planned=[
                replace(one, away=one.away | {gone}) if number == at else one
                for number, one in enumerate(standing.planned)
            ],
        )
    )
    for number, (before, after) in enumerate(zip(standing.planned, plan(without), strict=True)):
        touched = at is None or number == at
        if touched and before.has.get(LEADS) == gone and after.get(LEADS) in before.has.values():
            continue  # nobody without a duty could lead, so one with another duty does
        stays = {duty: key for duty, key in before.has.items() if key != gone or not touched}
        assert {duty: after[duty] for duty in stays} == stays


@FEW
@given(circles())
def test_who_opted_out_is_passed_over_where_two_others_are_willing(circle: Circle) -> None:
    for one, has in zip(circle.planned, plan(circle), strict=True):
        willing = {member.key for member in circle.members if member.willing} - one.away
        asked = set(has.values()) - {one.has[duty] for duty in one.agreed}
        if len(willing) >= 2:
            assert asked <= willing


@FEW
@given(st.integers(3, 9), st.integers(1, 12))
def test_nobody_leads_or_keeps_the_time_twice_before_everybody_has_once(count: int, ahead: int) -> None:
    made = plan(Circle(people(count), [], dates(ahead)))
    for duty in (LEADS, KEEPS):
        times = Counter(one[duty] for one in made)
        assert max(times.values()) - min(times[member.key] for member in people(count)) <= 1


@FEW
@given(circles())
def test_a_newcomer_keeps_the_time_before_they_lead_unless_all_who_could_are_new_to_it(circle: Circle) -> None:
    fresh = replace(circle, planned=[replace(one, has={}, agreed=frozenset()) for one in circle.planned])
    made = plan(fresh)
    for at, has in enumerate(made):
        done = {key for did in [*(past.did for past in fresh.held), *made[:at]] for key in did.values()}
        green = {member.key for member in fresh.members if member.new} - done
        if has.get(LEADS) in green:
            assert set(line(fresh, [*made[:at], {}, *made[at + 1 :]], at, LEADS)) <= green


def test_of_founders_who_has_kept_the_time_leads_next() -> None:
    made = plan(Circle(people(4), [], dates(4)))
    assert (leaders(made), keepers(made)) == ([1, 2, 3, 4], [2, 3, 4, 1])


def test_a_newcomer_keeps_the_time_first_and_leads_the_date_after() -> None:
    circle = Circle([*people(3), Member(4, new=True)], [led(0, 1, 2), led(1, 2, 3), led(2, 3, 1)], dates(2, first=3))
    made = plan(circle)
    assert (keepers(made)[0], leaders(made)) == (4, [1, 4])


def test_over_two_seasons_whoever_led_less_comes_first() -> None:
    past = [led(0, 1), led(1, 2), led(2, 1), led(3, 3), led(4, 1), led(5, 2)]
    assert leaders(plan(Circle(people(4), past, dates(4, season=2, first=6)))) == [4, 3, 2, 1]


def test_a_pause_is_no_debt() -> None:
    """The second led once of four dates, the first once of two: it is the second one's turn."""
    past = [replace(led(number, number + 1), could=frozenset({1, 2} if number < 2 else {2})) for number in range(2)]
    past += [Held(on(number), 1, {}, frozenset({2})) for number in (2, 3)]
    assert leaders(plan(Circle(people(2), past, dates(1, season=2, first=4)))) == [2]


def test_who_can_only_at_one_date_has_that_one() -> None:
    planned = dates(3)
    planned[1:] = [replace(one, away=frozenset({3})) for one in planned[1:]]
    assert leaders(plan(Circle(people(3), [], planned)))[0] == 3


def test_two_willing_keep_it_going_and_with_one_everybody_takes_turns() -> None:
    two = [Member(1), Member(2), Member(3, willing=False), Member(4, willing=False)]
    assert set(leaders(plan(Circle(two, [], dates(4))))) == {1, 2}
    one = [Member(1), *(Member(key, willing=False) for key in (2, 3, 4))]
    assert sorted(leaders(plan(Circle(one, [], dates(4))))) == [1, 2, 3, 4]  # type: ignore[type-var]


def test_a_host_is_a_third_person() -> None:
    made = plan(Circle(people(5), [], dates(5), tuple(Duty)))
    assert [len(set(one.values())) for one in made] == [3] * 5
    assert sorted(one[HOSTS] for one in made) == [1, 2, 3, 4, 5]


WHILE_AGO = START - 30 * DAY


@pytest.mark.parametrize(
    ("left", "asked", "wanted", "found"),
    [
        (8, WHILE_AGO, None, Step.NOBODY),
        (7, WHILE_AGO, None, Step.NEXT),
        (7, None, None, Step.NOBODY),
        (6, START - 7 * DAY, None, Step.NOBODY),
        (5, START - 7 * DAY, None, Step.NEXT),
        (5, WHILE_AGO, START - 5 * DAY, Step.NEXT),
        (5, WHILE_AGO, START - 6 * DAY, Step.EVERYBODY),
        (4, WHILE_AGO, START - 7 * DAY, Step.EVERYBODY),
        (3, WHILE_AGO, START - 5 * DAY, Step.ORGANIZER),
        (3, WHILE_AGO, START - 4 * DAY, Step.EVERYBODY),
        (1, START - 2 * DAY, None, Step.NOBODY),
    ],
)
def test_a_week_before_others_are_asked_step_by_step(
    left: int, asked: datetime | None, wanted: datetime | None, found: Step
) -> None:
    assert step(START, START - left * DAY, asked_at=asked, wanted_at=wanted) is found
