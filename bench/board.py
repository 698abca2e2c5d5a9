"""The live board beside other ways to build one: `bin/bench board [--quick] [--runs N] [B1 B2 B3 B5 B6 B7 B8]`.

Each system is started here, on a PostgreSQL and a Redis of the bench's own, and used by pages in this process. Systems
take turns (A B B A), what else the machine did is measured, and a disturbed cell is measured again. Prints one table.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from bench.live import cells, systems
from bench.live.cells import Cell, Site

PIECES = ("B1", "B2", "B3", "B5", "B6", "B7", "B8")
DISTURBED = 0.15  # of the machine, by others; measured again at most twice
BARS = {"p95": 25.0, "processor": 10.0, "stream": 40.0}


def main() -> int:
    """Print the table; 1 if a bar was missed."""
    given = arguments()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # an unwound stack ends all servers
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # a long run is looked at while it goes on
    from roundtable import embedded  # noqa: PLC0415 - reads the environment

    with tempfile.TemporaryDirectory(prefix="rt-bench-") as folder:
        Path(folder).chmod(0o755)
        with embedded.services(Path(folder), {}) as servers:
            site = prepared(servers, Path(folder), boards=8 if given.quick else 500)
            try:
                return asyncio.run(report(site, given))
            finally:
                from django.db import connections  # noqa: PLC0415

                connections.close_all()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench board", description=__doc__)
    parser.add_argument("pieces", nargs="*", metavar="PIECE", help=f"some of {', '.join(PIECES)}; all if none is named")
    parser.add_argument("--quick", action="store_true", help="8 boards, a few seconds each, once: a try")
    parser.add_argument("--runs", type=int, default=0, help="runs of each cell, whose median counts (3; quick: 1)")
    given = parser.parse_args()
    if unknown := set(given.pieces) - set(PIECES):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    given.pieces = given.pieces or list(PIECES)
    given.runs = given.runs or (1 if given.quick else 3)
    return given


def prepared(servers: dict[str, str], folder: Path, *, boards: int) -> Site:
    """An empty database with all tables, circles and meetings; and what every server of a system is told."""
    keys = {"SECRET_KEY": "of a bench", "FIELD_KEYS": f"1:{'A' * 43}=", "VAR_DIR": str(folder), "PYTHONTZPATH": ""}
    os.environ |= servers | keys | {"DJANGO_SETTINGS_MODULE": "bench.live.settings", "PRIVATE": "false"}
    os.environ |= {"HTTPS": "false", "STAFF_MFA_REQUIRED": "false", "PYTHONPATH": str(systems.ROOT)}
    os.environ |= {"SITE_URL": "http://127.0.0.1", "ALLOWED_HOSTS": "127.0.0.1", "MALLOC_ARENA_MAX": "1"}
    django.setup()
    import logging  # noqa: PLC0415 - configured by the settings just now

    import structlog  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    return cells.site(servers, dict(os.environ), boards)


def compared(*, quick: bool) -> list[Callable[[], systems.System]]:
    """The systems of B1; those on Channels only where requirements-bench.txt is installed."""
    known: list[Callable[[], systems.System]] = [systems.apart, systems.together, systems.bare, systems.relay]
    if importlib.util.find_spec("channels") and importlib.util.find_spec("channels_redis"):
        known += [systems.channels, systems.channels_acts_on_ours]
    else:
        print("Channels is not installed (requirements-bench.txt), so it is not in the table.")
    known += [lambda: systems.polling(2), *([] if quick else [lambda: systems.polling(5)])]
    return known


async def report(site: Site, given: argparse.Namespace) -> int:
    """Piece after piece."""
    print(f"Python {sys.version}, PostgreSQL {cells.asked('SHOW server_version')}")  # how it was built counts
    table = await paces(site, given)
    if table:
        print_table(table)
    for piece in [one for one in cells.TROUBLES if one in given.pieces]:
        for line in await cells.TROUBLES[piece](site, quick=given.quick):
            print(line)
    complaints = missed(table)
    print("\n" + ("\n".join(complaints) or "Every bar of the first table is reached."))
    return int(bool(complaints))


async def paces(site: Site, given: argparse.Namespace) -> list[Cell]:
    """B1 to B4: acts at an even pace on some and on many boards, and how many they can be."""
    table: list[Cell] = []
    if "B1" in given.pieces:
        table += await taking_turns(site, compared(quick=given.quick), given, boards=8 if given.quick else 50)
    for boards in (1, 200, 500) if "B2" in given.pieces and not given.quick else ():
        table += await taking_turns(site, [systems.apart, systems.together, systems.relay], given, boards=boards)
    for make in (systems.apart, systems.together) if "B3" in given.pieces else ():
        table.append(await cells.most(site, make(), boards=8 if given.quick else 50, quick=given.quick))
    return table


async def taking_turns(site: Site, makers: list[Any], given: argparse.Namespace, *, boards: int) -> list[Cell]:
    """A B B A: so many runs of each, the median of each; one that others disturbed is measured again."""
    found: dict[str, list[Cell]] = {}
    for run in range(given.runs):
        for make in makers if run % 2 == 0 else makers[::-1]:
            for _ in range(3):
                cell = await cells.paced(site, make(), boards=boards, seconds=6.0 if given.quick else 30.0)
                if cell.others < DISTURBED or given.quick:
                    break
            found.setdefault(cell.system, []).append(cell)
            print(f"  {cell.work}, {cell.system}: {cell.p95:.1f} ms, others {cell.others:.0%}", file=sys.stderr)
    return [sorted(runs, key=lambda one: one.p95)[len(runs) // 2] for runs in found.values()]


def print_table(table: list[Cell]) -> None:
    """Milliseconds; per act the processor's of application and database; per stream memory, threads, connections."""
    print(f"{'work':<22}{'system':<29}{'p50':>7}{'p95':>7}{'p99':>7}{'lost':>6}{'app':>7}{'db':>6}{'kB':>7}", end="")
    print(f"{'threads':>9}{'conns':>7}{'acts/s':>8}{'x limit':>9}{'x Channels':>12}{'others':>8}")
    for cell in table:
        limit, channels = ratio(table, cell, "uvicorn and Redis"), ratio(table, cell, "Channels")
        print(
            f"{cell.work:<22}{cell.system:<29}{cell.p50:>7.1f}{cell.p95:>7.1f}{cell.p99:>7.1f}{cell.lost:>6}"
            f"{cell.app:>7.1f}{cell.database:>6.1f}{cell.stream_kb:>7.1f}{cell.threads:>9.2f}{cell.connections:>7.2f}"
            f"{cell.capacity or '':>8}{limit:>9}{channels:>12}{cell.others:>8.0%}"
        )


def ratio(table: list[Cell], cell: Cell, other: str) -> str:
    """This cell's p95 in terms of the other system's at the same work."""
    beside = next((one for one in table if one.work == cell.work and one.system == other), None)
    return f"{cell.p95 / beside.p95:.2f}" if beside and beside.p95 else ""


def missed(table: list[Cell]) -> list[str]:
    """What is above its bar, for our own systems where 50 boards are in use."""
    found = []
    for cell in table:
        if not cell.system.startswith("ours") or not cell.work.startswith("50 x 8, 16"):
            continue
        told = {"p95": cell.p95, "processor": cell.app + cell.database, "stream": cell.stream_kb}
        found += [
            f"MISSED: {cell.system}, {name} {told[name]:.1f}, bar {bar:.0f}"
            for name, bar in BARS.items()
            if told[name] > bar
        ]
    return found


if __name__ == "__main__":
    sys.exit(main())
