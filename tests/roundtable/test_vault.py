import base64
from typing import NamedTuple

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from roundtable import vault
from roundtable.outbox.models import Letter
from roundtable.vault import DataKey

pytestmark = pytest.mark.django_db


def make(secret, **facts):
    plain = {"kind": "k", "dedupe_key": "one", "about": "a:1", "to": "x@y.example"}
    return Letter.objects.create(**plain | {"subject": "", "text": "", "html": "", "secret": secret} | facts)


def stored():
    """What a dump would hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM outbox_letter ORDER BY id LIMIT 1")
        return bytes(cursor.fetchone()[0])


@pytest.mark.parametrize("text", ["", "0", "a word", "é\U0001f600\n", "x" * 10_000])
def test_a_text_comes_back_as_it_was(text):
    letter = make(text)
    assert (letter.secret, Letter.objects.get().secret) == (text, text)


class AnyText(TestCase):
    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_any_text_comes_back(self, text):
        assert vault.unseal(vault.seal(text, owner="group:1", place="p"), place="p") == text


def test_the_table_holds_no_word_of_it():
    make("canary")
    assert (b"canary" in stored(), "canary" in repr(Letter.objects.values("secret").get())) == (False, False)


def test_the_same_text_twice_looks_different():
    first, second = (vault.seal("same", owner="group:1", place="p") for _ in range(2))
    assert first != second


def test_a_value_copied_to_another_row_does_not_open():
    make("canary")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE outbox_letter SET message_id = 'another'")
    with pytest.raises(InvalidTag):
        Letter.objects.get().secret  # noqa: B018 -- reading it is the test


class Secrets(NamedTuple):
    message_id: str
    secret: str
    pk: int


def test_rows_without_objects_are_read_in_words_each_in_its_own_place():
    first, second = make("canary"), make("bird", dedupe_key="two")
    found = Letter.objects.order_by("pk")
    assert list(vault.rows(found, Secrets)) == [(one.message_id, one.secret, one.pk) for one in (first, second)]
    Letter.objects.filter(pk=first.pk).update(message_id="another")
    with pytest.raises(InvalidTag):
        list(vault.rows(found, Secrets))


def test_a_saved_row_keeps_its_bytes_where_the_text_did_not_change():
    make("canary")
    before = stored()
    Letter.objects.get().save()
    assert stored() == before


def test_a_changed_text_is_written(db):
    letter = make("first")
    letter.secret = "second"
    letter.save()
    assert Letter.objects.get().secret == "second"


def test_a_deferred_text_is_fetched_when_it_is_read():
    make("canary")
    assert Letter.objects.defer("secret").get().secret == "canary"


def test_the_database_cannot_be_asked_about_it():
    with pytest.raises(FieldError):
        Letter.objects.filter(secret="canary")
    with pytest.raises(TypeError):
        Letter.objects.update(secret="canary")


def test_it_goes_into_no_fixture():
    make("canary")
    with pytest.raises(CommandError):
        call_command("dumpdata", "outbox.Letter", verbosity=0)


def test_each_owner_has_one_key():
    for owner in ("group:1", "group:2", "group:1"):
        vault.seal("x", owner=owner, place="p")
    assert list(DataKey.objects.order_by("owner").values_list("owner", flat=True)) == ["group:1", "group:2"]


def test_an_empty_text_needs_no_key():
    assert (vault.seal("", owner="group:1", place="p"), DataKey.objects.count()) == (b"", 0)


def test_what_a_forgotten_key_closed_never_opens_again():
    sealed = vault.seal("x", owner="group:1", place="p")
    kept = vault.seal("y", owner="group:2", place="p")
    vault.forget("group:1")
    with pytest.raises(DataKey.DoesNotExist):
        vault.unseal(sealed, place="p")
    assert vault.unseal(kept, place="p") == "y"


def test_a_wrong_ring_key_opens_nothing(settings):
    sealed = vault.seal("x", owner="group:1", place="p")
    settings.FIELD_KEYS = ",".join(f"{name}:{base64.b64encode(bytes(32)).decode()}" for name in (2, 1))
    with pytest.raises(InvalidTag):
        vault.unseal(sealed, place="p")


def test_after_a_rotation_the_old_ring_key_may_go(settings):
    sealed = vault.seal("x", owner="group:1", place="p")
    new = f"3:{base64.b64encode(bytes(range(32))).decode()}"
    settings.FIELD_KEYS = f"{new},{settings.FIELD_KEYS}"
    call_command("rotate_field_keys", verbosity=0)
    settings.FIELD_KEYS = new
    assert (vault.unseal(sealed, place="p"), vault.rewrap_all()) == ("x", 0)


def test_a_key_that_a_rollback_took_back_is_not_used_again():
    with vault.keys_held():
        with transaction.atomic():
            vault.unseal(vault.seal("x", owner="group:1", place="p"), place="p")
            transaction.set_rollback(True)
        sealed = vault.seal("y", owner="group:1", place="p")
    assert vault.unseal(sealed, place="p") == "y"


def test_a_held_key_is_fetched_once_and_only_while_it_lasts(django_assert_num_queries):
    sealed = vault.seal("x", owner="group:1", place="p")
    with vault.keys_held(), django_assert_num_queries(1):
        assert [vault.unseal(sealed, place="p") for _ in range(3)] == ["x", "x", "x"]
    with django_assert_num_queries(1):
        vault.unseal(sealed, place="p")


@pytest.mark.parametrize("ring", ["", "1", "1:", "1:c2hvcnQ=", f"1:{'A' * 43}=,1:{'B' * 43}="])
def test_a_ring_that_is_none_is_refused(ring):
    with pytest.raises(ImproperlyConfigured):
        vault.ring(ring)
