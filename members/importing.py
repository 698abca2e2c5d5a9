"""A spreadsheet of applications in: everything or nothing, and the same file a second time changes nothing.

First a plan is made from a few queries, whatever the number of rows; writing it is a few more. A dry run stops before.
Lock order: program.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Case, Value, When

from members import answers, letters, placing
from members.applying import initials_of
from members.models.application import Application, IdentityAnswers
from members.models.conduct import Acceptance
from members.models.hours import Hours
from members.models.person import Person
from members.models.place import PlaceAlias
from members.models.program import Program
from members.models.questions import asked, with_questions
from members.models.review import Import, Upload
from members.spreadsheet import ApplicationRow, Finding, Reading, Severity, read_applications
from members.stages import Stage
from members.weekhours import to_hex, zone_name
from roundtable import audit, clock, vault
from roundtable.errors import NotAllowed
from roundtable.outbox.post import post

LETTERS_WAIT = timedelta(minutes=15)
UPLOAD_LIVES = timedelta(hours=1)
BATCH = 1000
BY_ROLE = frozenset({"role:staff"})  # known from the role itself: no answer of its own
PERSON_FIELDS = ("name", "initials", "pronouns", "zone")
APPLICATION_FIELDS = (
    *(
        "place_text",
        "placed",
        "place_step",
        "place_name",
        "country",
        "metro",
        "candidates",
        "mode",
        "role",
        "role_text",
    ),
    *("org_size", "years_in_tech", "years_leading", "still_coding", "company", "company_key", "topics", "cadences"),
    *("extra", "submitted_at"),
)


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowReport:
    """What becomes of one line of the file, and what there is to know about it."""

    line: int
    outcome: Outcome
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The whole file, line by line; nothing was written where `refusal` holds a sentence."""

    rows: tuple[RowReport, ...]
    columns: Mapping[str, str]
    about_file: tuple[Finding, ...] = ()
    refusal: str = ""
    written: bool = False

    def count(self, outcome: Outcome) -> int:
        return sum(row.outcome is outcome for row in self.rows)

    @property
    def created(self) -> int:
        return self.count(Outcome.CREATED)

    @property
    def updated(self) -> int:
        return self.count(Outcome.UPDATED)

    @property
    def unchanged(self) -> int:
        return self.count(Outcome.UNCHANGED)

    @property
    def refused(self) -> int:
        return self.count(Outcome.REFUSED)


@dataclass(slots=True)
class _Entry:
    """One row with the records it becomes, and whether each is new, changed or as it was."""

    row: ApplicationRow
    person: Person
    application: Application
    good: str
    zone: str
    identity: str
    agreed: bool
    findings: list[Finding] = field(default_factory=list)
    outcome: Outcome = Outcome.UNCHANGED
    person_changed: bool = False
    application_changed: bool = False
    hours_changed: bool = False
    identity_changed: bool = False


@dataclass(frozen=True, slots=True)
class _Plan:
    """All rows of the file as records, and company keys that give way to a shorter one."""

    entries: list[_Entry]
    companies: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the program holds already about the people of the file."""

    people: dict[str, Person]
    applications: dict[int, Application]
    hours: dict[int, Hours]
    identity: dict[int, IdentityAnswers]
    asks_agreement: bool
    agreed: set[int]
    aliases: dict[str, int]


def import_applications(
    program: Program, raw: bytes, *, by: Person | None, dry_run: bool = False, leave_out_refused: bool = False
) -> Report:
    """Takes a file in, or says why not. One row that cannot be taken keeps all out, unless the caller leaves it out."""
    reading = read_applications(raw)
    report = _refused(reading, leave_out_refused=leave_out_refused)
    if report is not None:
        return report
    with transaction.atomic(), vault.keys_held():
        program = Program.objects.select_for_update().get(pk=program.pk)
        plan = _plan(program, reading.rows)
        report = _report(reading, plan.entries, written=not dry_run)
        if not dry_run:
            _write(program, plan)
            _note(program, report, by=by)
    return report


def keep(program: Program, raw: bytes, *, by: Person) -> Upload:
    """Holds a file, closed, between its report and the organizer's yes."""
    text = raw.decode("latin-1")  # every byte as one character: what comes out again is the file as it came
    return Upload.objects.create(program=program, made_by=by, made_at=clock.now(), content=text)


