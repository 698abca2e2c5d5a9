import pytest

from groups.disclosure import Rung, rung, seen

FACTS = {
    "name": "Ada Lovelace",
    "email": "ada@example.org",
    "initials": "AL",
    "role": "CTO",
    "org_size": "10-29",
    "company": "Engines",
    "sector": "machines",
    "company_size": "50-249",
    "still_coding": "rarely",
    "metro": "London",
    "pronouns": "she/her",
    "topics": ["hiring"],
    "gives": "Pay reviews",
    "stuck_on": "A reorganisation",
    "replies": [("Which conference?", "PyCon")],
    "gender": "woman",
    "hours": "ff",
}
CARD = {"initials", "role", "org_size", "still_coding", "company", "metro", "pronouns", "topics"}
WORDS = {"gives", "stuck_on"}


@pytest.mark.parametrize(
    ("at", "shares_words", "visible"),
    [
        (Rung.NOTHING, True, set()),
        (Rung.CARD, False, CARD),
        (Rung.CARD, True, CARD),
        (Rung.NAME, False, CARD | {"name", "replies"}),
        (Rung.NAME, True, CARD | WORDS | {"name", "replies"}),
        (Rung.ADDRESS, False, CARD | {"name", "email", "replies"}),
        (Rung.ADDRESS, True, CARD | WORDS | {"name", "email", "replies"}),
    ],
)
def test_each_rung_shows_its_fields_and_no_others(at, shares_words, visible):
    assert set(seen(FACTS, at, shows_company=True, shares_words=shares_words)) == visible


def test_who_hides_the_company_shows_sector_and_size_instead():
    shown = seen(FACTS, Rung.CARD, shows_company=False, shares_words=False)
    assert set(shown) == CARD - {"company"} | {"sector", "company_size"}


def test_what_somebody_left_empty_is_left_out():
    assert "pronouns" not in seen({**FACTS, "pronouns": ""}, Rung.CARD, shows_company=True, shares_words=False)


@pytest.mark.parametrize(
    ("asked", "sealed", "shares", "expected"),
    [
        (False, False, True, Rung.NOTHING),
        (True, False, True, Rung.CARD),
        (True, True, False, Rung.NAME),
        (True, True, True, Rung.ADDRESS),
    ],
)
def test_nobody_climbs_the_ladder_before_the_seal(asked, sealed, shares, expected):
    assert rung(asked=asked, sealed=sealed, shares_address=shares) == expected
