from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings import cadence, slots
from meetings.cadence import LAST, EveryNWeeks, NthWeekday
from meetings.reasons import Everybody, Fewer, Holiday, OddHour, sentences
from meetings.slots import Person
from members.weekhours import FULL, WeekHours

MONDAY = date(2027, 1, 4)
WEEKLY, SIX_WEEKS = EveryNWeeks(1, 0), EveryNWeeks(6, 0)
LOS_ANGELES, NEW_YORK, MADRID, SYDNEY = "America/Los_Angeles", "America/New_York", "Europe/Madrid", "Australia/Sydney"


def mask(start, end, days=range(5)):
    """The half hours from one hour of the day to another on these weekdays."""
    return sum(1 << (day * 48 + half) for day in days for half in range(int(start * 2), int(end * 2)))


def free(zone, start, end, name=None):
    return Person(name or zone, WeekHours(mask(start, end), 0, zone))


def thursdays(weeks):
    return [date(2027, 1, 7) + timedelta(weeks=number) for number in range(0, 52, weeks)]


def judged(people, at, zone=MADRID, weeks=1):
    return slots.judge(people, thursdays(weeks), at=at, zone=zone, minutes=90)


def years(rule):
    """The dates of 52 weeks on each weekday."""
    rules = [cadence.Cadence(replace(rule, weekday=day), time(12), "UTC", 60, MONDAY) for day in range(7)]
    return [cadence.dates_between(one, MONDAY, MONDAY + timedelta(weeks=52, days=-1)) for one in rules]


def said(slot):
    return [str(reason) for reason in slot.reasons]


def test_the_best_slot_of_one_city_fits_all_on_all_dates():
    people = [free(MADRID, start, 19, str(start)) for start in (9, 16, 17.5)]
    best = slots.rank(people, years(SIX_WEEKS), zone=MADRID, minutes=90)[0]
    assert (best.weekday, best.at, best.fits_all, best.reasons) == (0, time(17, 30), True, (Everybody(3, good=True),))
    assert best.dates == tuple(MONDAY + timedelta(weeks=6 * number) for number in range(9))


def test_each_start_from_five_in_the_morning_on_is_judged_on_a_year_of_dates():
    ranked = slots.rank([free(MADRID, 9, 19)], years(WEEKLY), zone=MADRID, minutes=90, limit=999)
    assert len({(slot.weekday, slot.at) for slot in ranked}) == len(ranked) == 7 * 38
    assert min(slot.at for slot in ranked) == time(5)
    assert {len(slot.dates) for slot in ranked} == {52}


def test_a_monthly_group_is_judged_on_its_twelve_dates():
    best, *_ = slots.rank([free(MADRID, 9, 19)], years(NthWeekday(LAST, 0)), zone=MADRID, minutes=90)
    assert (len(best.dates), best.dates[0]) == (12, date(2027, 1, 25))


def test_new_york_madrid_and_sydney_have_no_common_hour_in_the_year():
    people = [free(NEW_YORK, 8, 19), free(MADRID, 9, 19), free(SYDNEY, 7, 22)]
    ranked = slots.rank(people, years(WEEKLY), zone=NEW_YORK, minutes=90, limit=999)
    fitting = [sum(_all_fit(people, day, slot) for day in slot.dates) for slot in ranked]
    assert max(fitting) == 0


def _all_fit(people, day, slot):
    start = cadence.instant(day, slot.at, slot.zone)
    return all(slots.fits(person.hours, start, slot.minutes) for person in people)


def test_the_weeks_in_which_the_clocks_disagree_are_named():
    """In 2027 New York changes its clocks two weeks before Madrid in spring and a week after it in autumn."""
    slot = judged([free(MADRID, 9, 19), free(NEW_YORK, 11.5, 13)], time(17, 30))
    assert slot.reasons == (Fewer(1, 2, (11, 12, 44)),)
    assert said(slot) == ["1 of 2 in weeks 11-12 and 44"]
    assert (slot.worst, slot.mean) == (1, (49 * 2 + 3) / 52)


