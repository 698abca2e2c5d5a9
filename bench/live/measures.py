"""What /proc says: processor seconds, memory and threads of some processes, and what else ran meanwhile."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import ClassVar, Self

TICKS = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count() or 1


def group(leader: int) -> list[int]:
    """All living processes of a process group."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(path.name)) == leader:
                found.append(int(path.name))
        except ProcessLookupError:
            continue
    return found


def children(parent: int) -> list[int]:
    """A process and those that it started."""
    listed = Path(f"/proc/{parent}/task/{parent}/children")
    return [parent, *map(int, listed.read_text().split())] if listed.exists() else []


def processor(pids: Iterable[int], *, ended: bool = False) -> float:
    """Seconds of processor; with `ended` also of children that are gone."""
    spent = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        spent += sum(map(int, fields[11 : 15 if ended else 13]))
    return spent / TICKS


def memory(pids: Iterable[int]) -> int:
    """Bytes that are these processes' own (proportional set size)."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def threads(pids: Iterable[int]) -> int:
    """All their threads."""
    return sum(len(list(Path(f"/proc/{pid}/task").glob("*"))) for pid in pids if Path(f"/proc/{pid}").exists())


def busy() -> float:
    """Processor seconds of the whole machine since it started, but for idling and waiting for disks."""
    numbers = list(map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:]))
    return (sum(numbers[:8]) - numbers[3] - numbers[4]) / TICKS


@dataclass
class Meter:
    """Between start and stop: seconds by the clock, of the application, of the database, of Redis, of us,
    and of all others."""

    app: list[int]
    postgres: int
    redis: int

    def start(self) -> None:
        """From now on."""
        self.began = self.now()

    def stop(self) -> None:
        """Until now."""
        ended = self.now()
        clock, whole, app, postgres, redis, ours = (late - early for early, late in zip(self.began, ended, strict=True))
        self.app_seconds, self.postgres_seconds, self.redis_seconds = app, postgres, redis
        self.others = max(0.0, whole - app - postgres - redis - ours) / clock / CORES  # share of the machine

    def now(self) -> tuple[float, ...]:
        """All counters at this moment."""
        first = self.postgres
        postgres = processor(children(first)) + max(0.0, processor([first], ended=True) - processor([first]))
        ours = sum(os.times()[:2])
        return time.monotonic(), busy(), processor(self.app), postgres, processor([self.redis]), ours


class Pace(threading.Thread):
    """How quick the processor is meanwhile. A core of a virtual machine is at times shared with a neighbour's, which
    no counter of the system tells: twice a second a fixed loop is timed by its own processor seconds.
    """

    EVERY = 0.5  # seconds
    TURNS = 30_000  # a millisecond or two
    CALM, AGREED = 8, 1.1  # loops in a row, each within so much of the quickest
    quickest: ClassVar[float] = float("inf")  # of all loops of this run

    def __enter__(self) -> Self:
        self.loops, self.ended = [self.loop()], threading.Event()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.join()

    @property
    def slow(self) -> float:
        """Its median, in terms of the quickest."""
        return median(self.loops) / Pace.quickest

    def run(self) -> None:
        while not self.ended.wait(self.EVERY):
            self.loops.append(self.loop())

    @classmethod
    def calm(cls, patience: float) -> None:
        """Wait until the core has been quick for four seconds, but no longer than these."""
        deadline, calm = time.monotonic() + patience, 0
        while calm < cls.CALM and time.monotonic() < deadline:
            time.sleep(cls.EVERY)
            calm = calm + 1 if cls.loop() <= cls.AGREED * cls.quickest else 0

    @classmethod
    def loop(cls) -> float:
        """Seconds of processor that it took."""
        began, number = time.thread_time(), 0
        for turn in range(cls.TURNS):
            number += turn % 7
        took = time.thread_time() - began
        Pace.quickest = min(Pace.quickest, took)
        return took
