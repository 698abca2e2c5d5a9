import re

import pytest
from django.test import Client
from django.urls import reverse

from groups import inviting
from groups.consent import Answer
from groups.models.invitation import Invitation
from members.models.apart import KeepApart
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


def test_who_lapsed_opens_it_again_by_the_letter(client, asked, clock):
    clock.forward(days=5)
    inviting.lapse(asked.draft, now=clock.now())
    letter = Letter.objects.get(kind="groups/lapsed", to="ada@example.org")
    link = reverse("groups:invitation", args=[letter.secrets_by_mark()["~~token~~"]])
    page = opened(client, link)
    assert "Open it again" in page.content.decode()
    again = client.post(page.request["PATH_INFO"], {"act": "reopen"}, follow=True)
    asked.refresh_from_db()
    assert (asked.state, "Would you join this group?" in again.content.decode()) == ("sent", True)


def test_a_forwarded_link_shows_and_changes_nothing_for_who_is_signed_in_as_themselves(client, link, asked):
    client.force_login(Invitation.objects.exclude(pk=asked.pk).first().application.person)
    opened(client, link)
    for answer in (client.get(page_of(asked)), client.post(page_of(asked), {"answer": "yes"})):
        assert answer.status_code == 403
        assert "written to somebody else" in answer.content.decode()
        assert ">GH<" not in answer.content.decode()
    asked.refresh_from_db()
    assert asked.state == "sent"


def page_of(asked):
    return reverse("groups:invitation", args=[asked.public_id])


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("state", ["sent", "accepted", "lapsed", "stand_by"])
def test_a_scanner_of_mail_changes_nothing(client, link, asked, method, state):
    Invitation.objects.filter(pk=asked.pk).update(state=state, place_in_line=9)
    before = list(Invitation.objects.order_by("pk").values())
    for _ in range(2):
        getattr(client, method)(link, follow=True)
        getattr(client, method)(page_of(asked) + "?act=reopen&answer=yes")
    assert list(Invitation.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("happened", "sentence"),
    [
        ({"answer_until": "2026-01-02T00:00Z"}, "The time to answer is over."),
        ({"state": "released"}, "This group did not form."),
        ({"state": "declined"}, "You have answered this invitation"),
    ],
)
def test_a_second_tab_is_told_what_has_happened_since_and_shows_it(client, link, asked, happened, sentence):
    opened(client, link)
    Invitation.objects.filter(pk=asked.pk).update(**happened)
    before = list(Invitation.objects.order_by("pk").values())
    assert sentence in client.post(page_of(asked), {"answer": "yes"}).content.decode()
    assert list(Invitation.objects.order_by("pk").values()) == before


def test_a_member_is_told_where_the_way_out_is(client, link, asked):
    opened(client, link)
    for one in Invitation.objects.live():
        inviting.respond(one, Answer.YES, received_at=clock.now())
    answer = client.post(page_of(asked), {"answer": "not_now"}).content.decode()
    assert "You are a member of this group now; the way out is on your own page." in answer
    assert asked.draft.group.memberships.count() == 4


def test_a_card_is_pointed_at_and_a_day_is_chosen_on_the_page(client, link, asked):
    opened(client, link)
    grace = Invitation.objects.get(application__person__email="grace@example.org")
    client.post(page_of(asked), {"answer": "not_this_group", "apart_from": [grace.public_id]})
    assert KeepApart.objects.count() == 1


@pytest.mark.parametrize("day", ["2026-05-05", "2020-01-01", "2099-01-01", "soon"])
def test_a_day_that_is_over_or_too_far_is_asked_again(client, link, asked, day):
    opened(client, link)
    answer = client.post(page_of(asked), {"answer": "not_now", "rest_until": day})
    assert answer.context["form"].errors["rest_until"]
    asked.refresh_from_db()
    assert asked.state == "sent"


def test_who_would_be_alone_reads_it_on_the_page_and_nobody_else_does(client, link, asked):
    asked.alone = "told"
    asked.save()
    page = opened(client, link).content.decode()
    assert "you would be the only one in this group in a way that matters to you" in page
    client.post(page_of(asked), {"act": "wait"})
    asked.refresh_from_db()
    assert asked.alone == "wait"
    grace = Invitation.objects.get(application__person__email="grace@example.org")
    client.force_login(grace.application.person)
    assert "For you alone" not in client.get(page_of(grace)).content.decode()