def test_hours_that_are_only_possible_are_said_to_be_so():
    maybe = Person("maybe", WeekHours(0, mask(9, 19), MADRID))
    slot = judged([free(MADRID, 9, 19), maybe], time(17, 30))
    assert (said(slot), slot.good_share) == (["all 2, good or possible hours all year"], 0.5)
    assert slot.pain == {MADRID: 0, "maybe": 52}


def test_an_unfair_hour_is_said_with_its_months_and_without_a_name():
    slot = judged([free(MADRID, 9, 19), free("Asia/Tokyo", 9, 24)], time(14, 30))
    assert slot.reasons == (
        Everybody(2, good=True),
        OddHour(1, time(21, 30), ((4, 10),)),
        OddHour(1, time(22, 30), ((11, 3),)),
    )
    assert said(slot)[1] == "one person at 21:30 from April to October"


def test_an_unfair_hour_of_somebody_who_cannot_come_is_not_told():
    slot = judged([free(MADRID, 9, 19), free("Asia/Tokyo", 9, 18)], time(14, 30))
    assert slot.reasons == (Fewer(1, 2, ()),)


def test_a_season_is_told_though_no_date_falls_into_some_of_its_months():
    slot = judged([free(MADRID, 9, 19), free("Asia/Tokyo", 9, 24)], time(14, 30), weeks=8)
    assert said(slot)[1:] == [
        "one person at 21:30 from April to October",
        "one person at 22:30 from December to March",
    ]


def test_a_holiday_is_counted():
    people = [replace(free(MADRID, 9, 19, name), holidays=frozenset({date(2027, 1, 7)})) for name in ("ada", "grace")]
    slot = judged([*people, free(MADRID, 9, 19)], time(17))
    assert slot.reasons == (Everybody(3, good=True), Holiday(2, date(2027, 1, 7)))


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (Fewer(7, 8, (11, 12, 13, 44)), "7 of 8 in weeks 11-13 and 44"),
        (Fewer(7, 8, (2,)), "7 of 8 in week 2"),
        (Fewer(5, 8, ()), "5 of 8 all year"),
        (Fewer(6, 8, (2, 8, 14)), "6 of 8 in weeks 2, 8 and 14"),
        (OddHour(1, time(7), ((11, 3),)), "one person at 07:00 from November to March"),
        (OddHour(2, time(7), ((3, 3), (10, 10))), "2 people at 07:00 in March and in October"),
        (OddHour(1, time(7), ((5, 5),)), "one person at 07:00 in May"),
        (OddHour(1, time(7), ()), "one person at 07:00 all year"),
        (Holiday(4, date(2027, 5, 1)), "4 have a holiday on 1 May"),
        (Holiday(1, date(2027, 5, 1)), "1 has a holiday on 1 May"),
    ],
)
def test_reasons_are_sentences(reason, sentence):
    assert str(reason) == sentence


@pytest.mark.parametrize(
    ("reasons", "own", "read"),
    [
        ([Fewer(7, 8, (11, 12, 13, 44))], [], ["7 of 8 in weeks 11-13 and 44"]),
        (
            [Fewer(7, 8, (11, 12, 13, 44))],
            [Fewer(0, 1, (11, 12, 13))],
            ["7 of 8 in weeks 11-13 and 44", "outside your hours in weeks 11-13"],
        ),
        ([OddHour(1, time(7), ((11, 3),))], [], ["one person at 07:00 from November to March"]),
        (
            [OddHour(1, time(7), ((11, 3),))],
            [OddHour(1, time(7), ((11, 3),))],
            ["for you at 07:00 from November to March"],
        ),
        ([OddHour(3, time(7), ())], [OddHour(1, time(7), ())], ["for you and 2 more at 07:00 all year"]),
        ([OddHour(1, time(7), ())], [OddHour(1, time(7), ((5, 5),))], ["one person at 07:00 all year"]),
        ([Holiday(4, date(2027, 5, 1))], [Holiday(1, date(2027, 5, 1))], ["for you and 3 more a holiday on 1 May"]),
        ([Holiday(1, date(2027, 5, 1))], [Holiday(1, date(2027, 5, 1))], ["for you a holiday on 1 May"]),
    ],
)
def test_the_one_concerned_reads_for_you(reasons, own, read):
    assert sentences(reasons, own) == read


