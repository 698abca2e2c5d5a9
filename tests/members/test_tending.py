"""What organizers of a whole program change of it: words, dates, own questions, the links of partners."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from members import applying, earlier, leaving, merging, tending
from members.models.application import Application, Unconfirmed
from members.models.asking import Question, Reply
from members.models.source import Source
from roundtable.errors import NotAllowed
from tests.members.conftest import ANSWERS, APPLY

WORDS, QUESTIONS, DROP, SOURCES = (
    f"/admin/members/program/cto/{part}/" for part in ("words", "questions", "questions/drop", "sources")
)
EDITOR = {"text": "Which editor?", "readers": "organizers"}


@pytest.fixture
def asked(program, organizer) -> Question:
    return tending.ask(program, text="Which conference last?", readers="group", by=organizer)


def test_an_organizer_writes_the_programs_page_and_its_dates(program, sign_in, organizer):
    given = {"summary": "Talk.", "opens_at": "2026-05-01T09:00", "closes_at": "2026-06-01T09:00"}
    assert sign_in(organizer).post(WORDS, given).status_code == 302
    program.refresh_from_db()
    assert (program.summary, program.opens_at.month, program.closes_at.month) == ("Talk.", 5, 6)


def test_a_program_does_not_close_before_it_opens(program, sign_in, organizer):
    given = {"opens_at": "2026-05-01T09:00", "closes_at": "2026-04-01T09:00"}
    assert "It would close before it opens." in sign_in(organizer).post(WORDS, given).content.decode()


@pytest.mark.parametrize("page", [WORDS, QUESTIONS, SOURCES])
def test_a_chapter_finds_none_of_these_pages(page, program, sign_in, chapter):
    assert sign_in(chapter).get(page).status_code == 404


def test_five_questions_and_no_sixth(program, sign_in, organizer):
    client = sign_in(organizer)
    for number in range(5):
        client.post(QUESTIONS, EDITOR | {"text": f"Question {number}?"})
    client.post(DROP, {"number": "2"})
    client.post(QUESTIONS, EDITOR)
    assert "at most 5 questions" in client.post(QUESTIONS, EDITOR | {"text": "One more?"}).content.decode()
    told = list(program.own_questions.values_list("number", "text"))
    assert told == [(1, "Question 0?"), (2, "Which editor?"), *((n + 1, f"Question {n}?") for n in (2, 3, 4))]


def test_the_same_question_twice_is_refused(program, organizer, asked):
    with pytest.raises(NotAllowed, match="asks that already"):
        tending.ask(program, text="which conference LAST?", readers="organizers", by=organizer)


def test_a_question_stands_in_the_form_with_its_readers_and_its_answer_on_the_card(
    asked, fill, sign_in, organizer, program
):
    client = Client()
    fill(client, wishes={asked.field: "PyCon"}, check={"agree_data": None})
    page = client.get(f"{APPLY}wishes/").content.decode()
    said = ("Which conference last?", "your group once it is sealed", 'value="PyCon"')
    assert [words for words in said if words not in page] == []
    assert "PyCon" in client.get(f"{APPLY}check/").content.decode()


def test_an_answer_is_kept_exported_and_goes_with_its_question(asked, checked, applicant, organizer, program, sign_in):
    person = applicant("Wanda").person
    application = applying.submit(person, program, checked | {asked.field: "PyCon", "question_999999": "x"})
    assert list(Reply.objects.values_list("words", flat=True)) == ["PyCon"]
    assert earlier.said(person, application, program)[asked.field] == "PyCon"
    told = leaving.everything_about(person)["applications"][0]["answers to the program's own questions"]
    assert told == [{"question": "Which conference last?", "answer": "PyCon"}]
    card = sign_in(organizer).get(f"/admin/members/application/review/?card={application.public_id}")
    assert "PyCon" in card.content.decode()
    tending.stop_asking(program, asked.number, by=organizer)
    assert not Reply.objects.exists()


def test_two_applications_made_one_keep_the_answers_of_both(asked, applicant, organizer, program):
    other_one = tending.ask(program, text="Which editor?", readers="organizers", by=organizer)
    kept, other = applicant("Wanda", source=None), applicant("Wendy", source=program.sources.create(slug="w", name="W"))
    kept.replies.create(question=asked, words="PyCon")
    other.replies.create(question=asked, words="RubyConf")
    other.replies.create(question=other_one, words="ed")
    merging.merge(kept, other, taken=(), by=organizer)
    assert sorted(kept.replies.values_list("words", flat=True)) == ["PyCon", "ed"]
    kept.refresh_from_db()
    assert kept.source == other.source


@pytest.fixture
def link(program, organizer) -> Source:
    return tending.make_link(program, name="Women in Tech", by=organizer)


def test_a_partners_link_is_made_once_and_shown_to_be_copied(link, sign_in, organizer, program):
    client = sign_in(organizer)
    client.post(SOURCES, {"name": "women in tech"})
    page = client.get(SOURCES).content.decode()
    assert (program.sources.count(), "/apply/cto/?from=women-in-tech" in page) == (1, True)


def test_a_name_without_a_letter_makes_no_link(program, organizer):
    with pytest.raises(NotAllowed, match="letters or digits"):
        tending.make_link(program, name="!!!", by=organizer)


@pytest.mark.parametrize(("told", "slug"), [("women-in-tech", "women-in-tech"), ("unknown", None), ("x" * 99, None)])
def test_a_draft_remembers_the_link_by_which_it_came(told, slug, link, code, answers):
    Client().post(f"{APPLY}?from={told}", answers("you"))
    source = Unconfirmed.objects.get().source
    assert (source.slug if source else None) == slug


def test_the_programs_page_hands_the_link_on_and_nothing_odd(link, program):
    page = Client().get("/programs/cto/?from=women-in-tech").content.decode()
    assert 'href="/apply/cto/?from=women-in-tech"' in page
    assert "from=" not in Client().get("/programs/cto/", {"from": '"><b>'}).content.decode().split("Apply")[0]


def test_an_application_is_counted_under_its_link(link, checked, applicant, program, sign_in, organizer):
    person = applicant("Wanda").person
    applying.submit(person, program, checked, source=link)
    applying.submit(person, program, checked)  # again, without it
    assert Application.objects.get().source == link
    client = sign_in(organizer)
    (line,) = client.get(SOURCES).context["lines"]
    assert (line.applied, line.pooled, line.placed, line.share) == (1, 0, 0, None)
    review = reverse("admin:review")
    found = client.get(f"{review}?source=Women in Tech").context["rows"]
    assert [row.name for row in found] == [ANSWERS["you"]["name"]]
    drawn = client.get(reverse("admin:pictures", args=["cto"])).context["sources"]
    assert [bar.name for bar in drawn.bars] == ["Women in Tech"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_links_ask_the_same_for_one_and_for_three(
    count, program, applicant, sign_in, organizer, django_assert_num_queries
):
    for name in ("Wanda", "Xenia", "Yoko")[:count]:
        applicant(name, source=program.sources.create(slug=name.lower(), name=name))
    client = sign_in(organizer)
    with django_assert_num_queries(7):
        client.get(SOURCES)
