"""Two hosts of one pool at once, and two organizers who sign at once: one does it, the other is told."""

from __future__ import annotations

from functools import partial

import pytest

from groups import hosting
from groups.models.offer import Kind, Offer
from members.models.person import Person
from members.models.program import Organizer, Program
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.groups.conftest import NAMES, THURSDAY_17, applicant

pytestmark = pytest.mark.django_db(transaction=True)
VIDEO = ("Americas, east", True)


@pytest.fixture
def waiting():
    program = Program.objects.create(
        slug="demo", name="Learning circles", size_min=3, size_target=4, size_max=5, willing_min=1
    )
    return [applicant(program, name) for name in NAMES[:8]]


def test_of_two_who_offer_at_once_one_offers_and_the_other_is_told(waiting, at_once):
    offer = partial(hosting.offer, kind=Kind.CIRCLE, place=VIDEO, window=THURSDAY_17)
    outcome = at_once(partial(offer, waiting[0]), partial(offer, waiting[1]))
    assert (len(outcome.results), [type(error) for error in outcome.errors]) == (1, [NotAllowed])
    assert Offer.objects.get().draft.invitations.count() == 5


def test_of_two_who_sign_at_once_one_signs_and_everybody_is_asked_once(waiting, at_once):
    organizer = Person.objects.create_user("olga@example.org", name="Olga", initials="O", is_staff=True)
    Organizer.objects.create(program=waiting[0].program, person=organizer)
    offered = hosting.offer(waiting[0], Kind.CIRCLE, VIDEO, window=THURSDAY_17)
    sign = partial(hosting.sign, offered, by=organizer)
    outcome = at_once(sign, sign)
    assert (len(outcome.results), [type(error) for error in outcome.errors]) == (1, [NotAllowed])
    assert Letter.objects.filter(kind="groups/invitation").exclude(state="cancelled").count() == 4
