"""What an applicant does: apply, answer a question, change hours, come back.

Lock order: person, application.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from members import answers, apart, companies, gazetteer, identity, letters, placing
from members.folding import fold
from members.hournames import mask_of_names
from members.models.application import ROLES, Application, IdentityAnswers, Placed
from members.models.asking import Question, Reply
from members.models.conduct import Acceptance, CodeOfConduct, Consent, wording_hash
from members.models.hint import Hint
from members.models.hours import Hours
from members.models.person import Person
from members.models.place import PlaceAlias, named
from members.models.program import Program
from members.models.source import Source
from members.models.waiting import MonthlyLetter
from members.placing import Placing
from members.stages import Stage, may_move
from members.weekhours import WeekHours
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import post

Given = Mapping[str, Any]
ON_THE_WAY = (Stage.SUBMITTED, Stage.POOLED, Stage.DORMANT)
IN_EXTRA = (
    *("gives", "stuck_on", "shares_words", "minutes", "size", "could", "heard", "sent_by"),
    *("company_size", "in_town", "longest_ride"),
)


@transaction.atomic
def submit(
    person: Person,
    program: Program,
    given: Given,
    *,
    how: str = "page",
    sent_at: datetime | None = None,
    source: Source | None = None,
) -> Application:
    """The application as the form tells it, new or anew; letter E02. Who is in a group of this program is refused.

    What was sent while the program was open counts, also if its code is typed a little after the end.
    """
    refuse_closed(program, sent_at or clock.now(), person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    application = Application.objects.select_for_update().filter(program=program, person=person).first()
    application = application or Application(program=program, person=person)
    if application.stage == Stage.PLACED:
        raise NotAllowed("You are in a group of this program already; it is under “My groups”.")
    now = clock.now()
    known = application.stage in (Stage.POOLED, Stage.DORMANT)
    if may_move(application.stage, Stage.SUBMITTED) and application.stage != Stage.POOLED:
        application.stage, application.submitted_at = Stage.SUBMITTED.value, now
    application.edited_at, application.held_at = now, None
    application.source = source or application.source
    _write_person(person, given)
    _write_answers(application, given)
    _settle(application, given)
    application.save()
    set_hours(application, good=given["good"], possible=given["possible"], zone=given["zone"])
    _write_sensitive(application, given, how=how)
    if given.get("keep_apart") or how == "page":  # only who is signed in was shown the list as it was
        apart.write(application, given.get("keep_apart") or [])
    apart.look_again([application])
    _write_replies(application, given)
    _write_agreements(application, given.get("conduct"), how=how)
    post(letters.again(application, now) if known else letters.received(application))
    audit.note(person, "submitted", f"application:{application.pk}")
    return application


def set_hours(application: Application, *, good: Iterable[str], possible: Iterable[str], zone: str) -> Hours:
    """The week of this application, from blocks such as "Mon early" on the clock of that zone."""
    week = WeekHours(mask_of_names(good), mask_of_names(possible), zone)
    Hint.objects.filter(application=application).delete()  # it spoke of the hours before
    MonthlyLetter.objects.filter(application=application).answer(clock.now())
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
    found = placed(application.program, place_text, place_id, zone)
    application.settle(found)
    application.edited_at, application.held_at = clock.now(), None
    application.save()
    Hint.objects.filter(application=application).delete()
    MonthlyLetter.objects.filter(application=application).answer(clock.now())
    if zone or found.zone:
        Hours.objects.filter(application=application).update(zone=zone or found.zone)
    return application


@transaction.atomic
def tell_company(application: Application, company: str) -> Application:
    """A new job, in the person's own words; their card shows it at once. The same words change nothing."""
    application = Application.objects.select_for_update(of=("self",)).select_related("program").get(pk=application.pk)
    if company == application.company:
        return application
    application.company, application.company_key = company, companies.key_of(application.program, company)
    application.edited_at = clock.now()  # a spreadsheet no longer overwrites it
    application.save(update_fields=["company", "company_key", "edited_at"])
    apart.look_again([application])
    return application


@transaction.atomic
def agree(application: Application) -> Acceptance:
    """The person accepts the present code of conduct, once per version; what waited for it waits no longer."""
    code = application.program.current_code()
    if code is None:
        raise NotAllowed("This program has no code of conduct yet.")
    acceptance = _accept_code(application.person_id, code, how="page")
    MonthlyLetter.objects.filter(application=application).answer(clock.now())
    Application.objects.filter(pk=application.pk).update(held_at=None)
    return acceptance


@transaction.atomic
def allow_sensitive(application: Application) -> None:
    """The person says yes to the use of answers that came with a spreadsheet."""
    now = clock.now()
    IdentityAnswers.objects.filter(application=application, consented_at=None).update(consented_at=now)
    MonthlyLetter.objects.filter(application=application).answer(now)
    _consent(application.person_id, "sensitive", how="page")


def refuse_closed(program: Program, moment: datetime, person: Person | None = None) -> None:
    """Raises NotAllowed outside the two dates of a program; whose application is on its way changes it at any time."""
    if not program.takes_applications(moment) and on_the_way(person, program) is None:
        raise NotAllowed("This program does not take applications at the moment.")


def is_open(program: Program, person: Person | None = None) -> bool:
    """Whether this program takes applications at this moment, or changes to this person's own."""
    return program.takes_applications(clock.now()) or on_the_way(person, program) is not None


