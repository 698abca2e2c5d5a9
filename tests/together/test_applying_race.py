"""The same code from two windows at once, and a page that is kept while the form is sent: one application, whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from members import drafting
from members.models.application import Application, Unconfirmed
from members.models.person import Person
from members.models.program import Program
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db(transaction=True)
GIVEN: dict[str, Any] = {
    "name": "Wanda Ruiz",
    "initials": "",
    "pronouns": "",
    "zone": "America/Chicago",
    "place_text": "Minneapolis",
    "mode": "either",
    "role": "cto",
    "role_text": "",
    "org_size": "10-29",
    "company": "Quarry",
    "sector": "",
    "years_in_tech": None,
    "years_leading": None,
    "still_coding": "",
    "shows_company": True,
    "gender": "",
    "topics": ["hiring"],
    "own_topic": "",
    "rhythm": "either",
    "could": [],
    "never_alone": [],
    "possible": [],
    "good": ["Mon early", "Tue lunch", "Wed evening"],
}


@pytest.fixture
def waiting(program: Program) -> tuple[Unconfirmed, str]:
    draft = drafting.send_code(drafting.begin(program, email="wanda@example.org"), GIVEN)
    (code,) = Letter.objects.get().secrets_by_mark().values()
    return draft, code.replace("-", "")


def test_one_code_from_two_windows_is_one_application(
    waiting: tuple[Unconfirmed, str], at_once: Callable[..., Any]
) -> None:
    draft, code = waiting
    outcome = at_once(*[partial(drafting.confirm, draft, code) for _ in range(2)])
    assert [type(error) for error in outcome.errors] == [NotAllowed]
    assert (Application.objects.count(), Person.objects.count(), Unconfirmed.objects.count()) == (1, 1, 0)


def test_a_page_kept_while_the_code_is_typed_is_before_it_or_refused(
    waiting: tuple[Unconfirmed, str], at_once: Callable[..., Any]
) -> None:
    draft, code = waiting
    at_once(partial(drafting.confirm, draft, code), partial(drafting.keep, draft, "work", {"company": ["Elsewhere"]}))
    left = [drafting.typed(draft)["work"] for draft in Unconfirmed.objects.all()]
    assert (Application.objects.count(), left) in [(1, []), (0, [{"company": ["Elsewhere"]}])]
