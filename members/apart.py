"""Keeping people apart: what somebody asked for, line by line, and what organizers make of each line.

Whom a line means is told to organizers only; the other person never learns of it. A line is settled once everybody in
the program who fits it was looked at, so it opens again for somebody who fits and comes later. A company needs no such
look: its line holds for whoever is there when groups are composed.
Lock order: applications by key, then their lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from members import companies
from members.duplicates import Applicant
from members.likeness import Crowd, company_of
from members.models.apart import KeepApart, KeepApartLine, Verdict
from members.models.application import Application
from members.models.person import Person
from members.models.program import Program
from members.stages import Stage
from roundtable import audit, vault
from roundtable.errors import NotAllowed

CLOSED = (Stage.DRAFT, Stage.DECLINED, Stage.WITHDRAWN)
GONE = "This line is not there any more: its person has changed the list, or taken it back."


def write(application: Application, names: Iterable[str]) -> None:
    """The list as it stands in the form now. What was made of a line stays with it and goes with it."""
    _write(application, KeepApartLine.objects.filter(application=application), names)


def write_from_file(application: Application, names: Iterable[str]) -> None:
    """The same from a spreadsheet, which does not know what was said to an invitation: such lines stay."""
    _write(application, KeepApartLine.objects.filter(application=application, private=False), names)


def _write(application: Application, there: QuerySet[KeepApartLine], names: Iterable[str]) -> None:
    wanted = dict.fromkeys(names)
    for line in opened(there):
        if line.words in wanted:
            del wanted[line.words]
        else:
            line.delete()
    for words in wanted:
        KeepApartLine(application=application, words=words).save()


def words_of(application: Application) -> list[str]:
    """The list in its person's own words, line by line, for that person."""
    return [line.words for line in opened(KeepApartLine.objects.filter(application=application).order_by("pk"))]


@transaction.atomic
def keep_apart_in_private(application: Application, other: Application, *, words: str) -> None:
    """Said to an invitation, about one of its cards: the pair holds at once, and no organizer reads the line.

    It stands among the person's own lines, in words that name nobody, and goes with it.
    """
    line = KeepApartLine(application=application, words=words, verdict=Verdict.PEOPLE, private=True)
    line.save()
    one, two = sorted((application.pk, other.pk))
    KeepApart.objects.create(program_id=application.program_id, one_id=one, other_id=two, line=line)


@transaction.atomic
def take_back(application: Application) -> None:
    """The whole list goes, and every pair that was made of it."""
    application = Application.objects.select_for_update(of=("self",)).select_related("person").get(pk=application.pk)
    KeepApartLine.objects.filter(application=application).delete()
    audit.note(application.person, "keep-apart list deleted", f"application:{application.pk}")


@transaction.atomic
def keep_apart(line: KeepApartLine, others: Sequence[Application], *, seen: Iterable[int], by: Person) -> KeepApartLine:
    """This line means these people. `seen` are the applications that stood beside it on the organizer's page."""
    line = _locked(line, others)
    for other in others:
        if other.pk == line.application_id or other.program_id != line.application.program_id:
            raise NotAllowed("Only two people of one program can be kept apart.")
        one, two = sorted((line.application_id, other.pk))
        KeepApart.objects.get_or_create(program_id=other.program_id, one_id=one, other_id=two, line=line)
    return _settled(line, Verdict.PEOPLE, seen, by=by)


@transaction.atomic
def nobody(line: KeepApartLine, *, seen: Iterable[int], by: Person) -> KeepApartLine:
    """None of those who fit is meant, or nobody fits."""
    line = _locked(line)
    verdict = Verdict.PEOPLE if KeepApart.objects.filter(line=line).exists() else Verdict.NOBODY
    return _settled(line, verdict, seen, by=by)


@transaction.atomic
def whole_company(line: KeepApartLine, company: str, *, by: Person) -> KeepApartLine:
    """This line means everybody of a company, whoever is there now and comes later."""
    line = _locked(line)
    if company not in crowd(line.application.program, [line]).companies(line.words):
        raise NotAllowed("This line names another company. Look at it once more.")
    line.company = company
    return _settled(line, Verdict.COMPANY, (), by=by)


@transaction.atomic
def undo(line: KeepApartLine, *, within: QuerySet[Application], by: Person) -> KeepApartLine:
    """The line is open again and its pairs are gone. Pairs with people whom this organizer does not see stay theirs."""
    line = _locked(line)
    pairs = KeepApart.objects.filter(line=line)
    if pairs.exclude(one__in=within, other__in=within).exists():
        raise NotAllowed("This was settled by somebody who looks after the whole program; ask them.")
    pairs.delete()
    line.verdict, line.company, line.looked_at = Verdict.OPEN, "", []
    line.save()
    audit.note(by, "keep-apart line opened", f"application:{line.application_id}")
    return line