def on_the_way(person: Person | None, program: Program) -> Application | None:
    """This person's application to this program while it is sent and they are in no group yet."""
    if person is None:
        return None
    return Application.objects.filter(person=person, program=program, stage__in=ON_THE_WAY).first()


def placed(program: Program, text: str, place_id: int | None, zone: str) -> Placing:
    """What became of a place: the city that the person picked, or else what its words say."""
    city = gazetteer.city(place_id) if place_id else None
    if city is not None:
        return named(text, city, "person")
    return placing.place(text, PlaceAlias.objects.meanings(program), zone or None)


def _settle(application: Application, given: Given) -> None:
    """Where the words mean. What was settled already, by the person or an organizer, stays so for the same words."""
    is_same = application.placed == Placed.RESOLVED and application.place_text == given["place_text"]
    if not is_same or given.get("place_id"):
        application.settle(placed(application.program, given["place_text"], given.get("place_id"), given["zone"]))


def _write_person(person: Person, given: Given) -> None:
    person.name = given["name"]
    person.initials = letters_of(given["initials"]) or initials_of(given["name"])
    person.pronouns, person.zone = given["pronouns"], given["zone"]
    person.save(update_fields=["name", "initials", "pronouns", "zone"])


def letters_of(initials: str) -> str:
    """Initials as somebody typed them, without what is no letter; the marks of a letter belong to it."""
    return "".join(char for char in initials if char.isalpha() or unicodedata.combining(char))


def initials_of(name: str) -> str:
    """First letters of the first and the last word that have any: "Ada King Lovelace" is AL, "Zoë 😀" is Z."""
    firsts = [letter for word in name.split() if (letter := next(filter(str.isalpha, word), ""))]
    return "".join(letter.upper() for letter in (firsts[:1] + firsts[1:][-1:]))[:6]


def _write_answers(application: Application, given: Given) -> None:
    for name in ("mode", "role", "org_size", "years_in_tech", "years_leading", "still_coding"):
        setattr(application, name, given[name])
    for name in ("company", "sector", "shows_company"):
        setattr(application, name, given[name])
    application.role_text = given["role_text"] or ROLES[answers.Role(given["role"])]  # the card shows it
    application.company_key = companies.key_of(application.program, given["company"])
    own = (topic.strip() for topic in given["own_topic"].split(";"))
    application.topics = list(dict.fromkeys([*given["topics"], *filter(None, own)]))
    application.cadences = sorted(answers.Cadence) if given["rhythm"] == "either" else [given["rhythm"]]
    application.willing = "not_now" not in given["could"]
    application.extra = {name: given[name] for name in IN_EXTRA if given.get(name)}


def _write_sensitive(application: Application, given: Given, *, how: str) -> None:
    """Both sensitive answers in one closed row. An empty page leaves what was told before; it is deleted by name."""
    genders = [f"gender:{gender}" for gender in answers.genders_of(given["gender"])]
    wishes = {*_wishes(given["never_alone"], genders, given.get("values") or {})}
    if own := fold(given.get("own_wish") or ""):
        wishes.add(f"{identity.OWN}:{own}")
    minded = {f"{identity.dimension_of(wish)}:{identity.UNSAID}" for wish in wishes if not identity.is_own(wish)}
    shared = (wishes | minded - {"gender:yes", "role:yes"}) - {identity.STAFF}
    told = identity.Told(frozenset({*genders, *shared}), frozenset(wishes))
    if not told:
        return
    before = IdentityAnswers.objects.filter(application=application).select_related("application").first()
    IdentityAnswers.objects.filter(application=application).delete()
    told = told.with_meanings_of(identity.read(before.answers)) if before else told
    row = IdentityAnswers(application=application, source=how, consented_at=clock.now())
    row.answers = identity.written(told)
    row.save()
    _consent(application.person_id, "sensitive", how=how)


def _wishes(ticked: Iterable[str], genders: list[str], values: Mapping[str, str]) -> Iterable[str]:
    """A tick at gender speaks of the gender given, one at role of staff engineers; the rest of the value, if any."""
    for name in ticked:
        if name == "gender" and genders:
            yield from genders
        elif name == "role":
            yield identity.STAFF
        else:
            yield f"{name}:{fold(values.get(name, '')) or identity.UNSAID}"


def _write_replies(application: Application, given: Given) -> None:
    """The program's own questions; one that it asks no longer is left out."""
    Reply.objects.filter(application=application).delete()
    asked = Question.objects.filter(program=application.program).select_for_update(no_key=True)
    told = [(question, given.get(question.field, "")) for question in asked]
    Reply.objects.bulk_create(
        Reply(application=application, question=question, words=words) for question, words in told if words
    )


def _write_agreements(application: Application, version: int | None, *, how: str) -> None:
    """The version that stood on the page; a newer one is asked for on its own."""
    seen = application.program.codes.filter(number=version or 0).first()
    code = seen or application.program.current_code()
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


@transaction.atomic
def change_profile(person: Person, *, name: str, initials: str, pronouns: str, zone: str) -> Person:
    """What others see of a person, and the clock that their letters go by."""
    person.name, person.initials = name, letters_of(initials) or initials_of(name)
    person.pronouns, person.zone = pronouns, zone
    person.save(update_fields=["name", "initials", "pronouns", "zone"])
    apart.look_again(person.applications.all())
    MonthlyLetter.objects.filter(application__person=person).answer(clock.now())
    return person
