"""bin/manage demo_circle: seven invented people go the whole way, so that there is a group and a board to look at."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from groups import composing, inviting, running
from groups.consent import Answer
from groups.models.group import Group
from meetings import access, topics
from members import reviewing
from members.importing import import_applications
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program
from roundtable import clock

FILE = Path(__file__).parents[3] / "samples" / "demo-circle.csv"
PROGRAM, MEMBER = "twin-cities", "ada@roundtable.example"
TOPICS = {
    "ada@roundtable.example": "Telling a non-technical boss why deleting dead code was time well spent",
    "grace@roundtable.example": "A career ladder that people believe in",
    "hedy@roundtable.example": "Coding while managing: how much is too much?",
    "tomas@roundtable.example": "Engineering metrics that do not hurt",
}


class Command(BaseCommand):
    """Run it twice and nothing changes. Every step is the real one, letters included."""

    help = "Takes the demo circle from a spreadsheet to a sealed group with topics on the board of its first meeting."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        program = Program.objects.filter(slug=PROGRAM).first()
        if program is None:
            raise CommandError(f"There is no program {PROGRAM}: run bin/manage demo first.")
        if not Person.objects.filter(email=MEMBER).exists():
            group = sealed(program, by=program.organizer_set.select_related("person").earliest("pk").person)
            propose_topics(group)
        self.stdout.write(f"  member     {MEMBER}")


def sealed(program: Program, *, by: Person) -> Group:
    """Imported, accepted, composed, asked; everybody says yes."""
    import_applications(program, FILE.read_bytes(), by=by)
    for application in Application.objects.filter(program=program).waiting_for_review():
        reviewing.accept(application, by=by)
    composition = composing.start(program, by=by, seconds=5)
    running.work_next()
    draft = inviting.release(composition.drafts.get(), by=by)
    for invitation in draft.invitations.order_by("pk"):
        inviting.respond(invitation, Answer.YES, shares_address=True, received_at=clock.now())
    return Group.objects.get(draft=draft)


def propose_topics(group: Group) -> None:
    """Four members have put something on the board of the first meeting."""
    meeting = group.meetings.earliest("starts_at")
    for email, title in TOPICS.items():
        person = Person.objects.get(email=email)
        board = access.board(person, meeting.public_id)
        topics.propose(board, by=person, title=title, note="", hidden=False, key=uuid.uuid4())
