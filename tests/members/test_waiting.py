"""Waiting: pause and come back, the monthly letter, rest after three silent ones, and applying once more meanwhile."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from members import applying, meetable, settling, waiting
from members.models.application import Application
from members.models.hint import Hint
from members.models.hours import Hours
from members.models.waiting import MonthlyLetter
from members.tasks import write_monthly
from roundtable.errors import NotAllowed
from roundtable.links import Link
from roundtable.outbox.models import Letter

ACCEPTED = datetime(2026, 1, 10, 9, tzinfo=UTC)
MONTHLY, RESTING = "members/monthly", "members/resting"


@pytest.fixture
def wanda(applicant):
    return applicant("Wanda", stage="pooled", decided_at=ACCEPTED, skipped_before=2)


@pytest.fixture
def through(clock):
    """Lives through so many days, with the sweep once a day."""

    def live(days: int, each=lambda: None) -> list[tuple[str, str]]:
        for _ in range(days):
            clock.forward(days=1)
            write_monthly()
            each()
        return [(kind, f"{at:%m-%d}") for kind, at in Letter.objects.order_by("pk").values_list("kind", "created_at")]

    return live


def press(application: Application, answer: str, client: Client):
    url = reverse("members:waiting", args=[application.public_id])
    return client.post(url, {"answer": answer}, follow=True).content.decode()


def stage(application: Application) -> str:
    return Application.objects.get(pk=application.pk).stage


def test_pausing_and_coming_back_keep_the_time_waited(wanda, sign_in, letters):
    client = sign_in(wanda.person)
    assert "You are paused" in press(wanda, "pause", client)
    assert (stage(wanda), letters()) == ("dormant", [])
    assert "Welcome back" in press(wanda, "back", client)
    wanda.refresh_from_db()
    assert (wanda.stage, wanda.skipped_before, wanda.submitted_at) == ("pooled", 2, wanda.submitted_at)


@pytest.mark.parametrize("answer", ["pause", "back", "interested", "", "placed"])
@pytest.mark.parametrize("here", ["submitted", "placed", "declined", "withdrawn"])
def test_no_button_opens_the_pool_for_who_is_not_waiting(answer, here, applicant, sign_in):
    application = applicant("Wanda", stage=here)
    press(application, answer, sign_in(application.person))
    assert stage(application) == here


@pytest.mark.parametrize(("here", "after"), [("pooled", "pooled"), ("dormant", "pooled")])
def test_coming_back_twice_is_once(here, after, applicant):
    application = applicant("Wanda", stage=here)
    settling.come_back(application)
    assert settling.come_back(application).stage == after


def test_the_buttons_are_their_owners_alone(wanda, sign_in, stranger, organizer, superuser):
    url = reverse("members:waiting", args=[wanda.public_id])
    statuses = [sign_in(who).post(url, {"answer": "pause"}).status_code for who in (stranger, organizer, superuser)]
    assert (statuses, stage(wanda)) == ([404] * 3, "pooled")


@pytest.mark.parametrize(("here", "shown"), [("pooled", ["interested", "pause"]), ("dormant", ["back"])])
def test_the_page_offers_what_is_possible(here, shown, applicant, sign_in):
    application = applicant("Wanda", stage=here)
    text = sign_in(application.person).get("/status/").content.decode()
    assert re.findall(r'name="answer" value="(\w+)"', text) == shown


def test_five_silent_months_are_three_letters_then_rest_then_silence(wanda, clock, through):
    clock.to(ACCEPTED)
    assert through(150) == [(MONTHLY, "02-07"), (MONTHLY, "03-07"), (MONTHLY, "04-04"), (RESTING, "05-02")]
    assert stage(wanda) == "dormant"


def test_who_answers_goes_on_being_told_once_a_month(wanda, clock, through):
    clock.to(ACCEPTED)
    found = through(150, lambda: settling.still_interested(wanda))
    assert [kind for kind, _ in found] == [MONTHLY] * 5
    assert len({day[:2] for _, day in found}) == 5
    assert stage(wanda) == "pooled"


@pytest.mark.parametrize(
    "deed",
    [
        lambda one: applying.change_hours(one, good=["Mon early"], possible=[], zone="Europe/Berlin"),
        lambda one: applying.tell_place(one, place_text="Berlin, Germany", place_id=None, zone=""),
        lambda one: applying.change_profile(one.person, name="W R", initials="", pronouns="", zone="Europe/Berlin"),
        applying.agree,
        settling.still_interested,
        settling.pause,
    ],
)
def test_whatever_somebody_does_is_an_answer(deed, wanda, clock):
    MonthlyLetter.objects.create(application=wanda, month=ACCEPTED.date().replace(day=1), sent_at=ACCEPTED)
    deed(wanda)
    assert MonthlyLetter.objects.unanswered().count() == 0


@pytest.mark.parametrize("here", ["submitted", "placed", "dormant", "declined", "withdrawn"])
def test_who_does_not_wait_gets_no_monthly_letter(here, applicant, clock, through):
    applicant("Wanda", stage=here, decided_at=ACCEPTED)
    clock.to(ACCEPTED)
    assert through(70) == []


def test_a_letter_that_has_not_left_goes_with_the_wait(wanda, clock, through, letters):
    clock.to(ACCEPTED)
    through(30)
    settling.place(wanda)
    assert letters() == [(MONTHLY, wanda.person.email, "cancelled")]


def test_one_broken_letter_keeps_nobody_waiting(wanda, applicant, clock, monkeypatch):
    applicant("Xenia", stage="pooled", decided_at=ACCEPTED)
    clock.to(ACCEPTED + timedelta(days=40))
    whole = waiting.advice
    monkeypatch.setattr(waiting, "advice", lambda one: 1 / 0 if one.pk == wanda.pk else whole(one))
    assert waiting.write_due() == 1
    assert [row.application.person.name for row in MonthlyLetter.objects.all()] == ["Xenia"]


def test_two_sweeps_at_once_write_one_letter(wanda, clock, letters):
    clock.to(ACCEPTED + timedelta(days=40))
    assert (waiting.write_due(), waiting.write_due(), len(letters())) == (1, 0, 1)


def pool(count: int) -> waiting.Pool:
    return waiting.Pool("Lisbon", by_video=False, waiting=count)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (4, None, "Lisbon, in person: a few people wait. A few more, and people can meet while they wait."),
        (4, 9, "Lisbon, in person: a few people wait. A few more, and people can meet while they wait."),
        (6, None, "Lisbon, in person: 6 people wait. 2 more, and somebody can start a circle."),
        (6, 4, "Lisbon, in person: 6 people wait. 2 more, and somebody can start a circle."),
        (6, 6, "Lisbon, in person: 6 people wait, as many as last month. 2 more, and somebody can start a circle."),
        (7, 5, "Lisbon, in person: 7 people wait, 2 more than last month. 1 more, and somebody can start a circle."),
        (6, 9, "Lisbon, in person: 6 people wait, 3 fewer than last month. 2 more, and somebody can start a circle."),
    ],
)
def test_numbers_and_changes_are_told_from_five_on(now, before, said):
    assert waiting.told(pool(now), before) == said


def test_the_second_letter_says_what_changed(wanda, applicant, clock):
    for number in range(5):
        applicant(f"P{number}", stage="pooled", decided_at=ACCEPTED + timedelta(days=300))
    clock.to(ACCEPTED + timedelta(days=30))
    waiting.write_due()
    applicant("Late", stage="pooled", decided_at=ACCEPTED + timedelta(days=300))
    clock.forward(days=31)
    waiting.write_due()
    first, second = Letter.objects.filter(kind=MONTHLY).order_by("pk")
    assert ("Bay Area, in person: 6 people wait. 2 more" in first.text, "last month" in first.text) == (True, False)
    assert "Bay Area, in person: 7 people wait, 1 more than last month." in second.text


def test_the_advice_names_what_is_open_first_then_what_would_help(applicant, clock):
    application = applicant("Wanda", stage="pooled", decided_at=ACCEPTED, agreed=False)
    clock.to(ACCEPTED + timedelta(days=40))
    Hint.objects.create(application=application, words="If you could also come.", computed_at=ACCEPTED)
    waiting.write_due()
    text = Letter.objects.get().text
    assert ("code of conduct still waits" in text, "If you could" in text) == (True, False)
    applying.agree(application)
    clock.forward(days=31)
    waiting.write_due()
    assert "If you could also come. That was true on 10 January." in Letter.objects.order_by("-pk")[0].text


def token_of(letter: Letter) -> str:
    return letter.secrets_by_mark()["~~token~~"]


def test_the_letter_pauses_without_signing_in_and_looking_changes_nothing(wanda, clock, settings):
    clock.to(ACCEPTED + timedelta(days=40))
    waiting.write_due()
    letter = Letter.objects.get()
    assert letter.headers == {"List-Unsubscribe": f"<{settings.SITE_URL}/waiting/~~token~~/>"}
    browser = Client()
    page = browser.get(f"/waiting/{token_of(letter)}/", follow=True)
    assert (page.status_code, stage(wanda)) == (200, "pooled")
    assert (
        "You are paused" in browser.post(page.request["PATH_INFO"], {"answer": "pause"}, follow=True).content.decode()
    )
    assert stage(wanda) == "dormant"
    browser.post(page.request["PATH_INFO"], {"answer": "back"})
    assert stage(wanda) == "pooled"


def test_a_link_of_another_kind_opens_nothing(wanda, clock):
    clock.to(ACCEPTED + timedelta(days=40))
    waiting.write_due()
    Link.objects.update(purpose="place")
    assert Client().get(f"/waiting/{token_of(Letter.objects.get())}/").status_code == 404
    assert Client().get(f"/waiting/{wanda.public_id}/").status_code == 404


@pytest.mark.parametrize(("here", "said"), [("pooled", "as before"), ("dormant", "press “Come back”")])
def test_applying_again_while_waiting_says_where_one_stands(here, said, applicant, program, checked, letters):
    application = applicant("Wanda", stage=here)
    applying.submit(application.person, program, checked)
    assert [kind for kind, *_ in letters()] == ["members/again"]
    assert (said in Letter.objects.get().text, stage(application)) == (True, here)


@pytest.mark.parametrize(
    ("here", "said"),
    [
        ("pooled", "You are in the pool already, and stay there."),
        ("dormant", "Your application rests."),
        ("withdrawn", "We have your application to CTO circles."),
    ],
)
def test_the_page_after_applying_again_says_so_too(here, said, applicant, sign_in, fill):
    application = applicant("Wanda", stage=here)
    client = sign_in(application.person)
    fill(client, you={"email": application.person.email})
    assert said in client.get("/status/").content.decode()


def test_applying_again_from_a_group_is_refused_with_the_way(applicant, program, checked):
    application = applicant("Wanda", stage="placed")
    with pytest.raises(NotAllowed, match="My groups"):
        applying.submit(application.person, program, checked)


@pytest.mark.parametrize(("others", "shown"), [(4, None), (5, 5)])
def test_the_number_of_people_counts_the_others_from_five_on(others, shown, applicant, sign_in):
    mine = applicant("Wanda", stage="pooled")
    for number in range(others):
        applicant(f"P{number}", stage="pooled")
    meetable.forget()
    (outlook,) = sign_in(mine.person).get("/status/").context["outlooks"]
    assert outlook.people == shown


def test_the_number_of_people_is_no_higher_than_those_who_share_a_way(applicant, sign_in):
    mine = applicant("Wanda", stage="pooled", mode="in_person", metro="Chicago")
    for number in range(6):
        applicant(f"Here{number}", stage="pooled", mode="in_person", metro="Chicago")
        applicant(f"There{number}", stage="pooled", mode="in_person")
        applicant(f"Online{number}", stage="pooled", mode="video")
    (outlook,) = sign_in(mine.person).get("/status/").context["outlooks"]
    assert outlook.people == 6


def test_a_hint_is_shown_with_its_date_to_its_person_alone(wanda, applicant, sign_in):
    Hint.objects.create(application=wanda, words="If you could also come on Thursdays.", computed_at=ACCEPTED)
    other = applicant("Xenia", stage="pooled")
    pages = [sign_in(one.person).get("/status/").content.decode() for one in (wanda, other)]
    assert ["If you could also come on Thursdays." in page for page in pages] == [True, False]
    assert ["10 January 2026" in page for page in pages] == [True, False]


def test_a_hint_goes_with_the_hours_it_spoke_of(wanda):
    Hint.objects.create(application=wanda, words="If you could.", computed_at=ACCEPTED)
    applying.change_hours(wanda, good=["Mon early"], possible=[], zone="Europe/Berlin")
    assert (Hint.objects.count(), Hours.objects.count()) == (0, 1)
