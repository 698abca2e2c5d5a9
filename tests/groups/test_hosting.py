"""A host picks an hour, an organizer signs, the others are asked; each wrong turn is refused with a sentence."""

from __future__ import annotations

import pytest

from groups import hosthours, hosting
from groups.models.draft import Composition, DraftState
from groups.models.group import Group
from groups.models.offer import Kind, Offer, State
from members import leaving
from members.models.application import Application, IdentityAnswers
from members.models.hours import Hours
from members.models.program import Organizer
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.groups.conftest import SUBMITTED, THURSDAY_17

pytestmark = pytest.mark.django_db
VIDEO = ("Americas, east", True)


@pytest.fixture
def waiting(pooled):
    """Eight people who could meet on Thursday evenings by video; Ada offered to host."""
    people = pooled(8)
    people[0].extra = {"could": ["host"]}
    people[0].save()
    return people


@pytest.fixture
def offered(waiting):
    return hosting.offer(waiting[0], Kind.CIRCLE, VIDEO, window=THURSDAY_17)


def letters():
    return sorted(Letter.objects.exclude(state="cancelled").values_list("kind", "to"))


def states(draft):
    return sorted(draft.invitations.values_list("state", flat=True))


def never_alone(application, *, wants, holds=()):
    row = IdentityAnswers(application=application, source="form", consented_at=SUBMITTED)
    row.answers = f'{{"dimensions": {list(holds)}, "never_alone": {list(wants)}}}'.replace("'", '"')
    row.save()


def choices(application, kind=Kind.CIRCLE):
    return hosthours.choices(hosthours.around(application, VIDEO, now=clock.now()), kind)


def test_the_hours_to_choose_are_those_at_which_a_valid_circle_exists(waiting):
    assert [(one.window, one.hour.words, one.told) for one in choices(waiting[0])] == [
        (THURSDAY_17, "Thursdays, 17:00 to 18:30", "8 people could come, you included")
    ]


def test_no_hour_is_offered_where_no_circle_holds(waiting):
    Application.objects.update(company_key="one-and-the-same")
    assert choices(waiting[0]) == []


def test_a_host_is_not_offered_the_night(waiting):
    night = sum(1 << slot for slot in range(3 * 48, 3 * 48 + 10))
    Hours.objects.update(good=f"{night:084x}")
    assert (choices(waiting[0]), choices(waiting[0], Kind.TASTER)) == ([], [])


def test_a_taster_needs_no_valid_group_only_people_who_are_free(waiting):
    Application.objects.update(company_key="one-and-the-same")
    assert [(one.window, one.people) for one in choices(waiting[0], Kind.TASTER)] == [(THURSDAY_17, 8)]


def test_a_number_below_five_is_not_told(waiting):
    Hours.objects.filter(application__in=waiting[4:]).update(good="0" * 84)
    assert [one.told for one in choices(waiting[0], Kind.TASTER)] == ["enough people could come"]


def test_an_offer_puts_a_full_circle_on_paper(offered):
    assert (offered.state, offered.draft.state, states(offered.draft)) == ("open", "draft", ["drafted"] * 5)
    assert offered.draft.invitations.filter(application=offered.application).exists()


def test_every_organizer_who_may_sign_has_a_letter(waiting, organizer, program):
    hosting.offer(waiting[0], Kind.CIRCLE, VIDEO, window=THURSDAY_17)
    assert letters() == [("groups/offered", organizer.email)]


def test_the_letter_to_organizers_names_nobody(waiting, organizer):
    hosting.offer(waiting[0], Kind.CIRCLE, VIDEO, window=THURSDAY_17)
    letter = Letter.objects.get(kind="groups/offered")
    assert [word for word in ("Ada", "Lovelace", "ada works") if word in letter.text + letter.html] == []


def test_signing_asks_everybody_else_and_the_host_has_said_yes(offered, organizer):
    signed = hosting.sign(offered, by=organizer)
    draft = signed.draft
    draft.refresh_from_db()
    asked = ["accepted", *["sent"] * 4]
    assert (signed.state, draft.state, states(draft)) == ("signed", "released", [*asked, *["stand_by"] * 3])
    assert draft.invitations.get(state="accepted").application == signed.application
    others = draft.invitations.filter(state="sent").values_list("application__person__email", flat=True)
    asked = [("groups/invitation", email) for email in sorted(others)]
    assert letters() == sorted([*asked, ("groups/signed", "ada@example.org")])


def test_signing_is_refused_while_somebody_would_be_alone_against_their_wish(offered, organizer):
    member = offered.draft.invitations.exclude(application=offered.application)[0].application
    never_alone(member, wants=["gender:woman"])
    with pytest.raises(NotAllowed, match="personal rule"):
        hosting.sign(offered, by=organizer)
    offered.refresh_from_db()
    assert (offered.state, offered.draft.state, Letter.objects.filter(kind="groups/invitation").count()) == (
        "open",
        "draft",
        0,
    )


def test_a_circle_on_paper_already_keeps_everybodys_wish(waiting):
    never_alone(waiting[1], wants=["gender:woman"], holds=["gender:woman"])
    offered = hosting.offer(waiting[0], Kind.CIRCLE, VIDEO, window=THURSDAY_17)
    assert waiting[1].pk not in offered.draft.invitations.values_list("application", flat=True)


def test_the_people_can_be_chosen_again_when_one_of_them_is_gone(offered, organizer):
    gone = offered.draft.invitations.exclude(application=offered.application)[0].application
    leaving.withdraw(gone)
    with pytest.raises(NotAllowed, match="cannot come at the group's hour"):
        hosting.sign(offered, by=organizer)
    old = offered.draft
    again = hosting.choose_again(offered, by=organizer)
    old.refresh_from_db()
    assert (old.state, again.draft.state, again.draft.invitations.count()) == ("dissolved", "draft", 5)
    assert gone.pk not in again.draft.invitations.values_list("application", flat=True)
    assert hosting.sign(again, by=organizer).state == "signed"


