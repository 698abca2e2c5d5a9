"""One scripted life of a program, with whatever words: asked, answered, sealed, met, kept. All by the real actions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress

from groups import inviting, sealing
from groups.consent import Answer
from groups.models.draft import Composition, DraftGroup, Progress
from groups.models.group import Group, Membership
from groups.models.invitation import Invitation
from meetings import agreeing, attending, board, calling, calls, rota, seating, sitting, topics
from meetings.boxes import Phase
from meetings.models.board import Board, Round, Topic
from meetings.models.meeting import Format, Meeting
from meetings.models.seat import Answer as Coming
from meetings.models.seat import Via
from meetings.models.takeaway import Takeaway
from meetings.roleplan import Duty
from members import reviewing
from members.models.apart import KeepApart
from members.models.application import IdentityAnswers
from members.models.conduct import CodeOfConduct, Consent, wording_hash
from members.models.person import Person
from members.models.program import Organizer, Program
from members.stages import DeclineCode
from roundtable import clock as clock_module
from tests.conftest import Stopped, tell_time
from tests.groups.conftest import THURSDAY_17, applicant

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
FACTS = {"mode": "in_person", "metro": "Lisbon", "country": "PT", "place_text": "Lisbon", "place_name": "Lisbon"}


@dataclass
class Words:
    """What people say in confidence, and who gives which dots: nothing of it may show outside the group."""

    topics: tuple[str, ...] = ("Quarryfalcon", "Moorlantern", "Saltmeadow", "Thornwicket", "Umberglass")
    note: str = "Brindlecroft"
    takeaway: str = "Hollowmarrow"
    theme: str = "Fennelgate"
    link: str = "Larkmortar"
    identity: str = "Wexwillow"
    reason: str = "Cinderlatch"
    dots: tuple[int, ...] = (0, 0, 1)  # the topic that each of the three gives two dots
    apart: tuple[str, str] = ("Ada", "Jean")  # first names

    def said(self) -> list[str]:
        return [*self.topics, self.note, self.takeaway, self.theme, self.link, self.identity, self.reason]


@dataclass
class World:
    """The people by their part, and what is theirs (own) or somebody else's (foreign)."""

    cast: dict[str, Person] = field(default_factory=dict)
    program: Program = None  # type: ignore[assignment]
    foreign_program: Program = None  # type: ignore[assignment]
    group: Group = None  # type: ignore[assignment]
    foreign_group: Group = None  # type: ignore[assignment]
    first: Meeting = None  # type: ignore[assignment]
    second: Meeting = None  # type: ignore[assignment]
    topic: Topic = None  # type: ignore[assignment]
    takeaway: Takeaway = None  # type: ignore[assignment]
    now: datetime = BEGIN


@contextmanager
def stopped(moment: datetime = BEGIN) -> Iterator[Stopped]:
    """A clock that stands, for what is built outside a single test."""
    with pytest.MonkeyPatch.context() as patch:
        clock = Stopped(moment)
        tell_time(patch, clock.now)
        yield clock


def key(number: int) -> UUID:
    return UUID(int=number)


def draft_of(world: World, number: int, *names: str, metro: str = "Lisbon") -> DraftGroup:
    composition, _ = Composition.objects.get_or_create(
        program=world.program, progress=Progress.DONE, zone="America/New_York", defaults={"made_at": clock_module.now()}
    )
    draft = DraftGroup.objects.create(
        composition=composition,
        number=number,
        mode="in_person",
        metro=metro,
        zone="America/New_York",
        window=THURSDAY_17,
    )
    for name in names:
        Invitation.objects.create(draft=draft, application=applicant(world.program, name, **FACTS | {"metro": metro}))
    return draft


