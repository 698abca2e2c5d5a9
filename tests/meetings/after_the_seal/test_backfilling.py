"""A circle of three with one free seat, and people who wait: the card, the group's rule, the question, the yes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from groups import backfilling, candidates, inviting, repairing
from groups.backfilling import decide_due, propose, say, withdraw
from groups.composition.additions import caused
from groups.composition.rules import Group as PaperGroup
from groups.consent import Answer
from groups.joining import EntryRule, Voice
from groups.models.backfill import Backfill, BackfillVoice
from groups.models.group import Membership
from groups.models.invitation import Invitation
from members.models.application import Application
from roundtable import clock as clock_module
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.groups.conftest import applicant

pytestmark = pytest.mark.django_db


@pytest.fixture
def mary(group, program):
    """Waits, and could come."""
    return applicant(program, "Mary Jackson")


@pytest.fixture
def card(group, mary, organizer):
    return propose(group, mary, by=organizer)


def member(group, name):
    return group.memberships.get(person__email=f"{name}@example.org")


def over(clock):
    clock.forward(days=5)
    decide_due()


def speak(card, group, **voices):
    for name, voice in voices.items():
        say(card, Voice(voice), by=member(group, name), received_at=clock_module.now())


def letters(kind):
    return sorted(Letter.objects.filter(kind=kind).exclude(state="cancelled").values_list("to", flat=True))


def test_a_card_goes_to_the_members_and_to_nobody_else(card):
    assert letters("groups/card_shown") == ["ada@example.org", "grace@example.org", "hedy@example.org"]
    written = "".join(Letter.objects.filter(kind="groups/card_shown").values_list("text", flat=True))
    assert [word for word in ("Mary", "MJ", "mary works", "CTO") if word in written] == []


def test_without_a_concern_the_person_is_asked_after_five_days(card, group, clock):
    over(clock)
    card.refresh_from_db()
    assert (card.state, card.invitation.state, card.secret) == ("asked", "sent", None)
    assert letters("groups/invitation")[-1] == "mary@example.org"


def test_before_the_five_days_are_over_nothing_is_decided(card, clock):
    clock.forward(days=4)
    decide_due()
    assert Backfill.objects.get().state == "shown"


def test_when_everybody_said_fine_nobody_waits(card, group):
    speak(card, group, ada="fine", grace="fine", hedy="fine")
    assert Backfill.objects.get().state == "asked"


def test_one_concern_keeps_out_and_leaves_no_trace_of_whose_it_was(card, group, clock):
    speak(card, group, ada="fine", grace="concern")
    assert Backfill.objects.get().state == "shown"
    over(clock)
    card.refresh_from_db()
    assert (card.state, card.secret, BackfillVoice.objects.count()) == ("stayed", None, 0)
    assert not Invitation.objects.filter(application=card.application).exists()
    assert Letter.objects.filter(person=card.application.person).count() == 0


def test_the_last_word_of_a_member_counts(card, group, clock):
    speak(card, group, grace="concern")
    speak(card, group, grace="fine")
    over(clock)
    assert Backfill.objects.get().state == "asked"


def test_the_word_of_who_has_left_does_not_count(card, group, clock):
    speak(card, group, grace="concern")
    repairing.leave(member(group, "grace"), back_to_pool=False)
    over(clock)
    assert Backfill.objects.get().state == "asked"


def test_after_the_end_nobody_says_anything(card, group, clock):
    clock.forward(days=5)
    with pytest.raises(NotAllowed, match="is over"):
        speak(card, group, grace="concern")


def test_where_silence_is_a_no_somebody_silent_keeps_the_group_as_it_is(group, mary, organizer, clock):
    backfilling.change_rule(group, EntryRule.EVERYBODY, by=member(group, "ada").person)
    card = propose(group, mary, by=organizer)
    speak(card, group, ada="fine", grace="fine")
    over(clock)
    assert Backfill.objects.get().state == "stayed"


def test_a_new_rule_holds_from_the_next_card_on(card, group, clock):
    backfilling.change_rule(group, EntryRule.EVERYBODY, by=member(group, "ada").person)
    over(clock)
    assert Backfill.objects.get().state == "asked"


def test_a_yes_makes_a_member_with_a_seat_and_everybody_is_told(card, group, meeting, clock):
    over(clock)
    card.refresh_from_db()
    inviting.respond(card.invitation, Answer.YES, received_at=clock.now())
    joined = Membership.objects.get(person=card.application.person)
    assert (joined.group, joined.joined_on) == (group, clock.now().date())
    assert letters("groups/joined") == ["ada@example.org", "grace@example.org", "hedy@example.org"]
    card.application.refresh_from_db()
    assert card.application.stage == "placed"
    assert meeting.seats.filter(person=joined.person).exists() == (meeting.ends_at > clock.now())


def test_a_group_that_is_too_small_fills_up_step_by_step(group, mary, organizer, clock):
    for name in ("grace", "hedy"):
        repairing.leave(member(group, name), back_to_pool=False)
    card = propose(group, mary, by=organizer)
    speak(card, group, ada="fine")
    card.refresh_from_db()
    inviting.respond(card.invitation, Answer.YES, received_at=clock.now())
    assert group.memberships.on(clock.now().date()).count() == 2


def test_who_left_and_waits_again_can_be_asked_for_another_group(group, organizer):
    ada = member(group, "ada")
    repairing.leave(ada, back_to_pool=True)
    waiting = Application.objects.filter(person=ada.person).pooled().without_group()
    assert (waiting.count(), backfilling.could_join(group)) == (1, [])


@pytest.mark.parametrize(
    "fields", [{"company_key": "ada"}, {"mode": "in_person", "metro": "Porto"}, {"stage": "submitted"}]
)
def test_nobody_is_proposed_who_breaks_a_rule_or_does_not_wait(group, program, organizer, fields):
    mary = applicant(program, "Mary Jackson", **fields)
    assert backfilling.could_join(group) == []
    with pytest.raises(NotAllowed, match="a rule would break"):
        propose(group, mary, by=organizer)


def test_who_was_skipped_most_often_comes_first(group, program):
    for name, skipped in (("Mary Jackson", 0), ("Radia Perlman", 2), ("Lynn Conway", 1)):
        applicant(program, name, skipped_before=skipped)
    assert [one.person.initials for one in backfilling.could_join(group)] == ["RP", "LC", "MJ"]


def test_a_rule_that_breaks_during_the_five_days_asks_nobody(card, clock):
    Application.objects.filter(pk=card.application_id).update(company_key="grace")
    over(clock)
    assert Backfill.objects.get().state == "gone"
    assert Letter.objects.filter(person=card.application.person).count() == 0


def test_a_card_that_is_taken_back_asks_nobody(card, organizer, clock):
    withdraw(card, by=organizer)
    over(clock)
    assert Backfill.objects.get().state == "withdrawn"
    assert letters("groups/card_shown") == []
    with pytest.raises(NotAllowed, match="decided about this card already"):
        withdraw(card, by=organizer)


def test_no_more_cards_than_free_seats(card, group, program, organizer):
    """Katherine has been asked and may still say yes: with Mary's card the five seats are spoken for."""
    with pytest.raises(NotAllowed, match="group is full"):
        propose(group, applicant(program, "Radia Perlman"), by=organizer)


