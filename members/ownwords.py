"""Own words in sensitive answers: read by the one organizer whom the program names, and each look is written down.

Whose words they are is not told, to that organizer neither: the words are enough to say what the solver should take
them for. They are open only where their person said yes to the present wording, which says so.
Lock order: program; or application, answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from members import identity
from members.identity import Told
from members.models.apart import KeepApartLine
from members.models.application import Application, IdentityAnswers
from members.models.conduct import Consent, wording_hash
from members.models.person import Person
from members.models.program import Organizer, Program
from members.stages import Stage
from roundtable import audit, vault
from roundtable.audit import AuditLine
from roundtable.errors import NotAllowed

LOOKED = "looked at own words"
GONE = "These words are not there any more: their person has changed or deleted them."
Closed = TypeVar("Closed", IdentityAnswers, KeepApartLine)
CLOSED = (Stage.DRAFT, Stage.DECLINED, Stage.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Words:
    """The own words of one application, without its person."""

    public_id: str
    told: Told

    @property
    def is_new(self) -> bool:
        return bool(self.told.unread)

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """Each value with the words, and what they are taken for."""
        return [(value, value.partition(":")[2], self.told.means.get(value, "")) for value in self.told.own_words]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a person should know about own words that nobody has read: who will, and whether they may."""

    reader: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """All that one application holds of a person's sensitive answers, for their own eyes."""

    application: Application
    answers: list[tuple[str, str, str]]
    own: bool
    reader: str
    looks: list[tuple[str, datetime]]
    apart: list[str]


def reader_of(program: Program) -> Person | None:
    """The organizer who reads own words: the named one, as long as they look after the whole program."""
    role = _readers().filter(program=program).select_related("person").first()
    return role.person if role else None


def programs_read_by(person: Person) -> QuerySet[Program]:
    """Where this person is the named one."""
    return Program.objects.filter(pk__in=_readers().filter(person=person).values("program"))


@transaction.atomic
def name_reader(program: Program, person: Person | None, *, by: Person) -> None:
    """One organizer of the whole program, or nobody, from now on. Raises NotAllowed for anybody else."""
    Program.objects.select_for_update().get(pk=program.pk)
    roles = Organizer.objects.filter(program=program)
    role = roles.filter(person=person, metro="", person__is_active=True, person__is_staff=True).first()
    if person is not None and role is None:
        raise NotAllowed("Only somebody who organizes the whole program can read own words.")
    roles.filter(reads_own_words=True).update(reads_own_words=False)
    if role is not None:
        Organizer.objects.filter(pk=role.pk).update(reads_own_words=True)
    audit.note(by, "named who reads own words", f"program:{program.pk}", count=int(role is not None))


def waiting_for(program: Program) -> list[Words]:
    """The own words that may be read here, in an order that says nothing of when or by whom."""
    found = [Words(row.public_id, identity.read(row.answers)) for row in _opened(_readable(program))]
    return sorted((one for one in found if one.told.own_words), key=lambda one: (not one.is_new, one.public_id))


@transaction.atomic
def look(program: Program, public_id: str, *, by: Person) -> Words:
    """Opens the own words of one application. That is written down, and its person reads it on their page."""
    row = _row(program, public_id)
    audit.note(by, LOOKED, f"application:{row.application_id}")
    return Words(row.public_id, identity.read(row.answers))


@transaction.atomic
def give_meaning(program: Program, public_id: str, value: str, meaning: str, *, by: Person) -> Words:
    """From now on the solver takes these words for that value. An empty meaning takes it back."""
    row = _row(program, public_id)
    told = identity.read(row.answers)
    if value not in told.own_words:
        raise NotAllowed(GONE)
    if meaning and meaning not in identity.known_meanings() and identity.dimension_of(meaning) != identity.PRIVATE:
        raise NotAllowed("Choose a meaning from the list, or write a new one.")
    told = told.with_meaning(value, meaning)
    row.answers = identity.written(told)
    row.save(update_fields=["answers"])
    audit.note(by, "own words given a meaning", f"application:{row.application_id}")
    return Words(row.public_id, told)


def meanings_in(words: Iterable[Words]) -> list[str]:
    """The values made here so far, so that the next who means the same is given the same."""
    given = {meaning for one in words for meaning in one.told.means.values()}
    return sorted(meaning for meaning in given if identity.dimension_of(meaning) == identity.PRIVATE)


