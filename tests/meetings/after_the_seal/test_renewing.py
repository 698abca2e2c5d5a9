"""After the fifth meeting of six each member says privately how it goes on; the circle reads totals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from groups import backfilling, closing, renewing
from groups.models.group import Why
from groups.models.question import Question, QuestionWord
from groups.renewing import Confirmed
from groups.seasons import Word
from meetings import seasons
from meetings.models.meeting import Meeting
from members.models.application import Application
from members.models.conduct import Acceptance
from roundtable import clock as clock_module
from roundtable.errors import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def hold(group, meeting, clock):
    """So many meetings in all have been held; the clock stands after the last of them."""

    def through(count, **fields):
        for number in range(group.meetings.count(), count):
            begins = meeting.starts_at + timedelta(weeks=6 * number)
            Meeting.objects.create(
                group=group,
                occurrence_date=begins.date(),
                local_date=begins.date(),
                local_time=meeting.local_time,
                zone=meeting.zone,
                minutes=90,
                starts_at=begins,
                ends_at=begins + timedelta(minutes=90),
                **fields,
            )
        clock.to(group.meetings.latest("starts_at").ends_at)
        for _ in range(2):
            seasons.keep()

    return through


@pytest.fixture
def asked(hold):
    hold(5)
    return Question.objects.get()


@pytest.fixture
def speak(group, member):
    def say(question, *, to_pool=True, company=None, code=1, **words):
        for name, word in words.items():
            own = member(group, name)
            known = Application.objects.get(person=own.person)
            confirmed = Confirmed(company or known.company, known.place_text, code)
            now = clock_module.now()
            renewing.say(question, Word(word), by=own, to_pool=to_pool, confirmed=confirmed, received_at=now)

    return say


def stage(name):
    return Application.objects.get(person__email=f"{name}@example.org").stage


def test_after_the_fifth_meeting_each_is_asked_once(asked, letters, hold, clock):
    assert letters("groups/asked_renewal") == ["ada", "grace", "hedy"]
    assert (asked.occasion, asked.open_until - clock.now()) == ("1", timedelta(days=21))
    hold(6)
    assert Question.objects.count() == 1


def test_before_it_nobody_is_and_a_date_that_fell_out_is_none(hold):
    hold(4)
    hold(5, state="cancelled")
    assert not Question.objects.exists()


def test_the_next_season_asks_again(asked, hold):
    hold(11)
    assert sorted(Question.objects.values_list("occasion", flat=True)) == ["1", "2"]


def test_a_circle_that_closes_is_not_asked(group, hold, organizer):
    closing.close(group, by=organizer, why=Why.NOT_NEEDED)
    hold(5)
    assert renewing.ask(group, 1) is None
    assert not Question.objects.exists()


def test_the_circle_reads_totals_and_who_said_what_is_gone(asked, speak):
    speak(asked, ada="continue", grace="changes", hedy="step_out")
    asked.refresh_from_db()
    assert (asked.state, asked.totals) == ("told", {"continue": 1, "changes": 1, "step_out": 1, "silent": 0})
    assert QuestionWord.objects.count() == 0


def test_the_silent_are_counted_when_the_time_is_over(asked, speak, clock):
    speak(asked, ada="continue")
    clock.forward(days=21)
    renewing.decide_due()
    assert Question.objects.get().totals == {"continue": 1, "changes": 0, "step_out": 0, "silent": 2}
    with pytest.raises(NotAllowed, match="is over"):
        speak(asked, grace="continue")


@pytest.mark.parametrize(("to_pool", "after"), [(True, "pooled"), (False, "withdrawn")])
def test_who_steps_out_goes_after_the_sixth_meeting_and_the_seat_is_free(
    asked, group, speak, hold, member, to_pool, after
):
    speak(asked, hedy="step_out", to_pool=to_pool)
    seasons.keep()
    assert (stage("hedy"), member(group, "hedy").steps_out) == ("placed", "pool" if to_pool else "end")
    free = backfilling.free_seats(group)
    hold(6)
    assert (stage("hedy"), backfilling.free_seats(group)) == (after, free + 1)


def test_who_thinks_again_stays(asked, group, speak, hold, member):
    speak(asked, hedy="step_out")
    speak(asked, hedy="continue")
    assert member(group, "hedy").steps_out == ""
    speak(asked, hedy="step_out")
    renewing.stay_after_all(member(group, "hedy"))
    hold(6)
    assert stage("hedy") == "placed"


def test_a_new_company_and_the_code_are_confirmed_on_the_same_page(asked, group, speak):
    Acceptance.objects.all().delete()
    speak(asked, ada="continue", company="Grace")
    assert Acceptance.objects.get().person.email == "ada@example.org"
    assert sorted(group.questions.values_list("kind", flat=True)) == ["company", "renewal"]


def test_who_goes_on_says_yes_to_the_code_and_nothing_is_half_done(asked, speak):
    with pytest.raises(NotAllowed, match="code of conduct"):
        speak(asked, ada="continue", company="Grace", code=None)
    assert (QuestionWord.objects.count(), Question.objects.count()) == (0, 1)
    with pytest.raises(NotAllowed, match="newer version"):
        speak(asked, ada="continue", company="Grace", code=7)
    assert (QuestionWord.objects.count(), Question.objects.count()) == (0, 1)
    speak(asked, ada="step_out", code=None)
    assert QuestionWord.objects.count() == 1


def test_the_page_asks_everything_at_once(client, asked, group, member):
    client.force_login(member(group, "ada").person)
    page = reverse("groups:question", args=[group.public_id, asked.public_id])
    assert 'value="ada works"' in client.get(page).content.decode()
    said = {"word": "continue", "company": "ada works", "place_text": "Chicago", "version": "1"}
    assert "the code of conduct still holds" in client.post(page, said).content.decode()
    assert "choose one of the three" in client.post(page, said | {"code": "on", "word": "maybe"}).content.decode()
    unclear = client.post(page, said | {"code": "on", "place_text": "Springfield"}).content.decode()
    assert ("which place you mean" in unclear, QuestionWord.objects.count()) == (True, 0)
    assert client.post(page, said | {"code": "on"}).status_code == 302
    assert "You said: I continue." in client.get(page).content.decode()
    assert Application.objects.get(person__email="ada@example.org").metro == "Chicago"


def test_who_stepped_out_reads_it_and_takes_it_back(client, asked, group, member, speak):
    speak(asked, ada="step_out", grace="continue", hedy="continue")
    page = reverse("groups:question", args=[group.public_id, asked.public_id])
    client.force_login(member(group, "grace").person)
    overview = client.get(reverse("meetings:group", args=[group.public_id])).content.decode()
    assert ("Read the totals" in overview, page in overview) == (True, True)
    shown = client.get(page).content.decode()
    assert ("<dt>I step out after this season</dt><dd>1</dd>" in shown, "You step out" in shown) == (True, False)
    client.force_login(member(group, "ada").person)
    assert "You step out after the sixth meeting" in client.get(page).content.decode()
    client.post(reverse("groups:stay", args=[group.public_id]))
    assert member(group, "ada").steps_out == ""


@pytest.mark.parametrize("circles", [1, 3])
def test_the_sweep_asks_the_same_for_one_circle_and_for_three(
    group, circle, meeting, circles, django_assert_num_queries
):
    trios = ["Mary Jackson", "Radia Perlman", "Barbara Liskov"], ["Frances Allen", "Karen Jones", "Lynn Conway"]
    for trio in trios[: circles - 1]:
        circle(*trio)
    with django_assert_num_queries(1):
        seasons.keep()
