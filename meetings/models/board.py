"""The lean-coffee board of one meeting: topics, rounds, calls, ballots, tallies. Confidential, and in no admin.

Reached through meetings/access.py only; nothing points back here by name (`related_name="+"`), and a row's `__str__`
is its kind and number. Lock order: meeting, board, call, then topic, round, takeaway.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from groups.models.group import Membership
from meetings import voting
from meetings.boxes import CLOSES_ITSELF_AFTER, PAUSE_ALONE, Box, Clock, Phase
from meetings.leading import Silence, silence
from meetings.models.meeting import Meeting, State
from meetings.models.seat import Seat
from members.models.conduct import CodeOfConduct
from members.models.person import Person, new_public_id
from members.models.program import Roster
from roundtable import clock
from roundtable.vault import EncryptedText

OPEN_TOPICS = 20
LOTS = 1_000_000
Row = TypeVar("Row", Membership, Seat)


PHASES = [(phase.value, phase.value.replace("_", " ")) for phase in Phase]
BOXES = [(box.value, box.value) for box in Box]
CLOCK = [field.name for field in fields(Clock)]


def default_boxes() -> list[int]:
    """Eight minutes, then five each time: the last value repeats."""
    return [8, 5]


def drawn_lot() -> int:
    """A number that orders turns."""
    return secrets.randbelow(LOTS)


class BoardQuerySet(models.QuerySet["Board"]):
    def due(self, now: datetime) -> BoardQuerySet:
        """Boards on which the clock alone has something to do: `advance` decides what. A date that was called off has
        no clock."""
        box = Q(box_ends_at__lte=now)
        begins = Q(phase=Phase.OPEN, starts_at__lte=now)
        closes = Q(closing_at__lte=now) & ~Q(phase__in=[Phase.OPEN, Phase.CLOSING])
        alone = Q(paused_at__lte=now - PAUSE_ALONE)
        forgotten = Q(ends_at__lte=now - CLOSES_ITSELF_AFTER)
        unled = Q(autopilot=True) | Q(led_until=None) | Q(led_until__lt=now)
        waits = Q(box="") & ~Q(phase__in=[Phase.OPEN, Phase.CLOSING])
        by_itself = unled & (begins | alone | waits)
        over = Q(phase=Phase.CLOSED) | Q(meeting__state=State.CANCELLED)
        return self.exclude(over).filter(box | closes | forgotten | by_itself).order_by("pk")

    def readable_by(self, person: Person, day: date) -> BoardQuerySet:
        """Boards of the circles that this person belongs to today, from the joining date on, and of one that they
        parted from those at which they had a seat; of a roundtable only those of meetings that the person comes to."""
        own = Membership.objects.filter(person=person, group=OuterRef("meeting__group"))
        since = Q(Exists(own.on(day).filter(joined_on__lte=OuterRef("meeting__local_date"))))
        seats = Seat.objects.filter(person=person, meeting=OuterRef("meeting"))
        parted = Q(Exists(own.parted())) & Q(Exists(seats))
        comes = Q(Exists(seats.coming()))
        circle = Q(meeting__group__roster=Roster.FIXED)
        return self.filter((circle & (since | parted)) | (~circle & comes))


class Board(models.Model):
    """One per meeting. Its row is the one lock of everything on the board; `version` rises with what others may see.

    The columns of the clock are named like the fields of `boxes.Clock`, which moves them.
    """

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="+")
    version = models.BigIntegerField(default=1)
    led_until = models.DateTimeField(null=True, blank=True)  # the facilitator's last sign of life, and a minute
    secret = models.BinaryField(max_length=32, null=True, blank=True)  # of topics without a name; dies at the close

    starts_at = models.DateTimeField()
    closing_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    phase = models.CharField(max_length=16, choices=PHASES, default=Phase.OPEN)
    step = models.PositiveIntegerField(default=0)
    box = models.CharField(max_length=12, choices=BOXES, blank=True)
    box_ends_at = models.DateTimeField(null=True, blank=True)
    box_left = models.DurationField(null=True, blank=True)
    grace = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True, blank=True)
    turn = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=0)
    counted = models.BooleanField(default=False)
    short = models.BooleanField(default=False)
    extensions = models.PositiveSmallIntegerField(default=0)
    spent = models.DurationField(default=timedelta)
    since = models.DateTimeField(null=True, blank=True)
    parked_box = models.CharField(max_length=12, choices=BOXES, blank=True)
    parked_left = models.DurationField(null=True, blank=True)
    parked_grace = models.BooleanField(default=False)
    put_off = models.BooleanField(default=False)
    autopilot = models.BooleanField(default=False)
    began_at = models.DateTimeField(null=True, blank=True)

    dots = models.PositiveSmallIntegerField(default=voting.DOTS)
    per_topic = models.PositiveSmallIntegerField(default=voting.PER_TOPIC)
    boxes = ArrayField(models.PositiveSmallIntegerField(), default=default_boxes)
    rule = models.CharField(max_length=12, default=voting.Rule.MORE_UP)
    tie = models.CharField(max_length=12, default=voting.Outcome.FACILITATOR)
    once = models.BooleanField(default=False)  # dots are given once, and the ranking is walked down
    check_in = models.BooleanField(default=False)
    promises = models.BooleanField(default=True)  # asked only where some were made
    speaker = models.ForeignKey(  # whose talk or case it is
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    lot = models.PositiveIntegerField(default=drawn_lot)  # of turns; it is no secret, unlike that of an open call
    topics_before = models.PositiveSmallIntegerField(null=True, blank=True)  # that somebody brought, two days before

    open_calls: Sequence[Any] = ()  # those that the guard found, for who reads on (access.py)
    acted_at: datetime | None = None  # the database's time at which this copy was last acted on, for the answer

    objects = BoardQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["box_ends_at"], name="boards_by_the_end_of_a_box", condition=~Q(phase=Phase.CLOSED)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(box="", box_ends_at=None, box_left=None)
                | (~Q(box="") & (Q(box_ends_at=None) ^ Q(box_left=None))),
                name="a_box_runs_or_rests",
            ),
            models.CheckConstraint(
                condition=Q(parked_box="") ^ Q(parked_left__isnull=False), name="a_parked_box_keeps_its_rest"
            ),
            models.CheckConstraint(
                condition=Q(per_topic__gte=1, per_topic__lte=F("dots"), dots__lte=9),
                name="dots_on_one_topic_fit_a_budget_of_at_most_9",
            ),
            models.CheckConstraint(condition=Q(closing_at__lt=F("ends_at")), name="the_closing_begins_before_the_end"),
        ]

    def __str__(self) -> str:
        return f"board {self.pk}"

    def silence(self, now: datetime) -> Silence:
        """Who may take over: under autopilot, which is the clock without a hand on it, anybody who is here."""
        return Silence.ANYBODY if self.autopilot else silence(self.led_until, self.starts_at, now)

    @property
    def speaks(self) -> int | None:
        """Whose talk or case it is, by the key of the person: as said here, or as the date was announced."""
        return self.speaker_id or self.meeting.presenter_id

    def remembered(self) -> dict[str, str]:
        """The columns of the clock as texts, for a move that may be undone; what is empty is left out."""
        return {field.name: field.value_to_string(self) for field in _clock() if getattr(self, field.name) is not None}

    @classmethod
    def as_it_was(cls, texts: Mapping[str, str]) -> Board:
        """A board, not to be saved, whose clock stands as it was remembered."""
        return cls(**{field.name: field.to_python(texts[field.name]) for field in _clock() if field.name in texts})

    @property
    def clock(self) -> Clock:
        """The columns of the clock as a value; what the database keeps as an empty text is None there."""
        values = {name: getattr(self, name) for name in CLOCK}
        boxes = {name: Box(values[name]) if values[name] else None for name in ("box", "parked_box")}
        return Clock(**values | boxes | {"phase": Phase(self.phase)})

    @clock.setter
    def clock(self, clock: Clock) -> None:
        for name in CLOCK:
            value = getattr(clock, name)
            setattr(self, name, "" if value is None and name in ("box", "parked_box") else value)


def agreed(rows: QuerySet[Row], program: str) -> QuerySet[Row]:
    """Those whose person may sign in, and owes no yes to a change of that program's code of conduct."""
    owed = CodeOfConduct.objects.owed_by(OuterRef(OuterRef("person"))).filter(program=OuterRef(program))
    return rows.filter(~Exists(owed), person__is_active=True)


