"""The organizers' pages: who gets in, what they see, and how many questions the database is asked."""

from __future__ import annotations

import pytest
from django.urls import reverse

from members.models.application import Application, Placed
from members.models.place import PlaceAlias
from members.models.review import Import

REVIEW, PLACES, DECIDE = (
    "/admin/members/application/review/",
    "/admin/members/application/places/",
    "admin:review_decide",
)
IMPORT = "/admin/members/program/cto/import/"
CAST = ["stranger", "ada", "organizer", "chapter", "both", "superuser"]


@pytest.mark.parametrize("url", [REVIEW, PLACES, IMPORT, "/admin/members/application/", "/admin/members/program/"])
def test_nobody_gets_in_who_does_not_organize(url, client, sign_in, person, stranger, ada, organizer, superuser):
    assert client.get(url).status_code == 302
    for who, statuses in ((stranger, {302, 403, 404}), (ada, {302, 403, 404}), (organizer, {200}), (superuser, {200})):
        assert sign_in(who).get(url).status_code in statuses
    clerk = person("Clerk", is_staff=True)
    assert sign_in(clerk).get(url).status_code in {403, 404}


def names(response):
    return [row.application.person.name for row in response.context["rows"]]


def test_a_chapter_sees_its_city_in_list_card_places_and_search(applicant, sign_in, chapter, organizer):
    here = applicant("Here", metro="Chicago", placed=Placed.CONFIRM)
    there = applicant("There", metro="Bay Area", placed=Placed.CONFIRM)
    nowhere = applicant("Nowhere", metro="", placed=Placed.ASK)
    client = sign_in(chapter)
    assert names(client.get(REVIEW)) == ["Here"]
    assert names(client.get(f"{REVIEW}?stage=all&q=There")) == []
    assert client.get(f"{REVIEW}?card={there.public_id}").context["card"] is None
    assert [one.person.name for one in client.get(PLACES).context["page"]] == ["Here"]
    assert [one.pk for one in client.get("/admin/members/application/").context["cl"].queryset] == [here.pk]
    assert client.get(f"/admin/members/application/{there.pk}/change/").status_code == 404
    assert sorted(names(sign_in(organizer).get(REVIEW))) == ["Here", "Nowhere", "There"]
    for theirs in (there, nowhere):
        client.post(reverse(DECIDE), {"act": "accept", "chosen": theirs.public_id})
        client.post(reverse("admin:review_note", args=[theirs.public_id]), {"text": "mine"})
        client.post(reverse("admin:places_settle", args=[theirs.public_id]), {"place_id": "5037649"})
        theirs.refresh_from_db()
        assert (theirs.stage, theirs.notes.count(), theirs.place_name) == ("submitted", 0, "San Francisco")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_questions_for_one_and_for_many(
    count, applicant, sign_in, organizer, django_assert_num_queries
):
    for name in ["Wanda", "Xenia", "Yoko"][:count]:
        applicant(name)
    client = sign_in(organizer)
    with django_assert_num_queries(22):
        assert client.get(REVIEW).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_place_queue_asks_the_same_questions_for_one_and_for_many(
    count, applicant, sign_in, organizer, django_assert_num_queries
):
    for name in ["Wanda", "Xenia", "Yoko"][:count]:
        applicant(name, placed=Placed.ASK, candidates=[{"id": 1, "label": "A", "zone": "UTC"}])
    client = sign_in(organizer)
    with django_assert_num_queries(5):
        assert client.get(PLACES).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("model", "queries"), [("application", 19), ("import", 7), ("placealias", 7), ("program", 6)])
def test_the_plain_lists_ask_the_same_questions_for_one_and_for_many(
    model, queries, count, applicant, program, sign_in, organizer, django_assert_num_queries
):
    for name in ["Wanda", "Xenia", "Yoko"][:count]:
        applicant(name)
        Import.objects.create(program=program, made_by=organizer)
        PlaceAlias.objects.create(program=program, text=name, place_id=1, made_by=organizer)
    client = sign_in(organizer)
    with django_assert_num_queries(queries):
        assert client.get(f"/admin/members/{model}/").status_code == 200


