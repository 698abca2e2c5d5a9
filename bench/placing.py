"""How many places are understood without a question, and how many wrongly: `bin/bench placing`.

One table; then a line for each goal missed, and exit 1 if there is one.
"""

import csv
import statistics
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.labelled import ELSEWHERE, MEANT, UNSURE
from members import gazetteer
from members.placing import Outcome, Placing, place

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
REPEATS = 20
AUTOMATIC, MILLISECONDS, MEGABYTES = 0.8, 1.0, 60.0


def told(name: str) -> list[str]:
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        return [row["Where are you based?"] for row in csv.DictReader(file)]


def loaded() -> tuple[float, float]:
    """Seconds and megabytes that the first question costs: the gazetteer is read once, and kept."""
    tracemalloc.start()
    since = time.perf_counter()
    place("San Francisco")
    place("san franciso")  # the names for guessing are gathered at the first typing error
    seconds = time.perf_counter() - since
    kept = tracemalloc.get_traced_memory()[0] / 1024 / 1024
    tracemalloc.stop()
    return seconds, kept


def by_sample(found: Placing) -> bool:
    """Whether a resolved text of the samples is what a reader takes it for."""
    return (found.place, found.country, found.metro, found.zone) == MEANT.get(found.text)


def by_city(found: Placing) -> bool:
    """Whether it is the city that is meant, or a part of it: London and Camden share a metro."""
    meant = ELSEWHERE_MEANT.get(found.text)
    if meant is None or found.country != meant[1]:
        return False
    known = place(f"{meant[0]}, {meant[1]}")
    return found.place == meant[0] or (found.metro is not None and found.metro == known.metro)


ELSEWHERE_MEANT = {text: meant for meant, texts in ELSEWHERE.items() for text in texts.split("|")}


def nothing(found: Placing) -> bool:
    """A bare clock is an answer; a place is not."""
    return found.place_id is None


def measured(name: str, texts: Sequence[str], is_right: Callable[[Placing], bool]) -> tuple[str, float, int, float]:
    """The line of one list, its automatic share, its silent errors, and milliseconds per text."""
    found = [place(text) for text in texts]
    outcomes = Counter(one.outcome for one in found)
    wrong = [one for one in found if one.outcome is Outcome.RESOLVED and not is_right(one)]
    spans = []
    for _ in range(REPEATS):
        since = time.perf_counter()
        for text in texts:
            place(text)
        spans.append((time.perf_counter() - since) / len(texts) * 1000)
    share, each = outcomes[Outcome.RESOLVED] / len(texts), statistics.median(spans)
    asked = len(texts) - outcomes[Outcome.RESOLVED]
    line = f"| {name} | {len(texts)} | {len(set(texts))} | {share:.1%} | {asked} | {len(wrong)} | {each:.2f} |"
    for one in wrong:
        sys.stderr.write(f"wrong: {one.text!r} is {one.place}, {one.country}\n")
    return line, share, len(wrong), each


def main() -> int:
    """Print the table; 1 if a goal was missed."""
    seconds, megabytes = loaded()
    lists = (
        ("samples/applicants-86.csv", told("applicants-86.csv"), by_sample),
        ("samples/applicants-1000.csv", told("applicants-1000.csv"), by_sample),
        ("elsewhere in the world", list(ELSEWHERE_MEANT), by_city),
        ("what nobody can know", UNSURE.split("|"), nothing),
    )
    print(
        "| list | texts | different | automatic | asked | silently wrong | ms a text |\n|---|---|---|---|---|---|---|"
    )
    missed = []
    for name, texts, is_right in lists:
        line, share, wrong, each = measured(name, texts, is_right)
        print(line, flush=True)
        goals = (
            (f"{share:.0%} automatic", share >= AUTOMATIC or name == lists[-1][0]),
            (f"{wrong} silently wrong", wrong == 0),
            (f"{each:.2f} ms a text", each <= MILLISECONDS),
        )
        missed += [f"MISSED at {name}: {goal}" for goal, reached in goals if not reached]
    print(f"\nThe gazetteer: {seconds:.2f} s once, {megabytes:.0f} MB; {len(list(gazetteer.largest(0)))} places.")
    missed += [] if megabytes < MEGABYTES else [f"MISSED: {megabytes:.0f} MB"]
    print("\n".join(missed) or "Every goal is reached.")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