@transaction.atomic
def take(upload: Upload, *, by: Person, leave_out_refused: bool = False) -> Report:
    """The organizer's yes: the kept file is taken in, and no copy of it stays."""
    upload = Upload.objects.select_for_update().select_related("program").get(pk=upload.pk)
    if clock.now() >= upload.made_at + UPLOAD_LIVES:
        raise NotAllowed("The file was kept for an hour and is gone; please upload it again.")
    raw = upload.content.encode("latin-1")
    report = import_applications(upload.program, raw, by=by, leave_out_refused=leave_out_refused)
    if report.written:
        upload.delete()
    return report


def _refused(reading: Reading, *, leave_out_refused: bool) -> Report | None:
    """A file that cannot be read at all, or has rows that cannot be taken and nobody said to leave out."""
    about_file = tuple(found for found in reading.refused if found.line == 1)
    if about_file or not reading.rows:
        sentence = about_file[0].sentence if about_file else "No row of this file can be taken."
        return Report(_refused_rows(reading), reading.columns, about_file, sentence)
    rows = _refused_rows(reading)
    if not rows or leave_out_refused:
        return None
    sentence = f"{len(rows)} of the rows cannot be taken, so nothing was imported. Mend them, or leave them out."
    others = tuple(RowReport(row.line, Outcome.UNCHANGED, _about(reading, row.line)) for row in reading.rows)
    return Report(_in_order((*rows, *others)), reading.columns, (), sentence)


def _refused_rows(reading: Reading) -> tuple[RowReport, ...]:
    lines = {found.line for found in reading.refused if found.line > 1}
    return tuple(RowReport(line, Outcome.REFUSED, _about(reading, line)) for line in sorted(lines))


def _about(reading: Reading, line: int) -> tuple[Finding, ...]:
    return tuple(found for found in reading.findings if found.line == line)


def _in_order(rows: Iterable[RowReport]) -> tuple[RowReport, ...]:
    return tuple(sorted(rows, key=lambda row: row.line))


def _report(reading: Reading, entries: list[_Entry], *, written: bool) -> Report:
    by_line: dict[int, list[Finding]] = {}
    for found in reading.findings:
        by_line.setdefault(found.line, []).append(found)
    taken = [
        RowReport(entry.row.line, entry.outcome, (*by_line.pop(entry.row.line, ()), *entry.findings))
        for entry in entries
    ]
    left_out = [
        RowReport(line, Outcome.REFUSED if _has_refusal(found) else Outcome.UNCHANGED, tuple(found))
        for line, found in by_line.items()
    ]
    return Report(_in_order([*taken, *left_out]), reading.columns, written=written)


def _has_refusal(findings: Iterable[Finding]) -> bool:
    return any(found.severity is Severity.REFUSED for found in findings)


# --- the plan ---


def _plan(program: Program, rows: Iterable[ApplicationRow]) -> _Plan:
    rows = list(rows)
    known = _look_up(program, rows)
    entries = [_entry(program, row, known) for row in rows]
    companies = _settle_companies(program, entries)
    for entry in entries:
        if entry.application_changed or entry.hours_changed or entry.identity_changed or entry.agreed:
            entry.outcome = Outcome.UPDATED if entry.application.pk else Outcome.CREATED
        elif entry.person_changed:
            entry.outcome = Outcome.UPDATED
    return _Plan(entries, companies)


def _look_up(program: Program, rows: list[ApplicationRow]) -> _Known:
    people = {person.email: person for person in Person.objects.filter(email__in=[row.email for row in rows])}
    mine = Application.objects.filter(program=program, person__in=people.values())
    applications = {application.person_id: application for application in mine}
    keys = [application.pk for application in applications.values()]
    code = program.current_code()
    vault.hold(vault.DataKey.objects.filter(owner__in=[f"person:{person.pk}" for person in people.values()]))
    return _Known(
        people=people,
        applications=applications,
        hours={row.application_id: row for row in Hours.objects.filter(application__in=keys)},
        identity={row.application_id: row for row in IdentityAnswers.objects.filter(application__in=keys)},
        asks_agreement=code is not None,
        agreed=set(Acceptance.objects.filter(code=code).values_list("person_id", flat=True)) if code else set(),
        aliases=PlaceAlias.objects.meanings(program),
    )


