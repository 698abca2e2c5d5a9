"""New data keys against people who write, and a group that ends, at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.core.management import call_command
from django.db import OperationalError, connections, transaction

from groups.models.group import Group
from meetings.models.takeaway import Takeaway
from roundtable import rekeying, vault
from roundtable.vault import DataKey
from tests.conftest import Held

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def takeaway(held: Held) -> Takeaway:
    held(date(2026, 5, 5), Ladders="We write it.")
    return Takeaway.objects.get()


def rotate() -> None:
    call_command("rotate_field_keys", "--data", verbosity=0)


@contextmanager
def beside(call: Callable[[], object], *, waits: bool) -> Iterator[None]:
    """The call runs on a connection of its own while this lasts, and is through before the end unless it `waits`."""

    def run() -> None:
        try:
            call()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        yield
        thread.start()
        thread.join(1 if waits else 20)
        assert thread.is_alive() == waits
    thread.join()


def test_an_edit_that_is_not_saved_yet_is_neither_waited_for_nor_written_over(takeaway: Takeaway) -> None:
    with beside(rotate, waits=False):
        takeaway.text = "We write it, and tell why."
        takeaway.save()
    rotate()
    (used,) = rekeying.named(Takeaway._meta.get_field("text")).values_list("key", flat=True)
    assert (Takeaway.objects.get().text, DataKey.objects.get(pk=used).left_at) == ("We write it, and tell why.", None)


def test_an_edit_while_its_row_is_being_closed_anew_comes_after(takeaway: Takeaway) -> None:
    rekeying.begin()

    def edit() -> None:
        row = Takeaway.objects.get()
        row.text = "We write it, and tell why."
        row.save()

    with beside(edit, waits=True):
        assert [dict(batch) for batch in rekeying.move(Takeaway._meta.get_field("text"))] == [{"group": 1}]
    assert Takeaway.objects.get().text == "We write it, and tell why."


def test_new_keys_are_made_for_all_or_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the next run would take the change for begun, and leave out who has none yet."""
    monkeypatch.setattr(rekeying, "BATCH", 1)
    _, last = vault.keys_to_write(["group:1", "group:2"]).values()
    errors: list[Exception] = []

    def begin() -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        try:
            rekeying.begin()
        except OperationalError as error:
            errors.append(error)

    with beside(begin, waits=False):
        DataKey.objects.select_for_update().get(pk=last.pk)
    assert (len(errors), DataKey.objects.count(), DataKey.objects.old().count()) == (1, 2, 0)


def test_a_group_that_ends_while_its_new_key_is_made_keeps_neither(takeaway: Takeaway, group: Group) -> None:
    with beside(lambda: vault.forget(f"group:{group.pk}"), waits=True):
        rekeying.begin()
    assert not DataKey.objects.filter(owner=f"group:{group.pk}").exists()


def test_values_of_a_group_that_is_just_ending_are_left_to_it(takeaway: Takeaway, group: Group) -> None:
    rekeying.begin()
    moved: list[dict[str, int]] = []

    def move() -> None:
        moved.extend(map(dict, rekeying.move(Takeaway._meta.get_field("text"))))

    with beside(move, waits=False):
        vault.forget(f"group:{group.pk}")
    assert (moved, DataKey.objects.filter(owner=f"group:{group.pk}").exists()) == ([{}], False)
