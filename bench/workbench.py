"""The composition board: what a look, a move and solving again cost, at 86, 1,000 and 10,000 people."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.empty import empty_database
from bench.review import Asked, asked, spread

SIZES = (86, 1_000, 10_000)
ROUNDS = 20
SECONDS = 5  # of searching for better groups; people are placed as they always are
GOAL_MILLISECONDS = 200.0  # of one move, at up to 1,000 people
ACTS = ("board", "hand", "look", "move", "undo")


@dataclass
class Bench:
    """A composed program of one size, its organizer's browser, and the requests by what was asked."""

    size: int
    composition: Any
    organizer: Any
    client: Any
    composed: float
    asked: dict[str, list[Asked]] = field(default_factory=dict)
    again: float = 0.0
    moved: int = 0
    placed: tuple[int, int] = (0, 0)

    @property
    def page(self) -> str:
        return f"/admin/groups/composition/board/{self.composition.public_id}/"


def main() -> int:
    """Print the tables; 1 if a goal was missed. Sizes may be named."""
    with empty_database():
        return report([measured(made(size)) for size in map(int, sys.argv[1:] or SIZES)])


def made(size: int) -> Bench:
    """The made-up people of the generator in a program's pool, composed."""
    from django.test import Client  # noqa: PLC0415

    from bench.pool import fill  # noqa: PLC0415
    from members.models.person import Person  # noqa: PLC0415
    from members.models.program import Organizer, Program  # noqa: PLC0415

    program = Program.objects.create(slug=f"bench-{size}", name=f"Bench {size}", size_min=6, size_target=7, size_max=8)
    organizer = Person.objects.create_user(f"olga-{size}@bench.example.org", name="Olga", is_staff=True)
    Organizer.objects.create(program=program, person=organizer)
    fill(program, size)
    composition, seconds = solved(program, organizer)
    client = Client(headers={"HX-Request": "true"})
    client.force_login(organizer, backend="roundtable.sessions.Backend")
    return Bench(size, composition, organizer, client, seconds)


def solved(program: Any, organizer: Any, base: Any = None) -> tuple[Any, float]:
    """One run from order to result, by this process as the worker."""
    from groups import composing, running  # noqa: PLC0415

    since = time.perf_counter()
    composition = composing.start(program, by=organizer, seconds=SECONDS, base=base)
    while composition.shards.exists():
        running.work_next()
    composition.refresh_from_db()
    assert composition.progress == "done", composition.failure
    return composition, time.perf_counter() - since


def measured(one: Bench) -> Bench:
    """Each act in turn, with other people each time; then some people are moved, and it is solved again."""
    pairs = [drafts_to_move_between(one, number) for number in range(ROUNDS + 1)]
    for number, pair in enumerate(pairs):
        for name, call in acts(one, *pair).items():
            spent = asked(call)
            if number:  # the first request of a process compiles its templates
                one.asked.setdefault(name, []).append(spent)
    solve_again(one)
    return one


def drafts_to_move_between(one: Bench, number: int) -> tuple[str, int]:
    """Somebody of one draft, and the number of another."""
    drafts = list(one.composition.drafts.filter(state="draft").order_by("number"))
    here, there = drafts[number % len(drafts)], drafts[(number + 1) % len(drafts)]
    return here.invitations.order_by("pk")[0].application.public_id, there.number


def acts(one: Bench, person: str, group: int) -> dict[str, Callable[[], Any]]:
    """What an organizer does with one person, in order."""
    looks = {"hand": person, "group": group}
    return {
        "board": lambda: one.client.get(one.page, headers={"HX-Target": "board"}),
        "hand": lambda: one.client.get(one.page, {"hand": person}, headers={"HX-Target": "hand"}),
        "look": lambda: one.client.get(one.page, looks, headers={"HX-Target": "verdict"}),
        "move": lambda: edited(one, f"move {person} {group}"),
        "undo": lambda: edited(one, "undo"),
    }


def edited(one: Bench, do: str) -> Any:
    """The answer, once it says that something was done."""
    one.composition.refresh_from_db(fields=["version"])
    since = {"do": do, "version": one.composition.version}
    response = one.client.post(f"{one.page}edit/", since)
    assert b'data-kind="stop"' not in response.content, response.content[-600:]
    return response


def solve_again(one: Bench) -> None:
    """Three people out of their groups, one group locked; how long it takes, and how many sit elsewhere afterwards."""
    from groups.models.invitation import Invitation  # noqa: PLC0415

    for number in range(3):
        person, _ = drafts_to_move_between(one, number)
        edited(one, f"move {person} pool")
    last = one.composition.drafts.order_by("-number")[0].number
    edited(one, f"lock {last}")
    again, one.again = solved(one.composition.program, one.organizer, one.composition)

    def homes(composition: Any) -> dict[int, int]:
        seats = Invitation.objects.filter(draft__composition=composition)
        return dict(seats.values_list("application_id", "draft__number"))

    before, after = homes(one.composition), homes(again)
    one.moved = sum(after.get(key) != number for key, number in before.items())
    one.placed = (len(before), len(after))


def report(benches: list[Bench]) -> int:
    """One line per act and size, one per size for solving again. Work: what our and the database's processors did."""
    print("act      people  queries   clock ms: p50    p95    max   work ms: p50    p95    max")
    for name in ACTS:
        for one in benches:
            told = one.asked[name]
            clock, work = (spread([getattr(each, part) for each in told]) for part in ("clock", "work"))
            print(
                f"{name:<8}{one.size:>7}{max(each.queries for each in told):>9}"
                f"{clock[0]:>17.1f}{clock[1]:>7.1f}{clock[2]:>7.1f}{work[0]:>15.1f}{work[1]:>7.1f}{work[2]:>7.1f}"
            )
    print("\nsolve again  people  groups  composed s  again s  placed before  after  moved")
    for one in benches:
        groups = one.composition.drafts.count()
        before, after = one.placed
        print(f"{one.size:>19}{groups:>8}{one.composed:>12.1f}{one.again:>9.1f}{before:>15}{after:>7}{one.moved:>7}")
    complaints = missed(benches)
    print("\n" + ("\n".join(complaints) or "Every goal is reached."))
    return int(bool(complaints))


def missed(benches: list[Bench]) -> list[str]:
    """What is above its goal."""
    found = []
    for one in benches:
        for name in ("look", "move"):
            work = spread([each.work for each in one.asked[name]])[1]
            if one.size <= 1_000 and work >= GOAL_MILLISECONDS:
                found.append(f"MISSED: {name} takes {work:.0f} ms of work at {one.size}, goal {GOAL_MILLISECONDS:.0f}")
    return found


if __name__ == "__main__":
    sys.exit(main())
