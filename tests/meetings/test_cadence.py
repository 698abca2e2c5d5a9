from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings import cadence
from meetings.cadence import LAST, Cadence, EveryNWeeks, NthWeekday
from roundtable.errors import NotAllowed

THURSDAY = 3
SIX_WEEKS = Cadence(EveryNWeeks(6, THURSDAY), time(17, 30), "Europe/Madrid", 90, first_date=date(2027, 1, 14))

rules = st.builds(EveryNWeeks, st.integers(1, 12), st.integers(0, 6)) | st.builds(
    NthWeekday, st.sampled_from([1, 2, 3, 4, LAST]), st.integers(0, 6)
)
days = st.dates(date(2024, 1, 1), date(2035, 12, 31))


def test_half_past_five_stays_half_past_five_over_both_changes_of_the_clocks():
    dates = cadence.next_dates(SIX_WEEKS, after=date(2027, 1, 13), count=9)
    starts = [cadence.instant(day, SIX_WEEKS.at, SIX_WEEKS.zone) for day in dates]
    assert {start.astimezone(ZoneInfo("Europe/Madrid")).time() for start in starts} == {time(17, 30)}
    assert [start.hour for start in starts] == [16, 16, 15, 15, 15, 15, 15, 16, 16]


@pytest.mark.parametrize(
    ("on", "at", "zone", "moment"),
    [
        (date(2026, 10, 22), time(17, 30), "Europe/Madrid", datetime(2026, 10, 22, 15, 30, tzinfo=UTC)),
        (date(2026, 10, 29), time(17, 30), "Europe/Madrid", datetime(2026, 10, 29, 16, 30, tzinfo=UTC)),
        (date(2026, 10, 22), time(18, 0), "Asia/Kathmandu", datetime(2026, 10, 22, 12, 15, tzinfo=UTC)),
        (date(2026, 1, 22), time(9, 0), "Pacific/Chatham", datetime(2026, 1, 21, 19, 15, tzinfo=UTC)),
        (date(2011, 12, 30), time(12, 0), "Pacific/Apia", datetime(2011, 12, 30, 10, 0, tzinfo=UTC)),
    ],
)
def test_the_instant_of_a_local_time(on, at, zone, moment):
    assert cadence.instant(on, at, zone) == moment


def test_a_time_that_the_clocks_leap_over_becomes_the_next_one():
    """Samoa left out 30 December 2011: the next time that exists is the midnight after it."""
    leapt = cadence.instant(date(2011, 12, 30), time(12, 10), "Pacific/Apia")
    assert leapt.astimezone(ZoneInfo("Pacific/Apia")).replace(tzinfo=None) == datetime(2011, 12, 31)  # noqa: DTZ001 - wall clock


def test_of_two_equal_times_the_first_is_meant():
    """The station Casey set its clocks back by three hours on 5 March 2010: 23:30 came at 12:30 UTC and at 15:30."""
    for twice in (time(23, 30), time(23, 30, fold=1)):
        assert cadence.instant(date(2010, 3, 4), twice, "Antarctica/Casey") == datetime(2010, 3, 4, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("at", [time(0), time(2, 30), time(4, 59)])
def test_the_night_is_refused(at):
    sentence = "A meeting cannot start between 00:00 and 04:59"
    with pytest.raises(NotAllowed, match=sentence):
        cadence.instant(date(2026, 10, 22), at, "Europe/Madrid")
    with pytest.raises(NotAllowed, match=sentence):
        replace(SIX_WEEKS, at=at)


@pytest.mark.parametrize(
    ("rule", "first_date", "dates"),
    [
        (EveryNWeeks(6, 3), date(2026, 10, 22), [date(2026, 10, 22), date(2026, 12, 3), date(2027, 1, 14)]),
        (EveryNWeeks(1, 0), date(2026, 10, 22), [date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9)]),
        (NthWeekday(1, 3), date(2026, 10, 2), [date(2026, 11, 5), date(2026, 12, 3), date(2027, 1, 7)]),
        (NthWeekday(4, 4), date(2026, 10, 23), [date(2026, 10, 23), date(2026, 11, 27), date(2026, 12, 25)]),
        (NthWeekday(LAST, 0), date(2027, 1, 1), [date(2027, 1, 25), date(2027, 2, 22), date(2027, 3, 29)]),
        (NthWeekday(LAST, 3), date(2026, 12, 31), [date(2026, 12, 31), date(2027, 1, 28), date(2027, 2, 25)]),
    ],
)
def test_the_dates_of_a_rule(rule, first_date, dates):
    rhythm = replace(SIX_WEEKS, rule=rule, first_date=first_date)
    assert cadence.next_dates(rhythm, after=first_date - timedelta(days=1)) == dates


