import re

import pytest
from django.test import Client
from django.urls import reverse

from groups import inviting
from groups.consent import Answer
from groups.models.invitation import Invitation
from roundtable import clock
from roundtable.links import Link
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(draft, organizer):
    inviting.release(draft, by=organizer)
    return Invitation.objects.get(application__person__email="ada@example.org")


@pytest.fixture
def link(asked):
    letter = Letter.objects.get(to="ada@example.org")
    token = letter.secrets_by_mark()["~~token~~"]
    return reverse("groups:invitation", args=[token])


def opened(client, link):
    return client.get(link, follow=True)


def test_opening_the_link_shows_hour_code_and_cards_and_no_name(client, link):
    page = opened(client, link).content.decode()
    assert "Thursdays, 17:00 to 18:30" in page
    assert "Be kind." in page
    assert [name for name in ("Hopper", "Lamarr", "Johnson", "grace@example.org") if name in page] == []
    assert [f">{initials}<" in page for initials in ("GH", "HL", "KJ")] == [True, True, True]


def test_the_token_leaves_the_address_bar(client, link, asked):
    response = client.get(link)
    assert response["Location"] == reverse("groups:invitation", args=[asked.public_id])
    assert response["Referrer-Policy"] == "no-referrer"


def test_opening_the_link_changes_nothing(client, link, asked):
    before = (list(Invitation.objects.values()), list(Link.objects.values()))
    opened(client, link)
    assert (list(Invitation.objects.values()), list(Link.objects.values())) == before


def test_a_yes_by_post_is_kept_and_shown(client, link, asked):
    opened(client, link)
    page = reverse("groups:invitation", args=[asked.public_id])
    answer = client.post(page, {"answer": "yes", "shares_address": "on"}, follow=True)
    asked.refresh_from_db()
    assert (asked.state, asked.shares_address) == ("accepted", True)
    assert "You said yes" in answer.content.decode()


def test_no_answer_is_a_sentence_at_the_field(client, link, asked):
    opened(client, link)
    answer = client.post(reverse("groups:invitation", args=[asked.public_id]), {"answer": ""})
    assert "Please choose one of the four answers." in answer.content.decode()
    asked.refresh_from_db()
    assert asked.state == "sent"


@pytest.mark.parametrize("who", ["nobody", "another invited person", "superuser"])
def test_an_invitation_opens_for_the_invited_person_only(client, asked, who, django_user_model):
    if who == "another invited person":
        client.force_login(Invitation.objects.exclude(pk=asked.pk).first().application.person)
    if who == "superuser":
        client.force_login(django_user_model.objects.create_superuser("root@example.org"))
    assert client.get(reverse("groups:invitation", args=[asked.public_id])).status_code == 404


@pytest.mark.parametrize("state", ["declined", "lapsed", "released"])
def test_who_is_out_sees_the_others_no_longer(client, link, asked, state):
    opened(client, link)
    Invitation.objects.filter(pk=asked.pk).update(state=state)
    page = client.get(reverse("groups:invitation", args=[asked.public_id])).content.decode()
    assert [word for word in (">GH<", ">HL<", ">KJ<", "grace works", "have said yes") if word in page] == []


def test_a_member_sees_the_others_on_the_groups_page_and_not_on_the_invitation(client, link, asked):
    opened(client, link)
    Invitation.objects.filter(pk=asked.pk).update(state="accepted")
    page = reverse("groups:invitation", args=[asked.public_id])
    assert ">GH<" in client.get(page).content.decode()
    for one in Invitation.objects.exclude(pk=asked.pk):
        inviting.respond(one, Answer.YES, received_at=clock.now())
    asked.draft.group.memberships.update(joined_on="2026-01-01", left_on="2026-02-01")
    assert ">GH<" not in client.get(page).content.decode()


def test_an_invented_token_is_not_there(client, link):
    assert client.get(re.sub(r"/invitations/..", "/invitations/xx", link)).status_code == 404


def test_the_invited_person_may_come_signed_in(client, asked):
    client.force_login(asked.application.person)
    assert client.get(reverse("groups:invitation", args=[asked.public_id])).status_code == 200


def test_an_answer_needs_the_form_of_this_site(link, asked):
    strict = Client(enforce_csrf_checks=True)
    opened(strict, link)
    assert strict.post(reverse("groups:invitation", args=[asked.public_id]), {"answer": "yes"}).status_code == 403
