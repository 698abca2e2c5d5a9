"""Beside each line of a keep-apart request whom it may mean, as far as the organizer who looks may see them.

An organizer sees the lines of whom they look after, and of those who fit whom they look after too. Whose name is
hidden on a first pass does not show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from members import apart
from members.admin import filters
from members.likeness import Crowd, Why
from members.models.apart import KeepApart, KeepApartLine, Verdict
from members.models.application import Application
from members.models.person import Person

ELSEWHERE = "somebody whom you do not see"
STRENGTH = {why: rank for rank, why in enumerate(Why)}


@dataclass(frozen=True, slots=True)
class Fit:
    """Somebody whom a line may mean."""

    application: Application
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the page shows it: the companies it may mean come with how many people are there now."""

    line: KeepApartLine
    fits: tuple[Fit, ...]
    kept: tuple[str, ...]
    companies: tuple[tuple[str, int], ...]

    @property
    def is_open(self) -> bool:
        return self.line.verdict == Verdict.OPEN


def open_lines(person: Person) -> int:
    """How many lines wait for this organizer's word."""
    lines = KeepApartLine.objects.organized_by(person).not_settled()
    return lines.exclude(application__in=_hidden(person)).count()


def requests(person: Person, *, settled: bool) -> QuerySet[Application]:
    """Whose lines this organizer sees: those with one that is open, or those where every line is settled."""
    lines = KeepApartLine.objects.organized_by(person).filter(application=OuterRef("pk")).order_by()
    is_open = Exists(lines.not_settled())
    rows = Application.objects.filter(Exists(lines) & ~is_open) if settled else Application.objects.filter(is_open)
    rows = rows.exclude(pk__in=_hidden(person)).select_related("person", "program")
    return rows.order_by("submitted_at", "pk")


def lines_of(applications: list[Application], person: Person) -> dict[int, tuple[Line, ...]]:
    """By application its lines; the same queries for one application and for many of one program."""
    lines = apart.opened(KeepApartLine.objects.for_organizers().filter(application__in=applications))
    by_program: dict[int, list[KeepApartLine]] = {}
    for line in lines:
        by_program.setdefault(line.application.program_id, []).append(line)
    programs = {application.program_id: application.program for application in applications}
    visible = Application.objects.organized_by(person).exclude(filters.hidden_from(person))
    kept = _kept(lines)
    shown: dict[int, tuple[Line, ...]] = {application.pk: () for application in applications}
    for key, own in by_program.items():
        people = apart.crowd(programs[key], own, within=visible)
        fits = {line.pk: _fits(line, people, kept.get(line.pk, set())) for line in own}
        wanted = {pk for found in fits.values() for pk in found} | {pk for line in own for pk in kept.get(line.pk, ())}
        known = visible.select_related("person").in_bulk(wanted)
        for line in own:
            row = _row(line, fits[line.pk], kept.get(line.pk, set()), people, known)
            shown[line.application_id] += (row,)
    return shown


def _fits(line: KeepApartLine, people: Crowd, kept: set[int]) -> dict[int, Why]:
    """Who may be meant besides whom it keeps apart already, the likeliest first."""
    found = people.fits(line.words)
    others = set(found) - kept - {line.application_id}
    return {key: found[key] for key in sorted(others, key=lambda key: (-STRENGTH[found[key]], key))}


def _row(
    line: KeepApartLine, fits: Mapping[int, Why], kept: set[int], people: Crowd, known: Mapping[int, Application]
) -> Line:
    companies = (line.company,) if line.company else people.companies(line.words)
    return Line(
        line=line,
        fits=tuple(Fit(known[key], why.value) for key, why in fits.items()),
        kept=tuple(known[key].person.name if key in known else ELSEWHERE for key in sorted(kept)),
        companies=tuple((company, len(people.staff.get(company, ()))) for company in companies),
    )


def _hidden(person: Person) -> QuerySet[Application]:
    return Application.objects.filter(filters.hidden_from(person)).order_by()


def _kept(lines: Iterable[KeepApartLine]) -> dict[int, set[int]]:
    """By line the other person of each of its pairs."""
    askers = {line.pk: line.application_id for line in lines}
    found: dict[int, set[int]] = {}
    for line, one, other in KeepApart.objects.filter(line__in=askers).values_list("line", "one", "other"):
        found.setdefault(line, set()).add(other if one == askers[line] else one)
    return found
