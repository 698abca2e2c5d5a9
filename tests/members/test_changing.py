"""Changing what one said: every page filled in, nothing lost that was not touched, while it is on its way."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from members import apart, applying
from members.models.application import Application, IdentityAnswers, Unconfirmed
from members.models.hours import Hours
from members.models.program import Program
from roundtable.outbox.models import Letter
from tests.members.conftest import APPLY, CONFIRM

CHANGE = f"{APPLY}?then=check"
CHECK = f"{APPLY}check/"
KEPT = (
    *("role", "role_text", "org_size", "company", "sector", "company_key", "shows_company", "mode", "topics"),
    *("cadences", "willing", "extra", "place_text", "place_name", "placed", "metro"),
)


@pytest.fixture
def sent(fill, sign_in, stranger):
    """Somebody's browser after they applied with every field."""
    client = sign_in(stranger)
    assert fill(client).url == "/status/"
    return client


def words_of_all() -> list[str]:
    return [words for application in Application.objects.all() for words in apart.words_of(application)]


def begin(client: Client, answers):
    return client.post(CHANGE, answers("you", begun=None))


def send(client: Client, answers):
    return client.post(CHECK, answers("check"))


@pytest.mark.parametrize(
    ("stage", "offered"),
    [("submitted", True), ("pooled", True), ("dormant", True), ("placed", False), ("declined", False)],
)
def test_the_status_page_leads_to_the_answers_while_they_are_on_their_way(stage, offered, applicant, sign_in):
    application = applicant("Wanda", stage=stage)
    page = sign_in(application.person).get("/status/").content.decode()
    assert (f'href="{CHANGE}"' in page) == offered


def test_the_check_page_is_complete_without_walking_and_nothing_changes_by_sending_it(sent, answers):
    before = Application.objects.values(*KEPT).get() | Hours.objects.values("good", "possible", "zone").get()
    assert begin(sent, answers).url == CHECK
    summary = sent.get(CHECK).context["summary"]
    assert [part.page for part in summary if not part.is_complete] == []
    assert send(sent, answers).url == "/status/"
    assert Application.objects.values(*KEPT).get() | Hours.objects.values("good", "possible", "zone").get() == before


def test_what_was_not_touched_stays_also_what_is_sensitive(sent, answers):
    private = IdentityAnswers.objects.get().answers
    begin(sent, answers)
    sent.post(f"{APPLY}work/?then=check", answers("work", company="Elsewhere"))
    sent.post(f"{APPLY}alone/?then=check", answers("alone", gender="", never_alone=[], use_sensitive=None))
    send(sent, answers)
    assert Application.objects.get().company == "Elsewhere"
    assert IdentityAnswers.objects.get().answers == private
    assert words_of_all() == ["Rival Corp", "Jo Doe"]


def test_new_sensitive_answers_take_the_place_of_the_old(sent, answers):
    begin(sent, answers)
    sent.post(f"{APPLY}alone/?then=check", answers("alone", gender="man", never_alone=[]))
    send(sent, answers)
    assert json.loads(IdentityAnswers.objects.get().answers) == {"dimensions": ["gender:man"], "never_alone": []}


def test_their_own_keep_apart_list_is_shown_and_goes_when_it_is_emptied(sent, answers):
    begin(sent, answers)
    assert sent.get(f"{APPLY}work/").context["form"]["keep_apart"].value() == "Rival Corp\nJo Doe"
    sent.post(f"{APPLY}work/", answers("work", keep_apart=""))
    send(sent, answers)
    assert words_of_all() == []


def test_what_is_kept_in_confidence_is_shown_in_no_other_program_and_to_nobody_else(sent, answers, applicant, sign_in):
    Program.objects.create(slug="vp", name="VP circles")
    sent.post("/apply/vp/", answers("you"))
    assert sent.get("/apply/vp/work/").context["form"]["keep_apart"].value() is None
    assert sent.get("/apply/vp/work/").context["form"]["company"].value() == "Quarry Works Inc"
    assert "answered this before" not in sent.get("/apply/vp/alone/").content.decode()
    other = sign_in(applicant("Xenia").person)
    other.post(APPLY, answers("you"))
    assert b"Rival Corp" not in other.get(f"{APPLY}work/").content


