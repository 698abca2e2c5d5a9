"""Words of an application form, and the values that they mean."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.answers import (
    TOPICS,
    Cadence,
    Coding,
    Mode,
    Role,
    address_of,
    agreed_to,
    cadences_of,
    coding_of,
    company_key,
    company_roots,
    dimension_of,
    genders_of,
    mode_of,
    moment_of,
    number_of,
    role_of,
    size_band,
    topics_of,
    wishes_of,
    writes_day_first,
)


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("", None),
        ("CTO", Role.CTO),
        ("Co-founder & CTO", Role.CTO),
        ("Chief Technology Officer", Role.CTO),
        ("VP Engineering and interim CTO", Role.CTO),
        ("VPE", Role.VP),
        ("VP of Eng", Role.VP),
        ("SVP Platform", Role.VP),
        ("Vice President, Engineering", Role.VP),
        ("Head of Engineering", Role.VP),
        ("Senior Director, Data", Role.VP),
        ("Manager of managers", Role.MANAGER_OF_MANAGERS),
        ("Senior Engineering Manager", Role.MANAGER_OF_MANAGERS),
        ("Engineering Manager", Role.MANAGER),
        ("Team Lead", Role.MANAGER),
        ("Staff SWE", Role.STAFF),
        ("Principal Engineer", Role.STAFF),
        ("Tech Lead", Role.STAFF),
        ("Software Architect", Role.STAFF),
        ("Product Manager", Role.OTHER),
        ("Founder", Role.OTHER),
    ],
)
def test_a_title_has_a_band(title, role):
    assert role_of(title) == role


@pytest.mark.parametrize(
    ("text", "mode", "ways"),
    [
        ("In person", Mode.IN_PERSON, {"in_person"}),
        ("Prefer in person", Mode.PREFER_IN_PERSON, {"in_person", "video"}),
        ("In person preferred, video is fine", Mode.PREFER_IN_PERSON, {"in_person", "video"}),
        ("Either", Mode.EITHER, {"in_person", "video"}),
        ("no preference", Mode.EITHER, {"in_person", "video"}),
        ("Online or in person", Mode.EITHER, {"in_person", "video"}),
        ("Prefer video, in person is possible", Mode.EITHER, {"in_person", "video"}),
        ("Video only", Mode.VIDEO, {"video"}),
        ("Remote", Mode.VIDEO, {"video"}),
    ],
)
def test_a_mode_says_how_somebody_can_meet(text, mode, ways):
    found = mode_of(text)
    assert (found, found.ways) == (mode, ways)


@pytest.mark.parametrize(
    ("text", "cadences"),
    [
        ("", set()),
        ("sometimes", set()),
        ("monthly", {Cadence.MONTHLY}),
        ("Once a month", {Cadence.MONTHLY}),
        ("every 6-8 weeks", {Cadence.SIX_TO_EIGHT_WEEKS}),
        ("every 6–8 weeks", {Cadence.SIX_TO_EIGHT_WEEKS}),
        ("every two months", {Cadence.SIX_TO_EIGHT_WEEKS}),
        ("either", set(Cadence)),
        ("monthly or every 8 weeks", set(Cadence)),
    ],
)
def test_a_rhythm_is_one_or_both(text, cadences):
    assert cadences_of(text) == cadences


@pytest.mark.parametrize(
    ("text", "coding"),
    [
        ("most days", Coding.MOST_DAYS),
        ("Yes", Coding.MOST_DAYS),
        ("sometimes", Coding.SOMETIMES),
        ("rarely", Coding.RARELY),
        ("no", Coding.NO),
        ("Not anymore", Coding.NO),
        ("", None),
    ],
)
def test_still_coding(text, coding):
    assert coding_of(text) == coding


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("15", 15),
        ("0", 0),
        ("15+", 15),
        ("~40", 40),
        ("about 12 years", 12),
        ("1,200", 1200),
        ("1.5k", 1000),
        ("3k", 3000),
        ("2.5", 2),
        ("less than 1", 0),
        ("<1", 0),
        ("10-15", None),
        ("-3", None),
        ("many", None),
        ("", None),
        ("99999999999999999999", None),
        ("5001", None),
    ],
)
def test_a_number_in_words(text, number):
    assert number_of(text, most=5000) == number


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("0", "0"),
        ("just me", "0"),
        ("1", "1-9"),
        ("9", "1-9"),
        ("10", "10-29"),
        ("29", "10-29"),
        ("30", "30-99"),
        ("99 people", "30-99"),
        ("100", "100-499"),
        ("500", "500+"),
        ("500+", "500+"),
        ("12,000", "500+"),
        ("30-99", "30-99"),
        ("50 to 150", "30-99"),
        ("lots", None),
        ("", None),
    ],
)
def test_a_size_has_a_band(text, band):
    assert size_band(text) == band


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Cedar Studio, Inc.", "cedar studio"),
        ("cedar studio", "cedar studio"),
        ("Cedar Studio GmbH & Co. KG", "cedar studio"),
        ("The Cedar Studio Pty Ltd", "cedar studio"),
        ("Société Générale S.A.", "societe generale"),
        ("Żabka sp. z o.o.", "zabka"),
        ("Cedar (YC W21)", "cedar"),
        ("Blue Labs", "blue labs"),
        ("J.P. Morgan", "jp morgan"),
        ("Inc.", "inc"),
        ("株式会社サンプル", "株式会社サンフル"),
        ("Independent Systems", "independent systems"),
        *[(name, None) for name in ("", "n/a", "N/A", "stealth", "Independent", "between jobs", "Self-employed", "-")],
    ],
)
def test_two_spellings_of_a_company_share_a_key_and_no_company_has_none(name, key):
    assert company_key(name) == key


def test_a_name_that_begins_with_another_counts_as_the_same_company():
    keys = ["amber grocer", "amber grocer labs", "amber", "ambergris", "blue health labs"]
    assert company_roots(keys) == {
        "amber": "amber",
        "amber grocer": "amber",
        "amber grocer labs": "amber",
        "ambergris": "ambergris",
        "blue health labs": "blue health labs",
    }


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("", ()),
        ("Hiring; ai tools; AI Tools", ("hiring", "AI tools")),
        ("hiring, metrics", ("hiring", "metrics")),
        ("rust, in production; hiring", ("rust, in production", "hiring")),
        ("; ;", ()),
    ],
)
def test_topics_are_ours_in_our_spelling_and_the_rest_in_own_words(text, topics):
    assert topics_of(text) == topics


def test_there_are_twenty_topics():
    assert len(set(TOPICS)) == 20


@pytest.mark.parametrize(
    ("text", "genders"),
    [
        ("", ()),
        ("prefer not to say", ()),
        ("Woman", ("woman",)),
        ("f", ("woman",)),
        ("nonbinary / woman", ("non-binary", "woman")),
        ("agender", ("agender",)),
    ],
)
def test_genders_are_what_people_say(text, genders):
    assert genders_of(text) == genders


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("", ()),
        ("none", ()),
        ("gender; caregiver", (("gender", "yes"), ("carer", "yes"))),
        ("race/ethnicity", (("race_or_ethnicity", "yes"),)),
        ("first language (Polish)", (("first_language", "polish"),)),
        ("only staff engineer among managers", (("role", "staff"),)),
        ("left-handed", (("own", "left handed"),)),
    ],
)
def test_wishes_not_to_be_the_only_one(text, wishes):
    assert wishes_of(text) == wishes


def test_words_without_a_dimension_have_none():
    assert dimension_of("favourite colour") is None


@pytest.mark.parametrize(
    ("text", "agreed"),
    [
        ("agreed", True),
        ("I agree to the code of conduct", True),
        ("TRUE", True),
        ("✓", True),
        ("", False),
        ("no", False),
        ("perhaps", None),
    ],
)
def test_an_agreement_is_a_yes_in_so_many_words(text, agreed):
    assert agreed_to(text) is agreed


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ada@Example.ORG ", "ada@example.org"),
        ("a+b@mail.example.co.uk", "a+b@mail.example.co.uk"),
        *[
            (text, None)
            for text in (
                *(
                    "",
                    "ada",
                    "ada@",
                    "@example.org",
                    "ada@example",
                    "a b@example.org",
                    "ada@example.org, b@example.org",
                ),
                *(
                    "ada@exa_mple.org",
                    "ada@-example.org",
                    ".ada@example.org",
                    "a..da@example.org",
                    "ada@example.org\n.x",
                ),
                *(
                    "ada@example.org\r\nBcc: eve@example.org",
                    "Ada <ada@example.org>",
                    "аda@example.org",
                    f"a@{'b.' * 130}org",
                ),
            )
        ],
    ],
)
def test_one_plain_address_or_none(text, address):
    assert address_of(text) == address


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-22 08:04", datetime(2026, 1, 22, 8, 4, tzinfo=UTC)),
        ("2026-01-22", datetime(2026, 1, 22, tzinfo=UTC)),
        ("2026-01-22T08:04:05+02:00", datetime(2026, 1, 22, 6, 4, 5, tzinfo=UTC)),
        ("2026-01-22T08:04:05Z", datetime(2026, 1, 22, 8, 4, 5, tzinfo=UTC)),
        ("1/22/2026 18:04:05", datetime(2026, 1, 22, 18, 4, 5, tzinfo=UTC)),
        ("1/2/2026", datetime(2026, 1, 2, tzinfo=UTC)),
        ("1/22/2026 12:04 AM", datetime(2026, 1, 22, 0, 4, tzinfo=UTC)),
        ("1/22/2026 6:04 pm", datetime(2026, 1, 22, 18, 4, tzinfo=UTC)),
        ("2.1.2026 08:04", datetime(2026, 1, 2, 8, 4, tzinfo=UTC)),
        ("22/1/2026", None),
        ("1/22/2026 25:00", None),
        ("0001-01-01T00:00+05:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_in_the_shapes_that_forms_export(text, moment):
    assert moment_of(text) == moment


def test_a_day_above_12_in_front_shows_that_days_stand_first():
    assert (writes_day_first(["1/2/2026", "22/1/2026"]), writes_day_first(["1/2/2026", "1/22/2026"])) == (True, False)
    assert moment_of("1/2/2026", day_first=True) == datetime(2026, 2, 1, tzinfo=UTC)


@given(st.text(max_size=60))
def test_no_text_is_an_error_of_ours(text):
    for read in (role_of, mode_of, cadences_of, coding_of, agreed_to, size_band, company_key, topics_of, genders_of):
        read(text)
    wishes_of(text), moment_of(text), address_of(text), number_of(text, most=80)
