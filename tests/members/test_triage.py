"""Review as the keys drive it: one request per decision, scores, hidden names, letters in other words, duplicates."""

from __future__ import annotations

import pytest
from django.urls import reverse

from members import reviewing
from members.models.application import Application
from members.models.review import CompanyWord, Impression
from members.rubric import Score
from roundtable.outbox.models import Letter

REVIEW, DECIDE = "/admin/members/application/review/", "/admin/members/application/review/decide/"
HTMX = {"HX-Request": "true", "HX-Target": "card"}


def press(client, act, application, **more):
    form = {"act": act, "chosen": application.public_id, "listed": "yes", "back": "program=cto", **more}
    return client.post(DECIDE, form, headers=HTMX)


def test_a_decision_is_one_request_that_brings_the_next_card_and_the_changed_row(applicant, sign_in, organizer):
    wanda, xenia = applicant("Wanda"), applicant("Xenia")
    response = press(sign_in(organizer), "accept", wanda, next=xenia.public_id)
    assert response.context["card"].row.name == "Xenia"
    assert response.context["changed"].application.stage == "pooled"
    assert response["HX-Replace-Url"] == f"{REVIEW}?program=cto&card={xenia.public_id}"
    text = response.content.decode()
    assert f'id="row-{wanda.public_id}" hx-swap-oob="true"' in text
    assert "1 to review · 1 in the pool" in text
    assert "<html" not in text


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("act", "queries"), [("accept", 28), ("decline", 25), ("hold", 23)])
def test_a_decision_asks_the_same_for_one_and_for_many(
    act, queries, count, applicant, sign_in, organizer, django_assert_max_num_queries
):
    people = [applicant(name) for name in ("Wanda", "Xenia", "Yoko")[:count]]
    client = sign_in(organizer)
    with django_assert_max_num_queries(45) as asked:
        press(client, act, people[0], code="audience")
    assert len(asked) == queries


def test_a_card_comes_alone_and_its_address_works_by_itself(applicant, sign_in, organizer):
    application, client = applicant("Wanda"), sign_in(organizer)
    applicant("Xenia")
    address = f"{REVIEW}?card={application.public_id}"
    assert "<html" not in client.get(address, headers=HTMX).content.decode()
    whole = client.get(address)
    assert (whole.context["card"].row.name, len(whole.context["rows"])) == ("Wanda", 2)


def test_a_refusal_stays_with_the_card(applicant, sign_in, organizer):
    wanda, xenia = applicant("Wanda", agreed=False), applicant("Xenia")
    response = press(sign_in(organizer), "accept", wanda, next=xenia.public_id)
    assert response.context["card"].row.name == "Wanda"
    assert [one.sentence for one in response.context["said"]] == [
        "Wanda: The code of conduct is not accepted yet; hold and ask."
    ]


def test_undo_means_the_last_decision_while_another_card_is_shown(applicant, sign_in, organizer):
    wanda, xenia = applicant("Wanda"), applicant("Xenia")
    client = sign_in(organizer)
    response = press(client, "accept", wanda, next=xenia.public_id)
    assert response.context["last"] == (wanda.public_id, "Wanda")
    response = press(client, "undo", wanda, next=xenia.public_id)
    assert (response.context["card"].row.name, response.context["last"]) == ("Wanda", None)


def test_what_moved_on_since_is_not_offered_to_be_taken_back(applicant, sign_in, organizer):
    application = applicant("Wanda")
    reviewing.accept(application, by=organizer)
    Application.objects.update(stage="placed")
    assert sign_in(organizer).get(REVIEW).context["last"] is None


def test_filters_offer_counts_under_the_other_filters(applicant, sign_in, organizer):
    applicant("Wanda", metro="Chicago", role="vp", extra={"heard": "search"})
    applicant("Xenia", metro="Chicago", role="cto")
    applicant("Yoko", metro="Berlin", role="cto", zone="Europe/Berlin")
    shown = sign_in(organizer).get(f"{REVIEW}?role=cto").context["filters"]
    counts = {facet.name: {choice.value: choice.count for choice in facet.choices} for facet in shown}
    assert counts["metro"] == {"Berlin": 1, "Chicago": 1}
    assert counts["role"] == {"vp": 1, "cto": 2}
    assert counts["program"] == {"cto": 2}
    assert {name: counts["stage"][name] for name in ("submitted", "pooled", "open", "all")} == {
        "submitted": 2,
        "pooled": 0,
        "open": 2,
        "all": 2,
    }


