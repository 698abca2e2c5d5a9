"""bin/manage demo_pool: ten invented people wait for an open roundtable that has met before, and shows what about."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from groups.models.group import Group
from meetings import archive, cadence
from meetings.models.cadence import window_of
from meetings.models.meeting import Format, Meeting, State
from members import reviewing
from members.importing import import_applications
from members.models.application import Application, Mode
from members.models.program import Program, Roster

FILE = Path(__file__).parents[3] / "samples" / "demo-pool.csv"
PROGRAM = "tech-roundtable"
AT, ZONE = time(12), "America/New_York"
# Themes and days of a real roundtable, which its hosts told in public; whoever spoke there is not named here.
HISTORY = (
    (date(2019, 11, 10), Format.LEAN_COFFEE, "Development velocity: people, process, technology"),
    (date(2020, 3, 2), Format.TALK, "A career framework for software engineers"),
    (date(2020, 5, 12), Format.TALK, "Engineering metrics: productivity, quality, predictability"),
    (date(2020, 9, 29), Format.TALK, "The value between the lines: working across silos"),
)


class Command(BaseCommand):
    """Run it twice and nothing changes. Imported and accepted as an organizer does it, letters included."""

    help = "Lets ten demo people wait in the pools of the open roundtable, and shows what earlier ones were about."

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
        remember(program)
        archive.show(program, shown=True, by=organizer)


def remember(program: Program) -> None:
    """Four dates of a roundtable that has ended since; of those who were there nothing is known."""
    first, last = (cadence.instant(HISTORY[at][0], AT, ZONE) for at in (0, -1))
    group = Group.objects.create(
        program=program,
        name="Roundtable of 2019 and 2020",
        roster=Roster.OPEN,
        mode=Mode.VIDEO,
        zone=ZONE,
        window=window_of(HISTORY[0][0].weekday(), AT),
        sealed_at=first,
        closed_at=last + timedelta(minutes=program.minutes),
    )
    for on, form, theme in HISTORY:
        starts_at = cadence.instant(on, AT, ZONE)
        Meeting.objects.create(
            group=group,
            state=State.HELD,
            format=form,
            theme=theme,
            occurrence_date=on,
            local_date=on,
            local_time=AT,
            zone=ZONE,
            minutes=program.minutes,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=program.minutes),
        )
