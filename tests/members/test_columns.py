"""What a column is about is proposed by its heading and settled by the organizer; sensitive values are not shown."""

from pathlib import Path

import pytest

from members.spreadsheet import beginning_of, look_at, match_columns, missing, read_applications, read_table, settled
from members.spreadsheet.columns import KINDS, SENSITIVE

SAMPLES = Path(__file__).parents[2] / "samples"
FOREIGN = b"Nom,Courriel,Ville,Genre\nAda,ada@example.org,Londres,femme\nBo,bo@example.org,,homme\n"
AS_MEANT = {"Nom": "name", "Courriel": "email", "Ville": "location", "Genre": "genders"}


def test_every_column_shows_three_values_and_what_it_was_understood_as():
    table = read_table((SAMPLES / "applicants-86.csv").read_bytes())
    columns = {column.heading: column for column in look_at(beginning_of(table), match_columns(table.header))}
    assert len(columns) == len(table.header)
    assert columns["Role"].samples == ("Chief Technology Officer", "Founder / CTO", "CTO")
    assert (columns["Role"].kind, columns["Role"].asks_sensitive) == ("title", False)
    hidden = {column.heading for column in columns.values() if column.samples == ("•••",) * 3}
    assert hidden == {
        "Gender (self-identify, optional)",
        "Where would being the only one in the room matter to you?",
        "Availability (your local time)",
    }


def test_a_column_that_the_organizer_calls_sensitive_is_hidden_from_then_on():
    table = read_table(FOREIGN)
    shown = look_at(beginning_of(table), settled(table.header, {}))
    assert [column.samples for column in shown] == [
        ("Ada", "Bo"),
        ("ada@example.org", "bo@example.org"),
        ("Londres",),
        ("femme", "homme"),
    ]
    assert look_at(beginning_of(table), settled(table.header, AS_MEANT))[3].samples == ("•••", "•••")


def test_what_the_organizer_says_counts_and_the_rest_stays_as_proposed():
    assert settled(("Nom", "Email", "City"), {"Nom": "name", "City": "left_out"}) == {
        "Nom": "name",
        "Email": "email",
        "City": "left_out",
    }


@pytest.mark.parametrize("kind", [*KINDS, "role", "dimension:role", "nonsense", ""])
def test_a_column_that_asks_something_sensitive_becomes_nothing_that_anybody_is_shown(kind):
    assert settled(("Email", "Your gender"), {"Your gender": kind})["Your gender"] == "genders"


@pytest.mark.parametrize("kind", [*SENSITIVE, "left_out"])
def test_it_may_be_another_sensitive_one_or_left_out(kind):
    assert settled(("Email", "Your gender"), {"Your gender": kind})["Your gender"] == kind


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("Gender", "Gender (again)", "left_out"),
        ("Where would you be the only one?", "The only one where, in your words", "left_out"),
        ("Ethnicity", "Race or ethnicity, more", "left_out"),
        ("City", "City of birth", "extra"),
        ("Topics", "More topics", "extra"),
    ],
)
def test_a_second_column_of_a_kind_is_kept_unless_it_asks_something_sensitive(first, second, kind):
    assert match_columns((first, second))[second] == kind


def test_a_second_sensitive_column_leaves_no_trace_in_the_rows():
    raw = b"Name,Email,Gender,Gender (again)\nAda,ada@example.org,woman,zyzzyva\n"
    reading = read_applications(raw)
    assert "zyzzyva" not in repr(reading)


@pytest.mark.parametrize(
    ("chosen", "sentences"),
    [
        ({}, ["No heading is one that we know; is the header line missing?"]),
        ({"Nom": "name"}, ["No column holds e-mail addresses."]),
        ({"Courriel": "email"}, ["No column holds names."]),
        ({"Courriel": "email", "Nom": "given_name"}, []),
        (
            {"Courriel": "email", "Nom": "name", "Ville": "name"},
            ["Two columns are “Name”; leave one of them out."],
        ),
        (AS_MEANT, []),
    ],
)
def test_names_and_addresses_are_needed_and_nothing_is_asked_twice(chosen, sentences):
    assert [found.sentence for found in missing(settled(tuple(AS_MEANT), chosen))] == sentences


def test_a_file_is_read_by_what_the_organizer_said():
    rows = read_applications(FOREIGN, AS_MEANT).rows
    assert [(row.name, row.email, row.location, row.genders) for row in rows] == [
        ("Ada", "ada@example.org", "Londres", ("femme",)),
        ("Bo", "bo@example.org", "", ("homme",)),
    ]


@pytest.mark.parametrize(
    ("header", "kinds"),
    [
        (
            "Timestamp|Email Address|What should we call you?|Where are you based?|I agree to the code of conduct",
            "submitted_at|email|name|location|agreed",
        ),
        (
            "#|First name|Last name|Email|Submit Date (UTC)|Network ID",
            "extra|given_name|family_name|email|submitted_at|extra",
        ),
        ("Name|E-mail|Company|Created time|City", "name|email|company|submitted_at|location"),
    ],
    ids=["Google Forms", "Typeform", "Airtable"],
)
def test_the_headings_that_form_builders_write_themselves_are_known(header, kinds):
    assert list(match_columns(tuple(header.split("|"))).values()) == kinds.split("|")


def test_headings_that_end_up_alike_stay_apart():
    header = read_table(b"a,a (3),a,Email\n1,2,3,x@example.org").header
    assert len(set(header)) == 4