def test_the_filters_cut_the_list(applicant, sign_in, organizer):
    applicant("Wanda", role="vp", mode="video", metro="Chicago")
    applicant("Xenia", role="cto", mode="either", metro="Bay Area")
    applicant("Yoko", stage="pooled")
    client = sign_in(organizer)
    found = {
        query: names(client.get(f"{REVIEW}?{query}"))
        for query in (
            "",
            "role=vp",
            "mode=either",
            "metro=Chicago",
            "stage=pooled",
            "q=xeni",
            "program=none",
            "page=99",
        )
    }
    assert found == {
        "": ["Wanda", "Xenia"],
        "role=vp": ["Wanda"],
        "mode=either": ["Xenia"],
        "metro=Chicago": ["Wanda"],
        "stage=pooled": ["Yoko"],
        "q=xeni": ["Xenia"],
        "program=none": [],
        "page=99": ["Wanda", "Xenia"],
    }


def test_nothing_sensitive_and_no_hour_is_on_any_organizers_page(applicant, sensitive, sign_in, organizer, superuser):
    application = applicant("Wanda")
    sensitive(application, '{"never_alone": ["gender:zyzzyva"]}')
    pages = [REVIEW, f"{REVIEW}?card={application.public_id}", PLACES, "/admin/", "/admin/members/application/"]
    for who in (organizer, superuser):
        client = sign_in(who)
        for url in pages:
            text = client.get(url, follow=True).content.decode()
            assert [word for word in ("zyzzyva", "never_alone", "ffffffff", "Mon 07:00") if word in text] == []


def test_ticked_ones_are_decided_together_and_nothing_ticked_is_nobody(applicant, sign_in, organizer):
    wanda, xenia, yoko = applicant("Wanda"), applicant("Xenia", agreed=False), applicant("Yoko")
    client = sign_in(organizer)
    response = client.post(reverse(DECIDE), {"act": "accept"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["Nobody was ticked, so nothing was done."]
    chosen = [wanda.public_id, xenia.public_id]
    response = client.post(reverse(DECIDE), {"act": "accept", "chosen": chosen, "back": "stage=pooled"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "1 accepted. The letters leave in 15 minutes; until then you can take it back.",
        "Xenia: The code of conduct is not accepted yet; hold and ask.",
    ]
    stages = dict(Application.objects.values_list("person__name", "stage"))
    assert stages == {"Wanda": "pooled", "Xenia": "submitted", "Yoko": "submitted"}
    assert yoko.pk
    client.post(reverse(DECIDE), {"act": "undo", "chosen": chosen})
    wanda.refresh_from_db()
    assert wanda.stage == "submitted"


@pytest.mark.parametrize("form", [{"act": "decline"}, {"act": "explode"}, {}])
def test_a_decision_needs_an_act_and_a_no_needs_a_reason(form, applicant, sign_in, organizer):
    application = applicant("Wanda")
    sign_in(organizer).post(reverse(DECIDE), form | {"chosen": application.public_id})
    application.refresh_from_db()
    assert (application.stage, application.decisions.count()) == ("submitted", 0)


def test_reading_changes_nothing(applicant, sign_in, organizer):
    application = applicant("Wanda", placed=Placed.ASK)
    client = sign_in(organizer)
    assert client.get(reverse(DECIDE)).status_code == 405
    assert client.get(reverse("admin:places_settle", args=[application.public_id])).status_code == 405


def test_a_place_is_looked_up_and_picked(applicant, sign_in, organizer):
    application = applicant("Wanda", placed=Placed.UNKNOWN, place_text="the loon")
    client = sign_in(organizer)
    found = client.get(f"{PLACES}?for={application.public_id}&q=minneapolis").context["cities"]
    assert found == [(5037649, "Minneapolis, MN, United States")]
    client.post(reverse("admin:places_settle", args=[application.public_id]), {"place_id": "5037649"})
    application.refresh_from_db()
    assert (application.placed, application.metro) == ("resolved", "Twin Cities")
