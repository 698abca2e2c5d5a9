"""What must hold of circles in two years, at each of the moments that matter: the three Cs.

Continuity: dates ahead, a seat for each member, somebody who leads. Confidence: no word leaves the room, nobody reads
what was before them. Commitment: few letters, and no circle forgotten. Forty circles are lived by `bin/bench life`,
which also counts how many fall apart unwarned.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from pytest_django import DjangoDbBlocker

from groups.models.group import Group, Membership
from meetings.models.takeaway import Promise
from tests.confidence.world import stopped
from tests.life import rules
from tests.life.circles import BEGIN, Life, begun, lived

pytestmark = pytest.mark.django_db
CIRCLES, SEED = 2, 2026


@pytest.fixture(scope="module")
def life(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Life]:
    """Lived once for all tests of this module, in one transaction; nothing of it is left afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        with stopped(BEGIN) as clock:
            life = begun(clock, seed=SEED, circles=CIRCLES)
            lived(life, rules.watch)
            yield life
        transaction.set_rollback(True)


def test_every_rule_holds_at_each_step(life: Life) -> None:
    assert life.wrong == {}
    assert life.steps > 80


def test_people_came_and_went(life: Life) -> None:
    """Else the others would not have shown much."""
    assert Membership.objects.exclude(left_on=None).exists()
    assert Membership.objects.filter(joined_on__gt=F("group__sealed_at__date")).exists()
    assert Group.objects.exclude(forgotten_at=None).exists()


def test_members_carried_promises_on_beside_new_ones(life: Life) -> None:
    """Else nothing would show whether those keep anybody from being erased or forgotten."""
    carried = Promise.objects.exclude(carried_from=None)
    beside = Promise.objects.filter(board=OuterRef("board"), person=OuterRef("person"), carried_from=None)
    assert carried.filter(Exists(beside)).exists()


@pytest.mark.parametrize("rule", rules.AT_THE_END)
def test_what_holds_at_the_end(rule: rules.Rule, life: Life) -> None:
    assert rule(life) == []
