"""Where each person of the cast goes for what is theirs, and for the same thing of somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType

from groups.models.backfill import Backfill
from groups.models.draft import Composition, DraftGroup
from groups.models.group import Group
from groups.models.invitation import Invitation
from groups.models.offer import Offer
from groups.models.question import Merge, Question
from meetings.cadence import instant
from meetings.models.meeting import Meeting
from meetings.models.poll import Kind, Poll
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
    *("meetings:group", "meetings:leave", "meetings:address", "meetings:addresses", "meetings:takeaways"),
    *("meetings:dates", "meetings:rhythm", "meetings:leave_out", "meetings:choices"),
    *("groups:candidates", "groups:entry", "groups:sabbatical", "groups:come_back"),
    *("groups:close", "groups:look_on", "meetings:memory", "meetings:hours"),
    *("groups:question", "groups:step_out", "groups:stay", "groups:company"),
)
Pair = tuple[Any, Any]


@dataclass
class Things:
    """Own and foreign objects by the word that a route has for them. What nobody has of their own is the member's."""

    world: World
    records: dict[str, Pair] = field(default_factory=dict)
    uploads: dict[str, Pair] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ours, theirs = self.world.program, self.world.foreign_program
        for part in STAFF:
            kept = [uploads.keep(program, FILE, by=self.world.cast[part]) for program in (ours, theirs)]
            self.uploads[part] = (kept[0].public_id, kept[1].public_id)
        taught = [
            PlaceAlias.objects.create(program=program, text="the ferry", place_id=1) for program in (ours, theirs)
        ]
        imports = [Import.objects.create(program=program) for program in (ours, theirs)]
        runs = [
            Composition.objects.filter(program=ours)[0],
            Composition.objects.create(program=theirs, progress="done"),
        ]
        drafts = [
            DraftGroup.objects.filter(composition=runs[0]).order_by("number")[0],
            DraftGroup.objects.create(composition=runs[1], number=1, mode="video", zone="UTC", window=0),
        ]
        groups = [
            self.world.group,
            Group.objects.create(
                program=theirs, name="Far", mode="video", zone="UTC", window=0, sealed_at=self.world.now
            ),
        ]
        rooms = [
            Room.objects.create(program=program, metro="Lisbon", name="Loft", address="Rua 1")
            for program in (ours, theirs)
        ]
        hosts = [Application.objects.filter(program=program).order_by("pk")[0] for program in (ours, theirs)]
        offers = [
            Offer.objects.create(
                program=one.program,
                application=one,
                kind="taster",
                place="Lisbon",
                by_video=False,
                zone="UTC",
                window=0,
                made_at=self.world.now,
            )
            for one in hosts
        ]
        cards = [
            Backfill.objects.create(
                group=group,
                application=one,
                rule="no_objection",
                shown_at=self.world.now,
                concerns_until=self.world.now + timedelta(days=5),
            )
            for group, one in zip(groups, hosts, strict=True)
        ]
        far = Group.objects.create(
            program=theirs, name="Further", mode="video", zone="UTC", window=0, sealed_at=self.world.now
        )
        pairs = [(groups[0], self.world.foreign_group), (groups[1], far)]
        merges = [Merge.objects.create(stays=one, joins=other, proposed_at=self.world.now) for one, other in pairs]
        week = {"asked_at": self.world.now, "open_until": self.world.now + timedelta(days=7)}
        asked = [
            Question.objects.create(group=group, kind="company", occasion="0", **week)
            for group in (self.world.group, self.world.foreign_group)
        ]
        polls = [poll_of(group, self.world.now) for group in (self.world.group, self.world.foreign_group)]
        tables = [date_of(program, self.world.now) for program in (ours, theirs)]
        letter = Letter.objects.order_by("pk")[0]
        codes = [CodeOfConduct.objects.get(program=program) for program in (ours, theirs)]
        person = self.world.cast["member"]
        self.records = {
            "placealias": (taught[0].pk, taught[1].pk),
            "import": (imports[0].pk, imports[1].pk),
            "composition": (runs[0].pk, runs[1].pk),
            "show": (runs[0].public_id, runs[1].public_id),
            "room": (rooms[0].pk, rooms[1].pk),
            "offer": (offers[0].public_id, offers[1].public_id),
            "draft": (drafts[0].public_id, drafts[1].public_id),
            "circle": (groups[0].public_id, groups[1].public_id),
            "proposal": (merges[0].public_id, merges[1].public_id),
            "question": (asked[0].public_id, asked[1].public_id),
            "poll": (polls[0].public_id, polls[1].public_id),
            "table": (tables[0].public_id, tables[1].public_id),
            "card": (cards[0].public_id, cards[1].public_id),
            "group": (groups[0].pk, groups[1].pk),
            "letter": (letter.pk, letter.pk),
            "codeofconduct": (codes[0].pk, codes[1].pk),
            "program": (ours.pk, theirs.pk),
            "person": (person.pk, person.pk),
        }

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


def ids(pair: Pair, name: str = "public_id") -> Pair:
    return getattr(pair[0], name), getattr(pair[1], name)


def words(things: Things, name: str, part: str) -> dict[str, Pair]:
    """What stands in the route, for this address and this person."""
    world, kind = things.world, name.rsplit("_", 1)[0].rpartition("_")[2]
    if name.startswith("/admin/") and "object_id" in name:
        kind = name.split("/")[3]
    given: dict[str, Callable[[], Pair]] = {
        "slug": lambda: (world.program.slug, world.foreign_program.slug),
        "city": lambda: ("chicago", "chicago"),
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
    if name.startswith("meetings:poll"):
        own, foreign = things.records["poll"]
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
