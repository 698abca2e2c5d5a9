"""The made-up people of the generator as records: accounts, applications in the pool, hours on their own clocks."""

import json
from typing import Any

from bench.generator import problem
from groups.composition.people import MASK, Candidate
from members.models.application import Application, IdentityAnswers, Mode, Placed
from members.models.hours import Hours
from members.models.person import Person
from members.models.program import Program
from members.weekhours import to_hex
from roundtable import clock, vault

BATCH = 1000
ZONES = (("UTC", 0), ("America/New_York", -10), ("Europe/Madrid", 2), ("Asia/Kolkata", 11))  # half hours from UTC
MODES = {
    frozenset({"video"}): Mode.VIDEO,
    frozenset({"in_person"}): Mode.IN_PERSON,
    frozenset({"video", "in_person"}): Mode.EITHER,
}


def fill(program: Program, count: int) -> None:
    """So many people in the pool of this program, the same ones each time."""
    made = problem(count).people
    named = [
        Person(
            email=f"{one.id}@{program.slug}.example",
            name=one.id,
            initials=f"P{number % 100:02}",
            zone=zone_of(number)[0],
        )
        for number, one in enumerate(made)
    ]
    people = Person.objects.bulk_create(named, batch_size=BATCH)
    applications = Application.objects.bulk_create(
        [application(program, person, one) for person, one in zip(people, made, strict=True)], batch_size=BATCH
    )
    rows = [hours(number, row, one) for number, (row, one) in enumerate(zip(applications, made, strict=True))]
    Hours.objects.bulk_create(rows, batch_size=BATCH)
    keep_answers({row: one for row, one in zip(applications, made, strict=True) if one.dimensions})


def zone_of(number: int) -> tuple[str, int]:
    return ZONES[number % len(ZONES)]


def application(program: Program, person: Person, one: Candidate) -> Application:
    return Application(
        program=program,
        person=person,
        stage="pooled",
        submitted_at=clock.now(),
        placed=Placed.RESOLVED,
        mode=MODES[one.modes],
        metro=one.metro or "",
        company_key=one.company or "",
        role=one.role or "",
        years_in_tech=one.years,
        topics=sorted(one.interests),
    )


def hours(number: int, row: Application, one: Candidate) -> Hours:
    zone, ahead = zone_of(number)
    turned = (one.hours << ahead % 336 | one.hours >> (-ahead % 336)) & MASK
    return Hours(application=row, good=to_hex(turned), zone=zone)


def keep_answers(told: dict[Application, Candidate]) -> None:
    """What the generator calls dimensions, each answer closed with its person's own key."""
    keys = vault.keys_to_write(f"person:{row.person_id}" for row in told)
    rows: list[Any] = []
    for row, one in told.items():
        answer: Any = IdentityAnswers(application=row)
        words = json.dumps({"dimensions": sorted(one.dimensions), "never_alone": sorted(one.never_alone)})
        answer.answers = vault.sealed(answer, "answers", words, key=keys[answer.key_owner()])
        rows.append(answer)
    IdentityAnswers.objects.bulk_create(rows, batch_size=BATCH)