def _entry(program: Program, row: ApplicationRow, known: _Known) -> _Entry:
    person = known.people.get(row.email) or Person(email=row.email)
    application = known.applications.get(person.pk) or Application(program=program, person=person)
    entry = _Entry(row, person, application, good=to_hex(row.hours_good), zone="", identity="", agreed=False)
    if application.edited_at is not None:
        sentence = "The person has changed this application since; their own words stay."
        entry.findings.append(Finding(row.line, "", sentence, Severity.NOTE))
        return entry
    if application.stage in (Stage.DECLINED, Stage.WITHDRAWN):
        sentence = f"This application is {application.stage}; a spreadsheet does not bring it back."
        entry.findings.append(Finding(row.line, "", sentence, Severity.NOTE))
        return entry
    _compare(entry, known)
    return entry


def _compare(entry: _Entry, known: _Known) -> None:
    """Fills the records from the row, and notes which of them differ from what is there."""
    row, person, application = entry.row, entry.person, entry.application
    hours = known.hours.get(application.pk)
    found = None
    if application.pk is None or application.place_text != row.location:
        found = placing.place(row.location, known.aliases, row.zone)
        if found.outcome is not placing.Outcome.RESOLVED:
            entry.findings.append(_place_finding(row, found))
    entry.application_changed = _assign(application, _values(row, application, found)) or application.pk is None
    entry.zone = row.zone or (zone_name(found.zone or "") or "" if found else hours.zone if hours else "")
    entry.hours_changed = hours is None or (hours.good, hours.zone) != (entry.good, entry.zone)
    entry.identity = _identity(row)
    entry.identity_changed = entry.identity != _identity_of(known.identity.get(application.pk))
    entry.agreed = row.agreed and known.asks_agreement and person.pk not in known.agreed
    if person.last_login is None:
        entry.person_changed = _assign(person, _person_values(row, person, entry.zone))


def _place_finding(row: ApplicationRow, found: placing.Placing) -> Finding:
    choices = " or ".join(dict.fromkeys(one.place for one in found.candidates))
    sentence = f"Perhaps {choices}; somebody has to say." if choices else "No place is known by these words."
    return Finding(row.line, "location", sentence, Severity.ASK)


def _assign(record: Any, values: Mapping[str, Any]) -> bool:
    """Sets what differs; whether anything did."""
    differing = {name: value for name, value in values.items() if getattr(record, name) != value}
    for name, value in differing.items():
        setattr(record, name, value)
    return bool(differing)


def _person_values(row: ApplicationRow, person: Person, zone: str) -> dict[str, str]:
    return {
        "name": row.name,
        "initials": initials_of(row.name),
        "pronouns": row.pronouns[:40],
        "zone": zone or person.zone,
    }


def _values(row: ApplicationRow, application: Application, found: placing.Placing | None) -> dict[str, Any]:
    """The fields of an application as the file gives them; what the file does not say keeps its default."""
    if found is not None:
        application.settle(found)
    mode = row.mode or (found.mode if found else None) or application.mode
    return {
        "mode": answers.Mode(mode).value,
        "role": row.role.value if row.role else "",
        "role_text": row.title[:120],
        "org_size": row.org_size or "",
        "years_in_tech": row.years_in_tech,
        "years_leading": row.years_leading,
        "still_coding": row.still_coding.value if row.still_coding else "",
        "company": row.company[:120],
        "topics": list(row.topics),
        "cadences": sorted(row.cadences),
        "extra": {"other_columns": dict(row.extra)} if row.extra else {},
        "submitted_at": row.submitted_at or application.submitted_at,
    }


def _identity(row: ApplicationRow) -> str:
    if not (row.never_alone or row.dimensions - BY_ROLE):
        return ""
    return json.dumps({"dimensions": sorted(row.dimensions - BY_ROLE), "never_alone": sorted(row.never_alone)})


def _identity_of(identity: IdentityAnswers | None) -> str:
    return str(identity.answers) if identity else ""


def _settle_companies(program: Program, entries: list[_Entry]) -> dict[str, str]:
    """One key for "Acme" and "Acme Labs" where both apply, so that nobody sits beside a colleague by mistake.

    Returns the keys that give way to a shorter one.
    """
    own = {id(entry): answers.company_key(entry.application.company) or "" for entry in entries}
    others = Application.objects.filter(program=program).exclude(company_key="").values_list("company_key", flat=True)
    roots = answers.company_roots({key for key in (*own.values(), *others) if key})
    for entry in entries:
        key = roots.get(own[id(entry)], "")[:120]
        if entry.application.company_key != key:
            entry.application.company_key = key
            entry.application_changed = True
    return {key: root for key, root in roots.items() if key != root}


