"""Who is signed in, asked in one question; and nobody who should not be."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from members.models.person import Person
from roundtable.outbox.models import Letter
from roundtable.sessions import SessionStore, people_along

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(ada: Person) -> str:
    client = Client()
    client.force_login(ada)
    UserSession.objects.create(user=ada, session_key=client.session.session_key, ip="192.0.2.7")  # as allauth does
    return str(client.session.session_key)


def who(key: str) -> object:
    request = HttpRequest()
    request.session = SessionStore(key)
    with people_along():
        return get_user(request)


def test_session_and_person_come_in_one_question(
    key: str, ada: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    who(key)
    with django_assert_num_queries(1):
        found = who(key)
    assert found == ada
    fresh = Person.objects.get(pk=ada.pk)
    names = [field.attname for field in Person._meta.concrete_fields]
    assert [getattr(found, name) for name in names] == [getattr(fresh, name) for name in names]


def test_whoever_signs_in_with_a_code_comes_along(
    ada: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    client = Client()
    client.post("/accounts/login/code/", {"email": ada.email})
    (code,) = Letter.objects.get().secrets_by_mark().values()
    client.post("/accounts/login/code/confirm/", {"code": code})
    key = client.cookies["sessionid"].value
    with django_assert_num_queries(1):
        assert who(key) == ada


def test_what_is_written_beside_a_session_never_decides_whose_it_is(key: str, ada: Person, hedy: Person) -> None:
    UserSession.objects.update(user=hedy)
    assert who(key) == ada
    UserSession.objects.all().delete()
    assert who(key) == ada


def test_a_closed_account_is_nobody_at_once(key: str, ada: Person) -> None:
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    assert not getattr(who(key), "is_authenticated", True)


def test_a_person_who_came_along_is_given_out_once_and_kept_by_nobody(key: str, ada: Person) -> None:
    request = HttpRequest()
    request.session = SessionStore(key)
    with people_along():
        get_user(request)
        Person.objects.filter(pk=ada.pk).update(name="Ada Anew")
        assert str(get_user(request)) == "Ada Anew"
    Person.objects.filter(pk=ada.pk).update(name="Ada Again")
    assert str(get_user(request)) == "Ada Again"
