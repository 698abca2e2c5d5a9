"""The live board beside other ways to build one: `bin/bench board [--quick] [--runs N] [B1 B2 B3 B5 B6 B7 B8]`.

Each system is started here, on a PostgreSQL and a Redis of the bench's own, and used by pages in this process. Systems
take turns (A B B A), what else the machine did is measured, and a disturbed cell is measured again. Prints the systems
beside each other, and each promise beside what was reached.
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
from dataclasses import replace
from pathlib import Path

import django

from bench.live import cells, figures, measures, people, pieces, systems
from bench.live.cells import Cell, Site
from bench.live.figures import CHANNELS, LIMIT, Figure

PIECES = ("B1", "B2", "B3", "B5", "B6", "B7", "B8")
DISTURBED = 0.15  # of the machine, by others; measured once more
SLOW = 1.25  # times what a fixed loop takes at best: others work on the same cores, but on another machine
AGAIN = 1
PATIENCE = 60.0  # seconds that a run waits for a quick core
MANY = (1, 200, 500)  # boards of B2
COSTED = 50  # on fewer, what a server needs anyway is counted to their streams
BARS = {1: 40.0, COSTED: 25.0, 200: 100.0, 500: 250.0}  # boards: milliseconds for nineteen of twenty


def main() -> int:
    """Print both tables; 1 if a bar was missed."""
    given = arguments()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # an unwound stack ends all servers
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # a long run is looked at while it goes on
    from roundtable import embedded  # noqa: PLC0415 - reads the environment

    with tempfile.TemporaryDirectory(prefix="rt-bench-") as folder:
        Path(folder).chmod(0o755)
        with embedded.services(Path(folder), {}) as servers:
            site = prepared(servers, Path(folder))
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


def prepared(servers: dict[str, str], folder: Path) -> Site:
    """An empty database with all tables, and what every server of a system is told."""
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
    return Site(dict(os.environ), [], servers["REDIS_URL"])


def compared(boards: int, *, quick: bool) -> list[Callable[[], systems.System]]:
    """The systems of B1, those on Channels only where requirements-bench.txt is installed; of B2 ours."""
    ours: list[Callable[[], systems.System]] = [systems.apart, systems.together]
    if boards in MANY:
        return ours
    known = [*ours, systems.bare, systems.relay]
    if importlib.util.find_spec("channels") and importlib.util.find_spec("channels_redis"):
        known += [systems.channels, systems.channels_acts_on_ours]
    else:
        print("Channels is not installed (requirements-bench.txt), so it is not in the table.")
    return [*known, lambda: systems.polling(2), *([] if quick else [lambda: systems.polling(5)])]


async def report(site: Site, given: argparse.Namespace) -> int:
    """Piece after piece; the table of the systems, and that of the promises."""
    print(f"Python {sys.version}, PostgreSQL {cells.asked('SHOW server_version')}")  # how it was built counts
    found: list[Figure] = []
    for boards in paced(given):
        fresh = replace(site, boards=await asyncio.to_thread(people.boards, boards))
        runs = await taking_turns(fresh, compared(boards, quick=given.quick), given, boards=boards)
        print_table([sorted(same, key=lambda one: one.p95)[len(same) // 2] for same in runs.values()])
        found += told(kept(runs, boards))
    for piece in chosen(given):
        measured = [await once(site, piece, given) for _ in range(given.runs)]
        found += told(figures.together(one for run in measured for one in run))
    missed = sum(not figure.met for figure in found)
    print(f"\n{missed} of {len(found)} bars missed." if missed else f"\nAll {len(found)} bars are reached.")
    return int(bool(missed))


def paced(given: argparse.Namespace) -> list[int]:
    """How many boards: B1 has fifty, B2 one, some and many."""
    some = [8 if given.quick else COSTED] if "B1" in given.pieces else []
    return some + (list(MANY) if "B2" in given.pieces and not given.quick else [])


def chosen(given: argparse.Namespace) -> list[str]:
    """The pieces that are no even pace."""
    return [one for one in pieces.PIECES if one in given.pieces]


async def once(site: Site, piece: str, given: argparse.Namespace) -> list[Figure]:
    """One run of such a piece; on a core that others slow down it is measured again."""
    for _ in range(1 + AGAIN):
        measures.Pace.calm(0.0 if given.quick else PATIENCE)
        with measures.Pace() as pace:
            found = await pieces.PIECES[piece](site, quick=given.quick)
        said = ", ".join(f"{one.reached:.4g}" for one in found)
        print(f"  {piece}: {said}, pace {pace.slow:.2f}", file=sys.stderr)
        if pace.slow < SLOW or given.quick:
            break
    return found


async def taking_turns(
    site: Site, makers: list[Callable[[], systems.System]], given: argparse.Namespace, *, boards: int
) -> dict[str, list[Cell]]:
    """A B B A: so many runs of each, by the system's name."""
    found: dict[str, list[Cell]] = {}
    for run in range(given.runs):
        for make in makers if run % 2 == 0 else makers[::-1]:
            cell = await sound(site, make, boards, quick=given.quick)
            found.setdefault(cell.system, []).append(cell)
    return found


