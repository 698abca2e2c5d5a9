"""bin/manage demo: programs, a code of conduct, an organizer and a superuser: something to see at the first start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand
from django.db import transaction

from members.models.conduct import CodeOfConduct
from members.models.person import Person
from members.models.program import Organizer, Program, Roster
from roundtable import clock

TEXT = Path(__file__).parents[2] / "texts" / "code_of_conduct.txt"
ORGANIZER, SUPERUSER = "organizer@roundtable.example", "admin@roundtable.example"
PROGRAMS: list[dict[str, Any]] = [
    {
        "slug": "demo",
        "name": "CTO and VP learning circles",
        "summary": "Six to nine engineering leaders who keep meeting: in person in the Bay Area, by video anywhere.",
        "roster": Roster.FIXED,
        "size_min": 6,
        "size_target": 8,
        "size_max": 9,
        "minutes": 90,
        "every_weeks": 6,
    },
    {
        "slug": "tech-roundtable",
        "name": "Peer-to-peer tech roundtable",
        "summary": "An open table for twelve, every six to eight weeks: lean coffee, sometimes a short talk first.",
        "roster": Roster.OPEN,
        "size_min": 5,
        "size_target": 12,
        "size_max": 12,
        "minutes": 75,
        "every_weeks": 7,
    },
    {
        "slug": "twin-cities",
        "name": "Twin Cities technologists",
        "summary": "Small circles of people who build software in and around Minneapolis and Saint Paul.",
        "roster": Roster.FIXED,
        "size_min": 6,
        "size_target": 7,
        "size_max": 8,
        "minutes": 90,
        "every_weeks": 4,
    },
]


class Command(BaseCommand):
    """Run it twice and nothing changes."""

    help = "Makes the demo programs, their code of conduct, an organizer and a superuser, where they are missing."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        organizer = account(ORGANIZER, "Olive Moreno", is_staff=True)
        account(SUPERUSER, "Sam Okafor", is_staff=True, is_superuser=True)
        for values in PROGRAMS:
            program, _ = Program.objects.get_or_create(slug=values["slug"], defaults=values)
            publish(program)
            Organizer.objects.get_or_create(program=program, person=organizer, metro="")
        self.stdout.write("Demo log-ins (a code comes by letter; read it at /outbox/):")
        self.stdout.write(f"  organizer  {ORGANIZER}")
        self.stdout.write(f"  superuser  {SUPERUSER}")


def account(email: str, name: str, **rights: bool) -> Person:
    """A person with a confirmed address, who signs in with a code."""
    person = Person.objects.filter(email=email).first()
    if person is None:
        person = Person.objects.create_user(email, name=name, initials="".join(w[0] for w in name.split()), **rights)
    EmailAddress.objects.get_or_create(user=person, email=email, defaults={"verified": True, "primary": True})
    return person


def publish(program: Program) -> CodeOfConduct:
    """Version 1 of the code of conduct from the template, where the program has none."""
    first = {"text": TEXT.read_text(encoding="utf-8"), "published_on": clock.today()}
    return program.current_code() or CodeOfConduct.objects.create(program=program, number=1, **first)