def test_declining_tells_the_host_alone_in_the_organizers_words(offered, organizer):
    hosting.decline(offered, by=organizer, words="A room opens in May; offer again then.")
    letter = Letter.objects.get(kind="groups/not_signed")
    assert (letter.to, "A room opens in May" in letter.text) == ("ada@example.org", True)
    offered.refresh_from_db()
    assert (offered.state, offered.draft, DraftState(Composition.objects.get().drafts.get().state)) == (
        "declined",
        None,
        "dissolved",
    )
    assert Letter.objects.filter(kind__in=["groups/invitation", "groups/released"]).count() == 0


def test_the_host_takes_it_back_and_offers_anew(offered, waiting):
    hosting.take_back(offered, by=offered.application.person)
    assert hosting.offer(waiting[0], Kind.CIRCLE, VIDEO, window=THURSDAY_17).state == State.OPEN


@pytest.mark.parametrize("act", ["sign", "decline", "take_back"])
def test_what_is_decided_is_not_decided_again(offered, organizer, act):
    hosting.decline(offered, by=organizer)
    with pytest.raises(NotAllowed, match="declined already"):
        getattr(hosting, act)(offered, by=organizer)


def test_a_person_offers_one_thing_at_a_time(offered, waiting):
    with pytest.raises(NotAllowed, match="offered to host already"):
        hosting.offer(waiting[0], Kind.TASTER, VIDEO, window=THURSDAY_17)


def test_a_pool_has_one_open_offer_of_a_kind(offered, waiting):
    with pytest.raises(NotAllowed, match="Somebody else offered the same"):
        hosting.offer(waiting[1], Kind.CIRCLE, VIDEO, window=THURSDAY_17)
    assert Offer.objects.count() == 1


@pytest.mark.parametrize(
    ("count", "kind", "sentence"),
    [(4, Kind.TASTER, "Too few people"), (7, Kind.CIRCLE, "Too few people")],
)
def test_too_few_people_start_nothing(pooled, count, kind, sentence):
    people = pooled(count)
    with pytest.raises(NotAllowed, match=sentence):
        hosting.offer(people[0], kind, VIDEO, window=THURSDAY_17)


def test_an_hour_that_does_not_suit_the_host_is_refused(waiting):
    for kind in Kind:
        with pytest.raises(NotAllowed, match="Not enough people can come at that hour"):
            hosting.offer(waiting[0], kind, VIDEO, window=0)
    assert (Offer.objects.count(), Composition.objects.count()) == (0, 0)


def test_a_pool_that_is_not_ones_own_is_refused(waiting):
    with pytest.raises(NotAllowed, match="Too few people"):
        hosting.offer(waiting[0], Kind.CIRCLE, ("Chicago", False), window=THURSDAY_17)


def test_who_has_been_asked_for_a_group_answers_that_first(offered, organizer, waiting):
    hosting.sign(offered, by=organizer)
    with pytest.raises(NotAllowed, match="Please answer that letter first"):
        hosting.offer(waiting[0], Kind.CIRCLE, VIDEO, window=THURSDAY_17)


def test_an_open_program_has_no_circles(waiting, program):
    program.roster = "open"
    program.save()
    with pytest.raises(NotAllowed, match="no circles"):
        hosting.offer(Application.objects.get(pk=waiting[0].pk), Kind.CIRCLE, VIDEO, window=THURSDAY_17)


def test_a_signed_taster_is_an_open_group_on_the_hosts_clock(waiting, organizer):
    offered = hosting.offer(waiting[0], Kind.TASTER, VIDEO, window=THURSDAY_17)
    hosting.sign(offered, by=organizer)
    group = Group.objects.get()
    assert (group.roster, group.name, group.mode, group.zone, group.window, group.memberships.count()) == (
        "open",
        "Americas, east taster meetings 1",
        "video",
        "America/New_York",
        THURSDAY_17,
        0,
    )


def test_a_taster_of_a_host_who_left_is_not_signed(waiting, organizer):
    offered = hosting.offer(waiting[0], Kind.TASTER, VIDEO, window=THURSDAY_17)
    leaving.withdraw(waiting[0])
    with pytest.raises(NotAllowed, match="do not wait in the pool"):
        hosting.sign(offered, by=organizer)
    assert Group.objects.count() == 0


def test_the_offer_of_a_host_who_waits_no_more_ends_by_itself(offered):
    leaving.withdraw(offered.application)
    hosting.take_back_orphans()
    offered.refresh_from_db()
    assert (offered.state, offered.draft) == ("withdrawn", None)


def test_a_chapters_organizer_signs_in_their_city_alone(waiting, person_of_chapter):
    Application.objects.update(mode="in_person", metro="Chicago")
    offered = hosting.offer(
        Application.objects.get(pk=waiting[0].pk), Kind.CIRCLE, ("Chicago", False), window=THURSDAY_17
    )
    assert list(Offer.objects.organized_by(person_of_chapter("Chicago"))) == [offered]
    assert list(Offer.objects.organized_by(person_of_chapter("Lisbon"))) == []


@pytest.fixture
def person_of_chapter(person, program):
    def make(metro):
        made = person(f"Chapter{metro}", is_staff=True)
        Organizer.objects.create(program=program, person=made, metro=metro)
        return made

    return make


def test_who_does_not_want_to_host_is_not_asked_again(waiting):
    hosting.ask_no_more(waiting[0])
    waiting[0].refresh_from_db()
    assert waiting[0].extra == {"could": []}
