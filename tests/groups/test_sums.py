"""Sums of what only composing may read: from five people on, of who agreed, never whose."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from groups import candidates, cards, inviting
from groups.models.invitation import Invitation
from members.models.application import Application, IdentityAnswers
from members.models.program import Organizer
from members.pictures import Shared, best_of_each_day, most_groups
from roundtable import clock

pytestmark = pytest.mark.django_db
WOMAN = {"dimensions": ["gender:woman"], "never_alone": ["gender:woman"]}


def say(application, told=WOMAN, *, agreed=True):
    moment = clock.now() if agreed else None
    IdentityAnswers.objects.create(application=application, answers=json.dumps(told), consented_at=moment)


@pytest.mark.parametrize(
    ("minding", "having", "groups"), [(9, 9, 4), (5, 5, 2), (5, 20, 5), (8, 9, 4), (4, 20, None), (0, 0, None)]
)
def test_nobody_alone_means_half_as_many_groups(minding, having, groups):
    assert most_groups(minding, having) == groups


def test_the_best_half_hour_of_each_day_from_five_people_on():
    assert best_of_each_day([*[0] * 16, 11, 11, *[0] * 46, 4, *[0] * 271]) == {"Mon 08:00": 11}


@pytest.mark.parametrize(("count", "shown"), [(4, []), (5, [Shared("gender", "woman", 5, 5)])])
def test_a_wish_is_counted_from_five_on(count, shown, pooled):
    people = pooled(7)
    for application in people[:count]:
        say(application)
    say(people[5], agreed=False)
    assert candidates.shared([one.pk for one in people]) == shown


def test_who_has_it_and_does_not_mind_makes_room_and_own_words_are_told_to_nobody(pooled):
    people = pooled(8)
    for application in people[:5]:
        say(application, {"dimensions": ["carer:yes"], "never_alone": ["carer:yes", "own:left handed"]})
    say(people[5], {"dimensions": ["carer:yes"], "never_alone": []})
    assert candidates.shared([one.pk for one in people]) == [Shared("carer", "yes", 5, 6)]


@pytest.mark.parametrize(("count", "share"), [(4, {}), (5, {1: 50}), (6, {})])
def test_a_share_needs_five_on_either_side(count, share, pooled):
    people = pooled(10)
    for application in people[:count]:
        say(application)
    assert candidates.minding({1: [one.pk for one in people], 2: []}) == share


@pytest.mark.parametrize(("metro", "named"), [("", True), ("Chicago", False)])
def test_the_picture_names_a_dimension_to_who_organizes_the_whole_program(metro, named, pooled, program, organizer):
    for application in pooled(6, metro="Chicago"):
        say(application)
    Organizer.objects.update(metro=metro)
    client = Client()
    client.force_login(organizer)
    page = client.get(reverse("admin:pictures", args=["demo"]))
    assert ("6 people do not want to be alone: at most 3 groups for them" in page.content.decode()) is named
    assert [bar.count for bar, is_wish, _ in page.context["limiter_lines"] if not is_wish] == [6]
    assert ("partner community" in page.content.decode()) is named


@pytest.mark.parametrize("count", [5, 9])
def test_sums_ask_the_same_for_five_and_for_nine(count, pooled, django_assert_num_queries):
    people = pooled(9)
    for application in people[:count]:
        say(application)
    with django_assert_num_queries(2):
        candidates.shared([one.pk for one in people])


@pytest.fixture
def sent(draft):
    """Grace told that Ada sent her; both are in one draft."""
    Application.objects.filter(person__email="grace@example.org").update(extra={"sent_by": "ada lovelace"})


def test_the_composition_says_who_sent_whom(sent, draft, organizer, client):
    client.force_login(organizer)
    page = client.get(reverse("admin:groups_composition_show", args=[draft.composition.public_id])).content.decode()
    assert "<bdi>Ada Lovelace</bdi> sent <bdi>Grace Hopper</bdi>: both are asked" in page


@pytest.mark.parametrize(("email", "told"), [("ada", True), ("grace", True), ("hedy", False)])
def test_both_find_a_sentence_without_a_name_on_their_invitation(email, told, sent, draft, organizer, client):
    inviting.release(draft, by=organizer)
    asked = Invitation.objects.get(application__person__email=f"{email}@example.org")
    client.force_login(asked.application.person)
    page = client.get(reverse("groups:invitation", args=[asked.public_id])).content.decode()
    assert ("Somebody whom you sent here" in page) is told
    assert cards.knows_somebody(asked) is told
    assert "Hopper" not in page.replace(asked.application.person.name, "")
