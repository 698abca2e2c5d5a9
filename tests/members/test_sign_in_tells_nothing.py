import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed
from django.core.cache import cache
from django.test import Client

from roundtable import links
from roundtable.outbox.models import Letter
from roundtable.pages import EVEN_TIME

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("address", "letters"), [("ada@example.org", 1), ("nobody@example.org", 0)])
def test_asking_for_a_code_looks_and_lasts_the_same_for_an_unknown_address(person, address, letters):
    ada = person("Ada")
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    cache.clear()
    began = time.monotonic()
    answer = Client().post("/accounts/login/code/", {"email": address})
    assert time.monotonic() - began >= EVEN_TIME
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/code/confirm/")
    assert Letter.objects.count() == letters


def test_a_changed_address_ends_the_links_that_the_old_one_got(person, clock):
    ada, grace = person("Ada"), person("Grace")
    for one in (ada, grace):
        links.make("seat", f"seat:{one.pk}", one, clock.now() + timedelta(days=1))
    old = EmailAddress(user=ada, email="former@example.org")
    email_changed.send(sender=EmailAddress, request=None, user=ada, from_email_address=old, to_email_address=None)
    assert list(links.Link.objects.live().values_list("person", flat=True)) == [grace.pk]


def test_the_first_sign_in_of_who_was_imported_leaves_the_links_in_letters_as_they_are(person, clock):
    ada = person("Ada")
    EmailAddress.objects.create(user=ada, email=ada.email, verified=False, primary=True)
    links.make("seat", "seat:1", ada, clock.now() + timedelta(days=1))
    client = Client()
    client.post("/accounts/login/code/", {"email": ada.email})
    (code,) = Letter.objects.get().secrets_by_mark().values()
    assert client.post("/accounts/login/code/confirm/", {"code": code}).status_code == 302
    assert EmailAddress.objects.get().verified
    assert links.Link.objects.live().count() == 1
