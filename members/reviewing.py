"""What an organizer decides about an application: accept, decline, hold, take it back.

Each decision is a row and drafts its letter, which leaves a quarter of an hour later; until then undo takes both back.
Lock order: application, then its decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from members import gazetteer, letters, placing, pools
from members.models.application import Application, Placed
from members.models.hours import Hours
from members.models.person import Person
from members.models.place import PlaceAlias, named
from members.models.questions import asked_of
from members.models.review import Decision, Impression, Note
from members.rubric import QUESTIONS, Score
from members.stages import DeclineCode, Stage, may_move
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox import editing
from roundtable.outbox.models import Letter
from roundtable.outbox.post import cancel, post

REGRET = timedelta(minutes=15)


@transaction.atomic
def accept(application: Application, *, by: Person) -> Decision:
    """Into the pool, with letter E05. Raises NotAllowed while the place, the zone or the agreement is open."""
    application = _locked(application)
    questions = asked_of(application)
    _refuse_open(questions)
    decision = _decide(application, Stage.POOLED, by=by)
    leaves_at = decision.decided_at + REGRET
    told = pools.told_to(decision.application, now=decision.decided_at)
    post(letters.accepted(decision, told, not_before=leaves_at))
    if questions:  # what may be open here does not keep anybody out of the pool
        post(letters.question(application, questions, once=f"accepted:{decision.pk}", not_before=leaves_at))
    return decision


@transaction.atomic
def decline(application: Application, code: DeclineCode, *, by: Person, words: str = "") -> Decision:
    """A no with its code and letter E06. The organizer's own words become a note, never part of the letter."""
    application = _locked(application)
    decision = _decide(application, Stage.DECLINED, by=by, reason=code.value)
    if words:
        write_note(application, words, by=by)
    post(letters.declined(decision, not_before=decision.decided_at + REGRET))
    return decision


@transaction.atomic
def hold(application: Application, *, by: Person) -> Decision:
    """It stays submitted and waits for an answer; E04 asks what is open: place, agreement, use of sensitive answers."""
    application = _locked(application)
    if application.stage != Stage.SUBMITTED:
        raise NotAllowed(f"Only a submitted application can wait for an answer; this one is {application.stage}.")
    if application.held_at:
        raise NotAllowed("This application waits for an answer already.")
    now = clock.now()
    decision = Decision.objects.create(
        application=application,
        from_stage=application.stage,
        to_stage=application.stage,
        reason="held",
        decided_by=by,
        decided_at=now,
    )
    application.held_at = now
    application.save(update_fields=["held_at"])
    if questions := asked_of(application):
        post(letters.question(application, questions, once=f"held:{decision.pk}", not_before=now + REGRET))
    audit.note(by, "held", f"application:{application.pk}")
    return decision


@transaction.atomic
def undo(application: Application, *, by: Person) -> Decision:
    """Takes the last decision and its letter back. Raises NotAllowed once a quarter of an hour has gone.

    What was declined out of the pool comes back as submitted: somebody should look at it again.
    """
    application = _locked(application)
    _refuse_asked(application)
    decision = application.decisions.select_for_update().filter(undone_at=None).order_by("-decided_at", "-pk").first()
    if decision is None:
        raise NotAllowed("There is no decision to take back.")
    now = clock.now()
    if now >= decision.decided_at + REGRET:
        raise NotAllowed("The letter has left. Decide anew instead; the person gets a letter about that too.")
    if decision.to_stage != application.stage:
        raise NotAllowed(f"The application has moved on since: it is {application.stage}.")
    decision.undone_at = now
    decision.save(update_fields=["undone_at"])
    if decision.from_stage != decision.to_stage:
        back = Stage(decision.from_stage) if may_move(application.stage, decision.from_stage) else Stage.SUBMITTED
        application.stage = back.value
        application.decided_at = None
    application.held_at = None
    application.save(update_fields=["stage", "decided_at", "held_at"])
    cancel(f"application:{application.pk}", kinds=letters.OF_DECISIONS)
    audit.note(by, "undone", f"application:{application.pk}")
    return decision


@transaction.atomic
def settle_place(application: Application, place_id: int, *, by: Person) -> list[Application]:
    """An organizer says which place was meant, and the same words mean it from now on, in all that wait with them.

    Learned is only what has no rivals of its name and nothing personal in it. It holds for the program, and for all
    once a second organizer taught the same elsewhere. Whose own clock contradicts it is still asked. Returns all that
    were settled.
    """
    application = _locked(application)
    city = gazetteer.city(place_id)
    if city is None:
        raise NotAllowed("There is no such place in the list; look for another spelling.")
    application.settle(named(application.place_text, city, "organizer"))
    application.save()
    settled = [application]
    if placing.may_be_learned(application.place_text):
        settled += _teach(application, city.id, by=by)
    Hours.objects.filter(application__in=settled, zone="").update(zone=city.zone)
    audit.note(by, "place settled", f"application:{application.pk}", count=len(settled))
    return settled


