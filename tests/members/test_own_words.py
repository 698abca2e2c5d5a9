"""Own words in sensitive answers: one named organizer opens them, each look is told, a meaning reaches the solver."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from members import applying, identity, leaving, ownwords
from members.models.application import IdentityAnswers
from members.models.conduct import Consent, wording_hash
from members.models.person import Person
from members.models.program import Organizer
from roundtable.audit import AuditLine

pytestmark = pytest.mark.django_db
WISH, OWN = "the only one without a degree", "own:the only one without a degree"
PAGE = "/admin/members/program/own-words/cto/"


@pytest.fixture
def reader(organizer, program):
    """The organizer, named as the one who reads own words."""
    Organizer.objects.filter(program=program, person=organizer).update(reads_own_words=True)
    return organizer


@pytest.fixture
def wishes(applicant):
    """Somebody who wrote a wish in their own words, and said yes to the wording of today."""

    def make(name, *values, agreed=True, **fields):
        application = applicant(name, **{"stage": "pooled"} | fields)
        told = identity.Told(frozenset(values or {OWN}), frozenset(values or {OWN}))
        row = IdentityAnswers(application=application, consented_at=application.submitted_at)
        row.answers = identity.written(told)
        row.save()
        wording = wording_hash("sensitive") if agreed else "the wording of an old form"
        Consent.objects.create(person=application.person, purpose="sensitive", wording=wording)
        return application

    return make


def row_of(application):
    return IdentityAnswers.objects.get(application=application)


def looks():
    return list(AuditLine.objects.filter(verb=ownwords.LOOKED).values_list("actor", "about"))


def test_what_a_form_says_in_own_words_and_by_value(client, fill, organizer, reader, program):
    page = fill(client, alone={"gender": "agender", "never_alone": ["gender", "first_language"], "own_wish": WISH,
                               "value_first_language": "Polish"})  # fmt: skip
    assert page.status_code == 302
    given = {"gender": "agender", "never_alone": ["gender", "first_language", "role"], "own_wish": WISH,
             "values": {"first_language": "Polish"}}  # fmt: skip
    row = IdentityAnswers.objects.filter(application=written_for(program, given)).get()
    told = identity.read(row.answers)
    assert told.never_alone == {"gender:agender", "first_language:polish", "role:staff", OWN}
    assert told.dimensions == {"gender:agender", "first_language:polish", "first_language:yes", OWN}


def written_for(program, given):
    person = Person.objects.create_user("zed@example.org", name="Zed")
    whole = {"name": "Zed", "initials": "", "pronouns": "", "zone": "UTC", "mode": "video", "place_text": "",
             "role": "cto", "role_text": "", "org_size": "0", "years_in_tech": 1, "years_leading": 1,
             "still_coding": "", "company": "Zed", "sector": "", "shows_company": True, "topics": ["hiring"],
             "own_topic": "", "rhythm": "either", "could": [], "good": ["Mon early"], "possible": []}  # fmt: skip
    return applying.submit(person, program, whole | given)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"own_wish": WISH, "use_sensitive": None}, "use_sensitive"),
        ({"own_wish": "x" * 121}, "own_wish"),
        ({"value_first_language": "Polish"}, "value_first_language"),
    ],
)
def test_a_page_that_contradicts_itself_is_shown_again(wrong, field, client, fill):
    shown = fill(client, alone=wrong)
    assert shown.status_code == 200
    assert list(shown.context["form"].errors) == [field]


def test_the_page_names_who_reads(client, fill, answers, reader):
    fill(client, wishes={"topics": []})
    assert reader.name in client.get("/apply/cto/alone/").content.decode()


def test_nobody_but_the_named_one_opens_them(wishes, reader, organizer, superuser, chapter, sign_in, person, program):
    asked = wishes("Wanda Ruiz")
    second = person("Second", is_staff=True)
    Organizer.objects.create(program=program, person=second)
    data = {"words": row_of(asked).public_id}
    for one in (superuser, chapter, second, asked.person):
        assert sign_in(one).post(f"{PAGE}look/", data).status_code == 404
        assert row_of(asked).public_id not in sign_in(one).get(PAGE).content.decode()
    assert looks() == []
    shown = sign_in(reader).post(f"{PAGE}look/", data)
    assert (shown.status_code, WISH in shown.content.decode()) == (200, True)
    assert looks() == [(reader.pk, f"application:{asked.pk}")]


def test_the_words_come_without_their_person_and_the_list_without_words(wishes, reader, sign_in):
    asked = wishes("Wanda Ruiz")
    browser = sign_in(reader)
    listed = browser.get(PAGE).content.decode()
    opened = browser.post(f"{PAGE}look/", {"words": row_of(asked).public_id}).content.decode()
    told = ["Wanda", "wanda@", asked.public_id, asked.company]
    assert [word for word in [*told, WISH] if word in listed] == []
    assert [word for word in told if word in opened] == []
    assert WISH not in browser.get("/admin/members/application/review/?stage=pooled").content.decode()


def test_each_look_is_shown_to_the_person(wishes, reader, sign_in, clock):
    asked = wishes("Wanda Ruiz")
    assert "Nobody has opened your own words" in sign_in(asked.person).get("/me/").content.decode()
    ownwords.look(asked.program, row_of(asked).public_id, by=reader)
    page = sign_in(asked.person).get("/me/").content.decode()
    assert f"<bdi>{reader.name}</bdi> looked on" in page
    assert f"{clock.now():%-d %B %Y, %H:%M}" in page
    reader.delete()
    assert "An organizer who has left" in sign_in(asked.person).get("/me/").content.decode()


def test_a_meaning_reaches_the_solver_and_can_be_changed(wishes, reader, sign_in):
    asked, other = wishes("Wanda Ruiz"), wishes("Xenia Ort", "own:never studied")
    browser = sign_in(reader)
    for one, value in ((asked, OWN), (other, "own:never studied")):
        data = {"words": row_of(one).public_id, "value": value, "choice": "carer:yes", "new": "No degree"}
        assert browser.post(f"{PAGE}meaning/", data).status_code == 302
    solver = [identity.read(row_of(one).answers).for_solver()[1] for one in (asked, other)]
    assert solver == [{"private:no degree"}, {"private:no degree"}]
    data = {"words": row_of(asked).public_id, "value": OWN, "choice": "unusual_path:yes", "new": ""}
    browser.post(f"{PAGE}meaning/", data)
    assert identity.read(row_of(asked).answers).means == {OWN: "unusual_path:yes"}
    assert "taken for: <bdi>an unusual path into the job</bdi>" in sign_in(asked.person).get("/me/").content.decode()


@pytest.mark.parametrize(
    "sent",
    [{}, {"words": "x"}, {"words": "\x00"}, {"value": "gender:woman"}, {"choice": "gender:none"}, {"new": "x" * 61}],
)
def test_odd_input_gives_no_meaning(sent, wishes, reader, sign_in):
    asked = wishes("Wanda Ruiz")
    data = {"words": row_of(asked).public_id, "value": OWN, "choice": "carer:yes"} | sent if sent else {}
    answer = sign_in(reader).post(f"{PAGE}meaning/", data, follow=True)
    assert len(list(answer.context["messages"])) == 1
    assert identity.read(row_of(asked).answers).means == {}


def test_old_words_stay_closed_until_their_person_agrees(wishes, reader, sign_in):
    asked = wishes("Wanda Ruiz", agreed=False)
    assert ownwords.waiting_for(asked.program) == []
    assert sign_in(reader).post(f"{PAGE}look/", {"words": row_of(asked).public_id}).status_code == 302
    assert looks() == []
    browser = sign_in(asked.person)
    assert "May somebody read your own words?" in browser.get("/status/").content.decode()
    browser.post(f"/status/{asked.public_id}/sensitive/", {"answer": "allow"})
    assert len(ownwords.waiting_for(asked.program)) == 1
    assert "Your own words wait to be read" in browser.get("/status/").content.decode()


def test_the_person_is_told_until_the_words_have_a_meaning(wishes, reader, sign_in):
    asked = wishes("Wanda Ruiz")
    browser = sign_in(asked.person)
    assert f"<bdi>{reader.name}</bdi>, an organizer, still has to say" in browser.get("/status/").content.decode()
    ownwords.give_meaning(asked.program, row_of(asked).public_id, OWN, "private:no degree", by=reader)
    assert "wait to be read" not in browser.get("/status/").content.decode()


def test_one_answer_or_all_are_deleted_on_my_page(wishes, reader, sign_in):
    asked = wishes("Wanda Ruiz", OWN, "carer:yes")
    browser, url = sign_in(asked.person), f"/status/{asked.public_id}/sensitive/"
    assert browser.post(url, {"from": "me", "value": OWN})["Location"] == "/me/"
    assert identity.read(row_of(asked).answers).listed == ("carer:yes",)
    assert ownwords.waiting_for(asked.program) == []
    browser.post(url, {"from": "me", "value": OWN})
    browser.post(url, {"from": "me", "value": "carer:yes"})
    assert IdentityAnswers.objects.count() == 0
    assert Consent.objects.standing().filter(purpose="sensitive").count() == 0


@pytest.mark.parametrize("way", [leaving.withdraw, leaving.take_back_sensitive])
def test_withdrawn_words_are_gone_for_the_reader_too(way, wishes, reader, sign_in):
    asked = wishes("Wanda Ruiz")
    data = {"words": row_of(asked).public_id, "value": OWN, "choice": "carer:yes"}
    way(asked)
    answer = sign_in(reader).post(f"{PAGE}meaning/", data, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [ownwords.GONE]


@pytest.mark.parametrize("by", ["organizer", "superuser"])
def test_an_organizer_of_the_whole_program_or_a_superuser_names_the_reader(by, request, organizer, program, sign_in):
    browser = sign_in(request.getfixturevalue(by))
    browser.post(f"{PAGE}reader/", {"reader": organizer.public_id})
    assert ownwords.reader_of(program) == organizer
    browser.post(f"{PAGE}reader/", {"reader": "nobody"})
    assert ownwords.reader_of(program) is None


def test_no_chapter_and_nobody_else_is_named_and_a_role_that_ends_ends_it(organizer, chapter, reader, program, sign_in):
    browser = sign_in(organizer)
    for odd in (chapter.public_id, "", "x"):
        browser.post(f"{PAGE}reader/", {"reader": odd})
        assert ownwords.reader_of(program) == reader
    assert sign_in(chapter).post(f"{PAGE}reader/", {"reader": "nobody"}).status_code == 404
    for wrong in ({"person": chapter}, {"person": organizer, "metro": "Boston"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organizer.objects.create(program=program, reads_own_words=True, **wrong)
    Organizer.objects.filter(person=organizer).delete()
    assert ownwords.reader_of(program) is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_for_one_and_for_three(count, wishes, reader, sign_in, django_assert_num_queries):
    for number in range(count):
        wishes(f"Asker{number} Long")
    browser = sign_in(reader)
    with django_assert_num_queries(8):
        assert browser.get(PAGE).status_code == 200


def test_the_readers_desk_says_how_many_wait(wishes, reader, superuser, sign_in):
    wishes("Wanda Ruiz")
    assert "Own words" in sign_in(reader).get("/admin/").content.decode()
    assert "Own words" not in sign_in(superuser).get("/admin/").content.decode()


def test_the_file_of_own_data_names_each_look(wishes, reader):
    asked = wishes("Wanda Ruiz")
    ownwords.look(asked.program, row_of(asked).public_id, by=reader)
    told = leaving.everything_about(asked.person)["applications"][0]
    assert [look["by"] for look in told["looks at your own words"]] == [reader.name]
    assert Client().get(PAGE).status_code == 302
