"""A yes to a file, pressed in many tabs at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from groups.models.group import Membership
from meetings import filing
from meetings.models.fileyes import FileYes
from members.models.person import Person
from tests.conftest import Outcome

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_is_one_yes(ada: Person, at_once: Callable[..., Outcome]) -> None:
    membership = Membership.objects.get(person=ada)
    outcome = at_once(*[partial(filing.say, membership, yes=True) for _ in range(5)])
    assert (outcome.errors, FileYes.objects.count()) == ([], 1)
