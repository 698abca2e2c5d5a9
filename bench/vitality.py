"""An organizer's month with a hundred circles: health, how circles live, and the weekly brief. `bin/bench vitality`.

Eight members and eight past meetings each, and one to come; one circle and a hundred in turn.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.empty import empty_database
from bench.review import SPENT, Asked, asked, spent, spread

SIZES = (1, 100)
MEMBERS, MEETINGS, WEEKS = 8, 8, 6
ROUNDS = 20
GOAL_MILLISECONDS, GOAL_QUERIES = 300.0, 15
ATTENDANCE = ("present",) * 7 + ("late", "excused", "absent")
LOOKS = ("health", "lives", "brief")


@dataclass
class Bench:
    """So many circles, the pages of their organizer, and what was measured by page."""

    circles: int
    client: Any
    paths: dict[str, str]
    asked: dict[str, list[Asked]] = field(default_factory=dict)


def main() -> int:
    """Print the table; 1 if the goal was missed."""
    with empty_database():
        return report(measured([made(size) for size in SIZES]))


def made(circles: int) -> Bench:
    """A program with so many circles, and its organizer signed in."""
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from members.models.person import Person  # noqa: PLC0415
    from members.models.program import Organizer, Program  # noqa: PLC0415

    program = Program.objects.create(slug=f"bench-{circles}", name=f"Bench {circles}")
    organizer = Person.objects.create_user(f"org@bench-{circles}.example.org", name="Olga", is_staff=True)
    Organizer.objects.create(program=program, person=organizer)
    chance = random.Random(circles)  # noqa: S311 - repeatable on purpose
    for number in range(circles):
        live(program, number, chance)
    client = Client()
    client.force_login(organizer, backend="roundtable.sessions.Backend")
    paths = {
        "health": reverse("admin:groups_health"),
        "lives": reverse("admin:groups_lives", args=[program.slug]),
        "brief": reverse("admin:groups_brief"),
    }
    return Bench(circles, client, paths)


def live(program: Any, number: int, chance: random.Random) -> None:
    """One circle with its people, who waited, were asked, came or did not; one in six has ended."""
    from groups.models.group import Group, Membership  # noqa: PLC0415
    from members.models.application import Application  # noqa: PLC0415
    from members.models.person import Person  # noqa: PLC0415

    now = datetime.now(UTC)
    sealed = now - timedelta(weeks=WEEKS * MEETINGS + 2 + chance.randrange(60))
    place = {"mode": chance.choice(("video", "in_person")), "metro": "Lisbon", "zone": "Europe/Lisbon", "window": 36}
    group = Group.objects.create(program=program, name=f"Circle {number}", sealed_at=sealed, **place)
    people = Person.objects.bulk_create(
        Person(email=f"p{one}@c{number}.{program.slug}.example.org", name=f"P{one}", initials="P")
        for one in range(MEMBERS)
    )
    Membership.objects.bulk_create(Membership(group=group, person=one, joined_on=sealed.date()) for one in people)
    Application.objects.bulk_create(
        Application(program=program, person=one, stage="placed", submitted_at=sealed, metro="Lisbon") for one in people
    )
    for turn, starts_at in enumerate(dates(now)):
        meet(group, people, starts_at, turn, chance)
    if number % 6 == 5:
        Group.objects.filter(pk=group.pk).update(closed_at=now - timedelta(days=1))


def dates(now: datetime) -> Iterator[datetime]:
    """Eight that are over, oldest first, and one ten days ahead."""
    for back in range(MEETINGS, 0, -1):
        yield now - timedelta(weeks=WEEKS * (back - 1), days=32)
    yield now + timedelta(days=10)


def meet(group: Any, people: list[Any], starts_at: datetime, turn: int, chance: random.Random) -> None:
    """A meeting with a seat and an answer for each; what is over has a board with rounds and takeaways."""
    from meetings.models.meeting import Meeting, MeetingRole  # noqa: PLC0415
    from meetings.models.seat import Seat, SeatAnswer  # noqa: PLC0415

    over = starts_at < datetime.now(UTC)
    day = {"occurrence_date": starts_at.date(), "local_date": starts_at.date(), "local_time": starts_at.time()}
    spot = {"zone": "UTC", "minutes": 90, "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=90)}
    meeting = Meeting.objects.create(group=group, **day, **spot)
    MeetingRole.objects.create(meeting=meeting, role="facilitator", person=people[turn % MEMBERS])
    seats = Seat.objects.bulk_create(
        Seat(
            meeting=meeting,
            person=one,
            state="coming",
            attendance=chance.choice(ATTENDANCE) if over else "unknown",
        )
        for one in people
    )
    early = starts_at - timedelta(days=6)
    SeatAnswer.objects.bulk_create(
        SeatAnswer(seat=one, answer="yes", via="page", received_at=early) for one in seats if chance.random() < 0.8
    )
    if over:
        talk(meeting, people, starts_at)


def talk(meeting: Any, people: list[Any], at: datetime) -> None:
    """Four topics with a round and a takeaway each."""
    from meetings.boxes import Phase  # noqa: PLC0415
    from meetings.models.board import Board, Round, Topic, TopicState  # noqa: PLC0415
    from meetings.models.takeaway import Takeaway  # noqa: PLC0415

    board = Board.objects.create(
        meeting=meeting, phase=Phase.CLOSED, starts_at=at, closing_at=at, ends_at=meeting.ends_at
    )
    for number in range(4):
        words = {"title": "Pay", "sponsor": people[number], "state": TopicState.DISCUSSED}
        topic = Topic.objects.create(board=board, **words)
        spoken = {"opened_at": at, "closed_at": at, "sponsor": people[number]}
        round_ = Round.objects.create(board=board, topic=topic, number=number + 1, **spoken)
        Takeaway.objects.create(round=round_, written_by=people[number], written_at=at, text="Ask first.")


def measured(benches: list[Bench]) -> list[Bench]:
    """Both sizes in turn, request by request, so that whatever else the machine does disturbs them alike."""
    for round_ in range(ROUNDS + 1):
        for name in LOOKS:
            for one in benches:
                took = asked(looked(one, name))
                if round_:  # the first request of a process compiles its templates
                    one.asked.setdefault(name, []).append(took)
    return benches


def looked(one: Bench, name: str) -> Callable[[], Any]:
    return lambda: one.client.get(one.paths[name])


def report(benches: list[Bench]) -> int:
    """One line per page and size; work is what the request took of our and the database's processors."""
    print(f"page       circles  queries{SPENT}")
    for name in LOOKS:
        for one in benches:
            told = one.asked[name]
            print(f"{name:<10}{one.circles:>8}{max(each.queries for each in told):>9}{spent(told)}")
    complaints = missed(benches)
    print("\n" + ("\n".join(complaints) or "Every goal is reached."))
    return int(bool(complaints))


def missed(benches: list[Bench]) -> list[str]:
    """Pages of a hundred circles above the goals, and pages whose statements grow with the circles."""
    found = []
    for name in LOOKS:
        told = benches[-1].asked[name]
        work, queries = spread([each.work for each in told])[0], max(each.queries for each in told)
        if work >= GOAL_MILLISECONDS:
            found.append(f"MISSED: {name} takes {work:.0f} ms, goal {GOAL_MILLISECONDS:.0f}")
        if queries > GOAL_QUERIES:
            found.append(f"MISSED: {name} takes {queries} statements, goal {GOAL_QUERIES}")
        if len({each.queries for one in benches for each in one.asked[name]}) > 1:
            found.append(f"MISSED: {name}: statements differ by size")
    return found


if __name__ == "__main__":
    sys.exit(main())