def test_of_a_single_date_nothing_is_said_about_a_year():
    slot = slots.judge([free(MADRID, 9, 19), free(NEW_YORK, 16, 19)], [MONDAY], at=time(17), zone=MADRID, minutes=90)
    assert sentences(slot.reasons, (), once=True) == ["1 of 2"]


def test_slots_are_ordered_by_the_worst_date_first():
    always, often = judged([free(MADRID, 9, 19)], time(17)), judged([free(MADRID, 9, 19)], time(18))
    best_first = [
        replace(always, people=3, worst=2, mean=2.0),
        replace(always, people=3, worst=1, mean=2.9),
        replace(always, people=3, worst=1, mean=2.5),
        replace(always, people=3, worst=1, mean=2.5, good_share=0.5),
        replace(always, people=3, worst=1, mean=2.5, good_share=0.5, pain={"ada": 9, "grace": 8}),
        replace(always, people=3, worst=1, mean=2.5, good_share=0.5, pain={"ada": 9, "grace": 2}),
        replace(often, people=3, worst=1, mean=2.5, good_share=0.5, pain={"ada": 9, "grace": 2}),
        replace(often, people=3, worst=1, mean=2.5, good_share=0.5, pain={"ada": 9, "grace": 2}, weekday=4),
    ]
    worst_first = best_first[::-1]
    assert sorted(worst_first, key=lambda slot: slot.order) == best_first