@transaction.atomic
def look_again(applications: Iterable[Application]) -> None:
    """These have just come, or changed their name or company: a settled line that they fit is open again."""
    by_program: dict[int, list[int]] = {}
    for application in applications:
        by_program.setdefault(application.program_id, []).append(application.pk)
    for program in Program.objects.filter(pk__in=by_program):
        settled = [Verdict.PEOPLE, Verdict.NOBODY]
        lines = opened(KeepApartLine.objects.for_organizers().filter(application__program=program, verdict__in=settled))
        if lines:
            newcomers = Application.objects.filter(pk__in=by_program[program.pk])
            _reopen(lines, crowd(program, lines, within=newcomers))


def crowd(program: Program, lines: Iterable[KeepApartLine], *, within: QuerySet[Application] | None = None) -> Crowd:
    """Everybody of a program who has or wants a group, or who of these does, to be compared with lines."""
    rows = Application.objects.filter(program=program).exclude(stage__in=CLOSED)
    rows = rows if within is None else rows.filter(pk__in=within.order_by().values("pk"))
    told = [Applicant(*row) for row in rows.values_list("pk", "person__name", "person__email", "company_key")]
    spelled = {one.company for one in told} | {company_of(line.words) for line in lines}
    return Crowd(told, companies.counted(program, spelled - {""}))


def opened(lines: QuerySet[KeepApartLine]) -> list[KeepApartLine]:
    """These lines, with the keys of all their people at hand: two queries however many they are."""
    rows = list(lines.select_related("application"))
    vault.hold(vault.DataKey.objects.filter(owner__in={row.key_owner() for row in rows}))
    return rows


def carry(kept: Application, other: Application) -> None:
    """Lines and pairs of both of one person's applications count for the kept one; nobody is kept from themselves.

    The caller holds both.
    """
    there = {line.words: line for line in opened(KeepApartLine.objects.filter(application=kept))}
    for line in opened(KeepApartLine.objects.filter(application=other)):
        mine = there.get(line.words) or KeepApartLine(application=kept, words=line.words, made_at=line.made_at)
        if mine.verdict == Verdict.OPEN:
            mine.verdict, mine.company, mine.private = line.verdict, line.company, line.private
        mine.looked_at = sorted({*mine.looked_at, *line.looked_at})
        mine.save()
        _move(KeepApart.objects.filter(line=line), kept, other, line=mine)
        line.delete()
    _move(KeepApart.objects.filter(Q(one=other) | Q(other=other)), kept, other)


def _move(pairs: QuerySet[KeepApart], kept: Application, other: Application, line: KeepApartLine | None = None) -> None:
    for pair in pairs.select_related("line"):
        third = pair.other_id if pair.one_id == other.pk else pair.one_id
        one, two = sorted((kept.pk, third))
        if one != two:
            of_line = line or pair.line
            KeepApart.objects.get_or_create(program_id=kept.program_id, one_id=one, other_id=two, line=of_line)
    pairs.delete()


def _locked(line: KeepApartLine, others: Sequence[Application] = ()) -> KeepApartLine:
    """The line as it is now. Raises NotAllowed where it, or somebody else of the pair, has gone meanwhile."""
    wanted = {line.application_id, *(other.pk for other in others)}
    held = Application.objects.select_for_update().filter(pk__in=wanted).exclude(stage__in=CLOSED).order_by("pk")
    if len(held) < len(wanted):
        raise NotAllowed("One of the two has taken their application back. Nothing was done.")
    lines = KeepApartLine.objects.select_for_update(of=("self",)).select_related("application__program")
    found = lines.filter(pk=line.pk).first()
    if found is None:
        raise NotAllowed(GONE)
    return found


def _settled(line: KeepApartLine, verdict: Verdict, seen: Iterable[int], *, by: Person) -> KeepApartLine:
    """Settled, if nobody fits who was not looked at; else it stays open, with what is known so far."""
    line.looked_at = sorted({*line.looked_at, *seen})
    unseen = verdict != Verdict.COMPANY and _not_looked_at([line], crowd(line.application.program, [line]))
    line.verdict = Verdict.OPEN if unseen else verdict
    line.save()
    audit.note(by, "keep-apart line settled", f"application:{line.application_id}")
    return line


def _reopen(lines: list[KeepApartLine], newcomers: Crowd) -> None:
    fresh = [line.pk for line in _not_looked_at(lines, newcomers)]
    KeepApartLine.objects.filter(pk__in=fresh).update(verdict=Verdict.OPEN)


def _not_looked_at(lines: Iterable[KeepApartLine], people: Crowd) -> list[KeepApartLine]:
    """Those that somebody fits whom no organizer has seen beside them, nor paired with them."""
    lines = list(lines)
    known = {line.pk: {line.application_id, *line.looked_at} for line in lines}
    for key, one, other in KeepApart.objects.filter(line__in=lines).values_list("line", "one", "other"):
        known[key] |= {one, other}
    return [line for line in lines if set(people.fits(line.words)) - known[line.pk]]
