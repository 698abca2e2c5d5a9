"""Taking things back: an application, the sensitive answers, everything; and everything as a file before that.

Lock order: what a group asked of the person, the meetings of their seats, then person, application.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from members import apart, identity, ownwords
from members.drafting import LIVES, drop, typed
from members.models.apart import KeepApartLine
from members.models.application import Application, IdentityAnswers, Unconfirmed
from members.models.conduct import Acceptance, Consent
from members.models.hint import Hint
from members.models.hours import Hours
from members.models.person import Person
from members.models.program import Program
from members.models.review import UPLOAD_LIVES, Decision, Impression, Note, Upload
from members.models.waiting import MonthlyLetter
from members.reviewing import REGRET
from members.stages import Stage, may_move
from members.weekhours import stretches
from roundtable import audit, clock, links, vault
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel

CONSENT_WAITS = timedelta(days=30)
CLOSED_LIVES = timedelta(days=90)


@dataclass
class Asked:
    """What the apps that ask people for groups and meetings do when somebody goes, and what they keep of a person's own
    words; they register themselves.

    Seats at roundtables go on to others: those of one program, or all of them.
    """

    step_back: Callable[[Application], None] | None = None
    give_up_seats: Callable[[Person, Program | None], None] | None = None
    own_words: Callable[[Person], dict[str, Any]] | None = None


asked = Asked()

OF_PERSON = ("public_id", "email", "name", "initials", "pronouns", "zone", "date_joined", "last_login")
OF_APPLICATION = (
    *("public_id", "stage", "submitted_at", "decided_at", "edited_at", "held_at"),
    *("place_text", "placed", "place_name", "country", "metro", "mode", "role", "role_text", "org_size"),
    *("years_in_tech", "years_leading", "still_coding", "company", "sector", "shows_company"),
    *("topics", "cadences", "willing", "extra", "skipped_before"),
)


@transaction.atomic
def withdraw(application: Application) -> Application:
    """Out of review and pool at once; sensitive answers and hours go, letters not yet sent are taken back.

    Whoever was asked for a group meanwhile is out of that too.
    """
    _step_back([application])
    _give_up_seats(application.person, application.program)
    application = Application.objects.select_for_update().select_related("person").get(pk=application.pk)
    if application.stage == Stage.PLACED:
        raise NotAllowed("You are in a group. Leave it on its page, so that the others hear of it.")
    if not may_move(application.stage, Stage.WITHDRAWN):
        raise NotAllowed(f"This application is {application.stage}; there is nothing to take back.")
    if not Application.objects.filter(pk=application.pk).without_group().exists():
        raise NotAllowed("You have been asked for a group at this very moment; please look, and try again.")
    application.stage, application.decided_at = Stage.WITHDRAWN.value, clock.now()
    application.held_at = application.rests_until = None
    application.save(update_fields=["stage", "decided_at", "held_at", "rests_until"])
    IdentityAnswers.objects.filter(application=application).delete()
    Hours.objects.filter(application=application).delete()
    Hint.objects.filter(application=application).delete()
    KeepApartLine.objects.filter(application=application).delete()
    cancel(f"application:{application.pk}")
    audit.note(application.person, "withdrawn", f"application:{application.pk}")
    return application


def _step_back(applications: Iterable[Application]) -> None:
    if asked.step_back is not None:
        for application in applications:
            asked.step_back(application)


def _give_up_seats(person: Person, program: Program | None) -> None:
    if asked.give_up_seats is not None:
        asked.give_up_seats(person, program)


@transaction.atomic
def take_back_sensitive(application: Application) -> None:
    """The sensitive answers of this application go; the consent stays as withdrawn, to prove that it ended.

    From then on no spreadsheet brings them back: the person has spoken.
    """
    person = Person.objects.select_for_update().get(pk=application.person_id)
    Application.objects.filter(pk=application.pk).update(edited_at=clock.now())
    IdentityAnswers.objects.filter(application=application).delete()
    MonthlyLetter.objects.filter(application=application).answer(clock.now())
    if not IdentityAnswers.objects.filter(application__person=person).exists():
        Consent.objects.standing().filter(person=person, purpose="sensitive").update(withdrawn_at=clock.now())
    audit.note(person, "sensitive answers deleted", f"application:{application.pk}")


@transaction.atomic
def take_back_answer(application: Application, value: str) -> None:
    """One sensitive answer goes, with what was made of it. The last one takes the consent along."""
    application = Application.objects.select_for_update(of=("self",)).select_related("person").get(pk=application.pk)
    row = IdentityAnswers.objects.filter(application=application).select_related("application").first()
    told = identity.read(row.answers) if row else identity.Told()
    if row is None or value not in told.listed:
        return  # in another tab, a moment ago
    if not (left := told.without(value)):
        take_back_sensitive(application)
        return
    row.answers = identity.written(left)
    row.save(update_fields=["answers"])
    Application.objects.filter(pk=application.pk).update(edited_at=clock.now())
    audit.note(application.person, "a sensitive answer deleted", f"application:{application.pk}")


@transaction.atomic
def erase(person: Person) -> None:
    """The account and everything in it, at once. Who sits in a group leaves it first: the others should hear of it."""
    _step_back(person.applications.all())
    _give_up_seats(person, None)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.applications.filter(stage=Stage.PLACED).exists():
        raise NotAllowed("You are in a group. Leave it on its page first, so that the others hear of it.")
    if person.is_superuser and not Person.objects.filter(is_superuser=True).exclude(pk=person.pk).exists():
        raise NotAllowed("You are the last one who runs this site. Make somebody else a superuser first.")
    key = person.pk
    drop(Unconfirmed.objects.filter(email=person.email))
    links.Link.objects.filter(person=person).delete()
    person.delete()
    vault.forget(f"person:{key}")
    audit.note(None, "erased", f"person:{key}")


def leave_address(*, user: Person, from_email_address: object = None, **signal: Any) -> None:
    """Whoever reads the old mailbox answers for this person no longer: the links that went there end.

    Without an old address nobody has moved: an imported person's only one was confirmed by the first sign-in.
    """
    if from_email_address is None:
        return
    links.Link.objects.live().filter(person=user).update(ended_at=clock.now())
    audit.note(user, "changed the address", f"person:{user.pk}")


@transaction.atomic
def tidy() -> None:
    """What waited for somebody in vain goes: codes, kept files, answers without a yes, closed applications."""
    now = clock.now()
    drop(Unconfirmed.objects.filter(edited_at__lt=now - LIVES))
    Upload.objects.filter(made_at__lt=now - UPLOAD_LIVES).delete()
    IdentityAnswers.objects.filter(consented_at=None, made_at__lt=now - CONSENT_WAITS).delete()
    closed = Application.objects.filter(stage__in=[Stage.DECLINED, Stage.WITHDRAWN])
    for_good = closed.filter(decided_at__lt=now - REGRET)  # until then an organizer may take the decision back
    KeepApartLine.objects.filter(application__in=for_good).delete()
    IdentityAnswers.objects.filter(application__in=for_good).delete()
    closed.filter(decided_at__lt=now - CLOSED_LIVES).delete()


def everything_about(person: Person) -> dict[str, Any]:
    """What is kept about a person, in words, and what they said in groups: for their own eyes, as JSON."""
    applications = person.applications.select_related("program", "source").order_by("pk")
    return {
        "person": {name: getattr(person, name) for name in OF_PERSON},
        "applications": [_application(application) for application in applications],
        "agreements": [
            {"program": row.code.program.name, "version": row.code.number, "at": row.accepted_at, "how": row.how}
            for row in Acceptance.objects.filter(person=person).select_related("code__program").order_by("pk")
        ],
        "unfinished applications": [
            {"program": draft.program.name, "edited": draft.edited_at, "typed": typed(draft)}
            for draft in Unconfirmed.objects.filter(email=person.email).select_related("program").order_by("pk")
        ],
        "consents": [
            {"purpose": row.purpose, "given": row.given_at, "how": row.how, "withdrawn": row.withdrawn_at}
            for row in Consent.objects.filter(person=person)
        ],
        **(asked.own_words(person) if asked.own_words is not None else {}),
    }


def _application(application: Application) -> dict[str, Any]:
    hours = Hours.objects.filter(application=application).first()
    closed = IdentityAnswers.objects.filter(application=application).select_related("application").first()
    return {
        "program": application.program.name,
        **{name: getattr(application, name) for name in OF_APPLICATION},
        "hours": hours and {"zone": hours.zone, "good": _week(hours.good), "possible": _week(hours.possible)},
        "sensitive answers": json.loads(closed.answers) if closed else None,
        "looks at your own words": [{"by": name, "at": at} for name, at in ownwords.looks_at(application)],
        "keep apart from": [line.words for line in apart.opened(KeepApartLine.objects.filter(application=application))],
        "came by the link of": application.source.name if application.source else "",
        "answers to the program's own questions": [
            {"question": reply.question.text, "answer": reply.words}
            for reply in application.replies.select_related("question")
        ],
        "monthly letters": [
            {"month": row.month, "told": row.waiting, "answered": row.answered_at}
            for row in MonthlyLetter.objects.filter(application=application)
        ],
        "what would help": list(Hint.objects.filter(application=application).values_list("words", flat=True)),
        "decisions": [
            {"from": row.from_stage, "to": row.to_stage, "reason": row.reason, "at": row.decided_at}
            for row in Decision.objects.filter(application=application)
        ],
        "notes of organizers": [
            {"text": row.text, "at": row.written_at} for row in Note.objects.filter(application=application)
        ],
        "impressions of organizers": [
            {"audience": row.audience, "conversation": row.conversation, "coming": row.coming, "at": row.given_at}
            for row in Impression.objects.filter(application=application)
        ],
    }


def _week(mask: str) -> list[str]:
    return [f"{stretch.day} {stretch.start}-{stretch.end}" for stretch in stretches(int(mask, 16))]
