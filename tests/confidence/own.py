"""Where each person of the cast goes for what is theirs, and for the same thing of somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType

from groups.models.backfill import Backfill
from groups.models.draft import Composition, DraftGroup
from groups.models.group import Group
from groups.models.invitation import Invitation
from groups.models.nudge import Nudge
from groups.models.offer import Offer
from groups.models.question import Merge, Question
from meetings.cadence import instant
from meetings.models.meeting import Meeting
from meetings.models.poll import Kind, Poll
from meetings.models.released import ReleaseAsked, ReleasedNote
from meetings.models.seat import Seat
from meetings.models.takeaway import Takeaway
from members.importing import uploads
from members.models.application import Application
from members.models.conduct import CodeOfConduct
from members.models.person import Person
from members.models.place import PlaceAlias
from members.models.program import Program
from members.models.review import Import
from members.models.room import Room
from roundtable.outbox.models import Letter
from tests.confidence.permissions import addresses
from tests.confidence.world import World

STAFF = ("organizer", "both", "superuser")
FILE = b"name,email\nAda,ada@example.org\n"
OF_A_CIRCLE = (
    *(
        "meetings:group",
        "meetings:leave",
        "meetings:address",
        "meetings:addresses",
        "meetings:takeaways",
        "meetings:reword",
        "meetings:timeline",
        "meetings:past",
        "meetings:vote",
        "meetings:release",
    ),
    *(
        "meetings:dates",
        "meetings:rhythm",
        "meetings:leave_out",
        "meetings:choices",
        "meetings:rota",
        "meetings:opt_out",
    ),
    *("groups:candidates", "groups:entry", "groups:sabbatical", "groups:come_back"),
    *("groups:close", "groups:look_on", "meetings:memory", "meetings:hours"),
    *("groups:question", "groups:step_out", "groups:stay", "groups:company"),
)
Pair = tuple[Any, Any]


def keys(pair: Sequence[Any]) -> Pair:
    return pair[0].pk, pair[1].pk


def public_ids(pair: Sequence[Any]) -> Pair:
    return pair[0].public_id, pair[1].public_id


@dataclass
class Things:
    """Own and foreign objects by the word that a route has for them. What nobody has of their own is the member's."""

    world: World
    records: dict[str, Pair] = field(default_factory=dict)
    uploads: dict[str, Pair] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for part in STAFF:
            kept = [uploads.keep(program, FILE, by=self.world.cast[part]) for program in self.programs]
            self.uploads[part] = (kept[0].public_id, kept[1].public_id)
        self.records = {**self._of_programs(), **self._of_compositions(), **self._of_groups(), **self._the_same()}

    @property
    def programs(self) -> tuple[Program, Program]:
        """Ours and theirs."""
        return self.world.program, self.world.foreign_program

    @property
    def hosts(self) -> list[Application]:
        """The first application of each program."""
        return [Application.objects.filter(program=program).order_by("pk")[0] for program in self.programs]

    def _of_programs(self) -> dict[str, Pair]:
        taught = [PlaceAlias.objects.create(program=one, text="the ferry", place_id=1) for one in self.programs]
        imports = [Import.objects.create(program=one) for one in self.programs]
        places = {"metro": "Lisbon", "name": "Loft", "address": "Rua 1"}
        rooms = [Room.objects.create(program=one, **places) for one in self.programs]
        codes = [CodeOfConduct.objects.get(program=one) for one in self.programs]
        tables = [date_of(one, self.world.now) for one in self.programs]
        return {
            "placealias": keys(taught),
            "import": keys(imports),
            "room": keys(rooms),
            "codeofconduct": keys(codes),
            "program": keys(self.programs),
            "table": public_ids(tables),
        }

    def _of_compositions(self) -> dict[str, Pair]:
        ours, theirs = self.programs
        runs = [
            Composition.objects.filter(program=ours)[0],
            Composition.objects.create(program=theirs, progress="done"),
        ]
        drafts = [
            DraftGroup.objects.filter(composition=runs[0]).order_by("number")[0],
            DraftGroup.objects.create(composition=runs[1], number=1, mode="video", zone="UTC", window=0),
        ]
        where = {"kind": "taster", "place": "Lisbon", "by_video": False, "zone": "UTC", "window": 0}
        offers = [
            Offer.objects.create(program=one.program, application=one, made_at=self.world.now, **where)
            for one in self.hosts
        ]
        return {
            "composition": keys(runs),
            "show": public_ids(runs),
            "draft": public_ids(drafts),
            "offer": public_ids(offers),
        }

    def _of_groups(self) -> dict[str, Pair]:
        now, own, foreign = self.world.now, self.world.group, self.world.foreign_group
        groups, later = [own, self._far("Far")], now + timedelta(days=5)
        shown = {"rule": "no_objection", "shown_at": now, "concerns_until": later}
        cards = [
            Backfill.objects.create(group=group, application=one, **shown)
            for group, one in zip(groups, self.hosts, strict=True)
        ]
        pairs = [(own, foreign), (groups[1], self._far("Further"))]
        merges = [Merge.objects.create(stays=one, joins=other, proposed_at=now) for one, other in pairs]
        nudged = [(own, "facilitator"), (foreign, "other")]
        week = {"kind": "company", "occasion": "0", "asked_at": now, "open_until": now + timedelta(days=7)}
        asked = [Question.objects.create(group=group, **week) for group in (own, foreign)]
        return {
            "circle": public_ids(groups),
            "group": keys(groups),
            "card": public_ids(cards),
            "proposal": public_ids(merges),
            "question": public_ids(asked),
            "poll": public_ids([poll_of(group, now) for group in (own, foreign)]),
            "nudge": public_ids([nudge_of(group, self.world.cast[part]) for group, part in nudged]),
            "note": (note_of(self.world.takeaway, now), "nowhere"),
        }

    def _far(self, name: str) -> Group:
        where = {"mode": "video", "zone": "UTC", "window": 0}
        return Group.objects.create(program=self.world.foreign_program, name=name, sealed_at=self.world.now, **where)

    def _the_same(self) -> dict[str, Pair]:
        """What is one thing for everybody."""
        letter, person = Letter.objects.order_by("pk")[0], self.world.cast["member"]
        return {"letter": (letter.pk, letter.pk), "person": (person.pk, person.pk)}

    def application(self, part: str) -> Pair:
        """One's own, and that of somebody who is asked for another group."""
        mine = Application.objects.filter(person=self.person(part)).first()
        default = Application.objects.get(person=self.world.cast["member"])
        return (mine or default), Application.objects.get(person__name="Mary Jackson")

    def looked_after(self, part: str) -> Pair:
        """An application that an organizer looks after: of their program, of their city; and one of another."""
        foreign = "Evelyn Boyd" if part == "chapter" else "Annie Easley"
        return Application.objects.get(person__name="Dorothy Vaughan"), Application.objects.get(person__name=foreign)

    def person(self, part: str) -> Person | None:
        return self.world.cast.get(part)

    def circle(self, part: str) -> Pair:
        pair = (self.world.group, self.world.foreign_group)
        return (pair[1], pair[0]) if part == "other" else pair

    def question(self, part: str) -> Pair:
        pair = self.records["question"]
        return (pair[1], pair[0]) if part == "other" else pair

    def meeting(self, part: str) -> Pair:
        """For who joined later the foreign one is their own group's, before their first day."""
        foreign = self.world.foreign_group.meetings.get()
        if part == "other":
            return foreign, self.world.second
        return self.world.second, self.world.first if part == "later" else foreign

    def invitation(self, part: str) -> Pair:
        mine = Invitation.objects.filter(application__person=self.person(part)).first() if part != "anon" else None
        asked = Invitation.objects.exclude(sent_at=None)
        default = asked.get(application__person=self.world.cast["invited"])
        return (mine or default).public_id, asked.get(application__person__name="Mary Jackson").public_id

    def seat(self, part: str) -> Pair:
        own, foreign = self.meeting(part)
        mine = own.seats.filter(person=self.person(part)).first() if part != "anon" else None
        return (mine or own.seats.order_by("pk")[0]).public_id, foreign.seats.order_by("pk")[0].public_id