@pytest.mark.parametrize(
    ("query", "found"), [("zone=Europe/Berlin", ["Yoko"]), ("heard=none", ["Yoko"]), ("heard=search", ["Wanda"])]
)
def test_zone_and_source_cut_the_list(query, found, applicant, sign_in, organizer):
    applicant("Wanda", extra={"heard": "search"})
    applicant("Yoko", zone="Europe/Berlin")
    assert [row.name for row in sign_in(organizer).get(f"{REVIEW}?{query}").context["rows"]] == found


def test_others_scores_are_seen_once_the_own_is_given(applicant, sign_in, organizer, both):
    application = applicant("Wanda")
    reviewing.give_impression(application, Score(2, 2, 1), by=both)
    client = sign_in(organizer)
    before = client.get(REVIEW).context["card"].impressions
    assert (before.mine, before.others, before.mean) == (None, (), None)
    url = reverse("admin:review_score", args=[application.public_id])
    client.post(url, {"audience": 1, "conversation": 0, "coming": 0})
    after = client.get(REVIEW).context["card"].impressions
    assert (after.mine.score.total, [one.score.total for one in after.others], after.mean) == (1, [5], 3.0)
    client.post(url, {"audience": 2, "conversation": 2, "coming": 2})
    assert Impression.objects.count() == 2


def test_the_order_by_score_tells_nobodys_score_before_the_own(applicant, sign_in, organizer, both):
    low, high, unscored = applicant("Low"), applicant("High"), applicant("Unscored")
    for application, points in ((low, 0), (high, 2)):
        reviewing.give_impression(application, Score(points, points, points), by=both)
    client = sign_in(organizer)
    assert [row.name for row in client.get(f"{REVIEW}?order=score").context["rows"]] == ["Low", "High", "Unscored"]
    for application in (low, high):
        reviewing.give_impression(application, Score(1, 1, 1), by=organizer)
    assert [row.name for row in client.get(f"{REVIEW}?order=score").context["rows"]] == ["Unscored", "High", "Low"]
    assert unscored.pk


@pytest.mark.parametrize("page", [REVIEW, "/admin/members/application/places/", "/admin/members/application/"])
def test_a_first_pass_without_names_shows_and_finds_none(page, applicant, program, sign_in, organizer):
    program.blind_first_pass = True
    program.save()
    application = applicant(
        "Wanda Zyzzyva", company="Quuxly", placed="ask", extra={"other_columns": {"Link": "Quuxly"}}
    )
    client = sign_in(organizer)
    text = client.get(page).content.decode()
    assert [word for word in ("Wanda", "Zyzzyva", "Quuxly", "wanda@") if word in text] == []
    assert client.get(f"{REVIEW}?q=Quuxly").context["rows"] == []
    assert list(client.get("/admin/members/application/?q=Zyzzyva").context["cl"].queryset) == []
    reviewing.give_impression(application, Score(1, 1, 1), by=organizer)
    assert "Zyzzyva" in client.get(page).content.decode()


def test_the_letter_of_a_decision_leaves_in_other_words_once(applicant, sign_in, organizer, chapter):
    application, client = applicant("Wanda"), sign_in(organizer)
    reviewing.accept(application, by=organizer)
    url = reverse("admin:review_letter", args=[application.public_id])
    letter = Letter.objects.get()
    assert sign_in(chapter).post(url, {"letter": letter.pk, "text": "Mine"}).status_code == 404
    for words in ("Welcome, Wanda!", "Once more"):
        client.post(url, {"letter": letter.pk, "text": words})
    letter.refresh_from_db()
    assert letter.text == "Welcome, Wanda!\n"


def test_a_letter_about_somebody_else_is_not_reached(applicant, sign_in, organizer):
    wanda, xenia = applicant("Wanda"), applicant("Xenia")
    reviewing.accept(xenia, by=organizer)
    letter = Letter.objects.get()
    sign_in(organizer).post(reverse("admin:review_letter", args=[wanda.public_id]), {"letter": letter.pk, "text": "No"})
    letter.refresh_from_db()
    assert letter.edited_at is None


def test_two_of_one_person_are_flagged_compared_confirmed_and_then_one(applicant, sign_in, organizer):
    one = applicant("Ada One", company="Engines", company_key="engines")
    other = applicant("Bea Two", company="Engines", company_key="engines")
    other.person.email = "ada+two@applied.example.org"
    other.person.name = "Ada One"
    other.person.save()
    client = sign_in(organizer)
    assert {row.flags for row in client.get(REVIEW).context["rows"]} == {("perhaps applied twice",)}
    pairs = client.get(reverse("admin:duplicates", args=["cto"])).context["pairs"]
    assert [(left.pk, right.pk, why) for left, right, why in pairs] == [(one.pk, other.pk, "one mailbox")]
    url = reverse("admin:review_merge", args=[one.public_id, other.public_id])
    assert client.get(url).status_code == 200
    client.post(url, {"taken": "topics"})
    assert Application.objects.filter(stage="submitted").count() == 2
    client.post(url, {"taken": "topics", "sure": "yes"})
    assert [row.name for row in client.get(REVIEW).context["rows"]] == ["Ada One"]


