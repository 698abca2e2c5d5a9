"""How fast dates travel: invitations written, built, handed to a mail server. `bin/bench mail [COUNT]`. Leaves nothing.

The server is a process of its own on this machine, so that what it costs is not counted as ours.
"""

import asyncio
import cProfile
import logging
import multiprocessing
import os
import pstats
import resource
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from aiosmtpd.smtp import SMTP
from django.test.utils import setup_databases, teardown_databases

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roundtable.settings")
django.setup()

from django.conf import settings  # noqa: E402 -- models want the settings first
from django.db import transaction  # noqa: E402

from groups.models.group import Group  # noqa: E402
from meetings import calling, entries, letters  # noqa: E402
from meetings.models.meeting import Format, Meeting  # noqa: E402
from meetings.models.seat import Seat  # noqa: E402
from members.models.person import Person  # noqa: E402
from members.models.program import Program  # noqa: E402
from roundtable import clock  # noqa: E402
from roundtable.outbox import deliver, mime  # noqa: E402
from roundtable.outbox.models import Letter, State  # noqa: E402
from roundtable.outbox.post import post  # noqa: E402

ROOT = str(Path(__file__).resolve().parent.parent)
BATCH = 500
SAMPLE = 500  # letters of the run whose time is told apart by whose code it is spent in
GOAL = 50.0  # letters a second: what a provider takes from an ordinary account is less


class Taker:
    """Says yes to everything, and forgets it."""

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802 -- aiosmtpd's name
        return "250 OK"


def serve(port: Any) -> None:
    """A mail server on a free port of this machine."""
    logging.disable(logging.WARNING)

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: SMTP(Taker()), "127.0.0.1", 0)
        port.value = server.sockets[0].getsockname()[1]
        await server.serve_forever()

    asyncio.run(run())


def seated(count: int) -> Meeting:
    """A date with that many people asked to it; a circle in form, however large."""
    program = Program.objects.create(slug=f"bench-{clock.now():%H%M%S%f}", name="Bench")
    group = Group.objects.create(
        program=program, name="Bench 1", mode="video", zone="Europe/Madrid", window=36, sealed_at=clock.now()
    )
    meeting = calling.new_meeting(group, on=clock.today() + timedelta(days=30), form=Format.LEAN_COFFEE)
    people = [Person(email=f"p{n}@example.org", name=f"Person {n} Ñandú", zone="Asia/Kolkata") for n in range(count)]
    Person.objects.bulk_create(people, batch_size=BATCH)
    Seat.objects.bulk_create([Seat(meeting=meeting, person=one) for one in people], batch_size=BATCH)
    return meeting


def invite(meeting: Meeting) -> None:
    """Entry, link and letter of each, as planning a date writes them; a transaction for each batch."""
    seats = list(meeting.seats.select_related("person").order_by("pk"))
    for start in range(0, len(seats), BATCH):
        with transaction.atomic():
            for seat in seats[start : start + BATCH]:
                seat.meeting = meeting
                post(letters.planned(entries.begin(seat, now=clock.now())))


def build() -> None:
    """Each e-mail once as bytes, which delivering does too."""
    for letter in Letter.objects.order_by("pk").iterator(chunk_size=BATCH):
        mime.build(letter, letter.secrets_by_mark()).message().as_bytes()


def timed(what: str, count: int, act: Callable[[], object]) -> float:
    since, cpu = time.monotonic(), time.process_time()
    act()
    seconds, used = time.monotonic() - since, time.process_time() - cpu
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:<24}{seconds:>9.1f}{count / seconds:>11.0f}{used:>9.1f}{megabytes:>7}", flush=True)
    return count / seconds


def share_of_ours(act: Callable[[], object]) -> float:
    """Of the processor time of this act, the part spent in lines of this project."""
    watch = cProfile.Profile(time.process_time)
    watch.runcall(act)
    spent = [(path, own) for (path, _, _), (_, _, own, _, _) in pstats.Stats(watch).stats.items()]  # type: ignore[attr-defined]
    ours = sum(own for path, own in spent if path.startswith(ROOT) and "site-packages" not in path)
    return ours / sum(own for _, own in spent)


def measure(count: int) -> float:
    """The letters that leave in a second."""
    meeting = seated(count + SAMPLE)
    print(f"{count} invitations\n{'step':<24}{'seconds':>9}{'letters/s':>11}{'CPU s':>9}{'MB':>7}")
    timed("written, with entry", count + SAMPLE, lambda: invite(meeting))
    timed("built as MIME", count + SAMPLE, build)
    rate = timed("delivered over SMTP", count, lambda: deliver.due(letters=count, seconds=1e9))
    ours = share_of_ours(lambda: deliver.due(letters=SAMPLE, seconds=1e9))
    print(f"\nOf the processor time of delivering, {ours:.0%} is spent in lines of ours.")
    assert Letter.objects.filter(state=State.SENT).count() == count + SAMPLE, "every letter has left once"
    return rate


def main() -> int:
    """Print the table; 1 if the goal was missed."""
    logging.disable(logging.WARNING)
    count = int(sys.argv[1]) if sys.argv[1:] else 10_000
    apart = multiprocessing.get_context("spawn")  # a copy of this process would hold its connections
    port = apart.Value("i", 0)
    server = apart.Process(target=serve, args=(port,), daemon=True)
    server.start()
    while not port.value:
        time.sleep(0.05)
    settings.INVITE_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.INVITE_EMAIL_HOST, settings.INVITE_EMAIL_PORT = "127.0.0.1", port.value
    made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    try:
        rate = measure(count)
    finally:
        teardown_databases(made, verbosity=0)
        server.terminate()
    print("\nEvery goal is reached." if rate >= GOAL else f"\nMISSED: {rate:.0f} letters a second, goal {GOAL:.0f}")
    return int(rate < GOAL)


if __name__ == "__main__":
    sys.exit(main())
