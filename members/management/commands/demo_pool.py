"""bin/manage demo_pool: ten invented people wait for an open roundtable, so that a first visitor sees full pools."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from members import reviewing
from members.importing import import_applications
from members.models.application import Application
from members.models.program import Program

FILE = Path(__file__).parents[3] / "samples" / "demo-pool.csv"
PROGRAM = "tech-roundtable"


class Command(BaseCommand):
    """Run it twice and nothing changes. Imported and accepted as an organizer does it, letters included."""

    help = "Lets ten demo people wait in the pools of the open roundtable."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        program = Program.objects.filter(slug=PROGRAM).first()
        if program is None:
            raise CommandError(f"There is no program {PROGRAM}: run bin/manage demo first.")
        if Application.objects.filter(program=program).exists():
            return
        organizer = program.organizer_set.select_related("person").earliest("pk").person
        import_applications(program, FILE.read_bytes(), by=organizer)
        for application in Application.objects.filter(program=program).waiting_for_review():
            reviewing.accept(application, by=organizer)