async def sound(site: Site, make: Callable[[], systems.System], boards: int, *, quick: bool) -> Cell:
    """One run; one that others disturbed or slowed is measured again. Pages that poll are not judged, and not so."""
    for _ in range(1 + AGAIN):
        system = make()
        judged = not quick and system.kind != "polling"
        measures.Pace.calm(PATIENCE if judged else 0.0)
        cell = await cells.paced(site, system, boards=boards, seconds=6.0 if quick else 30.0)
        said = f"{cell.p95:.1f} ms, others {cell.others:.0%}, pace {cell.pace:.2f}"
        print(f"  {cell.work}, {cell.system}: {said}", file=sys.stderr)
        if not judged or (cell.others < DISTURBED and cell.pace < SLOW):
            break
    return cell


def print_table(table: list[Cell]) -> None:
    """Milliseconds; per act the processor of application, PostgreSQL, Redis; kilobytes, threads, lines per stream."""
    print(
        f"{'work':<22}{'system':<29}{'p50':>7}{'p95':>7}{'p99':>7}{'lost':>6}{'app':>7}{'db':>6}{'redis':>7}{'kB':>7}",
        end="",
    )
    print(f"{'threads':>9}{'conns':>7}{'x limit':>9}{'x Channels':>12}{'others':>8}{'pace':>6}")
    for cell in table:
        limit, channels = ratio(table, cell, LIMIT), ratio(table, cell, CHANNELS)
        print(
            f"{cell.work:<22}{cell.system:<29}{cell.p50:>7.1f}{cell.p95:>7.1f}{cell.p99:>7.1f}{cell.lost:>6}"
            f"{cell.app:>7.1f}{cell.postgres:>6.1f}{cell.redis:>7.2f}{cell.stream_kb:>7.1f}{cell.threads:>9.2f}{cell.connections:>7.2f}"
            f"{limit:>9}{channels:>12}{cell.others:>8.0%}{cell.pace:>6.2f}"
        )


def ratio(table: list[Cell], cell: Cell, other: str) -> str:
    """This cell's p95 in terms of the other system's at the same work."""
    beside = next((one for one in table if one.work == cell.work and one.system == other), None)
    return f"{cell.p95 / beside.p95:.2f}" if beside and beside.p95 else ""


def kept(runs: dict[str, list[Cell]], boards: int) -> list[Figure]:
    """What our own systems promise at this pace; costs, and others beside them, where fifty boards are in use."""
    found: list[Figure] = []
    for cell in [one for name, same in runs.items() if name.startswith("ours") for one in same]:
        found += figures.of_pace(cell, bar=BARS.get(boards, BARS[COSTED]), piece="B2" if boards in MANY else "B1")
        found += figures.of_cost(cell) if boards == COSTED else []
    return figures.together(found) + ([] if boards in MANY else figures.of_ratios(runs))


def told(found: list[Figure]) -> list[Figure]:
    """The same, and each promise of them printed with what was reached."""
    print(f"\n{'':<4}{'system':<16}{'promise':<42}{'bar':>9}{'reached':>9}  {'':<9}each run")
    for figure in found:
        print(figure)
    return found


if __name__ == "__main__":
    sys.exit(main())
