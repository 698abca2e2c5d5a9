"""What the roundtables of a program were about, for everybody: theme, format, month. No name, company, place or count.

Nothing of it shows before an organizer of the whole program has switched it on.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from meetings.models.archive import Archive
from meetings.models.meeting import Meeting, State
from members.models.person import Person
from members.models.program import Program, Roster
from roundtable import audit, clock


@dataclass(frozen=True)
class Past:
    """One meeting, as everybody may know of it. Its day is not told, its month is."""

    year: int
    month: str
    form: str
    theme: str


@transaction.atomic
def show(program: Program, *, shown: bool, by: Person) -> None:
    """Everybody sees the archive from now on, or nobody. Twice is once."""
    if shown:
        Archive.objects.get_or_create(program=program, defaults={"opened_at": clock.now()})
    else:
        Archive.objects.filter(program=program).delete()
    audit.note(by, "showed the archive" if shown else "hid the archive", f"program:{program.pk}")


def is_shown(program: Program) -> bool:
    return Archive.objects.filter(program=program).exists()


def of(program: Program) -> list[Past]:
    """The dates that are over and had a theme, the last one first."""
    held = Meeting.objects.filter(group__program=program, group__roster=Roster.OPEN, ends_at__lte=clock.now())
    held = held.exclude(state=State.CANCELLED).exclude(theme="").order_by("-starts_at", "-pk")
    return [Past(one.local_date.year, f"{one.local_date:%B}", one.get_format_display(), one.theme) for one in held]