def sealed(world: World, draft: DraftGroup, *, no: str = "", reason: str = "") -> Group:
    """Everybody but one says yes; then the organizer seals."""
    organizer = world.cast["organizer"]
    inviting.release(draft, by=organizer)
    for asked in draft.invitations.select_related("application__person").order_by("pk"):
        if asked.application.person.name == no:
            inviting.respond(asked, Answer.NOT_THIS_GROUP, reason=reason, received_at=clock_module.now())
        else:
            inviting.respond(asked, Answer.YES, received_at=clock_module.now())
    draft.refresh_from_db()
    return Group.objects.filter(draft=draft).first() or sealing.seal(draft, by=organizer)


def person(name: str, **facts: object) -> Person:
    return Person.objects.create_user(f"{name.lower()}@example.org", name=name, initials=name[0], **facts)


def found(world: World) -> None:
    """Two programs, their organizers, and whoever runs the site."""
    shape = {"size_min": 3, "size_target": 6, "size_max": 9, "willing_min": 1}
    world.program = Program.objects.create(slug="circles", name="Learning circles", **shape)
    world.foreign_program = Program.objects.create(slug="staff", name="Staff circles", **shape)
    for program in (world.program, world.foreign_program):
        CodeOfConduct.objects.create(program=program, number=1, text="Be kind.", published_on=BEGIN.date())
    cast = world.cast
    cast["organizer"] = person("Olga", is_staff=True)
    cast["chapter"] = person("Carla", is_staff=True)
    cast["superuser"] = person("Root", is_staff=True, is_superuser=True)
    cast["stranger"] = person("Stella")
    Organizer.objects.create(program=world.program, person=cast["organizer"])
    Organizer.objects.create(program=world.program, person=cast["chapter"], metro="Lisbon")


def gather(world: World, words: Words) -> None:
    """Two groups are asked and sealed; in the first one says no."""
    cast = world.cast
    circle = draft_of(
        world, 1, "Ada Lovelace", "Grace Hopper", "Hedy Lamarr", "Karen Jones", "Barbara Liskov", "Jean Bartik"
    )
    people = {asked.application.person.name: asked.application for asked in circle.invitations.all()}
    for name, part in {"Ada Lovelace": "facilitator", "Grace Hopper": "timekeeper", "Hedy Lamarr": "member"}.items():
        cast[part] = people[name].person
    cast["former"], cast["both"] = people["Karen Jones"].person, people["Barbara Liskov"].person
    Person.objects.filter(pk=cast["both"].pk).update(is_staff=True)
    Organizer.objects.create(program=world.program, person=cast["both"], reads_own_words=True)
    said = f"own:{words.identity.lower()}"
    for application in people.values():
        IdentityAnswers.objects.create(
            application=application,
            answers=json.dumps({"dimensions": [said], "never_alone": [said], "means": {said: f"private:{said}"}}),
            consented_at=BEGIN,
        )
        agreed = {"purpose": "sensitive", "wording": wording_hash("sensitive"), "given_at": BEGIN}
        Consent.objects.create(person=application.person, **agreed)
    apart = [application for name, application in people.items() if name.split()[0] in words.apart]
    one, other = sorted(apart, key=lambda application: application.pk)
    world.group = sealed(world, circle, no="Jean Bartik", reason=words.reason)
    KeepApart.objects.create(program=world.program, one=one, other=other)
    elsewhere = draft_of(world, 2, "Frances Allen", "Lynn Conway", "Betty Holberton", metro="Porto")
    cast["other"] = elsewhere.invitations.order_by("pk")[0].application.person
    world.foreign_group = sealed(world, elsewhere)


def ask(world: World) -> None:
    """A third group is asked, and has not answered yet."""
    asked = draft_of(world, 3, "Katherine Johnson", "Mary Jackson", "Radia Perlman")
    inviting.release(asked, by=world.cast["organizer"])
    world.cast["invited"] = asked.invitations.order_by("pk")[0].application.person