def unread(applications: Iterable[Application]) -> dict[int, Waiting]:
    """By application the wishes in own words that nobody has read; silent where there are none."""
    rows = _opened(IdentityAnswers.objects.filter(application__in=list(applications)).exclude(consented_at=None))
    waiting = [row for row in rows if identity.read(row.answers).waiting]
    if not waiting:
        return {}
    readers = _names_of_readers(row.application.program_id for row in waiting)
    may = set(_agreed(IdentityAnswers.objects.filter(pk__in=[row.pk for row in waiting])).values_list("pk", flat=True))
    return {row.application_id: Waiting(readers.get(row.application.program_id, ""), row.pk in may) for row in waiting}


def mine(person: Person) -> list[Mine]:
    """A person's sensitive answers, application by application at any stage, with who looked and when."""
    applications = list(person.applications.select_related("program").order_by("-pk"))
    rows = {row.application_id: row for row in _opened(IdentityAnswers.objects.filter(application__in=applications))}
    lines: dict[int, list[str]] = {}
    for line in _opened(KeepApartLine.objects.filter(application__in=applications)):
        lines.setdefault(line.application_id, []).append(line.words)
    readers = _names_of_readers(application.program_id for application in applications)
    looks = _looks(applications)
    shown = []
    for one in applications:
        told = identity.read(rows[one.pk].answers) if one.pk in rows else Told()
        answers = [(value, identity.label_of(value), _meaning(told, value)) for value in told.listed]
        mine = Mine(
            application=one,
            answers=answers,
            own=bool(told.own_words),
            reader=readers.get(one.program_id, ""),
            looks=looks.get(one.pk, []),
            apart=lines.get(one.pk, []),
        )
        shown += [mine] if mine.answers or mine.looks or mine.apart else []
    return shown


def looks_at(application: Application) -> list[tuple[str, datetime]]:
    """Who looked at the own words of this application, the last look first."""
    return _looks([application]).get(application.pk, [])


def _meaning(told: Told, value: str) -> str:
    return identity.label_of(told.means[value]) if value in told.means else ""


def _looks(applications: Iterable[Application]) -> dict[int, list[tuple[str, datetime]]]:
    """By application who looked, the last look first."""
    keys = {f"application:{application.pk}": application.pk for application in applications}
    found: dict[int, list[tuple[str, datetime]]] = {}
    for line in AuditLine.objects.filter(verb=LOOKED, about__in=keys).select_related("actor").order_by("-at", "-pk"):
        found.setdefault(keys[line.about], []).append((str(line.actor or "An organizer who has left"), line.at))
    return found


def _readers() -> QuerySet[Organizer]:
    return Organizer.objects.filter(reads_own_words=True, person__is_active=True, person__is_staff=True)


def _names_of_readers(programs: Iterable[int]) -> dict[int, str]:
    return dict(_readers().filter(program__in=set(programs)).values_list("program", "person__name"))


def _readable(program: Program) -> QuerySet[IdentityAnswers]:
    of_program = IdentityAnswers.objects.filter(application__program=program).exclude(consented_at=None)
    return _agreed(of_program.exclude(application__stage__in=CLOSED))


def _agreed(rows: QuerySet[IdentityAnswers]) -> QuerySet[IdentityAnswers]:
    """Whose person said yes to the wording of today, which names this reader."""
    yes = Consent.objects.standing().filter(
        person=OuterRef("application__person"), purpose="sensitive", wording=wording_hash("sensitive")
    )
    return rows.filter(Exists(yes))


def _row(program: Program, public_id: str) -> IdentityAnswers:
    """The answers as they are now, held. Raises NotAllowed where they have gone."""
    wanted = _readable(program).filter(public_id=public_id)
    list(Application.objects.select_for_update().filter(pk__in=wanted.values("application")))
    row = wanted.select_related("application").first()
    if row is None or not identity.read(row.answers).own_words:
        raise NotAllowed(GONE)
    return row


def _opened(rows: QuerySet[Closed]) -> list[Closed]:
    """With the keys of all their people at hand: two queries however many rows."""
    found = list(rows.select_related("application"))
    vault.hold(vault.DataKey.objects.filter(owner__in={row.key_owner() for row in found}))
    return found
