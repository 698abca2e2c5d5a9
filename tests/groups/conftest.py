"""A program with people in its pool who could all meet on Thursdays from 17:00 to 21:00, by video."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from groups.models.draft import Composition, DraftGroup, Progress
from groups.models.invitation import Invitation
from members.models.application import Application, Mode, Placed
from members.models.conduct import CodeOfConduct
from members.models.hours import Hours
from members.models.person import Person
from members.models.program import Organizer, Program
from members.weekhours import block_mask, to_hex

NAMES = ["Ada Lovelace", "Grace Hopper", "Hedy Lamarr", "Katherine Johnson", "Mary Jackson", "Radia Perlman"]
NAMES += ["Barbara Liskov", "Frances Allen", "Karen Jones", "Lynn Conway", "Jean Bartik", "Betty Holberton"]
SUBMITTED = datetime(2026, 1, 20, 9, tzinfo=UTC)
THURSDAY_17 = 3 * 48 + 34


@pytest.fixture
def program(db: None) -> Program:
    program = Program.objects.create(
        slug="demo", name="Learning circles", size_min=3, size_target=4, size_max=5, willing_min=1, minutes=90
    )
    CodeOfConduct.objects.create(program=program, number=1, text="Be kind.", published_on=SUBMITTED.date())
    return program


@pytest.fixture
def organizer(program: Program) -> Person:
    person = Person.objects.create_user("olga@example.org", name="Olga", initials="O", is_staff=True)
    Organizer.objects.create(program=program, person=person)
    return person


@pytest.fixture
def pooled(program: Program) -> Callable[..., list[Application]]:
    """So many people in the pool; what is not said is the same for all of them."""

    def make(count: int, **fields: object) -> list[Application]:
        return [applicant(program, name, **fields) for name in NAMES[:count]]

    return make


def applicant(program: Program, name: str, **fields: object) -> Application:
    """One person in the pool, free on Thursday evenings in New York, alone at their company."""
    first = name.split()[0].lower()
    initials = "".join(word[0] for word in name.split())
    person = Person.objects.create_user(f"{first}@example.org", name=name, initials=initials, zone="America/New_York")
    filled: dict[str, object] = {
        "stage": "pooled",
        "submitted_at": SUBMITTED,
        "placed": Placed.RESOLVED,
        "mode": Mode.VIDEO,
        "role": "cto",
        "role_text": "CTO",
        "company": f"{first} works",
        "company_key": first,
        "topics": ["hiring"],
        **fields,
    }
    application = Application.objects.create(program=program, person=person, **filled)
    good = to_hex(block_mask(3, "evening"))
    Hours.objects.create(application=application, good=good, possible=to_hex(0), zone="America/New_York")
    return application


@pytest.fixture
def draft(program: Program, pooled: Callable[..., list[Application]]) -> DraftGroup:
    """A draft of four on Thursdays at 17:00 New York time."""
    composition = Composition.objects.create(program=program, progress=Progress.DONE, zone="America/New_York")
    draft = DraftGroup.objects.create(
        composition=composition, number=1, mode="video", zone="America/New_York", window=THURSDAY_17
    )
    for application in pooled(4):
        Invitation.objects.create(draft=draft, application=application)
    return draft
