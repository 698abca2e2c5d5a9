"""What an applicant does: apply, confirm the address, answer a question, change hours, come back.

Lock order: waiting form, person, application.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from hmac import compare_digest
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from members import answers, gazetteer, letters, placing
from members.models.application import Application, IdentityAnswers, Unconfirmed
from members.models.conduct import Acceptance, CodeOfConduct, Consent, wording_hash
from members.models.hours import Hours
from members.models.person import Person
from members.models.place import PlaceAlias, named
from members.models.program import Program
from members.stages import Stage, may_move
from members.weekhours import DAYS, WeekHours, block_mask
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import post

CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"  # no vowels, no words; no 0, 1, O, I
MOST_TRIES = 3
Given = Mapping[str, Any]


@transaction.atomic
def wait_for_code(program: Program, given: Given, *, email: str) -> Unconfirmed:
    """Keeps the form, closed, and sends a code to its address. Known and unknown addresses are treated alike."""
    _refuse_closed(program)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    waiting = Unconfirmed.objects.create(
        program=program,
        email=email.strip().lower(),
        answers=json.dumps(dict(given)),
        code_hash=_hashed(code),
        made_at=clock.now(),
    )
    post(letters.confirm_address(waiting, f"{code[:4]}-{code[4:]}"))
    return waiting


def confirm(waiting: Unconfirmed, code: str) -> Application:
    """With the right code the form becomes an application, and its address an account. Three tries, one hour."""
    if not _tried(waiting, code):
        raise NotAllowed("This is not the code of the letter. Look for the newest letter, or apply again.")
    return _confirmed(waiting)


@transaction.atomic
def _tried(waiting: Unconfirmed, code: str) -> bool:
    """Counts the try before it looks, in a transaction of its own: a refusal must not take the count back."""
    waiting = Unconfirmed.objects.select_for_update().get(pk=waiting.pk)
    if waiting.tries >= MOST_TRIES or clock.now() >= waiting.made_at + letters.APPLYING_CODE_LIVES:
        raise NotAllowed("This code no longer counts: three tries or an hour have passed. Please apply again.")
    waiting.tries += 1
    waiting.save(update_fields=["tries"])
    return compare_digest(waiting.code_hash, _hashed(code))


@transaction.atomic
def _confirmed(waiting: Unconfirmed) -> Application:
    waiting = Unconfirmed.objects.select_for_update().select_related("program").get(pk=waiting.pk)
    given = json.loads(waiting.answers)
    person = Person.objects.filter(email=waiting.email).first()
    if person is None:
        person = Person.objects.create_user(waiting.email, name=given["name"], zone=given["zone"])
    if not person.is_active:
        raise NotAllowed("This address cannot apply. Please write to the organizers.")
    known = EmailAddress.objects.filter(user=person, email=waiting.email).update(verified=True)
    if not known:
        EmailAddress.objects.create(user=person, email=waiting.email, verified=True, primary=True)
    application = submit(person, waiting.program, given, how="form")
    waiting.delete()
    return application


@transaction.atomic
def submit(person: Person, program: Program, given: Given, *, how: str = "page") -> Application:
    """The application as the form tells it, new or anew; letter E02. Who is in a group of this program is refused."""
    _refuse_closed(program)
    person = Person.objects.select_for_update().get(pk=person.pk)
    application = Application.objects.select_for_update().filter(program=program, person=person).first()
    application = application or Application(program=program, person=person)
    if application.stage == Stage.PLACED:
        raise NotAllowed("You are in a group of this program already.")
    now = clock.now()
    if may_move(application.stage, Stage.SUBMITTED) and application.stage != Stage.POOLED:
        application.stage, application.submitted_at = Stage.SUBMITTED.value, now
    application.edited_at, application.held_at = now, None
    _write_person(person, given)
    _write_answers(application, given)
    application.settle(placing.place(given["place_text"], PlaceAlias.objects.meanings(program), given["zone"]))
    application.save()
    set_hours(application, good=given["good"], possible=given["possible"], zone=given["zone"])
    _write_sensitive(application, given, how=how)
    _write_agreements(application, how=how)
    post(letters.received(application))
    audit.note(person, "submitted", f"application:{application.pk}")
    return application


def set_hours(application: Application, *, good: Iterable[str], possible: Iterable[str], zone: str) -> Hours:
    """The week of this application, from blocks such as "Mon early" on the clock of that zone."""
    week = WeekHours(_mask(good), _mask(possible), zone)
    values = {"good": week.good_hex, "possible": week.possible_hex, "zone": week.zone}
    hours, _ = Hours.objects.update_or_create(application=application, defaults=values)
    return hours


@transaction.atomic
def change_hours(application: Application, *, good: Iterable[str], possible: Iterable[str], zone: str) -> Hours:
    """A person's own change: other hours, or the same on another clock."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    application.edited_at = clock.now()
    application.save(update_fields=["edited_at"])
    return set_hours(application, good=good, possible=possible, zone=zone)


