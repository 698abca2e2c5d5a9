"""A group's memory after ten years: what a search, the timeline and the file cost. `bin/bench memory`.

Nothing of it is indexed: with each request every word that the reader may open is decrypted and looked through.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.empty import empty_database
from bench.review import SPENT, Asked, asked, spent, spread

MEETINGS = (8, 80)  # one year and ten, at a meeting every six or seven weeks
TOPICS, KEPT, PROMISES, MEMBERS = 6, 5, 4, 9
ROUNDS = 10
GOAL_MILLISECONDS = 200.0  # of a search after ten years, for nineteen of twenty
RARE = "quarryfalcon"
SYLLABLES = ("ka", "lo", "mi", "ra", "te", "su", "né", "vo", "pi", "dør", "šan", "bel", "gru", "hem")
LOOKS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("a rare word", "takeaways/", {"q": RARE}),
    ("a frequent word", "takeaways/", {"q": "ka"}),
    ("a phrase", "takeaways/", {"q": f'"{RARE} {RARE}"'}),
    ("%", "takeaways/", {"q": "%"}),
    ("10 kB", "takeaways/", {"q": "ka " * 3_500}),
    ("no words", "takeaways/", {}),
    ("timeline", "timeline/", {}),
    ("file (JSON)", "takeaways/file/", {"as": "json"}),
)
SEARCHES = [name for name, path, _ in LOOKS if path == "takeaways/"]


@dataclass
class Bench:
    """A circle of one age, one of its members' browser, and the requests by what was asked."""

    meetings: int
    path: str
    client: Any
    asked: dict[str, list[Asked]] = field(default_factory=dict)


def main() -> int:
    """Print the table; 1 if the goal was missed."""
    with empty_database():
        from roundtable import loaded  # noqa: PLC0415 - as a process that answers requests keeps what it has loaded

        benches = [made(meetings) for meetings in MEETINGS]
        measured(benches, rounds=1)  # loads pages and compiles their templates
        loaded.keep()
        return report(measured(benches, rounds=ROUNDS))


def made(meetings: int) -> Bench:
    """A circle that has met so often, and one of its first members signed in."""
    from django.test import Client  # noqa: PLC0415

    from groups.models.group import Group, Membership  # noqa: PLC0415
    from members.models.person import Person  # noqa: PLC0415
    from members.models.program import Program  # noqa: PLC0415

    program = Program.objects.create(slug=f"bench-{meetings}", name=f"Bench {meetings}")
    begun = datetime(2016, 1, 5, 18, tzinfo=UTC)
    where = {"mode": "video", "zone": "UTC", "window": 36, "sealed_at": begun}
    group = Group.objects.create(program=program, name=f"Circle {meetings}", **where)
    people = [
        Person.objects.create_user(f"p{number}@bench-{meetings}.example.org", name=f"Person {number}", initials="P")
        for number in range(MEMBERS)
    ]
    Membership.objects.bulk_create(
        Membership(group=group, person=one, joined_on=begun.date(), file_yes=True) for one in people
    )
    chance = random.Random(meetings)  # noqa: S311 - repeatable on purpose
    for number in range(meetings):
        meet(group, people, begun + timedelta(days=45 * number), chance)
    client = Client()
    client.force_login(people[0], backend="roundtable.sessions.Backend")
    return Bench(meetings, f"/groups/{group.public_id}/", client)


def meet(group: Any, people: list[Any], starts_at: datetime, chance: random.Random) -> None:
    """One meeting that is over, with what was kept of it, every word closed with the group's key."""
    from meetings.boxes import Phase  # noqa: PLC0415
    from meetings.models.board import Board, Topic, TopicState  # noqa: PLC0415
    from meetings.models.meeting import Meeting  # noqa: PLC0415
    from meetings.models.seat import Attendance, Seat  # noqa: PLC0415
    from meetings.models.takeaway import Promise, PromiseState  # noqa: PLC0415

    ends_at = starts_at + timedelta(minutes=90)
    day = {"occurrence_date": starts_at.date(), "local_date": starts_at.date(), "local_time": starts_at.time()}
    spot = {"zone": "UTC", "minutes": 90, "starts_at": starts_at, "ends_at": ends_at}
    meeting = Meeting.objects.create(group=group, **day, **spot)
    Seat.objects.bulk_create(Seat(meeting=meeting, person=one, attendance=Attendance.PRESENT) for one in people)
    times = {"starts_at": starts_at, "closing_at": starts_at, "ends_at": ends_at}
    board = Board.objects.create(meeting=meeting, phase=Phase.CLOSED, **times)
    for number in range(TOPICS):
        state = TopicState.DISCUSSED if number < KEPT else TopicState.OFFERED
        words = {"title": text(chance, 6), "note": text(chance, 25)}
        topic = Topic.objects.create(board=board, sponsor=chance.choice(people), state=state, **words)
        if number < KEPT:
            keep(topic, number + 1, text(chance, 45))
    for person in people[:PROMISES]:
        Promise.objects.create(board=board, person=person, text=text(chance, 15), state=PromiseState.DONE)


def keep(topic: Any, number: int, words: str) -> None:
    """A round with its takeaway; one in forty holds the rare word."""
    from meetings.models.board import Round  # noqa: PLC0415
    from meetings.models.takeaway import Takeaway  # noqa: PLC0415

    at = topic.board.ends_at
    talk = Round.objects.create(board=topic.board, topic=topic, number=number, opened_at=at, closed_at=at)
    said = f"{words} {RARE}" if topic.pk % 40 == 0 else words
    Takeaway.objects.create(round=talk, written_by=topic.sponsor, written_at=at, text=said)


def text(chance: random.Random, words: int) -> str:
    """Made-up words, some with accents."""
    return " ".join("".join(chance.choices(SYLLABLES, k=chance.randint(1, 3))) for _ in range(words))


def measured(benches: list[Bench], *, rounds: int) -> list[Bench]:
    """Both ages in turn, request by request, so that whatever else the machine does disturbs them alike."""
    for one in benches:
        one.asked.clear()
    for _ in range(rounds):
        for name, path, query in LOOKS:
            for one in benches:
                one.asked.setdefault(name, []).append(asked(looked(one, path, query)))
    return benches


def looked(one: Bench, path: str, query: dict[str, str]) -> Callable[[], Any]:
    return lambda: one.client.get(one.path + path, query)


def report(benches: list[Bench]) -> int:
    """One line per look and age; work is what the request took of our and the database's processors."""
    print(f"look             meetings  queries{SPENT}")
    for name, _, _ in LOOKS:
        for one in benches:
            told = one.asked[name]
            print(f"{name:<17}{one.meetings:>8}{max(each.queries for each in told):>9}{spent(told)}")
    complaints = missed(benches)
    print("\n" + ("\n".join(complaints) or "Every goal is reached."))
    return int(bool(complaints))


def missed(benches: list[Bench]) -> list[str]:
    """Searches above the goal, and looks whose statements grow with the group."""
    found = []
    for name in SEARCHES:
        for one in benches:
            work = spread([each.work for each in one.asked[name]])[1]
            if work >= GOAL_MILLISECONDS:
                found.append(
                    f"MISSED: {name} takes {work:.0f} ms at {one.meetings} meetings, goal {GOAL_MILLISECONDS:.0f}"
                )
    for name, _, _ in LOOKS:
        if len({each.queries for one in benches for each in one.asked[name]}) > 1:
            found.append(f"MISSED: {name}: statements differ by size")
    return found


if __name__ == "__main__":
    sys.exit(main())
