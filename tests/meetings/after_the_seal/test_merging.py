"""Two circles of three: each decides by itself, and if both agree one goes on with everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from groups import backfilling, closing, merging, repairing, sabbaticals
from groups.joining import EntryRule, Voice
from groups.models.group import Group, Membership, Why
from groups.models.invitation import Invitation
from groups.models.question import Merge, Question, QuestionWord
from groups.sealing import takes_one_more
from meetings.models.seat import Entry, Seat
from members.models.application import Application
from roundtable import clock as clock_module
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.groups.conftest import applicant

pytestmark = pytest.mark.django_db

OURS, THEIRS = ["ada", "grace", "hedy"], ["barbara", "mary", "radia"]


@pytest.fixture
def group(group, program):
    """Nobody is asked to join it any more, and there is room for six."""
    Invitation.objects.filter(state="sent").update(state="lapsed")
    program.size_max = 6
    program.save()
    return Group.objects.get(pk=group.pk)


@pytest.fixture
def small(group, circle):
    return circle("Mary Jackson", "Radia Perlman", "Barbara Liskov")


@pytest.fixture
def merge(group, small, organizer):
    return merging.propose(group, small, by=organizer)


@pytest.fixture
def speak(member):
    def say(group, **voices):
        question = group.questions.get()
        for name, voice in voices.items():
            merging.say(question, Voice(voice), by=member(group, name), received_at=clock_module.now())

    return say


@pytest.fixture
def agree(merge, group, small, speak):
    def everybody():
        speak(group, **dict.fromkeys(OURS, "fine"))
        speak(small, **dict.fromkeys(THEIRS, "fine"))
        merge.refresh_from_db()
        return merge

    return everybody


def over(clock):
    clock.forward(days=7)
    merging.decide_due()
    return Merge.objects.get().state


def names(group, day=None):
    people = group.memberships.on(day or clock_module.today()).values_list("person__email", flat=True)
    return sorted(address.partition("@")[0] for address in people)


def test_both_are_asked_and_the_letter_names_nobody(merge, letters):
    assert letters("groups/asked_merge") == sorted(OURS + THEIRS)
    written = "".join(Letter.objects.filter(kind="groups/asked_merge").values_list("text", flat=True))
    assert [word for word in ("Mary", "Ada", "MJ", "works", "circle 1") if word in written] == []


def test_when_everybody_said_fine_they_are_one(agree, group, small):
    merge = agree()
    group.refresh_from_db()
    small.refresh_from_db()
    assert (merge.state, names(group), group.closed_at) == ("done", sorted(OURS + THEIRS), None)
    assert (small.merged_into, small.closed_at, QuestionWord.objects.count()) == (group, clock_module.now(), 0)
    assert set(Question.objects.values_list("state", "secret")) == {("yes", None)}


def test_silence_is_a_yes_where_the_rule_says_so(merge, group, clock):
    assert (over(clock), names(group)) == ("done", sorted(OURS + THEIRS))


def test_where_silence_is_a_no_somebody_silent_keeps_both_as_they_are(group, small, member, organizer, clock, letters):
    backfilling.change_rule(small, EntryRule.EVERYBODY, by=member(small, "mary").person)
    merging.propose(group, small, by=organizer)
    assert (over(clock), names(group), names(small)) == ("stayed", OURS, THEIRS)
    assert letters("groups/stays") == sorted(OURS + THEIRS)


def test_a_concern_ends_nothing_before_the_time_and_leaves_no_trace(merge, group, small, speak, clock):
    speak(small, mary="concern", radia="fine", barbara="fine")
    speak(group, **dict.fromkeys(OURS, "fine"))
    merge.refresh_from_db()
    assert merge.state == "asked"
    assert over(clock) == "stayed"
    assert (QuestionWord.objects.count(), Question.objects.exclude(secret=None).count()) == (0, 0)


def test_which_of_the_two_agreed_is_read_nowhere(client, merge, group, small, member, speak, superuser, clock):
    speak(group, **dict.fromkeys(OURS, "fine"))
    assert set(Question.objects.values_list("state", flat=True)) == {"open"}
    speak(small, mary="concern")
    assert over(clock) == "stayed"
    assert set(Question.objects.values_list("state", flat=True)) == {"no"}
    client.force_login(member(group, "ada").person)
    page = reverse("groups:question", args=[group.public_id, group.questions.get().public_id])
    assert "settled: stays as it is" in client.get(page).content.decode()
    client.force_login(superuser)
    for circle in (group, small):
        told = client.get(reverse("admin:groups_living_people", args=[circle.public_id])).content.decode()
        assert ("stays as it is" in told, ">agreed" in told) == (True, False)


def test_taken_back_is_taken_back_for_both(merge, group, organizer, speak):
    speak(group, **dict.fromkeys(OURS, "fine"))
    merging.withdraw(merge, by=organizer)
    assert set(Question.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_before_the_week_is_over_nothing_is_decided(merge, clock):
    clock.forward(days=6)
    merging.decide_due()
    assert Merge.objects.get().state == "asked"


def test_after_the_end_nobody_says_anything(merge, group, speak, clock):
    clock.forward(days=7)
    with pytest.raises(NotAllowed, match="is over"):
        speak(group, ada="fine")


def test_dates_of_the_one_are_cancelled_and_the_others_are_asked_for(agree, group, small):
    theirs, ours = small.meetings.get(), group.meetings.get()
    Letter.objects.filter(kind="groups/sealed").update(state="sent", secret=None, sent_at=clock_module.now())
    agree()
    theirs.refresh_from_db()
    assert (theirs.state, ours.seats.count()) == ("cancelled", 6)
    cancels = Letter.objects.filter(kind="meetings/ended", dedupe_key__contains=":CANCEL:")
    asked = Letter.objects.filter(kind="meetings/planned", about=ours.about, dedupe_key__contains=":REQUEST:")
    assert [sorted(one.to.partition("@")[0] for one in rows) for rows in (cancels, asked)] == [THEIRS, THEIRS]
    assert Entry.objects.filter(seat__meeting=theirs, ended_at=None).count() == 0


def test_names_open_and_each_past_stays_with_its_people(client, group, small, member, organizer, clock):
    ours, theirs = group.meetings.get(), small.meetings.get()
    clock.to(max(ours.ends_at, theirs.ends_at) + timedelta(days=1))
    merging.propose(group, small, by=organizer)
    assert over(clock) == "done"
    client.force_login(member(group, "mary").person)
    page = client.get(reverse("meetings:group", args=[group.public_id])).content.decode()
    assert ("Ada Lovelace" in page, client.get(f"{ours.path}board/").status_code) == (True, 404)
    assert client.get(f"{theirs.path}board/").status_code == 200
    former = client.get(reverse("meetings:group", args=[small.public_id])).content.decode()
    assert ("It goes on as part of" in former, "Look for another group for me" in former) == (True, False)
    assert client.get(reverse("meetings:memory", args=[small.public_id])).status_code == 200
    client.force_login(member(group, "ada").person)
    assert client.get(f"{theirs.path}board/").status_code == 404


def test_what_the_former_circle_kept_goes_and_nobody_loses_the_place(agree, group, small, clock):
    agree()
    clock.forward(days=90)
    closing.forget_due()
    assert (names(small), names(group)) == ([], sorted(OURS + THEIRS))
    assert set(Application.objects.filter(person__memberships__group=small).values_list("stage", flat=True)) == {
        "placed"
    }


def test_the_former_circle_leads_nobody_back_to_the_pool(agree, small, member):
    agree()
    with pytest.raises(NotAllowed, match="goes on in another one"):
        closing.look_on(member(small, "mary"))
    with pytest.raises(NotAllowed, match="part of another one"):
        repairing.leave(member(small, "mary"), back_to_pool=True)
    assert Application.objects.get(person__email="mary@example.org").stage == "placed"


def test_who_leaves_the_joint_circle_waits_again(agree, group, member):
    agree()
    repairing.leave(member(group, "mary"), back_to_pool=True)
    mine = Application.objects.filter(person__email="mary@example.org").pooled().without_group()
    assert (mine.count(), backfilling.free_seats(group)) == (1, 1)


def test_a_pause_comes_along(agree, group, small, member):
    sabbaticals.begin(member(small, "mary"), meetings=1)
    agree()
    assert member(group, "mary").sabbaticals.running().count() == 1
    assert group.meetings.get().seats.get(person__email="mary@example.org").state == "excused"


def test_somebody_changed_company_meanwhile(merge, group, small, clock, letters):
    Application.objects.filter(person__email="mary@example.org").update(company_key="ada")
    assert (over(clock), names(group), names(small)) == ("broke", OURS, THEIRS)
    assert letters("groups/stays") == sorted(OURS + THEIRS)


def test_somebody_left_meanwhile_and_it_still_holds(merge, group, small, member, clock):
    repairing.leave(member(small, "mary"), back_to_pool=False)
    assert (over(clock), names(group)) == ("done", sorted([*OURS, "barbara", "radia"]))


def test_one_closes_meanwhile_and_the_other_hears_it(merge, group, small, organizer, letters):
    closing.close(small, by=organizer, why=Why.DIED)
    assert (Merge.objects.get().state, names(group)) == ("broke", OURS)
    assert set(OURS) <= set(letters("groups/stays"))
    assert not group.questions.open().exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"company_key": "ada", "company": "Ada works"}, "AL"),
        ({"company_key": "grace", "company": "Grace works"}, "at grace"),
    ],
)
def test_it_is_refused_with_the_rule_named(group, circle, program, organizer, fields, words):
    program.max_per_company = 3
    program.save()
    small = circle("Mary Jackson", "Radia Perlman", "Barbara Liskov", **fields)
    program.max_per_company = 1
    program.save()
    Application.objects.filter(person__email__in=["mary@example.org", "radia@example.org"]).update(company_key="")
    with pytest.raises(NotAllowed, match=f"break a rule.*{words}"):
        merging.propose(group, small, by=organizer)
    assert (Merge.objects.count(), Question.objects.count()) == (0, 0)


def test_too_many_together_are_refused(group, small, program, organizer):
    program.size_max = 5
    program.save()
    with pytest.raises(NotAllowed, match="would be 6; at most 5"):
        merging.propose(group, small, by=organizer)
    assert merging.partners(group, by=organizer) == []


def test_one_change_at_a_time_and_no_card_beside_it(merge, group, small, circle, program, organizer):
    with pytest.raises(NotAllowed, match="asked about a change already"):
        merging.propose(small, group, by=organizer)
    with pytest.raises(NotAllowed, match="asked about a change already"):
        backfilling.propose(group, applicant(program, "Lynn Conway"), by=organizer)


def test_while_a_seat_is_filled_nothing_is_merged(group, small, program, organizer):
    backfilling.propose(group, applicant(program, "Lynn Conway"), by=organizer)
    with pytest.raises(NotAllowed, match="a free seat is being filled"):
        merging.propose(group, small, by=organizer)


def test_nobody_joins_the_circle_that_ended(agree, group, small):
    late = Invitation.objects.filter(draft=group.draft, state="lapsed").get()
    agree()
    ended = small.draft
    ended.refresh_from_db()
    assert (takes_one_more(ended, Invitation(draft=ended, application=late.application)), len(names(group))) == (
        False,
        6,
    )


def test_what_is_taken_back_asks_nobody(merge, group, organizer, clock, letters):
    merging.withdraw(merge, by=organizer)
    assert (over(clock), names(group), letters("groups/asked_merge")) == ("withdrawn", OURS, [])
    with pytest.raises(NotAllowed, match="decided already"):
        merging.withdraw(merge, by=organizer)


def test_a_member_decides_on_cards_without_names(client, merge, group, small, member, speak):
    speak(group, grace="concern")
    client.force_login(member(group, "ada").person)
    page = reverse("groups:question", args=[group.public_id, group.questions.get().public_id])
    assert page in client.get(reverse("meetings:group", args=[group.public_id])).content.decode()
    client.post(page, {"word": "fine"})
    shown = client.get(page).content.decode()
    assert ("You said: Fine with me." in shown, "You said: I have a concern." in shown) == (True, False)
    assert ("MJ" in shown, "Mary Jackson" in shown, small.name in shown) == (True, False, False)


@pytest.mark.parametrize("word", ["", "yes", "FINE", "fine\x00"])
def test_what_is_no_word_changes_nothing(client, merge, group, member, word):
    client.force_login(member(group, "ada").person)
    page = reverse("groups:question", args=[group.public_id, group.questions.get().public_id])
    assert client.post(page, {"word": word}).status_code == 302
    assert QuestionWord.objects.count() == 0


def test_a_question_is_for_its_own_members_alone(client, merge, group, small, member, organizer, superuser):
    question = group.questions.get().public_id
    client.force_login(member(small, "mary").person)
    assert client.get(reverse("groups:question", args=[small.public_id, question])).status_code == 404
    for person in (organizer, superuser, member(small, "mary").person):
        client.force_login(person)
        page = reverse("groups:question", args=[group.public_id, question])
        assert (client.get(page).status_code, client.post(page, {"word": "fine"}).status_code) == (404, 404)


@pytest.mark.parametrize("others", [1, 3])
def test_the_organizers_page_asks_the_same_for_one_and_for_three(
    client, group, circle, superuser, others, django_assert_num_queries
):
    trios = ["Mary Jackson", "Radia Perlman", "Barbara Liskov"], ["Frances Allen", "Karen Jones", "Lynn Conway"]
    for trio in [*trios, ["Jean Bartik", "Betty Holberton", "Annie Easley"]][:others]:
        circle(*trio)
    client.force_login(superuser)
    with django_assert_num_queries(19):
        page = client.get(reverse("admin:groups_living_people", args=[group.public_id])).content.decode()
    assert page.count("Ask both circles") == others


@pytest.mark.parametrize("people", [1, 3])
def test_the_members_page_asks_the_same_for_one_card_and_for_three(
    client, merge, group, small, member, people, django_assert_num_queries
):
    for name in THEIRS[people:]:
        repairing.leave(member(small, name), back_to_pool=False)
    client.force_login(member(group, "ada").person)
    page = reverse("groups:question", args=[group.public_id, group.questions.get().public_id])
    with django_assert_num_queries(10):
        assert client.get(page).content.decode().count('class="person"') == people


def test_an_organizer_asks_both_and_takes_it_back(client, group, small, superuser):
    client.force_login(superuser)
    page = client.get(reverse("admin:groups_living_people", args=[group.public_id])).content.decode()
    assert (small.name in page, "Ask both circles" in page) == (True, True)
    client.post(reverse("admin:groups_living_merge", args=[group.public_id, small.public_id]))
    merge = Merge.objects.get()
    assert (merge.stays, merge.joins) == (group, small)
    client.post(reverse("admin:groups_proposal_withdraw", args=[merge.public_id]))
    assert Merge.objects.get().state == "withdrawn"


def test_everybody_has_one_seat_at_each_date_and_one_membership(agree, group):
    agree()
    assert Membership.objects.filter(group=group).count() == 6
    assert Seat.objects.filter(meeting__group=group).count() == 6