def test_who_is_not_signed_in_saw_no_list_and_so_empties_none(sent, fill, stranger):
    client = Client()
    fill(client, you={"email": stranger.email}, work={"keep_apart": ""}, alone={"gender": "", "never_alone": []})
    (code,) = Letter.objects.filter(kind="members/confirm_address").get().secrets_by_mark().values()
    client.post(CONFIRM, {"code": code})
    assert (IdentityAnswers.objects.count(), len(words_of_all())) == (1, 2)


def test_the_clock_of_the_hours_is_theirs_and_not_the_accounts(sent, answers):
    application = Application.objects.get()
    applying.change_hours(application, good=["Mon early", "Tue early", "Wed early"], possible=[], zone="Asia/Tokyo")
    begin(sent, answers)
    send(sent, answers)
    assert Hours.objects.get().zone == "Asia/Tokyo"


def test_a_place_that_is_settled_is_not_asked_for_again(fill, answers, sign_in, stranger):
    client = sign_in(stranger)
    fill(client, where={"place_text": "Springfield", "meant": "4250542"})
    begin(client, answers)
    send(client, answers)
    application = Application.objects.get()
    assert (application.placed, application.place_name, application.country) == ("resolved", "Springfield", "US")


def test_a_title_that_nobody_typed_follows_the_role(sent, answers):
    begin(sent, answers)
    sent.post(f"{APPLY}work/", answers("work", role="vp"))
    send(sent, answers)
    assert Application.objects.get().role_text == "VP, head or director"


def test_who_is_not_willing_stays_so_and_own_topics_stay(applicant, sign_in, answers):
    application = applicant("Wanda", willing=False, topics=["hiring", "tea", "cake"])
    client = sign_in(application.person)
    begin(client, answers)
    form = client.get(f"{APPLY}wishes/").context["form"]
    assert [form[name].value() for name in ("could", "topics", "own_topic")] == [["not_now"], ["hiring"], "tea; cake"]


def test_the_agreements_that_stand_are_ticked_and_a_new_version_is_not(sent, answers, code):
    begin(sent, answers)
    ticked = ("agree_conduct", "agree_data", "agree_coming")
    assert [sent.get(CHECK).context["form"][name].value() for name in ticked] == [True, True, True]
    code.program.codes.create(number=2, text="Be kinder.", published_on=code.published_on + timedelta(days=1))
    assert [bool(sent.get(CHECK).context["form"][name].value()) for name in ticked] == [False, True, True]


def test_one_changes_answers_after_the_program_closed_and_nobody_else_applies(sent, answers, program, clock, applicant):
    program.closes_at = clock.now()
    program.save()
    assert begin(sent, answers).url == CHECK
    assert send(sent, answers).url == "/status/"
    assert "Not open" in Client().get(APPLY).content.decode()
    Application.objects.update(stage="withdrawn")
    assert "Not open" in sent.get(CHANGE).content.decode()


def test_looking_at_the_form_changes_nothing(sent):
    assert sent.get(CHANGE).status_code == 200
    assert Unconfirmed.objects.count() == 0


@pytest.mark.parametrize("stage", ["submitted", "pooled", "dormant"])
def test_hours_place_and_the_way_out_are_offered_at_every_stage_on_the_way(stage, applicant, sign_in):
    application = applicant("Wanda", stage=stage)
    page = sign_in(application.person).get("/status/").content.decode()
    paths = [f"/status/{application.public_id}/{name}/" for name in ("hours", "place", "withdraw")]
    assert [path for path in (*paths, "/me/leave/", "/me/export/") if f'href="{path}"' not in page] == []
