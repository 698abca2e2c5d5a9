"""Forty circles for two years, by the real actions and all that the schedule runs: what broke, and who was warned.

`bin/bench life [CIRCLES]`. The life and its rules are those of tests/life; goals are those of
docs/decisions/0007-when-a-group-is-in-danger.md.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from bench.empty import empty_database

if TYPE_CHECKING:
    from tests.life.circles import Life

CIRCLES, SEED = 40, 2026
A_YEAR = 6.5  # meetings at eight weeks
CAUGHT, FALSE = 0.70, 0.5


def main() -> int:
    """Print what was counted; 1 if a rule broke or a goal was missed."""
    circles = int(sys.argv[1]) if len(sys.argv) > 1 else CIRCLES
    with empty_database():
        from tests.confidence.world import stopped  # noqa: PLC0415 - Django is ready just now
        from tests.life import rules  # noqa: PLC0415
        from tests.life.circles import BEGIN, begun, lived  # noqa: PLC0415

        started = time.monotonic()
        with stopped(BEGIN) as clock:
            life = begun(clock, seed=SEED, circles=circles, later=circles // 2)
            lived(life, rules.watch)
            broken = dict(life.wrong) | {rule.__name__: found for rule in rules.AT_THE_END if (found := rule(life))}
        print(f"{circles} circles, {life.steps} moments, {time.monotonic() - started:.0f} s")
        tell_letters()
        for rule, found in broken.items():
            print(f"BROKEN: {rule}: {len(found)} times, first {found[0]}")
        return int(not warned_enough(life) or bool(broken))


def tell_letters() -> None:
    from roundtable.outbox.models import Letter  # noqa: PLC0415

    for kind, number in Counter(Letter.objects.values_list("kind", flat=True)).most_common():
        print(f"  {number:>6} {kind}")


def warned_enough(life: Life) -> bool:
    """Of the circles that fell apart how many were amber before, and how often sound ones were."""
    fates = life.fates.values()
    fallen = [fate for fate in fates if fate.fails_from and fate.collapsed]
    sound = [fate for fate in fates if not fate.fails_from]
    caught = sum(bool(fate.ambers) for fate in fallen) / len(fallen) if fallen else 1.0
    false = sum(len(fate.ambers) for fate in sound) / (sum(fate.held for fate in sound) / A_YEAR)
    print(f"fell apart {len(fallen)}, warned of {caught:.0%} (goal {CAUGHT:.0%}); ", end="")
    print(f"sound {len(sound)}, false ambers per circle and year {false:.2f} (goal {FALSE})")
    return caught >= CAUGHT and false <= FALSE


if __name__ == "__main__":
    sys.exit(main())
