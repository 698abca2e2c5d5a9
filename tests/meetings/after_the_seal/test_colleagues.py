"""Two of one company in a circle of three: told to both and to the circle, decided by nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from groups import colleagues, repairing
from groups.models.question import Question, QuestionWord, Together
from members import companies
from members.models.application import Application
from roundtable import clock as clock_module
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(group, member):
    """Ada starts where Grace is."""
    colleagues.change_company(member(group, "ada"), "Grace Inc.")
    return group.questions.get()


@pytest.fixture
def speak(group, member):
    def say(question, **words):
        for name, word in words.items():
            colleagues.say(question, Together(word), by=member(group, name), received_at=clock_module.now())

    return say


def application(name):
    return Application.objects.get(person__email=f"{name}@example.org")


def test_a_new_job_shows_on_the_card_and_where_nobody_is_nobody_is_asked(group, member):
    colleagues.change_company(member(group, "ada"), "Quiet Rooms Ltd")
    assert (application("ada").company, application("ada").company_key) == ("Quiet Rooms Ltd", "quiet rooms")
    assert not Question.objects.exists()


def test_both_and_the_circle_are_told_and_the_letter_says_neither_who_nor_where(asked, letters):
    assert letters("groups/asked_company") == ["ada", "grace", "hedy"]
    written = "".join(Letter.objects.filter(kind="groups/asked_company").values_list("text", flat=True))
    assert [word for word in ("Grace", "Ada", "Inc", "company") if word in written] == []


def test_nothing_happens_by_itself(asked, group, clock):
    clock.forward(days=14)
    colleagues.decide_due()
    colleagues.look()
    asked.refresh_from_db()
    assert (asked.state, asked.totals) == ("told", {"together": 0, "one_out": 0, "silent": 3})
    assert (group.memberships.on(clock.now().date()).count(), Question.objects.count()) == (3, 1)


def test_totals_are_told_when_all_have_answered_and_who_said_what_is_gone(asked, speak):
    speak(asked, ada="together", grace="one_out")
    assert Question.objects.get().state == "open"
    speak(asked, hedy="together")
    asked.refresh_from_db()
    assert (asked.state, asked.totals) == ("told", {"together": 2, "one_out": 1, "silent": 0})
    assert (asked.secret, QuestionWord.objects.count()) == (None, 0)
    with pytest.raises(NotAllowed, match="is over"):
        speak(asked, hedy="one_out")


def test_one_of_the_two_steps_out_first_in_line(asked, group, member):
    colleagues.step_out(asked, by=member(group, "ada"))
    ada = application("ada")
    assert (ada.stage, ada.skipped_before, Question.objects.get().state) == ("pooled", 1, "gone")
    assert group.memberships.on(clock_module.today()).count() == 2


def test_who_is_not_concerned_does_not_step_out_here(asked, group, member):
    with pytest.raises(NotAllowed, match="not about you"):
        colleagues.step_out(asked, by=member(group, "hedy"))


def test_when_one_has_left_or_another_job_the_question_ends_and_may_come_again(client, asked, group, member):
    colleagues.change_company(member(group, "ada"), "Elsewhere")
    assert Question.objects.get().state == "gone"
    client.force_login(member(group, "hedy").person)
    page = client.get(reverse("groups:question", args=[group.public_id, asked.public_id])).content.decode()
    assert ("No question any more" in page, "Ada" in page) == (True, False)
    with pytest.raises(NotAllowed, match="not any more"):
        colleagues.step_out(asked, by=member(group, "ada"))
    colleagues.change_company(member(group, "ada"), "Grace")
    assert sorted(Question.objects.values_list("state", flat=True)) == ["gone", "open"]
    repairing.leave(member(group, "grace"), back_to_pool=False)
    colleagues.look()
    assert not Question.objects.open().exists()


def test_an_organizers_word_that_two_names_are_one_company_asks_the_circle(group, program, organizer):
    companies.join(program, "hedy", "grace", by=organizer)
    for _ in range(2):
        colleagues.look()
    assert Question.objects.get().group == group


def test_a_program_that_allows_two_asks_nobody(group, program, member):
    program.max_per_company = 2
    program.save()
    colleagues.change_company(member(group, "ada"), "Grace")
    colleagues.look()
    assert not Question.objects.exists()


@pytest.mark.parametrize("circles", [1, 3])
def test_the_sweep_asks_the_same_for_one_circle_and_for_three(group, circle, circles, django_assert_num_queries):
    trios = ["Mary Jackson", "Radia Perlman", "Barbara Liskov"], ["Frances Allen", "Karen Jones", "Lynn Conway"]
    for trio in trios[: circles - 1]:
        circle(*trio)
    with django_assert_num_queries(3):
        colleagues.look()


def test_who_hides_the_company_is_not_named(client, asked, group, member):
    client.force_login(member(group, "hedy").person)
    page = reverse("groups:question", args=[group.public_id, asked.public_id])
    assert "Ada Lovelace and Grace Hopper work at the same company" in client.get(page).content.decode()
    Application.objects.filter(pk=application("grace").pk).update(shows_company=False)
    shown = client.get(page).content.decode()
    assert ("Ada" in shown, "Grace" in shown, "You are one of them" in shown) == (False, False, False)
    client.force_login(member(group, "grace").person)
    assert "You are one of them" in client.get(page).content.decode()


def test_the_pages_take_a_job_a_word_and_a_step_out(client, group, member):
    client.force_login(member(group, "ada").person)
    job = reverse("groups:company", args=[group.public_id])
    assert 'value="ada works"' in client.get(job).content.decode()
    assert "There is nothing to read" in client.post(job, {"company": "\u200b"}).content.decode()
    assert client.post(job, {"company": "Grace"}).status_code == 302
    question = group.questions.get()
    page = reverse("groups:question", args=[group.public_id, question.public_id])
    client.post(page, {"word": "together"})
    assert "You said: Go on together." in client.get(page).content.decode()
    out = reverse("groups:step_out", args=[group.public_id, question.public_id])
    assert client.post(out).url == reverse("members:status")
    assert client.post(out).status_code == 404
    assert application("ada").stage == "pooled"


def test_the_organizer_hears_nothing_of_it(client, asked, group, speak, superuser):
    speak(asked, hedy="one_out")
    client.force_login(superuser)
    for name in ("admin:groups_living", "admin:groups_living_people"):
        page = client.get(reverse(name, args=[group.public_id])).content.decode()
        assert [word for word in ("two of one company", "steps out", "one_out") if word in page] == []
