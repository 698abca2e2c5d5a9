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
    "metro": "London",
    "pronouns": "she/her",
    "topics": ["hiring"],
    "gender": "woman",
    "hours": "ff",
}
CARD = {"initials", "role", "org_size", "company", "metro", "pronouns", "topics"}


@pytest.mark.parametrize(
    ("at", "visible"),
    [
        (Rung.NOTHING, set()),
        (Rung.CARD, CARD),
        (Rung.NAME, CARD | {"name"}),
        (Rung.ADDRESS, CARD | {"name", "email"}),
    ],
)
def test_each_rung_shows_its_fields_and_no_others(at, visible):
    assert set(seen(FACTS, at, shows_company=True)) == visible


def test_who_hides_the_company_shows_the_sector_instead():
    assert set(seen(FACTS, Rung.CARD, shows_company=False)) == CARD - {"company"} | {"sector"}


def test_what_somebody_left_empty_is_left_out():
    assert "pronouns" not in seen({**FACTS, "pronouns": ""}, Rung.CARD, shows_company=True)


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