def _clock() -> list[models.Field[Any, Any]]:
    return [field for field in Board._meta.fields if field.name in CLOCK]


class TopicState(models.TextChoices):
    OPEN = "open", "to discuss"
    DISCUSSING = "discussing", "under discussion"
    DISCUSSED = "discussed", "discussed"
    MERGED = "merged", "merged"
    OFFERED = "offered", "offered to the next meeting"
    DROPPED = "dropped", "dropped"


class TopicQuerySet(models.QuerySet["Topic"]):
    def open(self) -> TopicQuerySet:
        """To be discussed: a dot may lie on these, and on no other."""
        return self.filter(state=TopicState.OPEN)


class Topic(models.Model):
    """What somebody wants to talk about. Written under a name, or "somebody asks" with a pseudonym of this board."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    request_key = models.UUIDField(default=uuid.uuid4, editable=False)
    title = EncryptedText()
    note = EncryptedText(blank=True)
    resources = EncryptedText(blank=True)  # links, in the lines of meetings/resources.py
    sponsor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    hidden_author = models.BinaryField(max_length=32, null=True, blank=True)
    state = models.CharField(max_length=10, choices=TopicState, default=TopicState.OPEN)
    merged_into = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    carried_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    times_carried = models.PositiveSmallIntegerField(default=0)
    ears_only = models.BooleanField(default=False)
    kept = models.BooleanField(default=False)  # carried often, and its sponsor still wants it
    revision = models.PositiveIntegerField(default=1)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["board_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["board", "request_key"], name="a_topic_sent_twice_is_one_topic"),
            models.UniqueConstraint(
                fields=["board"], condition=Q(state=TopicState.DISCUSSING), name="one_topic_under_discussion_per_board"
            ),
            models.CheckConstraint(
                condition=Q(state=TopicState.MERGED) ^ Q(merged_into=None),
                name="a_merged_topic_names_what_it_is_part_of",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="no_topic_is_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(sponsor=None) | Q(hidden_author=None), name="a_hidden_author_is_no_named_sponsor"
            ),
        ]

    def __str__(self) -> str:
        return f"topic {self.pk}"

    def key_owner(self) -> str:
        """The group's own key closes the words."""
        return f"group:{self.board.meeting.group_id}"


