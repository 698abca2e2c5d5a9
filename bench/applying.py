"""What a large pool takes besides the solver: copied, read, written as drafts. `bin/bench applying [PEOPLE]`.

With `--run` all of a run instead, one worker, as rows and shards: placed, each shard improved, gathered and written.
One table; then a line for each goal missed, and exit 1 if there is one. Leaves nothing behind.
"""

import argparse
import logging
import os
import resource
import sys
import time
from collections.abc import Callable
from typing import TypeVar

import django
from django.db import connection, reset_queries, transaction
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roundtable.settings")
django.setup()

from bench.pool import fill  # noqa: E402 -- models want the settings first
from groups import composing, freezing, keeping, running  # noqa: E402 -- the same
from groups.composition.shards import finish, place_globally  # noqa: E402 -- the same
from groups.models.draft import Composition  # noqa: E402 -- the same
from groups.models.invitation import Invitation  # noqa: E402 -- the same
from members.models.person import Person  # noqa: E402 -- the same
from members.models.program import Program  # noqa: E402 -- the same

T = TypeVar("T")
GOAL = 1.0  # seconds of this process per thousand people, for the copy and for the result each


def timed(what: str, people: int, act: Callable[[], T]) -> tuple[float, T]:
    """One line of the table: seconds by the clock and of this process, statements, memory. Returns the process's."""
    reset_queries()
    since, worked = time.monotonic(), time.process_time()
    with CaptureQueriesContext(connection) as asked:
        result = act()
    seconds, own = time.monotonic() - since, time.process_time() - worked
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:<28}{seconds:>8.2f}{own:>12.2f}{len(asked):>12}{megabytes:>8}", flush=True)
    return own, result


def measure(people: int) -> dict[str, float]:
    """Seconds of the copy and of the result."""
    program = Program.objects.create(slug="bench", name="Bench", size_min=6, size_max=8, willing_min=0)
    fill(program, people)
    order = composing.start(program, by=Person.objects.order_by("pk")[0])
    shard = running.claim()
    assert shard is not None, "an order waits"
    print(f"{'step':<28}{'seconds':>8}{'of process':>12}{'statements':>12}{'MB':>8}")
    with transaction.atomic():
        frozen, row = timed("pool copied", people, lambda: freezing.freeze(running.held(shard)))
    _, problem = timed("copy read", people, lambda: freezing.read(row.content))
    _, proposal = timed("(placed and explained)", people, lambda: finish(problem, place_globally(problem, 600)))
    cards, found = timed("cards", people, lambda: list(keeping.cards(problem, proposal.groups)))
    kept, _ = timed("drafts written", people, lambda: running.keep(shard, problem, proposal, found))
    done = Composition.objects.get(pk=order.pk)
    assert (done.progress, done.differences) == ("done", ""), "nothing has changed meanwhile"
    assert Invitation.objects.count() == done.placed, "everybody who is placed has an invitation on paper"
    return {"pool copied": frozen, "drafts written, with cards": cards + kept}


def run_whole(people: int) -> dict[str, float]:
    """A run from its order to its drafts, step by step; no goal, for the search for quality takes what it is given."""
    program = Program.objects.create(slug="bench", name="Bench", size_min=6, size_max=8, willing_min=0)
    fill(program, people)
    order = composing.start(program, by=Person.objects.order_by("pk")[0])
    since = time.monotonic()
    spent: dict[str, list[float]] = {}
    while (shard := running.claim()) is not None:
        began = time.monotonic()
        running.work(shard)
        spent.setdefault(shard.step, []).append(time.monotonic() - began)
    for step, each in spent.items():
        print(f"{f'{step}, {len(each)}':<24}{sum(each):>10.2f}")
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    done = Composition.objects.get(pk=order.pk)
    assert (done.progress, done.differences) == ("done", ""), done.failure
    print(f"{'in all':<24}{time.monotonic() - since:>10.2f}, {time.process_time():.2f} of process, {megabytes} MB")
    print(f"{done.placed} placed, {done.bound} possible, quality {done.quality:.3f}")
    return {}


def main() -> int:
    """Print the table; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(prog="bench applying")
    parser.add_argument("people", nargs="?", type=int, default=10_000)
    parser.add_argument("--run", action="store_true", help="all of a run, shard by shard")
    asked = parser.parse_args()
    people = asked.people
    logging.disable(logging.INFO)
    made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    try:
        print(f"{people} people")
        spent = run_whole(people) if asked.run else measure(people)
    finally:
        teardown_databases(made, verbosity=0)
    missed = [
        f"MISSED: {what} {one:.1f} s, goal {GOAL * people / 1000:.0f}"
        for what, one in spent.items()
        if one > GOAL * people / 1000
    ]
    print("\n" + ("\n".join(missed) or "Every goal is reached."))
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