def test_companies_are_settled_by_whoever_looks_after_the_whole_program(applicant, sign_in, organizer, chapter):
    applicant("Ada", company="Rapid Payments", company_key="rapid payments", metro="Chicago")
    applicant("Grace", company="RapidPayments", company_key="rapidpayments", metro="Chicago")
    url = reverse("admin:duplicates_companies", args=["cto"])
    shown = sign_in(chapter).get(reverse("admin:duplicates", args=["cto"])).context
    assert (shown["whole"], shown["perhaps"]) == (False, [("rapid payments", "rapidpayments")])
    form = {"spelling": "rapidpayments", "other": "rapid payments"}
    assert (sign_in(chapter).post(url, form).status_code, CompanyWord.objects.count()) == (404, 0)
    sign_in(organizer).post(url, form)
    assert set(Application.objects.values_list("company_key", flat=True)) == {"rapid payments"}


def test_a_chapter_meets_its_city_alone_in_duplicates_flags_and_pictures(applicant, sign_in, chapter):
    applicant("Ada", company="Engines", company_key="engines", metro="Chicago")
    far = applicant("Far Ada", company="Engines", company_key="engines", metro="Berlin")
    far.person.name = "Ada"
    far.person.save()
    client = sign_in(chapter)
    assert [row.flags for row in client.get(REVIEW).context["rows"]] == [()]
    assert client.get(reverse("admin:duplicates", args=["cto"])).context["pairs"] == []
    drawn = client.get(reverse("admin:pictures", args=["cto"])).context
    assert [tick.value for tick in drawn["heat"].rows] == ["Chicago"]
    assert next((bar.name, bar.count) for bar in drawn["funnel"].bars) == ("applied", 1)
    assert client.get(f"{REVIEW}?card={far.public_id}", headers=HTMX).context["card"] is None
    assert (
        client.get("/admin/autocomplete/?app_label=members&model_name=organizer&field_name=person").status_code == 404
    )


@pytest.mark.parametrize(("people", "shown"), [(4, False), (5, True)])
def test_hours_are_drawn_from_five_people_on(people, shown, applicant, sign_in, organizer):
    for name in ["Ada", "Bea", "Cleo", "Dora", "Edda"][:people]:
        applicant(name)
    page = sign_in(organizer).get(reverse("admin:pictures", args=["cto"]))
    assert (page.context["strip"] is not None, "under 5" in page.content.decode()) == (shown, shown)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("admin:duplicates", 9), ("admin:pictures", 19)])
def test_pages_of_a_program_ask_the_same_for_one_and_for_many(
    name, queries, count, applicant, sign_in, organizer, django_assert_max_num_queries
):
    for who in ("Wanda", "Xenia", "Yoko")[:count]:
        applicant(who)
    client = sign_in(organizer)
    with django_assert_max_num_queries(40) as asked:
        client.get(reverse(name, args=["cto"]))
    assert len(asked) == queries


def test_the_card_shows_every_answer_of_the_form_but_those_for_the_solver(applicant, sign_in, organizer):
    extra = {
        "in_town": "Mill district",
        "longest_ride": "30",
        "company_size": "10-49",
        "minutes": "75",
        "size": "6-7",
        "could": ["host"],
        "heard": "friend",
        "gives": "Pay reviews",
        "stuck_on": "A merger",
        "shares_words": True,
    }
    fields = {"org_size": "30-99", "years_leading": 7, "still_coding": "rarely", "sector": "games"}
    applicant("Wanda", extra=extra, shows_company=False, **fields)
    page = sign_in(organizer).get(REVIEW).content.decode()
    said = ("Mill district", "half an hour", "10-49 people", "75 minutes", "6 or 7", "host a room", "A merger")
    said += ("a friend or colleague", "Pay reviews", "the group may read them", "30-99 people", "7 leading")
    said += ("codes: rarely", "games", "card: sector and size only")
    assert [words for words in said if words not in page] == []


def test_the_review_of_one_program_leads_to_its_export(applicant, sign_in, organizer):
    applicant("Wanda")
    assert reverse("admin:export_applications", args=["cto"]) in sign_in(organizer).get(REVIEW).content.decode()
