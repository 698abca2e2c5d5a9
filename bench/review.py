"""Review at triage speed: what one decision costs, at 86, 1,000 and 10,000 applications, and an import's seconds."""

from __future__ import annotations

import csv
import io
import itertools
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.empty import empty_database

SIZES = (86, 1_000, 10_000)
ROUNDS = 30  # of the four acts, so 120 decisions for each size
ACTS = ("accept", "hold", "decline", "undo")
GOAL_IMPORT = 60.0  # seconds for 10,000 rows
GOAL_DECISION, GOAL_PAGE = 150.0, 400.0  # milliseconds; a whole page of a hundred rows is loaded once in a sitting
CITIES = (
    "San Francisco, CA",
    "Chicago",
    "New York",
    "Minneapolis",
    "Berlin, Germany",
    "London, UK",
    "Bangalore, India",
)
ROLES = ("CTO", "VP Engineering", "Engineering Manager", "Director of Engineering", "Staff Engineer")
MODES = ("Either", "Video only", "In person", "Prefer in person")
HOURS = ("Mon early; Tue lunch; Wed evening", "Thu morning; Fri lunch; Mon evening", "Tue early; Wed early; Thu early")
REVIEW = "/admin/members/application/review/"
LOOKS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("next card", {}, "card"),
    ("first page", {}, ""),
    ("a filter", {"metro": "Berlin"}, ""),
)


@dataclass(frozen=True)
class Asked:
    """One request: its milliseconds by the clock, those that we and the database were at work, its statements."""

    clock: float
    work: float
    queries: int


@dataclass
class Bench:
    """A program of one size, its organizer's browser, and what was measured by what was done."""

    size: int
    program: Any
    client: Any
    seconds: float
    asked: dict[str, list[Asked]] = field(default_factory=dict)
    decided: str = ""


def main() -> int:
    """Print the table; 1 if a goal was missed."""
    with empty_database():
        return report(measured([made(size) for size in SIZES]))


def made(size: int) -> Bench:
    """A program of this size out of one import, and its organizer signed in."""
    from django.test import Client  # noqa: PLC0415

    program, organizer = cast(size)
    since = time.perf_counter()
    created = take_in(program, organizer, size)
    seconds = time.perf_counter() - since
    client = Client()
    client.force_login(organizer, backend="roundtable.sessions.Backend")
    return Bench(created, program, client, seconds)


def measured(benches: list[Bench]) -> list[Bench]:
    """All sizes in turn, request by request, so that whatever else the machine does disturbs them alike."""
    for one in benches:
        sat(one, "decision", pressed(one, "accept"))  # the first request of a process compiles its templates
        one.asked.clear()
    for _ in range(ROUNDS):
        for act in ACTS:
            for one in benches:
                sat(one, "decision", pressed(one, act))
        for name, query, target in LOOKS:
            for one in benches:
                wanted = {"program": one.program.slug, **query, **({"card": waiting(one.program)[0]} if target else {})}
                sat(one, name, looked(one, wanted, target))
    return benches


def sat(one: Bench, name: str, call: Callable[[], Any]) -> None:
    one.asked.setdefault(name, []).append(asked(call))


def pressed(one: Bench, act: str) -> Callable[[], Any]:
    """A key as htmx sends it: for the one who waits longest, or to take the last decision back."""
    chosen, follows = waiting(one.program)
    one.decided = chosen = one.decided if act == "undo" else chosen
    form = {"act": act, "chosen": chosen, "next": follows, "listed": "yes", "back": f"program={one.program.slug}"}
    headers = {"HX-Request": "true", "HX-Target": "card"}
    return lambda: decided(one.client.post(f"{REVIEW}decide/", {**form, "code": "audience"}, headers=headers))


def decided(response: Any) -> Any:
    """The answer, once it says that something was done."""
    assert b'data-kind="success"' in response.content, response.content[-500:]
    return response


def looked(one: Bench, wanted: dict[str, str], target: str) -> Callable[[], Any]:
    headers = {"HX-Request": "true", "HX-Target": target} if target else {}
    return lambda: one.client.get(REVIEW, wanted, headers=headers)


def asked(call: Callable[[], Any]) -> Asked:
    """One request, timed. Its statements are counted and not kept."""
    from django.db import connection  # noqa: PLC0415

    count = itertools.count()
    with connection.execute_wrapper(lambda execute, *told: (next(count), execute(*told))[1]):
        since, busy = time.perf_counter(), at_work(connection)
        response = call()
        clock, work = time.perf_counter() - since, at_work(connection) - busy
    assert response.status_code == 200, response.status_code
    return Asked(1000 * clock, 1000 * work, next(count))


def at_work(connection: Any) -> float:
    """Seconds that this process and, where it runs on this machine, its database backend have had a processor."""
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    theirs = int(backend.read_text().split()[0]) / 1e9 if backend.exists() else 0.0
    return time.process_time() + theirs


