"""What must hold of all circles, each rule as what breaks it. The first ones at every moment, the others at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.http import Http404

from groups.closing import KEPT
from groups.models.group import Group, Membership
from meetings import access, health, vitals
from meetings.models.meeting import Meeting, MeetingRole, Role, State
from meetings.models.seat import Seat
from members import leaving, milestones
from members.models.application import Application
from members.models.person import Person
from members.stages import Stage
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.life.circles import WORD, Life

Rule = Callable[[Life], list[Any]]
AHEAD, LARGEST, MOST_LETTERS = 3, 9, 4
SOME = 20
ASKED, SEASON = 30, 70  # the orders of the steps at which somebody was asked to join, and begins a second season
COUNTED = ("planned", "moved", "please_answer", "between", "tomorrow", "thanks")  # E20, E26, E22, E30, E23, E27


def watch(life: Life) -> None:
    """What is broken now is noted under its rule, with the moment."""
    for rule in (few_dates, wrong_seats, led_by_nobody, twice_seated, too_large):
        if broken := rule(life):
            life.wrong[rule.__name__].append(f"{life.clock.now():%d %b %y %H:%M}: {broken}")


def few_dates(life: Life) -> list[Any]:
    """Living circles with fewer than three dates ahead."""
    ahead = Q(meetings__state=State.PLANNED, meetings__ends_at__gt=life.clock.now())
    living = Group.objects.filter(closed_at=None).annotate(ahead=Count("meetings", filter=ahead))
    return list(living.filter(ahead__lt=AHEAD).values_list("name", flat=True))


def wrong_seats(life: Life) -> list[Any]:
    """At dates to come: members without a seat, and seats of others."""
    meetings = Meeting.objects.filter(state=State.PLANNED, starts_at__gt=life.clock.now(), group__closed_at=None)
    belong = members(life)
    should = {(key, person) for key, group in meetings.values_list("pk", "group") for person in belong.get(group, ())}
    return sorted(should ^ set(Seat.objects.filter(meeting__in=meetings).values_list("meeting", "person")))


def members(life: Life) -> dict[int, set[int]]:
    """Who belongs to each living circle today."""
    found: dict[int, set[int]] = {}
    today = Membership.objects.on(life.clock.now().date()).filter(group__closed_at=None)
    for group, person in today.values_list("group", "person"):
        found.setdefault(group, set()).add(person)
    return found


def led_by_nobody(life: Life) -> list[Any]:
    """Dates within a week without two different members who lead and keep the time."""
    now, belong = life.clock.now(), members(life)
    soon = Meeting.objects.filter(state=State.PLANNED, group__closed_at=None, starts_at__gt=now)
    soon = soon.filter(starts_at__lte=now + timedelta(days=7))
    roles = MeetingRole.objects.filter(meeting__in=soon, role__in=[Role.FACILITATOR, Role.TIMEKEEPER])
    named = {
        (key, person)
        for key, group, person in roles.values_list("meeting", "meeting__group", "person")
        if person in belong.get(group, ())
    }
    count = Counter(key for key, _ in named)
    return [meeting.pk for meeting in soon if count[meeting.pk] < 2]


def twice_seated(life: Life) -> list[Any]:
    count = Counter(person for people in members(life).values() for person in people)
    return [person for person, circles in count.items() if circles > 1]


def too_large(life: Life) -> list[Any]:
    return [group for group, people in members(life).items() if len(people) > LARGEST]


def too_many_letters(life: Life) -> list[Any]:
    """More than four about one date to one member; of a role there are others beside."""
    letters = Letter.objects.filter(kind__in=[f"meetings/{kind}" for kind in COUNTED])
    count = letters.values("about", "to").annotate(number=Count("pk"))
    return list(count.filter(number__gt=MOST_LETTERS).values_list("about", "to", "number"))


def words_outside(life: Life) -> list[Any]:
    """Letters that hold a word of the room."""
    letters = Letter.objects.only("kind", "subject", "text", "html")
    return [one.kind for one in letters.iterator() if WORD in f"{one.subject} {one.text} {one.html}"]


def read_too_much(life: Life) -> list[Any]:
    """Who came later and reads what was before them; and circles that open to their organizer."""
    later = Membership.objects.filter(left_on=None, group__closed_at=None, joined_on__gt=F("group__sealed_at__date"))
    found: list[Any] = []
    for one in later.select_related("person", "group__program"):
        boards = access.memory(one.person, one.group.public_id).boards
        found += [one for board in boards if board.meeting.local_date < one.joined_on]
    return found + [group for group in life.living() if opens_to_the_organizer(life, group)]


def opens_to_the_organizer(life: Life, group: Group) -> bool:
    try:
        access.memory(life.organizer, group.public_id)
    except Http404:
        return False
    return True


def forgotten(life: Life) -> list[Any]:
    """Living circles that the organizer does not see, and amber ones without anything to do about them."""
    seen = {one.group: one.judged for one in health.of_organizer(life.organizer)}
    idle = [group for group, judged in seen.items() if judged.amber and judged.action == vitals.Action.NOTHING]
    return [group for group in life.living() if group not in seen] + idle


def stranded(life: Life) -> list[Any]:
    """People of circles that ended so long ago that all is forgotten, who count as placed and sit nowhere."""
    long_ago = life.clock.now() - KEPT - timedelta(days=1)
    ended = Membership.objects.filter(group__closed_at__lt=long_ago).values("person")
    placed = Application.objects.filter(person__in=ended, stage=Stage.PLACED)
    return list(placed.exclude(person__memberships__left_on=None, person__memberships__group__closed_at=None))


def kept_too_long(life: Life) -> list[Any]:
    """Circles that ended so long ago, and what was said in them is still there."""
    long_ago = life.clock.now() - KEPT - timedelta(days=1)
    return list(Group.objects.filter(closed_at__lt=long_ago, forgotten_at=None))


def not_erased(life: Life) -> list[Any]:
    """Some of who has left every circle, and cannot be erased. Nobody is: each comes back."""
    left = Person.objects.filter(memberships__isnull=False).exclude(memberships__left_on=None)
    return [person for person in left.distinct().order_by("pk")[:SOME] if not may_be_erased(person)]


def may_be_erased(person: Person) -> bool:
    try:
        with transaction.atomic():
            leaving.erase(person)
            transaction.set_rollback(True)
    except (NotAllowed, IntegrityError):
        return False
    return True


def skipped_a_step(life: Life) -> list[Any]:
    """Applications that came to a step after the invitation, up to the third meeting, and not to the one before it. A
    second season begins also for who stays a member and has missed meetings of the first.
    """
    steps = sorted(milestones.REGISTERED, key=lambda step: step.order)
    found = [reached for one in steps if ASKED <= one.order < SEASON for reached in one.find(life.program)]
    return [
        sorted(later.keys() - earlier.keys()) for earlier, later in pairwise(found) if later.keys() - earlier.keys()
    ]


AT_THE_END: list[Rule] = [
    *(too_many_letters, words_outside, read_too_much, forgotten, stranded),
    *(kept_too_long, not_erased, skipped_a_step),
]
