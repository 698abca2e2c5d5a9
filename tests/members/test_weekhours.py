"""Hours of the week: written, read, joined, and carried to the clock of another city over the clock changes."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members.weekhours import (
    BLOCKS,
    FULL,
    SLOTS,
    WeekHours,
    at,
    block_mask,
    block_names,
    from_blocks,
    from_hex,
    local_start,
    mask_of,
    on_anchor,
    slots_of,
    stretches,
    to_hex,
    utc_slot,
    zone_name,
    zone_names,
)

MONDAY = date(2026, 1, 5)
ZONES = [
    "America/Los_Angeles",
    "America/New_York",
    "Europe/Berlin",
    "Europe/London",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Chatham",
]
masks = st.integers(0, FULL)


def slot(day, hour, minute=0):
    return day * 48 + hour * 2 + minute // 30


def hours(day, first, end):
    return mask_of(range(slot(day, first), slot(day, end)))


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("", 0),
        ("Mon early", hours(0, 7, 9)),
        ("Mon early; Tue lunch", hours(0, 7, 9) | hours(1, 12, 14)),
        ("Monday mornings, friday evening", hours(0, 9, 12) | hours(4, 17, 21)),
        ("Wed afternoon\nSun lunch", hours(2, 14, 17) | hours(6, 12, 14)),
        ("Mon-Wed lunch", hours(0, 12, 14) | hours(1, 12, 14) | hours(2, 12, 14)),
        ("Sat to Mon early", hours(5, 7, 9) | hours(6, 7, 9) | hours(0, 7, 9)),
        ("weekends any time", hours(5, 7, 21) | hours(6, 7, 21)),
        ("Thu", hours(3, 7, 21)),
        ("Fri 17:00-19:30", mask_of(range(slot(4, 17), slot(4, 19, 30)))),
        ("Fri 5-7pm", hours(4, 17, 19)),
        ("Fri 11am - 1pm", hours(4, 11, 13)),
        ("Fri 11-1pm", hours(4, 11, 13)),
        ("Fri 9:10-10:50", mask_of(range(slot(4, 9, 30), slot(4, 10, 30)))),
        ("Tue 12am-1am", hours(1, 0, 1)),
    ],
)
def test_blocks_and_times_become_half_hours(text, mask):
    assert from_blocks(text) == (mask, ())


@pytest.mark.parametrize(
    "piece", ["Mon midnightish", "whenever", "Fri 19-17", "Fri 25:00-26:00", "Tue 9:75-8", "early"]
)
def test_what_cannot_be_read_is_named_and_the_rest_is_kept(piece):
    assert from_blocks(f"Mon early; {piece}") == (hours(0, 7, 9), (piece,))


def test_every_block_of_every_day_is_written_as_it_is_read():
    everything = [f"{day} {block}" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun") for block in BLOCKS]
    mask, unread = from_blocks("; ".join(everything))
    assert (block_names(mask), unread) == (tuple(everything), ())


def test_a_block_that_is_only_half_there_has_no_name():
    assert block_names(block_mask(0, "lunch") & ~(1 << slot(0, 13, 30))) == ()


def test_stretches_say_a_week_as_people_do():
    mask = hours(0, 7, 9) | hours(0, 12, 13) | mask_of([slot(6, 23, 30), slot(0, 0)])
    assert stretches(mask) == (
        ("Mon", "00:00", "00:30"),
        ("Mon", "07:00", "09:00"),
        ("Mon", "12:00", "13:00"),
        ("Sun", "23:30", "24:00"),
    )


@given(masks)
def test_hex_goes_there_and_back(mask):
    assert from_hex(to_hex(mask)) == mask
    assert len(to_hex(mask)) == 84
    assert mask_of(slots_of(mask)) == mask


def test_the_last_hex_digit_is_the_start_of_monday():
    assert to_hex(mask_of([0, 1])) == "0" * 83 + "3"


@pytest.mark.parametrize("text", ["", "0" * 83, "0" * 85, "g" + "0" * 83, "0x" + "0" * 82, "0" * 84 + "\n"])
def test_a_week_in_any_other_shape_is_refused(text):
    with pytest.raises(ValueError, match="84 hex digits"):
        from_hex(text)


@pytest.mark.parametrize("mask", [-1, FULL + 1])
def test_a_mask_of_another_length_is_refused(mask):
    for make in (to_hex, lambda bits: WeekHours(bits, 0, "UTC"), lambda bits: WeekHours(0, bits, "UTC")):
        with pytest.raises(ValueError, match="336 half hours"):
            make(mask)


def test_a_good_half_hour_is_not_also_possible():
    week = WeekHours(good=0b0110, possible=0b0011, zone="Europe/Berlin")
    assert (week.good, week.possible, week.available) == (0b0110, 0b0001, 0b0111)


def test_a_week_writes_itself_in_hex():
    week = WeekHours(good=0b0110, possible=0b1000, zone="UTC")
    assert (week.good_hex, week.possible_hex) == ("0" * 83 + "6", "0" * 83 + "8")


def test_two_weeks_of_one_zone_add_up_and_good_wins():
    one, other = WeekHours(0b001, 0b010, "Europe/Berlin"), WeekHours(0b010, 0b100, "Europe/Berlin")
    assert one.union(other) == WeekHours(0b011, 0b100, "Europe/Berlin")


def test_weeks_of_two_zones_do_not_add_up():
    with pytest.raises(ValueError, match=r"^Hours of Europe/Berlin and Asia/Tokyo do not add up\.$"):
        WeekHours(1, 0, "Europe/Berlin").union(WeekHours(1, 0, "Asia/Tokyo"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" America/New York ", "America/New_York"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("US/Pacific", "America/Los_Angeles"),
        ("Etc/UTC", "UTC"),
        ("UTC", "UTC"),
        ("EST", None),
        ("EST5EDT", None),
        ("Etc/GMT+5", None),
        ("+02:00", None),
        ("Europe", None),
        ("../etc/passwd", None),
        ("Europe/Atlantis", None),
        ("", None),
    ],
)
def test_only_zones_of_the_list_are_stored_and_old_names_become_new_ones(text, name):
    assert zone_name(text) == name


def test_every_zone_that_may_be_stored_can_be_loaded_and_keeps_its_name():
    assert [name for name in sorted(zone_names()) if ZoneInfo(name).key != name or zone_name(name) != name] == []


def test_hours_keep_the_present_name_of_a_zone_and_refuse_what_is_none():
    assert WeekHours(1, 0, "Europe/Kiev").zone == "Europe/Kyiv"
    with pytest.raises(ValueError, match=r"^'EST' is no zone of the IANA list\.$"):
        WeekHours(1, 0, "EST")


# --- on the clock of another city ---


@given(masks, masks, st.sampled_from(ZONES))
def test_people_of_one_clock_lose_nothing(good, possible, zone):
    week = WeekHours(good, possible, zone)
    anchored = on_anchor(week, zone, MONDAY)
    assert (anchored.hours, anchored.warnings) == (week, ())


def test_berlin_and_stockholm_change_together_and_lose_nothing():
    week = WeekHours(hours(2, 9, 12), 0, "Europe/Stockholm")
    assert on_anchor(week, "Europe/Berlin", MONDAY).hours == WeekHours(hours(2, 9, 12), 0, "Europe/Berlin")


def test_london_evening_is_new_york_afternoon_and_the_odd_weeks_of_march_are_a_warning():
    """New York changes on 8 March 2026, London on 29 March: for three weeks, 10 to 12, they are four hours apart."""
    week = WeekHours(hours(1, 17, 19), 0, "Europe/London")
    anchored = on_anchor(week, "America/New_York", MONDAY)
    assert anchored.hours == WeekHours(hours(1, 12, 14), 0, "America/New_York")
    assert [warning.sentence(slot(1, 12)) for warning in anchored.about(1 << slot(1, 12))] == [
        "one of you starts at 16:00 in weeks 10-12"
    ]
    assert anchored.about(1 << slot(1, 13)) == ()


def test_kolkata_never_changes_so_that_only_hours_good_in_winter_and_summer_remain():
    """Berlin is 4:30 behind in winter, 3:30 in summer; both stretches bind."""
    week = WeekHours(hours(3, 17, 20), 0, "Asia/Kolkata")
    anchored = on_anchor(week, "Europe/Berlin", MONDAY)
    both = mask_of(range(slot(3, 13, 30), slot(3, 15, 30)))
    assert (anchored.hours.good, anchored.warnings) == (both, ())


def test_a_zone_that_is_45_minutes_off_is_rounded_inwards():
    """Kathmandu is 5:45 ahead of UTC: 10:00 to 12:00 there is 04:15 to 06:15, of which 04:30 to 06:00 is whole."""
    week = WeekHours(hours(0, 10, 12), 0, "Asia/Kathmandu")
    assert on_anchor(week, "UTC", MONDAY).hours.good == mask_of(range(slot(0, 4, 30), slot(0, 6)))


def test_the_week_wraps_at_its_ends():
    week = WeekHours(hours(0, 0, 2), 0, "Asia/Tokyo")
    assert on_anchor(week, "UTC", MONDAY).hours.good == hours(6, 15, 17)


def test_possible_hours_are_carried_beside_the_good_ones():
    week = WeekHours(hours(0, 9, 10), hours(0, 10, 11), "Asia/Tokyo")
    assert on_anchor(week, "UTC", MONDAY).hours == WeekHours(hours(0, 0, 1), hours(0, 1, 2), "UTC")


def test_hours_good_in_one_half_of_the_year_and_possible_in_the_other_are_possible():
    week = WeekHours(hours(3, 17, 18), hours(3, 18, 19), "Asia/Kolkata")
    anchored = on_anchor(week, "Europe/Berlin", MONDAY).hours
    assert (anchored.good, anchored.possible) == (0, mask_of([slot(3, 13, 30), slot(3, 14)]))


def test_one_odd_week_is_said_in_the_singular():
    """Casablanca leaves its clock back over Ramadan; a season that ends one week into it has one odd week."""
    week = WeekHours(hours(2, 9, 12), 0, "Africa/Casablanca")
    anchored = on_anchor(week, "Europe/Lisbon", date(2026, 1, 5), weeks=7)
    assert [warning.sentence(slot(2, 8)) for warning in anchored.warnings] == ["one of you starts at 08:00 in week 7"]


def test_a_season_shorter_than_four_weeks_binds_in_all_of_them():
    week = WeekHours(hours(1, 17, 19), 0, "Europe/London")
    anchored = on_anchor(week, "America/New_York", date(2026, 3, 2), weeks=2)
    assert (anchored.hours.good, anchored.warnings) == (hours(1, 13, 14), ())


def test_a_season_begins_on_a_monday():
    with pytest.raises(ValueError, match=r"^2026-01-06 is no Monday\.$"):
        on_anchor(WeekHours(1, 0, "UTC"), "UTC", date(2026, 1, 6))


def covered(week, moment):
    """Whether 30 minutes from a moment lie in the person's own hours: minute by minute in steps of 15, the slow way."""
    own = [(moment + timedelta(minutes=step)).astimezone(ZoneInfo(week.zone)) for step in (0, 15)]
    return all(week.available >> slot(own_.weekday(), own_.hour, own_.minute) & 1 for own_ in own)


