"""docs/permissions.md, cell by cell: the whole cast asks for every address of the site by every method."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpResponse

from tests.confidence.conftest import Ask
from tests.confidence.own import Things, where
from tests.confidence.permissions import CAST, addresses, heading, line_of, lines, stars
from tests.confidence.world import World

pytestmark = pytest.mark.django_db
SIGN_IN = ("/accounts/login/", "/admin/login/")
# A session is the visitor's own short memory: messages, codes on their way, the time of a sign-in.
NOT_COUNTED = {"django_session"}


@pytest.fixture(scope="module")
def made(built: World) -> Things:
    return Things(built)


@pytest.fixture
def things(made: Things, world: World) -> Things:
    return made


@pytest.fixture(scope="module")
def untouched(made: Things) -> dict[str, str]:
    """Every row as it was built; each test begins with that."""
    return digest()


def status(answer: HttpResponse) -> str:
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)
    return "in" if to_sign_in else str(answer.status_code)


def cell(ask: Ask, things: Things, name: str, part: str, method: str) -> str:
    """What one person gets for their own, and for somebody else's where it differs."""
    own, foreign = where(things, name, part)
    first = status(ask(part, method, own))
    if own == foreign:
        return first
    second = status(ask(part, method, foreign))
    return first if first == second else f"{first}/{second}"


def digest() -> dict[str, str]:
    """Every row of every table, in a few letters."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - NOT_COUNTED)
        rows = """SELECT '{0}', md5(coalesce(string_agg(r::text, '|' ORDER BY r::text), '')) FROM "{0}" r"""
        cursor.execute(" UNION ALL ".join(rows.format(table) for table in tables))
        return dict(cursor.fetchall())


def test_the_columns_are_the_cast() -> None:
    assert heading() == CAST
    assert [line for line in lines() if len(line.cells) != len(CAST)] == []


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    lost = [name for name in addresses() if not (line_of(name, "GET") or line_of(name, "POST"))]
    idle = [line for line in lines() if not any(line_of(name, line.method) is line for name in addresses())]
    assert (lost, idle) == ([], [])


def test_no_line_stands_twice() -> None:
    keys = [(line.name, line.method) for line in lines()]
    assert len(set(keys)) == len(keys)


def test_the_page_names_everything_that_a_star_stands_for() -> None:
    starred = {line.name: [one for one in lines() if one.name == line.name] for line in lines() if "*" in line.name}
    meant = {
        star: [name for name in addresses() if any(line_of(name, one.method) is one for one in same)]
        for star, same in starred.items()
    }
    assert stars() == meant


@pytest.mark.parametrize("name", addresses())
def test_everybody_gets_what_the_table_says(name: str, ask: Ask, things: Things) -> None:
    for method in ("GET", "POST"):
        line = line_of(name, method)
        if line is not None:
            found = tuple(cell(ask, things, name, part, method) for part in CAST)
            assert (method, found) == (method, line.cells)


@pytest.mark.parametrize("name", addresses())
def test_no_row_changes_by_looking(name: str, ask: Ask, things: Things, untouched: dict[str, str]) -> None:
    for part in ("anon", "member", "superuser"):
        own, _ = where(things, name, part)
        looked = status(ask(part, "GET", own))
        assert status(ask(part, "HEAD", own)) == looked
    assert digest() == untouched


@pytest.mark.parametrize("name", addresses())
def test_a_method_without_a_line_is_refused_before_anything_is_looked_up(name: str, ask: Ask, things: Things) -> None:
    missing = [method for method in ("GET", "POST") if line_of(name, method) is None]
    for part in ("anon", "stranger", "member", "organizer", "superuser"):
        own, foreign = where(things, name, part)
        answers = {status(ask(part, method, path)) for method in missing for path in (own, foreign)}
        assert answers <= refusals(name, part)
        assert [status(ask(part, method, own)) for method in ("PUT", "PATCH", "DELETE", "OPTIONS")] == ["405"] * 4


def refusals(name: str, part: str) -> set[str]:
    """405; but the doors come first: who is not signed in is sent there, and who is no staff finds no admin."""
    listed = next(line for method in ("GET", "POST") if (line := line_of(name, method)))
    if part == "anon":
        return {"405", "in"} if listed.cells[0] == "in" else {"405"}
    no_staff = part in ("stranger", "member") and name.startswith(("admin:", "/admin/"))
    return {"404", "405"} if no_staff else {"405"}
