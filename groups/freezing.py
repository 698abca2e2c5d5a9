"""The pool as a run found it: written down compactly, read again, and compared with the pool of today.

The copy holds hours and personal rules, so it lies encrypted under a key of its own that ends with the run.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from groups import around, candidates
from groups.candidates import Pool
from groups.composition.people import Candidate, Problem
from groups.composition.rules import Group, Lock, Rules
from groups.composition.score import Weights
from groups.models.draft import Composition
from groups.models.shard import FrozenPool
from members.models.application import Application
from members.models.program import Program
from roundtable import clock, vault

FIELDS = [field.name for field in fields(Candidate)]
NAMED = 5  # people named by their initials in a sentence; the others are counted
COMPOSE_AGAIN = "Compose again, or ask a group that still holds: each is checked before anybody is asked."


def freeze(composition: Composition) -> FrozenPool:
    """Copy the pool as it is now; the copy that an earlier try has made stays."""
    row = FrozenPool.objects.filter(composition=composition).first()
    if row is not None:
        return row
    today = clock.today()
    zone = composition.base.zone if composition.base else None
    pool = candidates.pool(in_the_pool(composition.program), today=today, zone=zone)
    problem = candidates.problem(composition.program, pool, seed=composition.seed)
    if composition.base is not None:
        problem = around.around(problem, pool, composition.base)
    row = FrozenPool(composition=composition, zone=pool.zone, made_on=today, content=written(problem))
    row.save()
    return row


def forget(composition: Composition) -> None:
    """The copy goes, and the key that opens it wherever else it may still lie."""
    FrozenPool.objects.filter(composition=composition).delete()
    vault.forget(f"composition:{composition.pk}")


def in_the_pool(program: Program) -> list[Application]:
    """Everybody whom a run of now would compose."""
    pooled = Application.objects.filter(program=program).pooled().without_group()
    return list(pooled.select_related("person").only(*candidates.COLUMNS, "person__initials", "person__zone"))


def written(problem: Problem) -> str:
    """A line for the rules and for who belongs or does not belong together, then a line per person; packed."""
    head = {
        "rules": asdict(problem.rules),
        "apart": [sorted(pair) for pair in problem.apart],
        "together": [sorted(whole) for whole in problem.together],
        "locked": [asdict(lock) | {"members": sorted(lock.members)} for lock in problem.locked],
        "met": [[*sorted(pair), months] for pair, months in problem.met.items()],
        "draft": [asdict(group) for group in problem.draft],
        "seed": problem.seed,
    }
    lines = [json.dumps(line) for line in (head, *map(_plain, problem.people))]
    return base64.b64encode(zlib.compress("\n".join(lines).encode())).decode()


def read(text: str) -> Problem:
    """What `written` wrote."""
    first, *lines = zlib.decompress(base64.b64decode(text)).decode().split("\n")
    head = json.loads(first)
    rules = head["rules"]
    return Problem(
        rules=Rules(**rules | {"weights": Weights(**rules["weights"])}),
        people=tuple(_person(json.loads(line)) for line in lines),
        apart=frozenset(frozenset(pair) for pair in head["apart"]),
        together=tuple(frozenset(whole) for whole in head["together"]),
        locked=tuple(Lock(**lock | {"members": frozenset(lock["members"])}) for lock in head["locked"]),
        met={frozenset(pair): months for *pair, months in head["met"]},
        draft=tuple(Group(**group | {"members": tuple(group["members"])}) for group in head["draft"]),
        seed=head["seed"],
    )


def _plain(person: Candidate) -> list[Any]:
    values = (getattr(person, name) for name in FIELDS)
    return [sorted(value) if isinstance(value, frozenset) else value for value in values]


def _person(values: Sequence[Any]) -> Candidate:
    told: list[Any] = [frozenset(value) if isinstance(value, list) else value for value in values]
    return Candidate(*told)


def differences(problem: Problem, program: Program, pool: Pool) -> str:
    """How the pool of now differs from the frozen one, in a sentence for organizers; empty if a run would see the same.

    Personal rules stay out of it, since the sentence would tell who has one; a group is checked again when it is asked.
    """
    then = {person.id: _told(person) for person in problem.people}
    now = {person.id: _told(person) for person in candidates.told(pool)}
    known = then.keys() & now.keys()
    moved = {key for key in known if then[key].hours != now[key].hours}
    changed = {key for key in known - moved if then[key] != now[key]}
    parts = [
        _counted(now.keys() - then.keys(), "joined the pool"),
        _counted(then.keys() - now.keys(), "left it"),
        _counted(moved, "changed their hours"),
        _counted(changed, "changed other answers"),
        "the rules of the program changed" if candidates.rules(program) != problem.rules else "",
    ]
    said = ", ".join(part for part in parts if part)
    return f"While this was composed, {said}. {COMPOSE_AGAIN}" if said else ""


def _told(person: Candidate) -> Candidate:
    return replace(person, dimensions=frozenset(), never_alone=frozenset(), skipped_before=0)


def _counted(keys: Collection[str], did: str) -> str:
    """ "3 changed their hours (AL, GH and 1 more)"; who is gone for good is only counted."""
    if not keys:
        return ""
    found = Application.objects.filter(public_id__in=keys).order_by("pk")[:NAMED]
    names = list(found.values_list("person__initials", flat=True))
    more = f" and {len(keys) - len(names)} more" if names and len(keys) > len(names) else ""
    return f"{len(keys)} {did}" + (f" ({', '.join(names)}{more})" if names else "")
