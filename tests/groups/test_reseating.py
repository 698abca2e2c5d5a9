"""A group that does not hold: who could sit elsewhere, and what becomes of it."""

import pytest
from django.urls import reverse

from groups import inviting, reseating
from groups.consent import Answer, State
from groups.models.draft import DraftGroup
from groups.models.invitation import Invitation
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.groups.conftest import NAMES, THURSDAY_17, applicant

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(draft, program):
    """Beside the draft of four, a group on paper of four: one chair is free there."""
    made = DraftGroup.objects.create(
        composition=draft.composition, number=2, mode="video", zone="America/New_York", window=THURSDAY_17
    )
    for name in NAMES[4:7]:
        Invitation.objects.create(draft=made, application=applicant(program, name))
    Invitation.objects.create(draft=made, application=applicant(program, "Ann Other", company_key="ada"))
    return made


@pytest.fixture
def stuck(draft, paper, organizer):
    """Two of the four said no, and nobody stands by."""
    inviting.release(draft, by=organizer)
    draft.invitations.in_line().delete()
    for first in ("katherine", "hedy"):
        inviting.respond(of(first), Answer.NOT_NOW, received_at=clock.now())
    draft.refresh_from_db()
    return draft


def of(first):
    return Invitation.objects.get(application__person__email=f"{first}@example.org")


def test_each_goes_where_every_rule_holds_and_the_others_would_wait(stuck, paper):
    found = reseating.proposal(stuck)
    assert stuck.step == "stuck"
    assert [(one.application.person.initials, draft) for one, draft in found.seats] == [("GH", paper)]
    assert [one.application.person.initials for one in found.waits] == ["AL"]


def test_carried_out_people_are_told_and_sit_on_paper_where_nobody_is_asked(stuck, paper, organizer):
    reseating.carry_out(stuck, seen=reseating.proposal(stuck).told, by=organizer)
    stuck.refresh_from_db()
    seat = Invitation.objects.get(draft=paper, application__person__initials="GH")
    assert (stuck.state, seat.state, seat.sent_at) == ("dissolved", State.DRAFTED, None)
    told = Letter.objects.filter(kind="groups/released").values_list("to", flat=True)
    assert sorted(told) == ["ada@example.org", "grace@example.org"]
    assert stuck.composition.edits.get().target == paper


def test_what_has_changed_meanwhile_is_not_carried_out(stuck, paper, organizer):
    seen = reseating.proposal(stuck).told
    DraftGroup.objects.filter(pk=paper.pk).update(locked=True)
    with pytest.raises(NotAllowed, match="has changed meanwhile"):
        reseating.carry_out(stuck, seen=seen, by=organizer)
    assert of("grace").state == State.SENT


def test_the_organizer_sees_it_before_anybody_is_told_and_presses(client, stuck, organizer):
    client.force_login(organizer)
    shown = client.get(reverse("admin:groups_draft_hours", args=[stuck.public_id])).content.decode()
    assert "1 of 2 could sit in groups on paper" in shown
    assert "Grace Hopper</bdi> in group 2" in shown
    assert (
        "What could be done"
        in client.get(reverse("admin:groups_composition_show", args=[stuck.composition.public_id])).content.decode()
    )
    seat = reverse("admin:groups_draft_reseat", args=[stuck.public_id])
    seen = reseating.proposal(stuck).told
    assert (
        "The group is dissolved and its people are told."
        in client.post(seat, {"seen": seen}, follow=True).content.decode()
    )
    again = client.post(seat, {"seen": seen}, follow=True).content.decode()
    assert "This group is dissolved; nobody is seated elsewhere." in again


@pytest.mark.parametrize("papers", [1, 3])
def test_a_proposal_asks_the_same_for_any_number_of_groups(stuck, paper, program, papers, django_assert_num_queries):
    for number in range(papers - 1):
        made = DraftGroup.objects.create(
            composition=stuck.composition, number=3 + number, mode="video", zone="America/New_York", window=THURSDAY_17
        )
        Invitation.objects.create(draft=made, application=applicant(program, f"Zoe{number} Zett"))
    with django_assert_num_queries(9):
        reseating.proposal(DraftGroup.objects.select_related("composition__program").get(pk=stuck.pk))
