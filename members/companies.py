"""Which spellings of a company's name are one company, per program: our guess, and an organizer's word above it.

Lock order: the program, then its applications.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from members import answers, duplicates
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program
from members.models.review import CompanyWord
from roundtable import audit, clock
from roundtable.errors import NotAllowed

LONGEST = 120


def counted(program: Program, spellings: Iterable[str]) -> dict[str, str]:
    """The company that each spelling counts as in this program."""
    said = dict(CompanyWord.objects.filter(program=program).values_list("spelling", "counts_as"))
    return duplicates.companies(spellings, said)


def key_of(program: Program, company: str) -> str:
    """What a company that somebody just named counts as; empty where the words name none."""
    key = (answers.company_key(company) or "")[:LONGEST]
    words = key.split()
    starts = [" ".join(words[:length]) for length in range(1, len(words) + 1)]
    known = Application.objects.filter(program=program, company_key__in=starts).values_list("company_key", flat=True)
    return counted(program, {*known, key})[key] if key else ""


@transaction.atomic
def join(program: Program, spelling: str, other: str, *, by: Person) -> int:
    """Two names are one company: nobody of one sits with somebody of the other. How many applications moved."""
    Program.objects.select_for_update().get(pk=program.pk)
    counts_as = counted(program, [*_known(program), spelling, other])
    company, former = counts_as[other], counts_as[spelling]
    if company == former:
        raise NotAllowed("These two count as one company already.")
    _say(program, spelling, company, by=by)
    CompanyWord.objects.filter(program=program, counts_as=former).update(counts_as=company)
    moved = Application.objects.filter(program=program, company_key__in=[spelling, former])
    return _told(moved.update(company_key=company), program, "companies joined", by=by)


@transaction.atomic
def part(program: Program, spelling: str, *, by: Person) -> int:
    """This name is a company of its own, whatever it begins with. How many applications moved."""
    Program.objects.select_for_update().get(pk=program.pk)
    _say(program, spelling, spelling, by=by)
    others = Application.objects.filter(program=program).exclude(company_key__in=["", spelling])
    mine = [key for key, name in others.values_list("pk", "company") if answers.company_key(name) == spelling]
    moved = Application.objects.filter(pk__in=mine).update(company_key=spelling)
    return _told(moved, program, "companies parted", by=by)


def _known(program: Program) -> set[str]:
    keys = Application.objects.filter(program=program).exclude(company_key="").values_list("company_key", flat=True)
    return set(keys.distinct())


def _say(program: Program, spelling: str, counts_as: str, *, by: Person) -> None:
    said = {"counts_as": counts_as, "made_by": by, "made_at": clock.now()}
    CompanyWord.objects.update_or_create(program=program, spelling=spelling, defaults=said)


def _told(count: int, program: Program, verb: str, *, by: Person) -> int:
    audit.note(by, verb, f"program:{program.pk}", count=count)
    return count