# --- writing it ---


def _write(program: Program, plan: _Plan) -> None:
    changed = [entry for entry in plan.entries if entry.outcome in (Outcome.CREATED, Outcome.UPDATED)]
    _write_people(changed)
    _write_applications(changed)
    _write_hours(changed)
    _write_identity(changed)
    _write_agreements(program, changed)
    _join_companies(program, plan.companies)
    _ask(changed)


def _write_people(entries: list[_Entry]) -> None:
    fresh = [entry.person for entry in entries if entry.person.pk is None]
    for person in fresh:
        person.set_unusable_password()
    Person.objects.bulk_create(fresh, batch_size=BATCH)
    known = [entry.person for entry in entries if entry.person_changed and entry.person not in fresh]
    Person.objects.bulk_update(known, PERSON_FIELDS, batch_size=BATCH)


def _write_applications(entries: list[_Entry]) -> None:
    now = clock.now()
    fresh, known = [], []
    for entry in entries:
        application = entry.application
        application.person = entry.person
        application.submitted_at = application.submitted_at or now
        if application.pk is None:
            application.stage = Stage.SUBMITTED.value
            fresh.append(application)
        elif entry.application_changed:
            known.append(application)
    Application.objects.bulk_create(fresh, batch_size=BATCH)
    Application.objects.bulk_update(known, APPLICATION_FIELDS, batch_size=BATCH)


def _write_hours(entries: list[_Entry]) -> None:
    rows = [Hours(application=e.application, good=e.good, zone=e.zone) for e in entries if e.hours_changed]
    Hours.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["application"], update_fields=["good", "zone"]
    )


def _write_identity(entries: list[_Entry]) -> None:
    """Closed with each person's own key. Answers that a file no longer holds are gone."""
    changed = [entry for entry in entries if entry.identity_changed]
    IdentityAnswers.objects.filter(application__in=[entry.application for entry in changed]).delete()
    kept = [entry for entry in changed if entry.identity]
    keys = vault.keys_to_write(f"person:{entry.person.pk}" for entry in kept)
    rows = []
    for entry in kept:
        row = IdentityAnswers(application=entry.application, source="import")
        row.answers = vault.sealed(row, "answers", entry.identity, key=keys[row.key_owner()])
        rows.append(row)
    IdentityAnswers.objects.bulk_create(rows, batch_size=BATCH)


def _write_agreements(program: Program, entries: list[_Entry]) -> None:
    code = program.current_code()
    if code is None:
        return
    rows = [
        Acceptance(code=code, person=entry.person, accepted_at=entry.application.submitted_at, how="import")
        for entry in entries
        if entry.agreed
    ]
    Acceptance.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def _join_companies(program: Program, companies: Mapping[str, str]) -> None:
    """The same for applications that came earlier, all in one statement."""
    if companies:
        shorter = Case(*(When(company_key=key, then=Value(root)) for key, root in companies.items()))
        Application.objects.filter(program=program, company_key__in=companies).update(company_key=shorter)


def _ask(entries: list[_Entry]) -> None:
    """E04 to each new applicant with something open, once, a quarter of an hour from now."""
    fresh = [entry.application.pk for entry in entries if entry.outcome is Outcome.CREATED]
    found = with_questions(Application.objects.filter(pk__in=fresh).select_related("person", "program"))
    later = clock.now() + LETTERS_WAIT
    post(
        *(
            letters.question(application, questions, once="import", not_before=later)
            for application in found
            if (questions := asked(application))
        )
    )


def _note(program: Program, report: Report, *, by: Person | None) -> None:
    """Counts and findings stay; of the file itself, nothing."""
    findings = [
        {"line": found.line, "column": found.column, "severity": found.severity.value}
        for row in report.rows
        for found in row.findings
    ]
    made = Import.objects.create(
        program=program,
        made_by=by,
        made_at=clock.now(),
        rows=len(report.rows),
        created=report.created,
        updated=report.updated,
        unchanged=report.unchanged,
        findings=findings,
    )
    audit.note(by, "imported", f"import:{made.pk}", count=len(report.rows))
