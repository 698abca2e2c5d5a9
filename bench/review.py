"""Review at triage speed: what one decision costs, at 86, 1,000 and 10,000 applications, and an import's seconds."""

from __future__ import annotations

import csv
import io
import logging
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django
import structlog
from django.conf import settings

SIZES = (86, 1_000, 10_000)
DECISIONS = 30
GOAL_REQUESTS, GOAL_MILLISECONDS = 2, 150.0
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


@dataclass(frozen=True)
class Asked:
    """One request: its milliseconds and its statements."""

    milliseconds: float
    queries: int


def main() -> int:
    """Print the table; 1 if a goal was missed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    from django.test.runner import DiscoverRunner  # noqa: PLC0415 - wants the settings
    from django.test.utils import setup_test_environment, teardown_test_environment  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["*"]
    setup_test_environment()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        return report([measured(size) for size in SIZES])
    finally:
        runner.teardown_databases(databases)
        teardown_test_environment()


def measured(size: int) -> dict[str, Any]:
    """A program of this size, one import, the list once, and thirty decisions by htmx as the page sends them."""
    from django.test import Client  # noqa: PLC0415

    program, organizer = cast(size)
    since = time.perf_counter()
    created = take_in(program, organizer, size)
    seconds = time.perf_counter() - since
    client = Client()
    client.force_login(organizer, backend="allauth.account.auth_backends.AuthenticationBackend")
    page: list[Asked] = [asked(lambda: client.get(REVIEW, {"program": program.slug})) for _ in range(3)]
    decisions, requests = [], []
    for _ in range(DECISIONS):
        chosen, follows = waiting(program)
        form = {"act": "accept", "chosen": chosen, "next": follows, "listed": "yes", "back": f"program={program.slug}"}
        call = post(client, form)
        decisions.append(asked(call))
        requests.append(1)
    return {
        "size": created,
        "import": seconds,
        "requests": max(requests),
        "decision": decisions,
        "page": page[1:],
    }


def post(client: Any, form: dict[str, str]) -> Callable[[], Any]:
    """A press of a key as htmx sends it."""
    return lambda: client.post(f"{REVIEW}decide/", form, headers={"HX-Request": "true", "HX-Target": "card"})


def asked(call: Callable[[], Any]) -> Asked:
    """One request, timed without the counting of its statements around it."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as statements:
        since = time.perf_counter()
        response = call()
        seconds = time.perf_counter() - since
    assert response.status_code == 200, response.status_code
    return Asked(1000 * seconds, len(statements))


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

    rows = Application.objects.filter(program=program, stage="submitted", placed="resolved")
    first, second = rows.order_by("submitted_at", "pk").values_list("public_id", flat=True)[:2]
    return first, second


def report(found: list[dict[str, Any]]) -> int:
    """One line per size. The goals: few requests, short ones, and the same statements whatever the size."""
    print("applications  requests  queries  median ms  longest ms   list: queries  median ms   import s")
    for one in found:
        spent = [asked.milliseconds for asked in one["decision"]]
        queries = statistics.median_high(asked.queries for asked in one["decision"])
        page = [asked.milliseconds for asked in one["page"]]
        print(
            f"{one['size']:>12}{one['requests']:>10}{queries:>9}{statistics.median(spent):>11.1f}{max(spent):>12.1f}"
            f"{one['page'][0].queries:>17}{statistics.median(page):>11.1f}{one['import']:>11.1f}"
        )
    complaints = missed(found)
    print("\n" + ("\n".join(complaints) or "Every goal is reached."))
    return int(bool(complaints))


def missed(found: list[dict[str, Any]]) -> list[str]:
    """What is above its goal."""
    counts = {statistics.median_high(asked.queries for asked in one["decision"]) for one in found}
    goals = {
        f"statements grow with the rows: {sorted(counts)}": len(counts) == 1,
        "more than two requests": all(one["requests"] <= GOAL_REQUESTS for one in found),
    }
    for one in found:
        spent = statistics.median(asked.milliseconds for asked in one["decision"])
        goals[f"{spent:.0f} ms at {one['size']}, goal {GOAL_MILLISECONDS:.0f}"] = spent < GOAL_MILLISECONDS
    return [f"MISSED: {goal}" for goal, reached in goals.items() if not reached]


if __name__ == "__main__":
    sys.exit(main())