def cast(size: int) -> tuple[Any, Any]:
    """A program with a code of conduct, and whoever looks after it."""
    from members.models.conduct import CodeOfConduct  # noqa: PLC0415
    from members.models.person import Person  # noqa: PLC0415
    from members.models.program import Organizer, Program  # noqa: PLC0415
    from roundtable import clock  # noqa: PLC0415

    program = Program.objects.create(slug=f"bench-{size}", name=f"Bench {size}")
    CodeOfConduct.objects.create(program=program, number=1, text="Be kind.", published_on=clock.today())
    organizer = Person.objects.create_user(f"olga-{size}@bench.example.org", name="Olga", is_staff=True)
    Organizer.objects.create(program=program, person=organizer)
    return program, organizer


def take_in(program: Any, organizer: Any, size: int) -> int:
    """The spreadsheet of so many made-up people, through the importer. How many came in."""
    from members.importing import import_applications  # noqa: PLC0415

    written = import_applications(program, sheet(size), by=organizer)
    assert written.written, written.refusal
    return int(written.created)


def sheet(size: int) -> bytes:
    """Seeded, so that every machine sees the same people."""
    chance = random.Random(size)  # noqa: S311 - repeatable on purpose
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            *("Name", "Email", "Company", "Role", "People in your org", "Where are you based?", "In person or video?"),
            *("Topics", "Availability (your local time)", "How often?", "Code of conduct", "Submitted at"),
        ]
    )
    for number in range(size):
        company = f"Company {chance.randrange(max(1, size * 2 // 3))}"
        writer.writerow(
            [
                *(f"Person {number}", f"p{number}@bench-{size}.example.org", company, chance.choice(ROLES)),
                *(chance.randrange(1, 600), chance.choice(CITIES), chance.choice(MODES), "hiring; metrics"),
                *(chance.choice(HOURS), "monthly", "agreed", f"2026-01-{1 + number % 28:02d} {number % 24:02d}:00"),
            ]
        )
    return out.getvalue().encode()


def waiting(program: Any) -> tuple[str, str]:
    """The two that wait longest: the one on the card, and the one below it."""
    from members.models.application import Application  # noqa: PLC0415

    rows = Application.objects.filter(program=program, stage="submitted", placed="resolved", held_at=None)
    first, second = rows.order_by("submitted_at", "pk").values_list("public_id", flat=True)[:2]
    return first, second


def report(benches: list[Bench]) -> int:
    """One line per act and size; work is what the request took of our and the database's processors."""
    print(f"what        applications  requests  queries{SPENT}")
    for name in benches[0].asked:
        for one in benches:
            told = one.asked[name]
            queries = "-".join(str(number) for number in sorted({min(counts(told)), max(counts(told))}))
            print(f"{name:<12}{one.size:>12}{1:>10}{queries:>9}{spent(told)}")
    for name in benches[0].asked:
        print(f"{name}, {benches[-1].size} to {benches[0].size}: {ratio(benches, name):.2f} times the work")
    print("import: " + ", ".join(f"{one.size} rows in {one.seconds:.1f} s" for one in benches))
    complaints = missed(benches)
    print("\n" + ("\n".join(complaints) or "Every goal is reached."))
    return int(bool(complaints))


SPENT = "   clock ms: p50    p95    max   work ms: p50    p95    max"


def spent(told: list[Asked]) -> str:
    """What these requests took, in the columns of SPENT: by the clock, and of our and the database's processors."""
    clock, work = (spread([getattr(each, part) for each in told]) for part in ("clock", "work"))
    return f"{clock[0]:>17.1f}{clock[1]:>7.1f}{clock[2]:>7.1f}{work[0]:>15.1f}{work[1]:>7.1f}{work[2]:>7.1f}"


def spread(numbers: list[float]) -> tuple[float, float, float]:
    """The median, what nineteen of twenty stay below, and the longest."""
    ordered = sorted(numbers)
    return statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))], ordered[-1]


def counts(told: list[Asked]) -> list[int]:
    return [each.queries for each in told]


def ratio(benches: list[Bench], name: str) -> float:
    """The most rows against the fewest, by the median of the work."""
    most, fewest = (spread([each.work for each in one.asked[name]])[0] for one in (benches[-1], benches[0]))
    return most / fewest


def missed(benches: list[Bench]) -> list[str]:
    """What is above its goal."""
    goals = {f"import took {one.seconds:.0f} s": one.seconds <= GOAL_IMPORT for one in benches}
    for name in benches[0].asked:
        alike = len({tuple(counts(one.asked[name])) for one in benches}) == 1
        goals[f"{name}: statements differ by size"] = alike
        for one in benches:
            work = spread([each.work for each in one.asked[name]])[1]
            goal = GOAL_DECISION if name in ("decision", "next card") else GOAL_PAGE
            goals[f"{name}: {work:.0f} ms of work at {one.size}, goal {goal:.0f}"] = work < goal
    return [f"MISSED: {goal}" for goal, reached in goals.items() if not reached]


if __name__ == "__main__":
    sys.exit(main())