@transaction.atomic
def tell_place(application: Application, *, place_text: str, place_id: int | None, zone: str) -> Application:
    """The person says where they are, or picks among what we found. Hours go by that place's clock, or their own."""
    application = Application.objects.select_for_update(of=("self",)).select_related("program").get(pk=application.pk)
    chosen = gazetteer.city(place_id) if place_id else None
    aliases = PlaceAlias.objects.meanings(application.program)
    found = named(place_text, chosen, "person") if chosen else placing.place(place_text, aliases, zone or None)
    application.settle(found)
    application.edited_at, application.held_at = clock.now(), None
    application.save()
    if zone or found.zone:
        Hours.objects.filter(application=application).update(zone=zone or found.zone)
    return application


@transaction.atomic
def agree(application: Application) -> Acceptance:
    """The person accepts the present code of conduct, once per version; what waited for it waits no longer."""
    code = application.program.current_code()
    if code is None:
        raise NotAllowed("This program has no code of conduct yet.")
    acceptance = _accept_code(application.person_id, code, how="page")
    Application.objects.filter(pk=application.pk).update(held_at=None)
    return acceptance


@transaction.atomic
def allow_sensitive(application: Application) -> None:
    """The person says yes to the use of answers that came with a spreadsheet."""
    now = clock.now()
    IdentityAnswers.objects.filter(application=application, consented_at=None).update(consented_at=now)
    _consent(application.person_id, "sensitive", how="page")


def _refuse_closed(program: Program) -> None:
    if not program.takes_applications(clock.now()):
        raise NotAllowed("This program does not take applications at the moment.")


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _mask(blocks: Iterable[str]) -> int:
    mask = 0
    for name in blocks:
        day, _, block = name.partition(" ")
        mask |= block_mask(DAYS.index(day), block)
    return mask


def _write_person(person: Person, given: Given) -> None:
    person.name = given["name"]
    person.initials = given["initials"] or initials_of(given["name"])
    person.pronouns, person.zone = given["pronouns"], given["zone"]
    person.save(update_fields=["name", "initials", "pronouns", "zone"])


def initials_of(name: str) -> str:
    """First letters of the first and the last word: "Ada King Lovelace" is AL."""
    words = name.split()
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))


def _write_answers(application: Application, given: Given) -> None:
    for name in ("mode", "role", "role_text", "org_size", "years_in_tech", "years_leading", "still_coding"):
        setattr(application, name, given[name])
    for name in ("company", "sector", "shows_company"):
        setattr(application, name, given[name])
    application.company_key = answers.company_key(given["company"]) or ""
    application.topics = [*given["topics"], *([given["own_topic"]] if given["own_topic"] else [])]
    application.cadences = sorted(answers.Cadence) if given["rhythm"] == "either" else [given["rhythm"]]
    application.willing = "not_now" not in given["could"]
    application.extra = {
        name: given[name] for name in ("gives", "stuck_on", "minutes", "size", "could", "heard") if given[name]
    }


def _write_sensitive(application: Application, given: Given, *, how: str) -> None:
    """Both sensitive answers in one closed row, or none: an empty form deletes what was there."""
    genders = [f"gender:{gender}" for gender in answers.genders_of(given["gender"])]
    wishes = [f"{name}:{value}" for name, value in _wishes(given["never_alone"], genders, application.role)]
    IdentityAnswers.objects.filter(application=application).delete()
    if not genders and not wishes:
        return
    shared = {wish for wish in wishes if wish != "role:staff"}  # every staff engineer has that one by their role
    said = {"dimensions": sorted({*genders, *shared}), "never_alone": sorted(wishes)}
    row = IdentityAnswers(application=application, source=how, consented_at=clock.now())
    row.answers = json.dumps(said)
    row.save()
    _consent(application.person_id, "sensitive", how=how)


def _wishes(ticked: Iterable[str], genders: list[str], role: str) -> Iterable[tuple[str, str]]:
    """A tick at gender speaks of the gender given, one at role of staff engineers; the rest are shared by ticking."""
    for name in ticked:
        if name == "gender" and genders:
            yield from (("gender", gender.partition(":")[2]) for gender in genders)
        elif name == "role":
            yield "role", "staff"
        else:
            yield name, "yes"


def _write_agreements(application: Application, *, how: str) -> None:
    code = application.program.current_code()
    if code is not None:
        _accept_code(application.person_id, code, how=how)
    for purpose in ("data", "coming"):
        _consent(application.person_id, purpose, how=how)


def _accept_code(person_id: int, code: CodeOfConduct, *, how: str) -> Acceptance:
    moment = {"accepted_at": clock.now(), "how": how}
    return Acceptance.objects.get_or_create(code=code, person_id=person_id, defaults=moment)[0]


def _consent(person_id: int, purpose: str, *, how: str) -> None:
    wording = wording_hash(purpose)
    if not Consent.objects.standing().filter(person_id=person_id, purpose=purpose, wording=wording).exists():
        Consent.objects.create(person_id=person_id, purpose=purpose, wording=wording, given_at=clock.now(), how=how)


def change_profile(person: Person, *, name: str, initials: str, pronouns: str, zone: str) -> Person:
    """What others see of a person, and the clock that their letters go by."""
    person.name, person.initials = name, initials or initials_of(name)
    person.pronouns, person.zone = pronouns, zone
    person.save(update_fields=["name", "initials", "pronouns", "zone"])
    return person
