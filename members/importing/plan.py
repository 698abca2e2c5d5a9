"""What a file would change, found out in a few queries however many rows it has. Writes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from members import answers, apart, companies, placing
from members.applying import initials_of
from members.identity import read, written
from members.importing.report import Outcome, RowReport
from members.models.apart import KeepApartLine
from members.models.application import Application, IdentityAnswers
from members.models.conduct import Acceptance, Consent
from members.models.hours import Hours
from members.models.person import Person
from members.models.place import PlaceAlias
from members.models.program import Program
from members.spreadsheet import ApplicationRow, Finding, Severity
from members.stages import Stage
from members.weekhours import to_hex, zone_name
from roundtable import vault

TOLD_EVERY = 250
BY_ROLE = frozenset({"role:staff"})  # known from the role itself: no answer of its own


@dataclass(slots=True)
class Entry:
    """One row with the records it becomes, and whether each is new, changed or as it was."""

    row: ApplicationRow
    person: Person
    application: Application
    good: str
    zone: str
    identity: str
    agreed: bool
    apart: tuple[str, ...] = ()
    apart_changed: bool = False
    findings: list[Finding] = field(default_factory=list)
    outcome: Outcome = Outcome.UNCHANGED
    person_changed: bool = False
    application_changed: bool = False
    hours_changed: bool = False
    identity_changed: bool = False
    consents: bool = False

    def report(self) -> RowReport:
        return RowReport(self.row.line, self.outcome, tuple(self.findings))


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows of the file as records, and company keys that give way to a shorter one."""

    entries: list[Entry]
    companies: dict[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What the program holds already about the people of the file."""

    people: dict[str, Person]
    applications: dict[int, Application]
    hours: dict[int, Hours]
    identity: dict[int, IdentityAnswers]
    apart: dict[int, tuple[str, ...]]
    asks_agreement: bool
    agreed: set[int]
    aliases: dict[str, int]
    form_asked_consent: bool  # for the use of sensitive answers, as the organizer states
    took_back: set[int]


def plan(
    program: Program, rows: Iterable[ApplicationRow], *, form_asked_consent: bool, tell: Callable[[int, int], None]
) -> Plan:
    rows = list(rows)
    known = _look_up(program, rows, form_asked_consent=form_asked_consent)
    entries = []
    for done, row in enumerate(rows):
        if done % TOLD_EVERY == 0:
            tell(done, len(rows))
        entries.append(_entry(program, row, known))
    companies = _settle_companies(program, entries)
    for entry in entries:
        changed = entry.application_changed or entry.hours_changed or entry.identity_changed or entry.apart_changed
        if changed or entry.agreed:
            entry.outcome = Outcome.CREATED if entry.application._state.adding else Outcome.UPDATED
        elif entry.person_changed:
            entry.outcome = Outcome.UPDATED
    return Plan(entries, companies)


def _look_up(program: Program, rows: list[ApplicationRow], *, form_asked_consent: bool) -> Known:
    people = {person.email: person for person in Person.objects.filter(email__in=[row.email for row in rows])}
    mine = Application.objects.filter(program=program, person__in=people.values())
    applications = {application.person_id: application for application in mine}
    keys = [application.pk for application in applications.values()]
    code = program.current_code()
    vault.hold(vault.DataKey.objects.filter(owner__in=[f"person:{person.pk}" for person in people.values()]))
    return Known(
        people=people,
        applications=applications,
        hours={row.application_id: row for row in Hours.objects.filter(application__in=keys)},
        identity={row.application_id: row for row in IdentityAnswers.objects.filter(application__in=keys)},
        apart=_kept_apart(keys),
        asks_agreement=code is not None,
        agreed=set(Acceptance.objects.filter(code=code).values_list("person_id", flat=True)) if code else set(),
        aliases=PlaceAlias.objects.meanings(program),
        form_asked_consent=form_asked_consent,
        took_back=_took_back() if form_asked_consent else set(),
    )


def _kept_apart(keys: list[int]) -> dict[int, tuple[str, ...]]:
    """Whom each wants to be kept apart from, as a file may say it; two queries for any number of people."""
    found: dict[int, tuple[str, ...]] = {}
    for line in apart.opened(KeepApartLine.objects.filter(application__in=keys, private=False).order_by("pk")):
        found[line.application_id] = (*found.get(line.application_id, ()), line.words)
    return found


def _took_back() -> set[int]:
    """Who ended the use of their sensitive answers: what an old form asked does not speak for them any more."""
    about = Consent.objects.filter(purpose="sensitive")
    ended = about.exclude(withdrawn_at=None).values_list("person_id", flat=True)
    return set(ended) - set(about.standing().values_list("person_id", flat=True))


def _entry(program: Program, row: ApplicationRow, known: Known) -> Entry:
    person = known.people.get(row.email) or Person(email=row.email)
    application = known.applications.get(person.pk) or Application(program=program, person=person)
    entry = Entry(row, person, application, good=to_hex(row.hours_good), zone="", identity="", agreed=False)
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


def _compare(entry: Entry, known: Known) -> None:
    """Fills the records from the row, and notes which of them differ from what is there."""
    row, person, application = entry.row, entry.person, entry.application
    hours = known.hours.get(application.pk)
    found = None
    if application._state.adding or application.place_text != row.location:
        found = placing.place(row.location, known.aliases, row.zone)
        if found.outcome is not placing.Outcome.RESOLVED:
            entry.findings.append(_place_finding(row, found))
    entry.application_changed = _assign(application, _values(row, application, found)) or application._state.adding
    entry.zone = row.zone or (zone_name(found.zone or "") or "" if found else hours.zone if hours else "")
    entry.hours_changed = hours is None or (hours.good, hours.zone) != (entry.good, entry.zone)
    entry.identity = _identity(row)
    there = known.identity.get(application.pk)
    unasked = there is None or there.consented_at is None
    differs = entry.identity != _identity_of(there)
    entry.apart = row.apart
    entry.apart_changed = set(row.apart) != set(known.apart.get(application.pk, ()))
    entry.consents = (
        bool(entry.identity) and known.form_asked_consent and (unasked or differs) and person.pk not in known.took_back
    )
    entry.identity_changed = differs or entry.consents
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
        "initials": row.initials or initials_of(row.name),
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
        "sector": row.sector,
        "willing": "not_now" not in _offers(row),
        "topics": list(row.topics),
        "cadences": sorted(row.cadences),
        "extra": dict(row.smaller) | ({"other_columns": dict(row.extra)} if row.extra else {}),
        "submitted_at": row.submitted_at or application.submitted_at,
    }


def _offers(row: ApplicationRow) -> list[str]:
    found = row.smaller.get("could", [])
    return found if isinstance(found, list) else []


def _identity(row: ApplicationRow) -> str:
    if not (row.never_alone or row.dimensions - BY_ROLE):
        return ""
    return json.dumps({"dimensions": sorted(row.dimensions - BY_ROLE), "never_alone": sorted(row.never_alone)})


def _identity_of(identity: IdentityAnswers | None) -> str:
    """As a file would say it: what an organizer made of own words is no part of that."""
    return written(replace(read(identity.answers), means={})) if identity else ""


def _settle_companies(program: Program, entries: list[Entry]) -> dict[str, str]:
    """One key for "Acme" and "Acme Labs" where both apply, so that nobody sits beside a colleague by mistake.

    Returns the keys that give way to a shorter one.
    """
    own = {id(entry): answers.company_key(entry.application.company) or "" for entry in entries}
    others = Application.objects.filter(program=program).exclude(company_key="").values_list("company_key", flat=True)
    roots = companies.counted(program, {key for key in (*own.values(), *others) if key})
    for entry in entries:
        key = roots.get(own[id(entry)], "")[:120]
        if entry.application.company_key != key:
            entry.application.company_key = key
            entry.application_changed = True
    return {key: root for key, root in roots.items() if key != root}
