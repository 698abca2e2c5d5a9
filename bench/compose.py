"""How many people are placed, how surely, how well and how fast: `bin/bench compose [--quick]`. Made-up people, seeded.

One table per size, every run in a process of its own; then how work grows, what explanations cost, and a line for each
goal that was missed, and exit 1 if there is one. `--quick` measures 86 and 1,000 people only.
"""

import argparse
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bench import costs, methods, persongroup
from bench.generator import problem
from bench.methods import Result
from groups.composition.people import Problem

T = TypeVar("T")
MODELLED = 86  # people; the usual model of 1,000 has more columns than memory holds
MODELS = 3  # instances of it, each as long as it may
GROWTH = {"greedy": 1.3, "quality pass": 1.2}
DEAR = 5.0  # milliseconds a person at 10,000
GAP = 0.2  # seconds in which whoever may call a run off is asked
REFILLED = 2.0  # processor seconds at 10,000


@dataclass(frozen=True)
class Size:
    """Which people, how long a run may take, and what we want of ours. `seconds`: until all who can be are placed."""

    name: str
    people: int
    limit: float
    seconds: float
    megabytes: int
    placed: float  # share of the bound
    quality: float = 0.0
    blocks: int = 5
    seeds: int = 1
    median: float = 0.0  # seconds, where there is more than one instance


SIZES = (
    Size("86 people, few hours", 86, 60, 10, 200, 1.0, seeds=20, median=2),
    Size("86 people, twice the hours", 86, 60, 10, 200, 1.0, blocks=10, seeds=10, median=2),
    Size("1,000 people", 1000, 40, 20, 300, 1.0, 0.70),
    Size("2,000 people", 2000, 90, 90, 400, 0.999),
    Size("10,000 people", 10_000, 60, 3, 400, 0.997, 0.73),
    Size("100,000 people", 100_000, 120, 30, 1000, 0.995),
)
METHODS: dict[str, Callable[[Problem, float], Result]] = {
    "random sevens": methods.at_random,
    "exchange for variety, as anticlust": methods.exchanged,
    "ordered rules, swaps, as GroupEng": methods.ordered,
    persongroup.NAME: persongroup.person_by_group,
    "our greedy alone": methods.greedily,
    "ours": methods.ours,
}