@pytest.mark.parametrize(
    ("start", "zone", "good", "fitting"),
    [
        (datetime(2027, 1, 7, 16, 30, tzinfo=UTC), MADRID, mask(17.5, 19), True),
        (datetime(2027, 1, 7, 16, 30, tzinfo=UTC), MADRID, mask(17.5, 18.5), False),
        (datetime(2027, 7, 1, 16, 30, tzinfo=UTC), MADRID, mask(18.5, 20), True),
        (datetime(2027, 1, 7, 6, 0, tzinfo=UTC), "Asia/Kathmandu", mask(11.5, 13.5), True),
        (datetime(2027, 1, 7, 6, 0, tzinfo=UTC), "Asia/Kathmandu", mask(12, 13.5), False),
        (datetime(2027, 1, 7, 6, 0, tzinfo=UTC), "Asia/Kathmandu", mask(11.5, 13), False),
        (datetime(2027, 1, 7, 22, 30, tzinfo=UTC), "Asia/Kolkata", mask(4, 5.5, days=[4]), True),
        (datetime(2027, 1, 7, 22, 30, tzinfo=UTC), "Asia/Kolkata", mask(4, 5.5, days=[3]), False),
        (datetime(2027, 1, 10, 22, 30, tzinfo=UTC), MADRID, mask(23.5, 24, [6]) | mask(0, 1, [0]), True),
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), MADRID, mask(1.5, 2, [6]) | mask(3, 4, [6]), True),
    ],
)
def test_a_meeting_fits_if_it_lies_within_the_hours_of_the_persons_own_clock(start, zone, good, fitting):
    assert slots.fits(WeekHours(good, 0, zone), start, 90) is fitting
    assert slots.fits(WeekHours(0, good, zone), start, 90) is fitting


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([MADRID, NEW_YORK, SYDNEY, "Asia/Kathmandu", "Pacific/Chatham", "Australia/Lord_Howe"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001 - made aware in the test
    st.sampled_from([30, 45, 60, 90, 120]),
    st.integers(0, FULL),
)
def test_fitting_is_the_same_minute_by_minute(zone, start, minutes, good):
    start = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0, tzinfo=UTC)
    there = [(start + timedelta(minutes=minute)).astimezone(ZoneInfo(zone)) for minute in range(minutes)]
    bits = {one.weekday() * 48 + (one.hour * 60 + one.minute) // 30 for one in there}
    assert slots.fits(WeekHours(good, 0, zone), start, minutes) == all(good >> bit & 1 for bit in bits)


@pytest.mark.parametrize(
    ("hour", "points"),
    [
        (9, 0),
        (16.5, 0),
        (17, 1),
        (8, 1),
        (7.5, 2),
        (18.5, 2),
        (19.5, 2),
        (20, 4),
        (6.5, 4),
        (5.5, 10),
        (21.5, 10),
        (23.5, 10),
    ],
)
def test_the_clock_counts_the_worst_half_hour(hour, points):
    start = cadence.instant(date(2027, 1, 7), time(int(hour), int(hour % 1 * 60)), MADRID)
    assert slots.clock_points(start, 90, MADRID) == points


@pytest.mark.parametrize(
    ("good", "possible", "points"),
    [
        (mask(19, 21), 0, 0),
        (0, mask(19, 21), 1),
        (mask(19, 20), mask(20, 21), 1),
        (mask(19, 20), 0, 2),
    ],
)
def test_hours_that_were_offered_cost_less_than_the_clock_says(good, possible, points):
    start = cadence.instant(date(2027, 1, 7), time(19), MADRID)
    assert slots.cost(WeekHours(good, possible, MADRID), start, 90) == points


def test_what_was_not_offered_costs_at_least_two():
    noon = cadence.instant(date(2027, 1, 7), time(12), MADRID)
    assert slots.cost(WeekHours(0, 0, MADRID), noon, 90) == 2


def costs(anchor, at, zones):
    """The clock's points of nine meetings, every six weeks of 2027."""
    starts = [cadence.instant(day, at, anchor) for day in thursdays(6)]
    return [{zone: slots.clock_points(start, 90, zone) for zone in zones} for start in starts]


def total(points, zones):
    return [sum(one[zone] for one in points) for zone in zones]


def rotated(options, zones):
    held, worst = dict.fromkeys(zones, 0), 0
    for date_options in zip(*options, strict=True):
        chosen = date_options[slots.fairest(held, date_options)]
        held = {zone: held[zone] + chosen[zone] for zone in zones}
        worst = max(worst, *chosen.values())
    return list(held.values()), worst


def test_los_angeles_and_madrid_share_the_unfair_hours_by_turns():
    zones = [LOS_ANGELES, MADRID]
    late, early = (costs(MADRID, at, zones) for at in (time(18), time(16, 30)))
    assert total(late, zones) == [0, 9]
    assert rotated([late, early], zones) == ([6, 6], 2)


def test_turns_keep_new_york_madrid_and_sydney_out_of_the_night():
    zones = [NEW_YORK, MADRID, SYDNEY]
    options = [costs(NEW_YORK, time(hour), zones) for hour in (6, 7, 15)]
    assert total(options[0], zones) == [36, 0, 54]
    assert all(max(max(one.values()) for one in option) == slots.NIGHT for option in options)
    assert rotated(options, zones) == ([16, 12, 30], 4)


def test_a_slot_is_for_people():
    with pytest.raises(ValueError, match="a slot is for people"):
        slots.rank([], years(WEEKLY), zone=MADRID, minutes=90)


weeks = st.builds(
    lambda start, length, zone: free(zone, start, start + length),
    st.integers(0, 14),
    st.integers(1, 10),
    st.sampled_from([MADRID, NEW_YORK, "Asia/Kolkata"]),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(weeks, min_size=1, max_size=4))
def test_every_reason_is_true_of_the_hours(people):
    people = [replace(person, id=str(number)) for number, person in enumerate(people)]
    for slot in slots.rank(people, years(SIX_WEEKS), zone=MADRID, minutes=60, limit=20):
        starts = {day: cadence.instant(day, slot.at, MADRID) for day in slot.dates}
        fit = {day: sum(slots.fits(one.hours, start, 60) for one in people) for day, start in starts.items()}
        assert (slot.worst, slot.mean) == (min(fit.values()), sum(fit.values()) / 9)
        assert any(isinstance(reason, Everybody) for reason in slot.reasons) == slot.fits_all
        weeks = {day.isocalendar().week: count for day, count in fit.items()}
        told = [one for one in slot.reasons if isinstance(one, Fewer)]
        assert {week: one.fit for one in told for week in one.weeks or weeks} == {
            week: count for week, count in weeks.items() if count < len(people)
        }
