"""The backend of the database: what it leaves out, and that everything else is as with Django's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
import pytest
from django.db import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)

from members.models.program import Program
from roundtable.postgres import later

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told() -> Iterator[Callable[[], list[str]]]:
    """What the server has run on this connection so far, as another one sees it."""
    line = psycopg2.connect(**{**connection.get_connection_params(), "cursor_factory": None})
    line.autocommit = True
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid

    def last() -> list[str]:
        with line.cursor() as cursor:
            cursor.execute("SELECT state, query FROM pg_stat_activity WHERE pid = %s", [pid])
            return list(cursor.fetchone())

    yield last
    line.close()


def ask(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def ended() -> None:
    """The server ends this connection, as at its restart."""
    pid = connection.connection.info.backend_pid
    line = psycopg2.connect(**{**connection.get_connection_params(), "cursor_factory": None})
    line.autocommit = True
    with line.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    line.close()


class Undone(Exception):
    """Takes back what its transaction did."""


def undone(act: Callable[[], object]) -> None:
    with pytest.raises(Undone), transaction.atomic():
        _then_undone(act)


def _then_undone(act: Callable[[], object]) -> None:
    act()
    raise Undone


def test_begin_goes_with_the_first_statement(told: Callable[[], list[str]]) -> None:
    with transaction.atomic():
        before = told()
        ask("SELECT %s", 1)
        state, query = told()
    assert before[0] == "idle"
    assert (state, query) == ("idle in transaction", "BEGIN; SELECT 1")
    assert told() == ["idle", "COMMIT"]


def test_a_transaction_that_asks_nothing_says_nothing(told: Callable[[], list[str]]) -> None:
    ask("SELECT 'before'")
    with transaction.atomic():
        pass
    undone(lambda: None)
    assert told() == ["idle", "SELECT 'before'"]


def test_what_failed_is_gone_and_what_was_before_its_savepoint_stays() -> None:
    with transaction.atomic():
        Program.objects.create(slug="kept", name="Kept")
        with pytest.raises(IntegrityError), transaction.atomic():
            Program.objects.create(slug="kept", name="Twice")

    def fails() -> None:
        Program.objects.create(slug="lost", name="Lost")
        with pytest.raises(DataError):
            ask("SELECT 1/0")

    undone(fails)
    assert list(Program.objects.values_list("slug", flat=True)) == ["kept"]


def test_a_first_statement_that_cannot_be_read_leaves_the_rest_in_a_transaction() -> None:
    def goes_on() -> None:
        with pytest.raises(ProgrammingError):
            ask("SELEKT")
        Program.objects.create(slug="lost", name="Lost")

    undone(goes_on)
    assert not Program.objects.exists()


def test_rows_are_read_on_and_on_inside_a_transaction_and_outside() -> None:
    for number in range(3):
        Program.objects.create(slug=f"p{number}", name="P")
    outside = [one.slug for one in Program.objects.order_by("slug").iterator(chunk_size=1)]
    with transaction.atomic():
        inside = [one.slug for one in Program.objects.order_by("slug").iterator(chunk_size=1)]
    assert outside == inside == ["p0", "p1", "p2"]


def test_many_rows_at_once_are_in_the_transaction_too() -> None:
    rows = [["a", "A"], ["b", "B"]]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE few (slug text, name text)")

    def many() -> None:
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO few VALUES (%s, %s)", rows)
        assert ask("SELECT count(*) FROM few") == (2,)

    undone(many)
    assert ask("SELECT count(*) FROM few") == (0,)


def test_a_commit_on_a_connection_that_has_ended_is_never_taken_for_one() -> None:
    @transaction.atomic
    def cut_off() -> None:
        Program.objects.create(slug="lost", name="Lost")
        ended()

    with pytest.raises((OperationalError, InterfaceError)):
        cut_off()
    assert not Program.objects.exists()


def test_a_connection_that_stands_is_known_without_a_question(told: Callable[[], list[str]]) -> None:
    ask("SELECT 'before'")
    assert connection.is_usable()
    assert told() == ["idle", "SELECT 'before'"]


def test_a_connection_that_the_server_has_ended_is_known_as_such() -> None:
    ask("SELECT 1")
    ended()
    assert not connection.is_usable()
    connection.close()
    assert ask("SELECT 1") == (1,)


def test_a_notice_on_the_line_does_not_end_it() -> None:
    ask("SELECT 1")
    with connection.cursor() as cursor:
        cursor.execute("LISTEN here")
    line = psycopg2.connect(**{**connection.get_connection_params(), "cursor_factory": None})
    line.autocommit = True
    with line.cursor() as cursor:
        cursor.execute("NOTIFY here")
    line.close()
    assert connection.is_usable()


def few() -> list[str]:
    return list(Program.objects.order_by("slug").values_list("slug", flat=True))


def test_a_row_that_nobody_asks_back_for_goes_with_the_next_statement(told: Callable[[], list[str]]) -> None:
    with transaction.atomic():
        later.insert(Program(slug="a", name="A"), Program(slug="b", name="B"))
        assert told()[0] == "idle"
        assert few() == ["a", "b"]
        later.delete(Program, slug="a")
    assert told()[1] == """DELETE FROM "members_program" WHERE "slug" = 'a'; COMMIT"""
    assert few() == ["b"]


def test_a_transaction_of_such_rows_alone_begins_and_ends_in_one_message(told: Callable[[], list[str]]) -> None:
    with transaction.atomic():
        later.insert(Program(slug="a", name="A"))
    state, query = told()
    assert (state, query[:29], query[-8:], few()) == ("idle", 'BEGIN; INSERT INTO "members_p', "; COMMIT", ["a"])


def test_so_does_what_changes_of_a_row(told: Callable[[], list[str]]) -> None:
    program = Program.objects.create(slug="a", name="A")
    with transaction.atomic():
        program.name, program.slug = "B", "b"
        later.update(program, ["name"])
    assert told()[1].endswith(f'SET "name" = \'B\' WHERE "id" = {program.pk}; COMMIT')
    assert list(Program.objects.values_list("slug", "name")) == [("a", "B")]


def test_such_a_row_that_breaks_a_rule_takes_its_transaction_with_it() -> None:
    Program.objects.create(slug="a", name="A")

    @transaction.atomic
    def breaks() -> None:
        Program.objects.create(slug="b", name="B")
        later.insert(Program(slug="a", name="Twice"))

    with pytest.raises(IntegrityError):
        breaks()
    with transaction.atomic():
        later.insert(Program(slug="a", name="Twice"), ignore_conflicts=True)
    assert few() == ["a"]


def test_such_a_row_alone_that_breaks_a_rule_leaves_a_sound_connection() -> None:
    Program.objects.create(slug="a", name="A")
    before = ask("SELECT pg_backend_pid()")

    @transaction.atomic
    def breaks() -> None:
        later.insert(Program(slug="a", name="Twice"))

    with pytest.raises(IntegrityError):
        breaks()
    assert (ask("SELECT pg_backend_pid()"), few()) == (before, ["a"])


@pytest.mark.parametrize("never_sent", [lambda: ask("SELECT %s", object()), lambda: ask("SELEKT")])
def test_such_a_row_stays_owed_where_the_next_statement_never_went(never_sent: Callable[[], object]) -> None:
    with transaction.atomic():
        later.insert(Program(slug="a", name="A"))
        with pytest.raises(ProgrammingError):
            never_sent()
    assert few() == ["a"]


def test_what_is_undone_takes_such_rows_along_and_nothing_from_before() -> None:
    def inside() -> None:
        later.insert(Program(slug="inside", name="I"))

    with transaction.atomic():
        later.insert(Program(slug="before", name="B"))
        undone(inside)
    undone(inside)
    assert few() == ["before"]


def test_such_a_row_needs_a_transaction_and_no_rows_are_nothing() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        later.insert(Program(slug="a", name="A"))
    with pytest.raises(transaction.TransactionManagementError):
        later.update(Program(pk=1, name="A"), ["name"])
    with transaction.atomic():
        later.insert()
    assert few() == []
