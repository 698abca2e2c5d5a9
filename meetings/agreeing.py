"""What a circle agrees on for its next meeting: theme, format, and who speaks. Any member proposes.

An idea stands once whoever leads takes it, or whoever is to speak says yes while nothing else stands. Nobody speaks
without a yes of their own. Lock order: meeting, idea, seat, entry. The words are in no calendar and no letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from meetings import betweenletters, seating, shortening
from meetings.models.idea import Idea
from meetings.models.meeting import Format, Meeting
from meetings.models.seat import State
from members.models.person import Person
from members.models.program import Roster
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post

FORMATS = (Format.LEAN_COFFEE, Format.TALK, Format.DEEP_DIVE)
SPOKEN = (Format.TALK, Format.DEEP_DIVE)  # one person's talk or case


@dataclass(frozen=True)
class Wish:
    """What somebody proposes."""

    theme: str
    form: Format
    presenter: Person | None = None


def of(meeting: Meeting) -> list[Idea]:
    """All that is proposed for it, first what stands."""
    return list(Idea.objects.filter(meeting=meeting))


def themes(meetings: Iterable[int]) -> dict[int, str]:
    """What was agreed on for each of these meetings, in words."""
    return {one.meeting_id: one.theme for one in Idea.objects.filter(meeting__in=meetings, stands=True)}


def all_by(person: Person) -> list[Idea]:
    """What this person has proposed anywhere, the oldest meeting first, to take along."""
    mine = Idea.objects.filter(proposed_by=person).select_related("meeting__group")
    return list(mine.order_by("meeting__starts_at", "pk"))


@transaction.atomic
def propose(meeting: Meeting, wish: Wish, *, by: Person) -> Idea:
    """In place of what I proposed before. Whoever is to speak is asked by letter; for my own talk I have said yes.

    Raises NotAllowed when late, at a roundtable, when mine stands already, and for a speaker who cannot be.
    """
    meeting, now = _held(meeting)
    mine = Idea.objects.filter(meeting=meeting, proposed_by=by).first()
    if mine is not None and mine.stands:
        raise NotAllowed("What you proposed stands already. Take it back first, then propose anew.")
    _refuse_speaker(meeting, wish)
    if mine is not None:
        _forget(mine)  # another name, so that a press on the words of before is refused
    idea = Idea.objects.create(
        meeting=meeting,
        theme=wish.theme,
        format=wish.form,
        presenter=wish.presenter,
        accepted=wish.presenter == by,
        proposed_by=by,
        proposed_at=now,
    )
    if wish.presenter is not None and not idea.accepted:
        post(betweenletters.speak(meeting, wish.presenter, proposed_by=by))
    if idea.accepted and not _stands(meeting):
        _put_in_force(idea, now=now)
    audit.note(by, "proposed for a meeting", meeting.about)
    return idea


@transaction.atomic
def take(meeting: Meeting, key: str, *, by: Person) -> None:
    """Whoever leads takes an idea; it stands in place of another. The caller has asked whether they lead.

    Raises NotAllowed.
    """
    meeting, now = _held(meeting)
    idea = _idea(meeting, key)
    _put_in_force(idea, now=now)
    audit.note(by, "took an idea", meeting.about)


@transaction.atomic
def answer(meeting: Meeting, key: str, *, by: Person, yes: bool) -> None:
    """Whoever is to speak says yes or no, also later and again. A no leaves the theme without a speaker. Raises
    NotAllowed."""
    meeting, now = _held(meeting)
    idea = _idea(meeting, key)
    if idea.presenter != by:
        raise NotAllowed("You are not asked to speak.")
    if yes and not _may_come(meeting, by):
        raise NotAllowed("You have said that you do not come. Change that first, then say yes.")
    idea.accepted, idea.presenter = yes, by if yes else None
    idea.save(update_fields=["accepted", "presenter"])
    cancel(meeting.about, kinds=(betweenletters.SPEAK,), person=by)
    if idea.stands:
        _name(meeting, idea)
    elif yes and not _stands(meeting):
        _put_in_force(idea, now=now)
    audit.note(by, "answered an idea", meeting.about)


@transaction.atomic
def withdraw(meeting: Meeting, key: str, *, by: Person, leads: bool) -> None:
    """Whoever proposed it takes it back, and who leads may set any aside; what stood of it goes, the format stays.

    Twice is once. Raises NotAllowed.
    """
    meeting, _ = _held(meeting)
    idea = Idea.objects.filter(meeting=meeting, public_id=key).select_related("presenter").first()
    if idea is None:
        return
    if not leads and idea.proposed_by_id != by.pk:
        raise NotAllowed("Whoever proposed it takes it back, or who leads sets it aside.")
    if idea.stands:
        _name(meeting, None)
    _forget(idea)
    audit.note(by, "took an idea back", meeting.about)


def _held(meeting: Meeting) -> tuple[Meeting, datetime]:
    """The meeting, held. Raises NotAllowed for a roundtable, and once it has begun or was called off."""
    meeting, now = seating.locked(meeting.pk), clock.now()
    if meeting.group.roster != Roster.FIXED:
        raise NotAllowed("What a roundtable is about is for its organizer to say.")
    seating.refuse_late(meeting, now)
    return meeting, now


def _idea(meeting: Meeting, key: str) -> Idea:
    found = Idea.objects.filter(meeting=meeting, public_id=key).select_related("presenter").first()
    if found is None:
        raise NotAllowed("This idea has been taken back or changed meanwhile; here is what stands now.")
    found.meeting = meeting
    return found


def _stands(meeting: Meeting) -> bool:
    return Idea.objects.filter(meeting=meeting, stands=True).exists()


def _refuse_speaker(meeting: Meeting, wish: Wish) -> None:
    if wish.presenter is None:
        return
    if wish.form not in SPOKEN:
        raise NotAllowed("At a lean coffee nobody gives a talk: choose another format, or nobody.")
    if not _may_come(meeting, wish.presenter):
        raise NotAllowed("They do not come to this meeting: choose somebody else, or nobody.")


def _may_come(meeting: Meeting, person: Person) -> bool:
    there = meeting.seats.exclude(state__in=[State.NOT_COMING, State.EXCUSED])
    return there.filter(person=person).exists()


def _forget(idea: Idea) -> None:
    """With the letter to who was to speak, if it has not left."""
    if idea.presenter is not None:
        cancel(idea.meeting.about, kinds=(betweenletters.SPEAK,), person=idea.presenter)
    idea.delete()


def _put_in_force(idea: Idea, *, now: datetime) -> None:
    """It stands, and nothing beside it. Raises NotAllowed once the board has begun with another format."""
    shortening.choose(idea.meeting, Format(idea.format), now=now)
    Idea.objects.filter(meeting=idea.meeting, stands=True).exclude(pk=idea.pk).update(stands=False)
    idea.stands = True
    idea.save(update_fields=["stands"])
    _name(idea.meeting, idea)


def _name(meeting: Meeting, idea: Idea | None) -> None:
    """Who gives the talk, as far as they have said yes."""
    meeting.presenter = idea.presenter if idea is not None and idea.accepted else None
    meeting.save(update_fields=["presenter"])