def _teach(application: Application, place_id: int, *, by: Person) -> list[Application]:
    """The alias, and what it settles among those who wrote the same."""
    key = placing.alias_key(application.place_text)
    taught = {"place_id": place_id, "made_by": by, "made_at": clock.now()}
    PlaceAlias.objects.update_or_create(program=application.program, text=key, defaults=taught)
    unclear = Application.objects.place_unclear().select_for_update(of=("self",)).select_related("program")
    same = [other for other in unclear.order_by("pk") if placing.alias_key(other.place_text) == key]
    zones = dict(Hours.objects.filter(application__in=same).values_list("application_id", "zone"))
    known = {program: PlaceAlias.objects.meanings(program) for program in {other.program for other in same}}
    settled = []
    for other in same:
        if known[other.program].get(key) != place_id:
            continue
        other.settle(placing.place(other.place_text, {key: place_id}, zones.get(other.pk)))
        other.save()
        settled += [other] if other.placed == Placed.RESOLVED else []
    return settled


def write_note(application: Application, text: str, *, by: Person) -> Note:
    """An organizer's own words, for the organizers of this program and the person's export."""
    return Note.objects.create(application=application, author=by, text=text, written_at=clock.now())


@transaction.atomic
def give_impression(application: Application, score: Score, *, by: Person) -> Impression:
    """One row per organizer and application; who changes their mind writes it anew. It decides nothing."""
    points = {name: getattr(score, name) for name in QUESTIONS}
    given, _ = Impression.objects.update_or_create(
        application=application, organizer=by, defaults={**points, "given_at": clock.now()}
    )
    audit.note(by, "scored", f"application:{application.pk}")
    return given


def letters_here(application: Application) -> QuerySet[Letter]:
    """What was written to this person about a decision and has not left."""
    about = f"application:{application.pk}"
    return Letter.objects.still_here().filter(about=about, kind__in=letters.OF_DECISIONS)


def reword(application: Application, letter_id: int, text: str, *, by: Person) -> Letter:
    """The organizer's own words in the letter about the last decision, once. Raises NotAllowed when it has left."""
    letter = letters_here(application).filter(pk=letter_id).first()
    if letter is None:
        raise NotAllowed("The letter has left, or was taken back with the decision.")
    return editing.reword(letter, text, by=by)


@dataclass(frozen=True, slots=True)
class Sweep:
    """What came of one act on many: how many were done, and each refusal with its sentence."""

    done: int = 0
    refused: list[tuple[Application, str]] = field(default_factory=list)


def each(applications: Iterable[Application], act: Callable[[Application], object]) -> Sweep:
    """The act on one after the other, each in its own transaction: a refusal stops nobody else's."""
    done, refused = 0, []
    for application in applications:
        try:
            act(application)
        except NotAllowed as refusal:
            refused.append((application, str(refusal)))
        else:
            done += 1
    return Sweep(done, refused)


def _refuse_open(asked: list[str]) -> None:
    if "place" in asked:
        raise NotAllowed("The place is not clear yet; settle it in the place queue, or hold and ask.")
    if "agreement" in asked:
        raise NotAllowed("The code of conduct is not accepted yet; hold and ask.")


def _locked(application: Application) -> Application:
    return (
        Application.objects.select_for_update(of=("self",)).select_related("program", "person").get(pk=application.pk)
    )


def _refuse_asked(application: Application) -> None:
    """Raises NotAllowed while an invitation is out or accepted: two letters must not contradict each other."""
    if not Application.objects.filter(pk=application.pk).without_group().exists():
        raise NotAllowed(
            "This person has been asked to join a group; wait for the answer, or dissolve the draft first."
        )


def _decide(application: Application, to_stage: Stage, *, by: Person, reason: str = "") -> Decision:
    if not may_move(application.stage, to_stage):
        raise NotAllowed(f"This application is {application.stage}; it cannot become {to_stage}.")
    _refuse_asked(application)
    now = clock.now()
    decision = Decision.objects.create(
        application=application,
        from_stage=application.stage,
        to_stage=to_stage,
        reason=reason,
        decided_by=by,
        decided_at=now,
    )
    cancel(f"application:{application.pk}", kinds=letters.OF_DECISIONS)
    application.stage = to_stage.value
    application.decided_at, application.held_at = now, None
    application.save(update_fields=["stage", "decided_at", "held_at"])
    audit.note(by, to_stage.value, f"application:{application.pk}")
    return decision