def test_a_skip_leaves_the_later_dates_where_they_are():
    skipped = replace(SIX_WEEKS, skips=frozenset({date(2027, 2, 25)}))
    assert cadence.next_dates(SIX_WEEKS, after=date(2027, 1, 14)) == [
        date(2027, 2, 25),
        date(2027, 4, 8),
        date(2027, 5, 20),
    ]
    assert cadence.next_dates(skipped, after=date(2027, 1, 14)) == [
        date(2027, 4, 8),
        date(2027, 5, 20),
        date(2027, 7, 1),
    ]


def test_the_days_between_two_days_are_both_included():
    assert cadence.dates_between(SIX_WEEKS, date(2027, 1, 14), date(2027, 4, 8)) == [
        date(2027, 1, 14),
        date(2027, 2, 25),
        date(2027, 4, 8),
    ]


@given(rules, days, days)
def test_planned_dates_are_strictly_later_on_the_weekday_and_never_before_the_first(rule, first_date, after):
    rhythm = replace(SIX_WEEKS, rule=rule, first_date=first_date)
    dates = cadence.next_dates(rhythm, after=after, count=5)
    assert len(dates) == 5
    assert dates == sorted(set(dates))
    assert min(dates) >= first_date
    assert min(dates) > after
    assert {day.weekday() for day in dates} == {rule.weekday}
    assert cadence.dates_between(rhythm, max(after + timedelta(days=1), first_date), dates[-1]) == dates


@given(st.sampled_from([1, 2, 3, 4, LAST]), st.integers(0, 6), days)
def test_a_monthly_rule_misses_no_month(nth, weekday, first_date):
    rhythm = replace(SIX_WEEKS, rule=NthWeekday(nth, weekday), first_date=first_date)
    dates = cadence.next_dates(rhythm, after=first_date, count=13)
    months = [day.year * 12 + day.month for day in dates]
    assert months == list(range(months[0], months[0] + 13))
    weeks_to_the_end = [(day + timedelta(weeks=1)).month != day.month for day in dates]
    assert all(weeks_to_the_end) if nth == LAST else {(day.day - 1) // 7 + 1 for day in dates} == {nth}


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (EveryNWeeks(1, 0), "every Monday"),
        (EveryNWeeks(6, 3), "every 6 weeks on Thursday"),
        (NthWeekday(2, 1), "the second Tuesday of the month"),
        (NthWeekday(LAST, 4), "the last Friday of the month"),
    ],
)
def test_a_rule_reads_as_a_sentence(rule, sentence):
    assert str(rule) == sentence


@pytest.mark.parametrize(
    "rule",
    [
        lambda: EveryNWeeks(0, 0),
        lambda: EveryNWeeks(13, 0),
        lambda: EveryNWeeks(1, 7),
        lambda: NthWeekday(5, 0),
        lambda: NthWeekday(0, 0),
        lambda: NthWeekday(1, -1),
    ],
)
def test_rhythms_that_are_not_offered_are_refused(rule):
    with pytest.raises(ValueError, match=r"not offered|weekday"):
        rule()


@pytest.mark.parametrize(
    ("on", "at", "zone", "sentence"),
    [
        (date(2026, 10, 22), time(17, 30), "Europe/Madrid", ""),
        (
            date(2011, 12, 30),
            time(12),
            "Pacific/Apia",
            "On 30 Dec the clocks leap over 12:00: it begins when they stand at 00:00.",
        ),
        (
            date(2010, 3, 4),
            time(23, 30),
            "Antarctica/Casey",
            "On 4 Mar the clocks show 23:30 twice: the first one counts.",
        ),
    ],
)
def test_an_hour_that_the_clocks_skip_or_repeat_is_said_in_one_sentence(on, at, zone, sentence):
    assert cadence.odd_hour(on, at, zone) == sentence


@pytest.mark.parametrize(
    ("first", "given", "rule"),
    [
        (date(2026, 10, 22), {"weeks": 6}, "every 6 weeks on Thursday"),
        (date(2026, 10, 22), {"nth": 4}, "the fourth Thursday of the month"),
        (date(2026, 10, 29), {"nth": LAST}, "the last Thursday of the month"),
    ],
)
def test_a_rule_begins_on_its_first_date(first, given, rule):
    made = cadence.rule_from(first, **given)
    assert (str(made), next(made.dates(first))) == (rule, first)


@pytest.mark.parametrize(
    ("first", "nth"), [(date(2026, 10, 22), LAST), (date(2026, 10, 29), 4), (date(2026, 10, 1), 2)]
)
def test_a_first_date_that_its_rule_does_not_have_is_refused(first, nth):
    with pytest.raises(NotAllowed, match="choose a first date that is"):
        cadence.rule_from(first, nth=nth)


@pytest.mark.parametrize("weeks", [0, 13])
def test_other_weeks_are_not_offered(weeks):
    with pytest.raises(ValueError, match="not offered"):
        cadence.rule_from(date(2026, 10, 22), weeks=weeks)


def test_dates_left_out_do_not_shift_those_after_them():
    left_out = SIX_WEEKS.without([date(2027, 2, 25)])
    assert cadence.next_dates(left_out, after=date(2027, 1, 14), count=2) == [date(2027, 4, 8), date(2027, 5, 20)]