def measured(method: str, people: int, blocks: int, seed: int, limit: float) -> Result:
    """One method on one instance, with the processor's seconds and the memory of this process and of any it started."""
    given = problem(people, blocks=blocks, seed=seed)
    since = time.process_time()
    found = METHODS[method](given, limit)
    own, started = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = time.process_time() - since + started.ru_utime + started.ru_stime
    return replace(found, processor=processor, megabytes=max(own.ru_maxrss, started.ru_maxrss) // 1024)


def apart(work: Callable[..., T], *arguments: object) -> T:
    """In a fresh process, so that nothing pays for the memory of another."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def table(size: Size, seeds: Sequence[int]) -> list[Result]:
    """Print what each method did at this size; returns what ours did."""
    print(f"\n{size.name}, {len(seeds)} instance{'s' if seeds[1:] else ''}, at most {size.limit:.0f} s each")
    print(
        f"{'method':<35}{'placed':>8}{'bound':>8}{'of bound':>9}{'of ours':>8}{'valid groups':>15}{'quality':>8}"
        f"{'s':>8}{'longest':>8}{'s/ours':>8}{'whole':>8}{'CPU s':>8}{'MB':>6}"
    )
    runs = {"ours": [apart(measured, "ours", size.people, size.blocks, seed, size.limit) for seed in seeds]}
    for method in METHODS:
        some = seeds[:MODELS] if method == persongroup.NAME else seeds
        if method == persongroup.NAME and size.people > MODELLED:
            continue
        if method not in runs:
            runs[method] = [apart(measured, method, size.people, size.blocks, seed, size.limit) for seed in some]
        print(line(method, runs[method], runs["ours"]), flush=True)
    return runs["ours"]


def line(method: str, results: Sequence[Result], ours: Sequence[Result]) -> str:
    """One row: sums over the instances, median and longest seconds. `bound` is ours, but for models that have one."""
    same = ours[: len(results)]
    placed, mine, bound = (
        sum(getattr(r, n) for r in of) for of, n in ((results, "placed"), (same, "placed"), (same, "bound"))
    )
    own = sum(r.bound for r in results) or bound
    seconds = [r.seconds for r in results]
    ratio = statistics.median(seconds) / max(statistics.median(r.seconds for r in same), 1e-3)
    name = method if len(same) == len(ours) else f"{method}, {len(same)} of them"
    valid = f"{sum(r.valid for r in results):,} of {sum(r.groups for r in results):,}"
    return (
        f"{name:<35}{placed:>8,}{own:>8,}{placed / max(bound, 1):>9.4f}{placed / max(mine, 1):>8.3f}{valid:>15}"
        f"{statistics.mean(r.quality for r in results):>8.3f}{statistics.median(seconds):>8.2f}{max(seconds):>8.2f}"
        f"{ratio:>8.2f}{statistics.median(r.whole for r in results):>8.2f}"
        f"{statistics.median(r.processor for r in results):>8.2f}{max(r.megabytes for r in results):>6}"
    )


def missed(size: Size, results: Sequence[Result]) -> list[str]:
    """The goals that ours misses at this size."""
    seconds, quality = [r.seconds for r in results], statistics.mean(r.quality for r in results)
    share, memory = min(r.placed / max(r.bound, 1) for r in results), max(r.megabytes for r in results)
    median, whole = statistics.median(seconds), max(r.whole for r in results)
    goals = {
        f"{share:.4f} of the bound placed, goal {size.placed}": share >= size.placed,
        f"placed after {max(seconds):.1f} s, goal {size.seconds:.0f}": max(seconds) <= size.seconds,
        f"median {median:.1f} s, goal {size.median:.0f}": not size.median or median <= size.median,
        f"quality {quality:.3f}, goal {size.quality}": quality >= size.quality,
        f"{whole:.1f} s in all, limit {size.limit:.0f}": size.people > 10_000 or whole <= size.limit + 1,
        f"{memory} MB, goal below {size.megabytes}": memory < size.megabytes,
    }
    return [f"MISSED at {size.name}: {goal}" for goal, reached in goals.items() if not reached]


def growth(sizes: Sequence[int]) -> list[str]:
    """Print how processor seconds grow with the people; returns the goals missed."""
    print("\nGrowth, processor seconds" + "".join(f"{people:>10,}" for people in sizes) + "  exponent    goal")
    found = {people: apart(costs.grown, people) for people in sizes}
    complaints = []
    for name, goal in GROWTH.items():
        seconds = [found[people][name] for people in sizes]
        slope = costs.exponent(list(sizes), seconds)
        print(f"{name:<25}" + "".join(f"{s:>10.2f}" for s in seconds) + f"{slope:>10.2f}{goal:>8}", flush=True)
        if slope > goal:
            complaints.append(f"MISSED: {name} grows as n^{slope:.2f}, goal {goal}")
    return complaints


def explanations(sizes: Sequence[int]) -> list[str]:
    """Print what explanations cost; returns the goals missed."""
    found: dict[int, Mapping[str, float]] = {people: apart(costs.explained, people) for people in sizes}
    print("\nExplanations, milliseconds" + "".join(f"{people:>10,}" for people in sizes))
    for name in found[sizes[0]]:
        print(f"{name:<26}" + "".join(f"{found[people][name]:>10.2f}" for people in sizes), flush=True)
    dear = {name: ms for name, ms in found[sizes[-1]].items() if name != "once" and ms >= DEAR}
    return [f"MISSED at {sizes[-1]:,}: {name} {ms:.1f} ms, goal below {DEAR:.0f}" for name, ms in dear.items()]


def questions(sizes: Sequence[int]) -> list[str]:
    """Print how long nobody is asked whether to stop; returns the goals missed."""
    limits = {size.people: size.limit for size in SIZES}
    found = {people: apart(costs.unasked, people, limits[people]) for people in sizes}
    side_by_side("Between two questions whether to stop, seconds", found)
    dear = {people: gaps["most work in one"] for people, gaps in found.items() if gaps["most work in one"] > GAP}
    return [
        f"MISSED at {people:,}: {work:.2f} s of work without a question, goal {GAP}" for people, work in dear.items()
    ]


def refills(sizes: Sequence[int]) -> list[str]:
    """Print what refilling costs; returns the goals missed."""
    found = {people: apart(costs.refilled, people) for people in sizes}
    side_by_side("Refilling after 5 % have declined", found)
    spent = found[sizes[-1]]["processor seconds"]
    return [f"MISSED at {sizes[-1]:,}: {spent:.1f} s to refill, goal {REFILLED:.0f}"] if spent >= REFILLED else []


def side_by_side(title: str, found: Mapping[int, Mapping[str, float]]) -> None:
    """One column per number of people; what is counted stays whole."""
    print(f"\n{title:<48}" + "".join(f"{people:>10,}" for people in found))
    for name in next(iter(found.values())):
        each = [numbers[name] for numbers in found.values()]
        cells = (f"{number:>10,}" if isinstance(number, int) else f"{number:>10.2f}" for number in each)
        print(f"{name:<48}" + "".join(cells), flush=True)


def main() -> int:
    """Print the tables; 1 if a goal was missed."""
    parser = argparse.ArgumentParser(prog="bench compose")
    parser.add_argument("--quick", action="store_true", help="86 people, fewer instances, and 1,000")
    quick = parser.parse_args().quick
    complaints = []
    for size in SIZES[:3] if quick else SIZES:
        seeds = range(1, 1 + (min(size.seeds, 3) if quick else size.seeds))
        complaints += missed(size, table(replace(size, limit=min(size.limit, 40)) if quick else size, seeds))
    if not quick:
        complaints += growth((1000, 2000, 10_000, 100_000))
    complaints += explanations((86, 1000) if quick else (86, 1000, 10_000))
    complaints += questions((1000,) if quick else (1000, 10_000))
    complaints += refills((1000,) if quick else (1000, 10_000))
    print("\n" + ("\n".join(complaints) or "Every goal is reached."))
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())