def date_of(program: Program, now: datetime) -> Meeting:
    """A date of a roundtable in Lisbon, a month ahead."""
    table = Group.objects.create(
        program=program,
        name="Lisbon roundtable",
        roster="open",
        mode="in_person",
        metro="Lisbon",
        zone="Europe/Lisbon",
        window=36,
        sealed_at=now,
    )
    day = now.date() + timedelta(days=30)
    starts_at = instant(day, time(18), table.zone)
    return Meeting.objects.create(
        group=table,
        occurrence_date=day,
        local_date=day,
        local_time=time(18),
        zone=table.zone,
        minutes=90,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
    )


def poll_of(group: Group, now: datetime) -> Poll:
    """A running poll of a group, with one hour."""
    day = now.date() + timedelta(days=30)
    poll = Poll.objects.create(
        group=group,
        kind=Kind.HOUR,
        from_date=day,
        zone=group.zone,
        minutes=90,
        opened_at=now,
        closes_at=now + timedelta(days=5),
    )
    starts_at = instant(day, time(12), group.zone)
    poll.options.create(on=day, at=time(12), starts_at=starts_at, added_at=now)
    return poll


def nudge_of(group: Group, leader: Person) -> Nudge:
    """A word in private to who leads a circle's next meeting."""
    first = group.meetings.order_by("starts_at")[0]
    return Nudge.objects.create(
        group=group, on=first.occurrence_date, sign="presence", person=leader, made_at=first.starts_at
    )