class Round(models.Model):
    """One time-boxed topic; the board's clock counts what it spends while it is open."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    sponsor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    short = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    spent = models.DurationField(default=timedelta)
    extensions = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=120, blank=True)
    out_of_order = models.BooleanField(default=False)  # the facilitator took another topic than the first
    asked = models.ForeignKey(  # who is asked to open it, while nobody does
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["board_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["board", "number"], name="rounds_are_numbered_once_per_board"),
            models.UniqueConstraint(fields=["board"], condition=Q(closed_at=None), name="one_open_round_per_board"),
        ]

    def __str__(self) -> str:
        return f"round {self.pk}"


class Here(models.Model):
    """In this meeting now: pressed "I am here", or was ticked in the room by the facilitator."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since_at = models.DateTimeField(default=clock.now)
    in_room = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "here"
        ordering = ["since_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["board", "person"], name="a_person_is_here_once_per_board"),
        ]

    def __str__(self) -> str:
        return f"here {self.pk}"


class Hand(models.Model):
    """A raised hand. Hands are a queue: first raised, first heard."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["board", "person"], name="one_raised_hand_per_person_and_board"),
        ]

    def __str__(self) -> str:
        return f"hand {self.pk}"


class Move(models.Model):
    """The board before one of its last twenty moves, so that the move can be undone. Names nobody."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    step = models.PositiveIntegerField()
    what = models.CharField(max_length=20)
    before = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["board_id", "step"]
        constraints = [
            models.UniqueConstraint(fields=["board", "step"], name="one_move_per_board_and_step"),
        ]

    def __str__(self) -> str:
        return f"move {self.pk}"
