"""An organizer of one city: every organizers' page is cut to that city, and what is for whole programs is not there."""

from __future__ import annotations

import pytest

from groups.models.draft import Composition, DraftGroup
from groups.models.group import Group
from members import letters as written
from roundtable.outbox.models import Letter
from roundtable.outbox.post import post
from tests.conftest import START

pytestmark = pytest.mark.django_db
CITIES = ("Chicago", "Bay Area", "")


@pytest.fixture
def people(applicant):
    """One person in the chapter's city, one in another, one whose city is not known; each has had a letter."""
    made = {city: applicant(f"In{city.replace(' ', '') or 'Nowhere'}", metro=city, stage="pooled") for city in CITIES}
    post(*[written.received(one) for one in made.values()])
    return made


@pytest.fixture
def groups(program):
    """A circle in each city, and one by video."""
    return {
        city: Group.objects.create(
            program=program, name=f"Circle {city}", mode="video", metro=city, zone="UTC", window=0, sealed_at=START
        )
        for city in CITIES
    }


def listed(client, url):
    return {row.pk for row in client.get(url).context["cl"].queryset}


@pytest.mark.parametrize(("who", "cities"), [("chapter", CITIES[:1]), ("organizer", CITIES)])
def test_applications_letters_and_groups_are_those_of_the_city(who, cities, people, groups, sign_in, request):
    client = sign_in(request.getfixturevalue(who))
    letters = {city: Letter.objects.get(person=one.person).pk for city, one in people.items()}
    expected = {
        "/admin/members/application/": {people[city].pk for city in cities},
        "/admin/outbox/letter/": {letters[city] for city in cities},
        "/admin/groups/group/": {groups[city].pk for city in cities},
    }
    assert {url: listed(client, url) for url in expected} == expected


@pytest.mark.parametrize("city", CITIES[1:])
def test_a_letter_of_another_city_is_neither_read_nor_sent_again(city, people, sign_in, chapter):
    client, letter = sign_in(chapter), Letter.objects.get(person=people[city].person)
    Letter.objects.filter(pk=letter.pk).update(state="failed")
    assert client.get(f"/admin/outbox/letter/{letter.pk}/preview/").status_code == 404
    assert client.get(f"/admin/outbox/letter/{letter.pk}/change/").status_code != 200
    client.post("/admin/outbox/letter/", {"action": "send_again", "_selected_action": str(letter.pk), "index": "0"})
    assert Letter.objects.get(pk=letter.pk).state == "failed"


@pytest.mark.parametrize(("city", "seen"), [("Chicago", True), ("Bay Area", False), ("", False)])
def test_a_group_of_another_city_is_not_opened(city, seen, groups, sign_in, chapter):
    answer = sign_in(chapter).get(f"/admin/groups/group/{groups[city].pk}/change/")
    assert (answer.status_code == 200) == seen


def test_a_file_to_take_away_has_the_city_s_people_only(people, sign_in, chapter, program):
    answer = sign_in(chapter).post(f"/admin/members/program/{program.slug}/export/")
    assert [one.person.name for one in people.values() if one.person.name in answer.content.decode()] == ["InChicago"]


def test_composing_is_for_whole_programs(people, sign_in, chapter, organizer, program):
    composition = Composition.objects.create(program=program, progress="done")
    draft = DraftGroup.objects.create(composition=composition, number=1, mode="video", zone="UTC", window=0)
    pages = [f"/admin/groups/composition/compose/{program.slug}/"]
    pages += [f"/admin/groups/composition/show/{composition.public_id}/"]
    assert [[sign_in(who).get(page).status_code for page in pages] for who in (chapter, organizer)] == [
        [404, 404],
        [200, 200],
    ]
    assert sign_in(chapter).post(pages[0], {"seconds": "1"}).status_code == 404
    assert (Composition.objects.count(), DraftGroup.objects.get().state) == (1, draft.state)


def test_what_is_composed_is_not_listed_for_a_city(people, sign_in, chapter, program):
    Composition.objects.create(program=program, progress="done")
    assert list(Composition.objects.organized_by(chapter)) == []


def test_taking_in_a_file_is_for_whole_programs(sign_in, chapter, organizer, code, program):
    url = f"/admin/members/program/{program.slug}/import/"
    assert [sign_in(who).get(url).status_code for who in (chapter, organizer)] == [404, 200]