def note_of(takeaway: Takeaway, now: datetime) -> str:
    """A note for outside that waits for the yes of those who were there."""
    until = now + timedelta(days=14)
    note = ReleasedNote.objects.create(takeaway=takeaway, text="Ask first.", proposed_at=now, open_until=until)
    there = Seat.objects.perhaps_there().filter(meeting=takeaway.round.board.meeting)
    ReleaseAsked.objects.bulk_create([ReleaseAsked(takeaway=takeaway, person_id=seat.person_id) for seat in there])
    return note.public_id


def ids(pair: Pair, name: str = "public_id") -> Pair:
    return getattr(pair[0], name), getattr(pair[1], name)


def words(things: Things, name: str, part: str) -> dict[str, Pair]:
    """What stands in the route, for this address and this person."""
    world, kind = things.world, name.rsplit("_", 1)[0].rpartition("_")[2]
    if name.startswith("/admin/") and "object_id" in name:
        kind = name.split("/")[3]
    given: dict[str, Callable[[], Pair]] = {
        "slug": lambda: (world.program.slug, world.foreign_program.slug),
        "quarter": lambda: ("2026-q1", "2026-q1"),
        "city": lambda: ("chicago", "chicago"),
        "takeaway_id": lambda: (world.takeaway.public_id, world.takeaway.public_id),
        "topic_id": lambda: (world.topic.public_id, world.topic.public_id),
        "app_label": lambda: ("members", "members"),
        "page": lambda: ("work", "work"),
        "provider": lambda: ("postmark", "postmark"),
        "url": lambda: ("nowhere/", "nowhere/"),
        "token": lambda: ("invented.token", "invented.token"),
        "content_type_id": lambda: (ContentType.objects.get_for_model(Program).pk,) * 2,
        "pk": lambda: things.records["letter"] if "letter" in name or "outbox" in name else (1, 2),
        "object_id": lambda: (
            ids(things.looked_after(part), "pk") if kind == "application" else things.records.get(kind, (1, 2))
        ),
        "key": lambda: key_of(things, name, part),
        "public_id": lambda: public_id_of(things, name, part),
        "other": lambda: things.records["circle"] if "living_merge" in name else ids(things.looked_after(part)),
        "question": lambda: things.question(part),
    }
    return {word: pair() for word, pair in given.items() if re.search(rf"[<:]{word}>", addresses()[name])}


# By a word in the route's name the record that its key names; the first word that is there decides.
RECORD_IN_NAME = {
    "proposal": "proposal",
    "living": "circle",
    "card": "card",
    "offer": "offer",
    "composition": "show",
    "table": "table",
}


def key_of(things: Things, name: str, part: str) -> Pair:
    if name == "groups:invitation":
        return things.invitation(part)
    if name == "meetings:seat":
        return things.seat(part)
    if name == "meetings:your_turn":
        return ids(things.meeting(part))
    if name == "meetings:shared_note":
        return things.records["note"]
    if name.startswith(("meetings:poll", "meetings:nudge")):
        own, foreign = things.records[name.removeprefix("meetings:").partition("_")[0]]
        return (foreign, own) if part == "other" else (own, foreign)
    if name in ("admin:import_columns", "admin:import_confirm"):
        return things.uploads.get(part, things.uploads["organizer"])
    record = next((record for word, record in RECORD_IN_NAME.items() if word in name), "draft")
    return things.records[record]


def public_id_of(things: Things, name: str, part: str) -> Pair:
    if name.startswith("admin:"):
        return ids(things.looked_after(part))
    if name.startswith("members:") or name == "groups:host":
        return ids(things.application(part))
    return ids(things.circle(part) if name in OF_A_CIRCLE else things.meeting(part))


QUERIES = {"admin:autocomplete": "?app_label=members&model_name=organizer&field_name=person&term=a"}


def where(things: Things, name: str, part: str) -> tuple[str, str]:
    """The two paths: one's own and somebody else's; the same where the route names nothing."""
    found = words(things, name, part)
    own, foreign = (filled(addresses()[name], {word: pair[which] for word, pair in found.items()}) for which in (0, 1))
    return own + QUERIES.get(name, ""), foreign + QUERIES.get(name, "")


WORD = re.compile(r"<(?:\w+:)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")


def filled(route: str, values: dict[str, Any]) -> str:
    """A path from a route of either kind."""
    path = GROUP.sub(r"<\1>", route).replace("^", "").removesuffix("$")
    return "/" + WORD.sub(lambda found: str(values[found[1]]), path)
