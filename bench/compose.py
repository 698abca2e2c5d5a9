"""How many people are placed, how surely, how well and how fast: `bin/bench compose [--quick]`. Made-up people, seeded.

One table, every run in a process of its own; then a line for each goal missed, and exit 1 if there is one.
"""

import argparse
import multiprocessing
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.generator import problem
from groups.composition import program
from groups.composition.measures import as_group, mean_quality
from groups.composition.people import Problem
from groups.composition.rules import check
from groups.composition.solver import compose

SECONDS = 60.0


@dataclass(frozen=True)
class Size:
    """Which people, and what we want of them: median and longest seconds (to the proof for 1,000), memory."""

    name: str
    people: int
    blocks: int
    seeds: int
    median: float
    longest: float
    megabytes: int


@dataclass(frozen=True)
class Result:
    """One method on one instance."""

    placed: int
    bound: int
    quality: float
    seconds: float
    megabytes: int = 0


SIZES = (
    Size("86, few hours", 86, 5, 9, median=2, longest=10, megabytes=200),
    Size("86, twice the hours", 86, 10, 5, median=2, longest=10, megabytes=200),
    Size("1,000, few hours", 1000, 5, 1, median=20, longest=20, megabytes=300),
)


def at_random(given: Problem) -> Result:
    """Everybody in groups of seven, shuffled; those count whose group happens to be valid."""
    since = time.monotonic()
    people = list(given.people)
    random.Random(given.seed).shuffle(people)  # noqa: S311 - repeatable on purpose
    groups = [as_group(given.rules, people[start : start + 7]) for start in range(0, len(people), 7)]
    broken = {breach.group for breach in check(given, groups)}
    valid = [group for index, group in enumerate(groups) if index not in broken]
    return Result(sum(len(g.members) for g in valid), 0, mean_quality(valid), time.monotonic() - since)


def greedily(given: Problem) -> Result:
    """Our engine as it is where HiGHS is not installed."""
    program.highspy = None
    return ours(given)


def ours(given: Problem) -> Result:
    """Our engine. The seconds are those until the number placed was proven."""
    proposal = compose(given, SECONDS)
    certificate = proposal.certificate
    proof = certificate.seconds["all"] - certificate.seconds["quality"]
    return Result(certificate.placed, certificate.bound, proposal.quality, proof)


METHODS: dict[str, Callable[[Problem], Result]] = {"random sevens": at_random, "greedy": greedily, "ours": ours}


def measured(method: str, people: int, blocks: int, seed: int) -> Result:
    """One method on one instance, and the memory of this process."""
    found = METHODS[method](problem(people, blocks=blocks, seed=seed))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Result(found.placed, found.bound, found.quality, found.seconds, megabytes)


def apart(method: str, size: Size, seed: int) -> Result:
    """Measured in a fresh process, so that no method pays for the memory of another."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measured, (method, size.people, size.blocks, seed))


def line(method: str, results: Sequence[Result], best: Sequence[Result]) -> str:
    """One row of the table: sums over the instances, median and longest seconds."""
    placed, bound = sum(r.placed for r in results), sum(r.bound for r in best)
    proven = f"{sum(r.placed == r.bound for r in results)}/{len(results)}" if results[0].bound else "-"
    seconds = [r.seconds for r in results]
    ratio = statistics.median(seconds) / max(statistics.median(r.seconds for r in best), 1e-3)
    return (
        f"{method:<14}{placed:>7}{bound:>7}{placed / max(bound, 1):>8.3f}{proven:>8}"
        f"{statistics.mean(r.quality for r in results):>9.3f}{statistics.median(seconds):>9.2f}{max(seconds):>9.2f}"
        f"{ratio:>9.2f}{max(r.megabytes for r in results):>6}"
    )


def missed(size: Size, results: Sequence[Result]) -> list[str]:
    """The goals that our engine misses at this size."""
    seconds = [r.seconds for r in results]
    goals = {
        "not every instance proven": all(r.placed == r.bound for r in results),
        f"median {statistics.median(seconds):.1f} s, goal {size.median}": statistics.median(seconds) <= size.median,
        f"longest {max(seconds):.1f} s, goal {size.longest}": max(seconds) <= size.longest,
        f"more than {size.megabytes} MB": max(r.megabytes for r in results) < size.megabytes,
    }
    return [f"MISSED at {size.name}: {goal}" for goal, reached in goals.items() if not reached]


def main() -> int:
    """Print the table; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(prog="bench compose")
    parser.add_argument("--quick", action="store_true", help="fewer instances of 86, and 1,000 once")
    quick = parser.parse_args().quick
    complaints = []
    for size in SIZES:
        seeds = range(1, 1 + (min(size.seeds, 3) if quick else size.seeds))
        print(f"\n{size.name}, {len(seeds)} instance(s)")
        print("method         placed  bound placed/b  proven  quality   median  longest  s/ours    MB")
        table = {method: [apart(method, size, seed) for seed in seeds] for method in METHODS}
        for method, results in table.items():
            print(line(method, results, table["ours"]), flush=True)
        complaints += missed(size, table["ours"])
    print("\n" + ("\n".join(complaints) or "Every goal is reached."))
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())
