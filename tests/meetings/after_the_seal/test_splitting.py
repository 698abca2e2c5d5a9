"""A circle of six could be two of three: the solver finds the halves, an organizer proposes, each member is asked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from groups import backfilling, closing, repairing, sabbaticals, splitting
from groups.models.group import Group, Membership, Why
from groups.models.question import Question, QuestionWord, Split
from groups.parting import Word
from meetings import calling, rhythms
from meetings.models.cadence import GroupChoice
from members.models.application import Application
from roundtable import clock as clock_module
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db

NAMES = ["Mary Jackson", "Radia Perlman", "Barbara Liskov", "Frances Allen", "Karen Jones", "Lynn Conway"]
FIRST = sorted(name.split()[0].lower() for name in NAMES)


@pytest.fixture
def large(program, circle):
    program.size_max = 6
    program.save()
    return circle(*NAMES)


@pytest.fixture
def split(large, organizer):
    return splitting.propose(large, seen=splitting.found(large).key, by=organizer)


@pytest.fixture
def speak(large, member):
    def say(**words):
        question = large.questions.get()
        for name, word in words.items():
            splitting.say(question, Word(word), by=member(large, name), received_at=clock_module.now())

    return say


def halves(split):
    """First names of who would go, and of who would stay."""
    goes = sorted(email.partition("@")[0] for email in split.goes.values_list("person__email", flat=True))
    return goes, [name for name in FIRST if name not in goes]


def names(group):
    people = group.memberships.on(clock_module.today()).values_list("person__email", flat=True)
    return sorted(address.partition("@")[0] for address in people)


def over(clock):
    clock.forward(days=7)
    splitting.decide_due()
    return Split.objects.get()


def test_each_is_asked_and_the_letter_names_nobody(split, letters):
    assert letters("groups/asked_split") == FIRST
    written = "".join(Letter.objects.filter(kind="groups/asked_split").values_list("text", flat=True))
    assert [name for name in NAMES if name.split()[0] in written] == []


def test_when_everybody_says_yes_there_are_two(split, large, speak, letters):
    goes, stays = halves(split)
    speak(**dict.fromkeys(FIRST, "yes"))
    split.refresh_from_db()
    assert (split.state, names(large), names(split.made)) == ("done", stays, goes)
    assert (split.made.program, split.made.window, split.made.zone) == (large.program, large.window, large.zone)
    assert (letters("groups/parted"), QuestionWord.objects.count()) == (stays, 0)


def test_the_new_one_has_its_first_date_and_the_old_one_keeps_its_dates(split, large, speak):
    goes, stays = halves(split)
    date = large.meetings.get()
    speak(**dict.fromkeys(FIRST, "yes"))
    split.refresh_from_db()
    first = split.made.meetings.get()
    assert sorted(seat.person.email.partition("@")[0] for seat in date.seats.all()) == stays
    assert sorted(seat.person.email.partition("@")[0] for seat in first.seats.all()) == goes
    told = Letter.objects.filter(kind="groups/sealed", about=first.about).values_list("to", flat=True)
    assert sorted(address.partition("@")[0] for address in told) == goes


def test_who_was_there_reads_what_was_kept_until_then_and_nothing_later(split, large, speak, client, clock):
    goes, _ = halves(split)
    date = large.meetings.get()
    clock.to(date.ends_at + timedelta(hours=1))
    Question.objects.update(open_until=clock.now() + timedelta(days=1))
    speak(**dict.fromkeys(FIRST, "yes"))
    mover = Membership.objects.get(group=large, person__email=f"{goes[0]}@example.org")
    client.force_login(mover.person)
    assert client.get(f"{date.path}board/").status_code == 200
    assert client.get(reverse("meetings:takeaways", args=[large.public_id])).status_code == 200
    assert client.get(reverse("meetings:group", args=[large.public_id])).status_code == 404
    page = client.get(reverse("meetings:group", args=[Split.objects.get().made.public_id])).content.decode()
    assert reverse("meetings:takeaways", args=[large.public_id]) in page
    still = [one.person for one in large.memberships.on(clock.now().date())]
    later = calling.plan(large, on=date.local_date + timedelta(weeks=6), members=still)
    assert client.get(f"{later.path}board/").status_code == 404


def test_who_simply_left_reads_nothing(large, member, client):
    mary = member(large, "mary")
    repairing.leave(mary, back_to_pool=False)
    client.force_login(mary.person)
    assert client.get(reverse("meetings:takeaways", args=[large.public_id])).status_code == 404


def test_one_no_keeps_them_together_and_not_before_the_time(split, large, speak, clock, letters):
    speak(**dict.fromkeys(FIRST[1:], "yes"), **{FIRST[0]: "no"})
    assert Split.objects.get().state == "asked"
    assert (over(clock).state, names(large), Group.objects.filter(name__contains="circle").count()) == (
        "stayed",
        FIRST,
        1,
    )
    assert letters("groups/stays") == FIRST


def test_who_stays_and_said_nothing_keeps_nobody(split, large, speak, clock):
    goes, stays = halves(split)
    speak(**dict.fromkeys(goes, "yes"))
    split = over(clock)
    assert (split.state, names(split.made), names(large)) == ("done", goes, stays)


def test_nobody_moves_in_silence_and_too_few_are_no_circle(split, large, speak, clock):
    goes, _ = halves(split)
    speak(**dict.fromkeys(goes[1:], "yes"))
    assert (over(clock).state, names(large)) == ("broke", FIRST)


def test_a_rule_that_would_break_by_then_keeps_them_together(split, large, speak):
    goes, _ = halves(split)
    clash = [f"{name}@example.org" for name in goes[:2]]
    Application.objects.filter(person__email__in=clash).update(company_key="one")
    speak(**dict.fromkeys(FIRST, "yes"))
    assert (Split.objects.get().state, names(large)) == ("broke", FIRST)


def test_who_has_left_counts_no_more(split, large, speak, member):
    repairing.leave(member(large, FIRST[0]), back_to_pool=False)
    speak(**dict.fromkeys(FIRST[1:], "yes"))
    assert Split.objects.get().state == "broke", "five are not two threes"


def test_a_pause_goes_along_and_the_yes_of_then_counts_for_the_new_one(split, large, speak, member):
    goes, _ = halves(split)
    sabbaticals.begin(member(large, goes[0]), meetings=1)
    speak(**dict.fromkeys(FIRST, "yes"))
    made = Split.objects.get().made
    assert made.meetings.get().seats.get(person__email=f"{goes[0]}@example.org").state == "excused"
    assert made.draft.invitations.accepted().count() == 3
    assert backfilling.free_seats(large) == 3


def test_the_halves_are_those_that_were_seen(large, organizer, member):
    seen = splitting.found(large).key
    for other in ("", "nobody", seen.split()[0], f"{seen} nobody"):
        with pytest.raises(NotAllowed, match="Look at them again"):
            splitting.propose(large, seen=other, by=organizer)
    repairing.leave(member(large, "mary"), back_to_pool=False)
    with pytest.raises(NotAllowed, match="Look at them again"):
        splitting.propose(large, seen=seen, by=organizer)
    assert (Question.objects.count(), Split.objects.count()) == (0, 0)


def test_a_circle_that_closes_is_not_halved(split, large, organizer):
    closing.close(large, by=organizer, why=Why.NOT_NEEDED)
    assert (Split.objects.get().state, large.questions.open().exists()) == ("broke", False)
    with pytest.raises(NotAllowed, match="closed"):
        splitting.propose(large, seen="", by=organizer)


def test_what_is_taken_back_asks_nobody(split, large, organizer, clock):
    splitting.withdraw(split, by=organizer)
    assert (over(clock).state, names(large)) == ("withdrawn", FIRST)
    with pytest.raises(NotAllowed, match="decided already"):
        splitting.withdraw(split, by=organizer)


def test_the_pages_ask_and_tell_counts_alone(client, large, member, superuser):
    client.force_login(superuser)
    page = reverse("admin:groups_living_people", args=[large.public_id])
    assert "Look for two halves" in client.get(page).content.decode()
    seen = re.search('name="goes" value="([^"]+)"', client.get(page, {"halves": "1"}).content.decode())[1]
    client.post(reverse("admin:groups_living_split", args=[large.public_id]), {"goes": seen})
    split = Split.objects.get()
    client.force_login(member(large, "mary").person)
    asked = reverse("groups:question", args=[large.public_id, large.questions.get().public_id])
    client.post(asked, {"word": "yes"})
    shown = client.get(asked).content.decode()
    assert ("You said: Yes, two circles." in shown, shown.count('class="person"')) == (True, 6)
    client.force_login(superuser)
    assert "1 answered" in client.get(page).content.decode()
    client.post(reverse("admin:groups_proposal_withdraw", args=[split.public_id]))
    assert Split.objects.get().state == "withdrawn"


def test_the_new_half_keeps_what_the_circle_has_chosen(split, large, speak):
    Group.objects.filter(pk=large.pk).update(entry_rule="everybody")
    kept = rhythms.keep(Group.objects.get(pk=large.pk))
    kept.minutes, kept.weeks = 120, 3
    kept.save()
    GroupChoice.objects.create(group=large, standings=True)
    speak(**dict.fromkeys(FIRST, "yes"))
    made = Split.objects.get().made
    first = made.meetings.get()
    assert (made.entry_rule, first.minutes, first.ends_at - first.starts_at) == (
        "everybody",
        120,
        timedelta(minutes=120),
    )
    assert (made.cadence.weeks, made.cadence.first_date) == (3, first.occurrence_date)
    assert GroupChoice.objects.get(group=made).standings


def test_who_would_step_out_of_the_old_circle_has_not_said_so_of_the_new_half(split, large, speak):
    Membership.objects.filter(group=large).update(steps_out="pool")
    speak(**dict.fromkeys(FIRST, "yes"))
    made = Split.objects.get().made
    assert set(made.memberships.values_list("steps_out", flat=True)) == {""}


def test_an_organizer_who_belongs_reads_no_count_of_the_own_circle(client, split, large, member, organizer):
    Membership.objects.create(group=large, person=organizer, joined_on=clock_module.today())
    question = large.questions.get()
    splitting.say(question, Word("yes"), by=member(large, "mary"), received_at=clock_module.now())
    client.force_login(organizer)
    shown = client.get(reverse("admin:groups_living_people", args=[large.public_id])).content.decode()
    assert ("Two circles" in shown, "answered" in shown) == (True, False)