@settings(max_examples=40, deadline=None)
@given(masks, st.sampled_from(ZONES), st.sampled_from(ZONES), st.integers(0, 51), st.integers(0, SLOTS - 1))
def test_a_half_hour_counts_exactly_when_every_long_stretch_of_weeks_covers_it(mask, zone, anchor, start, half_hour):
    monday = MONDAY + timedelta(7 * start)
    week = WeekHours(mask, 0, zone)
    moments = [at(monday + timedelta(7 * n), half_hour, anchor) for n in range(26)]
    ahead = [m.astimezone(ZoneInfo(zone)).utcoffset() - m.astimezone(ZoneInfo(anchor)).utcoffset() for m in moments]
    long = [n for n in range(26) if any(len(set(ahead[s : s + 4])) == 1 for s in range(max(0, n - 3), min(n, 22) + 1))]
    expected = all(covered(week, moments[n]) for n in long)
    assert bool(on_anchor(week, anchor, monday).hours.available >> half_hour & 1) is expected


@pytest.mark.parametrize(
    ("anchor", "zone", "monday", "shown"),
    [
        ("America/New_York", "Europe/London", date(2026, 3, 2), ("Tue", "17:00")),
        ("America/New_York", "Europe/London", date(2026, 3, 9), ("Tue", "16:00")),
        ("America/New_York", "Asia/Kathmandu", date(2026, 1, 5), ("Tue", "22:45")),
        ("America/Los_Angeles", "Australia/Sydney", date(2026, 1, 5), ("Wed", "07:00")),
    ],
)
def test_a_slot_of_the_anchor_is_shown_on_a_members_own_clock(anchor, zone, monday, shown):
    assert local_start(slot(1, 12), anchor, zone, monday) == shown


@pytest.mark.parametrize(
    ("anchor", "monday", "number"),
    [
        ("UTC", date(2026, 1, 5), slot(1, 12)),
        ("America/New_York", date(2026, 1, 5), slot(1, 17)),
        ("America/New_York", date(2026, 7, 6), slot(1, 16)),
        ("Asia/Kolkata", date(2026, 1, 5), slot(1, 6, 30)),
    ],
)
def test_a_slot_of_the_anchor_has_a_number_in_utc(anchor, monday, number):
    assert utc_slot(slot(1, 12), anchor, monday) == number


def test_the_weeks_edge_belongs_to_the_neighbouring_utc_week():
    assert utc_slot(0, "Asia/Tokyo", MONDAY) == slot(6, 15)