def others(world: World) -> None:
    """A no with its reason, and applications that wait at other places."""
    cast = world.cast
    declined = applicant(world.program, "Dorothy Vaughan", stage="submitted", **FACTS)
    reviewing.decline(declined, DeclineCode.AUDIENCE, by=cast["organizer"])
    applicant(world.program, "Evelyn Boyd", stage="submitted", **FACTS | {"metro": "Porto"})
    applicant(world.foreign_program, "Annie Easley", stage="submitted")


def answered(meeting: Meeting) -> None:
    for seat in meeting.seats.all():
        seating.respond(seat, Coming.YES, via=Via.PAGE, received_at=clock_module.now())


def talk(world: World, words: Words, clock: Stopped) -> None:
    """The first meeting: topics, dots, one round, its takeaway, the close."""
    table = Board.objects.get(meeting=world.first)
    lead, second, third = (world.cast[part] for part in ("facilitator", "timekeeper", "member"))
    answered(world.first)
    for number, title in enumerate(words.topics):
        by = (lead, second, third)[number % 3]
        topics.propose(table, by=by, title=title, note=words.note, hidden=number == 4, key=key(number + 1))
    clock.to(world.first.starts_at)
    for one in (lead, second, third):
        attending.here(table, by=one)
    on = Topic.objects.filter(board=table).order_by("pk")
    for number, (one, choice) in enumerate(zip((lead, second, third), words.dots, strict=True)):
        calls.dots(table, by=one, topic=on[choice].public_id, dots=2, key=key(100 + number))

    def step() -> int:
        return Board.objects.get(pk=table.pk).step

    board.begin(table, by=lead, step=step())
    board.go(table, by=lead, step=step(), phase=Phase.DOTS)
    board.enough(table, by=lead, step=step())
    board.next_topic(table, by=lead, step=step())
    clock.forward(minutes=10)
    sponsor = topics_sponsor(table) or lead
    board.sum_up(table, by=sponsor, text=words.takeaway, revision=0)
    clock.forward(minutes=30)
    sitting.advance(table)
    board.close(table, by=lead, step=step())


def topics_sponsor(table: Board) -> Person | None:
    return Round.objects.select_related("sponsor").get(board=table).sponsor


def live(words: Words, clock: Stopped) -> World:
    """The whole life, up to the day after somebody joined later; the clock ends before the second meeting."""
    world = World()
    clock.to(BEGIN)
    found(world)
    gather(world, words)
    others(world)
    world.first = world.group.meetings.get()
    talk(world, words, clock)
    clock.forward(days=2)
    ask(world)
    later = applicant(world.program, "Ida Rhodes", stage="placed", **FACTS)
    world.cast["later"] = later.person
    Membership.objects.filter(group=world.group, person=world.cast["former"]).update(left_on=clock.now().date())
    Membership.objects.create(group=world.group, person=later.person, joined_on=clock.now().date())
    members = [one.person for one in world.group.memberships.on(clock.now().date()).select_related("person")]
    world.second = calling.plan(world.group, on=world.first.local_date + timedelta(days=42), members=members)
    for duty, part in ((Duty.FACILITATOR, "member"), (Duty.TIMEKEEPER, "both")):  # the table goes by it
        rota.give(world.second, duty, world.cast[part], agreed_at=None)
    clock.forward(days=1)
    answered(world.second)
    table = Board.objects.get(meeting=world.second)
    topics.propose(
        table,
        by=world.cast["member"],
        title=words.topics[0] + " again",
        note=words.note,
        links=f"https://example.org/{words.link} {words.link}",
        hidden=False,
        key=key(9),
    )
    idea = agreeing.propose(world.second, agreeing.Wish(words.theme, Format.LEAN_COFFEE), by=world.cast["member"])
    agreeing.take(world.second, idea.public_id, by=world.cast["facilitator"])
    world.topic = Topic.objects.filter(board=table).latest("pk")
    world.takeaway = Takeaway.objects.get()
    for one in world.cast.values():  # as everybody has who signed in with a code
        EmailAddress.objects.create(user=one, email=one.email, verified=True, primary=True)
    world.now = clock.now()
    return world
