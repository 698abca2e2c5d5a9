"""A draft of the application: kept from the first page on, left, found again by a letter, reminded of once, deleted."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test import Client

from members import drafting, leaving
from members.forms.application import PAGES
from members.models.application import Application, Unconfirmed
from members.models.person import Person
from members.tasks import tidy
from roundtable.errors import NotAllowed
from roundtable.links import Link
from roundtable.outbox.models import Letter
from tests.members.conftest import ANSWERS, APPLY, CONFIRM


def token_in_letter(kind):
    (token,) = Letter.objects.filter(kind=kind).latest("pk").secrets_by_mark().values()
    return token


@pytest.fixture
def left(client, code, answers):
    """Somebody filled in two pages and left by "save and come back later"."""
    client.post(APPLY, answers("you"))
    client.post(f"{APPLY}work/", answers("work") | {"then": "later"})
    return Unconfirmed.objects.get()


def test_from_the_first_page_on_everything_is_kept_encrypted(client, code, answers):
    assert client.post(APPLY, answers("you")).url == f"{APPLY}work/"
    draft = Unconfirmed.objects.get()
    assert (draft.email, draft.page, drafting.typed(draft)) == (
        *("wanda@example.org", "you"),
        {"you": {"name": ["Wanda Ruiz"], "email": ["Wanda@Example.org"]}},
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM members_unconfirmed")
        assert b"Wanda" not in bytes(cursor.fetchone()[0])
    assert (Person.objects.count(), Application.objects.count(), Letter.objects.count()) == (0, 0, 0)


def test_back_and_forward_keep_what_was_typed_also_what_was_wrong(client, code, answers):
    client.post(APPLY, answers("you"))
    response = client.post(f"{APPLY}work/", answers("work", years_in_tech="many") | {"then": "back"})
    assert response.url == f"{APPLY}you/"
    form = client.get(f"{APPLY}work/").context["form"]
    assert (form["years_in_tech"].value(), form["company"].value(), form.errors) == ("many", "Quarry Works Inc", {})


def test_pages_come_in_their_order_and_a_change_leads_back_to_the_summary(client, fill, answers):
    fill(client)
    walked = [client.post(f"{APPLY}{page}/", ANSWERS[page]).url for page in list(PAGES)[1:-1]]
    assert walked == [f"{APPLY}{page}/" for page in list(PAGES)[2:]]
    assert client.post(f"{APPLY}work/?then=check", ANSWERS["work"]).url == f"{APPLY}check/"


def test_a_page_outlives_its_session(client, code, answers):
    client.post(APPLY, answers("you"))
    key = client.get(f"{APPLY}work/").context["draft_key"]
    client.cookies.clear()
    assert client.get(f"{APPLY}work/").url == APPLY
    assert client.post(f"{APPLY}work/", answers("work", draft=key)).url == f"{APPLY}where/"
    assert client.get(f"{APPLY}where/").status_code == 200


def test_an_invented_draft_opens_nothing(client, left, answers):
    other = Client()
    for key in ("", "invented", left.public_id, f"{left.public_id}:x"):
        assert other.post(f"{APPLY}work/", answers("work", draft=key)).url == APPLY
    assert other.get(f"/drafts/{left.public_id}/").status_code == 404
    assert other.post(f"/drafts/{left.public_id}/", {"answer": "delete"}).status_code == 404
    assert Unconfirmed.objects.count() == 1


def test_the_letter_leads_back_to_where_one_left_and_opening_changes_nothing(client, left, letters):
    assert client.get(f"{APPLY}saved/").status_code == 200
    assert letters() == [("members/resume", "wanda@example.org", "queued")]
    other, before = Client(), (Link.objects.values_list(), Unconfirmed.objects.values_list())
    before = [list(rows) for rows in before]
    response = other.get(f"/drafts/{token_in_letter('members/resume')}/")
    assert response.url == f"/drafts/{left.public_id}/"
    assert other.get(response.url).status_code == 200
    assert [list(Link.objects.values_list()), list(Unconfirmed.objects.values_list())] == before
    assert other.post(response.url, {"answer": "go"}).url == f"{APPLY}work/"
    assert other.get(f"{APPLY}work/").context["form"]["company"].value() == "Quarry Works Inc"


def test_behind_the_link_a_draft_is_deleted_at_once(client, left):
    token = token_in_letter("members/resume")
    where = client.get(f"/drafts/{token}/").url
    assert client.post(where, {"answer": "delete"}).url == "/"
    assert (Unconfirmed.objects.count(), client.get(f"/drafts/{token}/").status_code) == (0, 404)
    assert Letter.objects.get().state == "cancelled"


def test_another_address_ends_the_links_sent_to_the_first(client, left, answers):
    token = token_in_letter("members/resume")
    client.post(APPLY, answers("you", email="right@example.org"))
    assert Unconfirmed.objects.get().email == "right@example.org"
    assert client.get(f"/drafts/{token}/").status_code == 404


def test_leaving_asks_for_an_address_alone(client, code, answers):
    response = client.post(APPLY, answers("you", name="", then="later"))
    assert (response.url, Unconfirmed.objects.count()) == (f"{APPLY}saved/", 1)
    refused = client.post(f"{APPLY}you/", answers("you", name="", email="nobody", then="later"))
    assert refused.status_code == 302
    assert Unconfirmed.objects.get().email == "wanda@example.org"


def test_three_letters_a_day_and_no_more(client, code, answers):
    client.post(APPLY, answers("you"))
    statuses = [client.post(f"{APPLY}work/", answers("work", then="later")).status_code for _ in range(4)]
    assert statuses == [302, 302, 302, 429]


def test_what_leaves_by_the_back_button_of_the_browser_is_kept(client, code, answers):
    client.post(APPLY, answers("you"))
    response = client.post(f"{APPLY}work/", {"company": "Half a na", "then": "keep"})
    assert (response.status_code, client.get(f"{APPLY}work/").context["form"]["company"].value()) == (204, "Half a na")


def test_after_three_days_one_letter_and_never_another(client, left, letters, clock):
    found = {}
    for days in (2, 1, 4, 20):
        clock.forward(days=days)
        tidy()
        found[days] = [kind for kind, *_ in letters()].count("members/unfinished")
    assert found == {2: 0, 1: 1, 4: 1, 20: 1}
    response = Client().get(f"/drafts/{token_in_letter('members/unfinished')}/")
    assert response.url == f"/drafts/{left.public_id}/"


def test_two_drafts_of_one_address_are_one_reminder(code, program, letters, clock):
    for _ in range(2):
        drafting.begin(program, email="wanda@example.org")
        clock.forward(minutes=1)
    clock.forward(days=3)
    drafting.remind()
    drafting.remind()
    assert letters() == [("members/unfinished", "wanda@example.org", "queued")]


def test_a_closed_program_reminds_nobody(left, program, letters, clock):
    clock.forward(days=3)
    program.closes_at = clock.now()
    program.save()
    drafting.remind()
    assert [kind for kind, *_ in letters()] == ["members/resume"]


def test_thirty_days_after_the_last_change_it_goes(client, left, answers, clock):
    clock.forward(days=29)
    client.post(f"{APPLY}work/", answers("work", company="Elsewhere"))
    clock.forward(days=29)
    leaving.tidy()
    assert Unconfirmed.objects.count() == 1
    clock.forward(days=2)
    leaving.tidy()
    assert Unconfirmed.objects.count() == 0
    assert not Link.objects.live().exists()


def test_a_program_that_closes_half_way_keeps_what_was_typed(client, fill, answers, program, clock):
    client.post(APPLY, answers("you"))
    program.closes_at = clock.now()
    program.save()
    page = client.post(f"{APPLY}work/", answers("work")).content.decode()
    assert ("Not open" in page, "What you typed is kept" in page) == (True, True)
    assert set(drafting.typed(Unconfirmed.objects.get())) == {"you", "work"}


def test_two_tabs_write_into_one_draft_and_one_that_is_gone_is_said_so(client, fill, answers):
    client.post(APPLY, answers("you"))
    draft = Unconfirmed.objects.get()
    client.post(APPLY, answers("you", name="Wanda R."))
    assert (Unconfirmed.objects.count(), drafting.typed(Unconfirmed.objects.get())["you"]["name"]) == (1, ["Wanda R."])
    Unconfirmed.objects.all().delete()
    with pytest.raises(NotAllowed, match="in another window"):
        drafting.keep(draft, "work", {})
    assert client.post(f"{APPLY}work/", answers("work"), follow=True).redirect_chain == [(APPLY, 302)]


def test_who_is_signed_in_finds_their_draft_on_any_device(code, answers, sign_in, stranger):
    sign_in(stranger).post(APPLY, answers("you"))
    assert sign_in(stranger).get(f"{APPLY}work/").status_code == 200
    assert Client().get(f"{APPLY}work/").url == APPLY


def test_the_last_page_names_what_is_missing_and_sends_nothing(client, code, answers, letters):
    client.post(APPLY, answers("you"))
    response = client.post(f"{APPLY}check/", answers("check"))
    assert (response.status_code, letters()) == (200, [])
    complete = {part.page: part.is_complete for part in response.context["summary"]}
    assert complete == {page: page in ("you", "alone") for page in list(PAGES)[:-1]}


def test_the_last_page_says_what_was_said(client, fill):
    fill(client)
    parts = {part.page: dict(part.answers) for part in client.get(f"{APPLY}check/").context["summary"]}
    assert parts["hours"] == {
        "Hours": "Mon 07:00–09:00; Tue 12:00–14:00; Wed 17:00–21:00",
        "How often can you really come?": "Either",
        "How long should a meeting be?": "75 minutes",
    }
    assert parts["work"]["Keep me apart from"] == "Rival Corp; Jo Doe"


def test_the_export_holds_a_draft(client, code, answers, sign_in, stranger):
    sign_in(stranger).post(APPLY, answers("you"))
    (told,) = json.loads(sign_in(stranger).get("/me/export/").content)["unfinished applications"]
    assert told["typed"]["you"]["name"] == ["Wanda Ruiz"]


@pytest.mark.parametrize("page", PAGES)
def test_each_page_says_why_it_asks(page, client, fill):
    fill(client)
    text = re.sub(r"\s+", " ", client.get(f"{APPLY}{page}/").content.decode())
    assert re.search(r'<p class="lede">[^<]{30,}', text)


def test_confirming_without_a_draft_leads_to_the_beginning(client, code):
    assert [client.get(CONFIRM).url, client.post(CONFIRM, {"code": "X"}).url] == [APPLY, APPLY]
