"""A plan written down: a few statements for each kind of record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Case, Value, When

from members import apart, letters
from members.importing.plan import Entry, Plan
from members.importing.report import Outcome
from members.models.application import Application, IdentityAnswers
from members.models.conduct import Acceptance, Consent
from members.models.hours import Hours
from members.models.person import Person
from members.models.program import Program
from members.models.questions import asked, with_questions
from members.stages import Stage
from roundtable import clock, vault
from roundtable.outbox.post import post

LETTERS_WAIT = timedelta(minutes=15)
BATCH = 1000
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
    *("extra", "submitted_at", "sector", "willing"),
)


def write(program: Program, plan: Plan, *, consent_hash: str, tell: Callable[[int, int], None]) -> None:
    changed = [entry for entry in plan.entries if entry.outcome in (Outcome.CREATED, Outcome.UPDATED)]
    for first in range(0, len(changed), BATCH):
        tell(first, len(changed))
        batch = changed[first : first + BATCH]
        _write_people(batch)
        _write_applications(batch)
        _write_hours(batch)
        _write_identity(batch)
        _write_apart(batch)
        _write_consents(batch, consent_hash)
        _write_agreements(program, batch)
    _join_companies(program, plan.companies)
    apart.look_again(entry.application for entry in changed)
    tell(len(changed), len(changed))
    _ask(changed)


def _write_people(entries: list[Entry]) -> None:
    fresh = [entry.person for entry in entries if entry.person._state.adding]
    known = [entry.person for entry in entries if entry.person_changed and not entry.person._state.adding]
    for person in fresh:
        person.set_unusable_password()
    Person.objects.bulk_create(fresh, batch_size=BATCH)
    # Not confirmed yet: the first code that is sent there and typed in confirms it.
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=person, email=person.email, primary=True) for person in fresh], batch_size=BATCH
    )
    Person.objects.bulk_update(known, PERSON_FIELDS, batch_size=BATCH)


def _write_applications(entries: list[Entry]) -> None:
    now = clock.now()
    fresh: list[Application] = []
    known: list[Application] = []
    for entry in entries:
        application = entry.application
        application.person = entry.person
        application.submitted_at = application.submitted_at or now
        if application._state.adding:
            application.stage = Stage.SUBMITTED.value
            fresh.append(application)
        elif entry.application_changed:
            known.append(application)
    Application.objects.bulk_create(fresh, batch_size=BATCH)
    Application.objects.bulk_update(known, APPLICATION_FIELDS, batch_size=BATCH)


def _write_hours(entries: list[Entry]) -> None:
    rows = [Hours(application=e.application, good=e.good, zone=e.zone) for e in entries if e.hours_changed]
    Hours.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["application"], update_fields=["good", "zone"]
    )


def _write_identity(entries: list[Entry]) -> None:
    """Closed with each person's own key. Answers that a file no longer holds are gone."""
    changed = [entry for entry in entries if entry.identity_changed]
    IdentityAnswers.objects.filter(application__in=[entry.application for entry in changed]).delete()
    kept = [entry for entry in changed if entry.identity]
    keys = vault.keys_to_write(f"person:{entry.person.pk}" for entry in kept)
    rows = []
    for entry in kept:
        given = _given_at(entry) if entry.consents else None
        row = IdentityAnswers(application=entry.application, source="import", consented_at=given)
        closed: Any = vault.sealed(row, "answers", entry.identity, key=keys[row.key_owner()])
        row.answers = closed
        rows.append(row)
    IdentityAnswers.objects.bulk_create(rows, batch_size=BATCH)


def _write_apart(entries: list[Entry]) -> None:
    """Few give such a list: one after the other, each line closed with its person's own key."""
    for entry in entries:
        if entry.apart_changed:
            apart.write_from_file(entry.application, entry.apart)


def _given_at(entry: Entry) -> datetime:
    """The old form was answered when it was sent."""
    return entry.application.submitted_at or clock.now()


def _write_consents(entries: list[Entry], consent_hash: str) -> None:
    """The yes that people gave to the old form, in its own words, of which the hash stands for the text."""
    people = [entry.person for entry in entries if entry.consents]
    if not people:
        return
    there = Consent.objects.standing().filter(person__in=people, purpose="sensitive", wording=consent_hash)
    known = set(there.values_list("person_id", flat=True))
    rows = [
        Consent(person=entry.person, purpose="sensitive", wording=consent_hash, given_at=_given_at(entry), how="import")
        for entry in entries
        if entry.consents and entry.person.pk not in known
    ]
    Consent.objects.bulk_create(rows, batch_size=BATCH)


def _write_agreements(program: Program, entries: list[Entry]) -> None:
    code = program.current_code()
    if code is None:
        return
    rows = [
        Acceptance(
            code=code, person=entry.person, accepted_at=entry.application.submitted_at or clock.now(), how="import"
        )
        for entry in entries
        if entry.agreed
    ]
    Acceptance.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def _join_companies(program: Program, companies: Mapping[str, str]) -> None:
    """The same for applications that came earlier, all in one statement."""
    if companies:
        shorter = Case(*(When(company_key=key, then=Value(root)) for key, root in companies.items()))
        Application.objects.filter(program=program, company_key__in=companies).update(company_key=shorter)


def _ask(entries: list[Entry]) -> None:
    """E04 to each new applicant with something open, once, a quarter of an hour from now."""
    fresh = [entry.application.pk for entry in entries if entry.outcome is Outcome.CREATED]
    found = with_questions(Application.objects.filter(pk__in=fresh).select_related("person", "program"))
    open_ones = [(application, questions) for application in found if (questions := asked(application))]
    unplaced = [application for application, questions in open_ones if "place" in questions]
    tokens = dict(zip((one.pk for one in unplaced), letters.place_tokens(unplaced), strict=True))
    later = clock.now() + LETTERS_WAIT
    post(
        *(
            letters.question(one, questions, once="import", not_before=later, place_token=tokens.get(one.pk, ""))
            for one, questions in open_ones
        )
    )