def test_a_breach_that_was_there_before_is_not_the_newcomers(group, mary, program):
    people = list(Application.objects.filter(program=program).select_related("person"))
    problem = candidates.problem(program, candidates.pool(people, today=clock_module.today(), zone=group.zone))
    seated = tuple(sorted(one.public_id for one in people if one.person.name in ("Ada Lovelace", "Grace Hopper")))
    at_night = PaperGroup(seated, 4, "video", None)
    broken = caused(problem, at_night, [mary.public_id])
    assert [(one.rule, mary.public_id in one.people) for one in broken] == [("window", True)]
    assert caused(problem, PaperGroup(seated, group.window, "video", None), [mary.public_id]) == ()


@pytest.mark.parametrize("cards", [1, 3])
def test_the_members_page_asks_the_same_for_one_and_for_three(
    client, group, program, cards, django_assert_num_queries, organizer
):
    Invitation.objects.filter(state="sent").update(state="lapsed")
    program.size_max = 8
    program.save()
    for name in ("Mary Jackson", "Radia Perlman", "Lynn Conway")[:cards]:
        propose(group, applicant(program, name), by=organizer)
    client.force_login(member(group, "ada").person)
    with django_assert_num_queries(5):
        page = client.get(reverse("groups:candidates", args=[group.public_id])).content.decode()
    assert (page.count("Would you meet this person?"), "Mary Jackson" in page, "MJ" in page) == (cards, False, True)


@pytest.mark.parametrize("people", [1, 3])
def test_the_organizers_page_asks_the_same_for_one_and_for_three(
    client, group, program, people, django_assert_num_queries, organizer, superuser
):
    for name in ("Mary Jackson", "Radia Perlman", "Lynn Conway")[:people]:
        applicant(program, name)
    client.force_login(superuser)
    with django_assert_num_queries(20):
        page = client.get(reverse("admin:groups_living", args=[group.public_id])).content.decode()
    assert page.count("Show the members this card") == people


def test_a_member_speaks_on_the_page_and_reads_only_the_own_word(client, card, group, mary):
    speak(card, group, grace="concern")
    client.force_login(member(group, "ada").person)
    page = reverse("groups:candidates", args=[group.public_id])
    client.post(page, {"candidate": card.public_id, "voice": "fine"})
    shown = client.get(page).content.decode()
    assert ("You said: fine with me." in shown, "You said: I have a concern." in shown) == (True, False)


def test_a_card_is_for_members_alone(client, card, group, organizer, superuser, mary):
    page = reverse("groups:candidates", args=[group.public_id])
    for person in (organizer, superuser, mary.person):
        client.force_login(person)
        assert (client.get(page).status_code, client.post(page).status_code) == (404, 404)


def test_the_card_of_another_group_cannot_be_answered(client, card, group, other):
    client.force_login(other)
    page = reverse("groups:candidates", args=[other.memberships.get().group.public_id])
    client.post(page, {"candidate": card.public_id, "voice": "concern"})
    assert BackfillVoice.objects.count() == 0


def test_an_organizer_shows_a_card_and_takes_it_back(client, group, mary, superuser):
    client.force_login(superuser)
    client.post(reverse("admin:groups_living_propose", args=[group.public_id, mary.public_id]))
    card = Backfill.objects.get()
    client.post(reverse("admin:groups_card_withdraw", args=[card.public_id]))
    assert Backfill.objects.get().state == "withdrawn"


def test_who_joined_reads_from_the_joining_date_on(client, card, meeting, group, clock):
    clock.to(meeting.ends_at + timedelta(days=1))
    decide_due()
    card.refresh_from_db()
    inviting.respond(card.invitation, Answer.YES, received_at=clock.now())
    client.force_login(card.application.person)
    assert client.get(reverse("meetings:group", args=[group.public_id])).status_code == 200
    assert client.get(f"{meeting.path}board/").status_code == 404
