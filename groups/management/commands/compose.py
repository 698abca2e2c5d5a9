"""`bin/manage compose SLUG`: compose a program's pool on paper and print it; nothing is saved."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from groups import composing
from groups.composing import OnPaper
from groups.composition.rules import BadProblem
from groups.composition.solver import CheckFailed
from groups.management.commands.compose_file import seconds_of
from members.models.application import Application
from members.models.program import Program


class Command(BaseCommand):
    help = "Compose a program's pool on paper: groups, everybody left out with a reason, the bound and the gap."

    def add_arguments(self, parser: CommandParser) -> None:
        """Numbers stay text here, so that a wrong one is refused in our words."""
        parser.add_argument("slug", help="the program, as in its address")
        parser.add_argument("--seconds", default="60", help="at most so long (default 60)")
        parser.add_argument(
            "--seed",
            default="1",
            help="the same seed gives the same groups, unless the time ran out (default 1)",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")

    def handle(self, *, slug: str, seconds: str, seed: str, **options: Any) -> None:
        program = Program.objects.filter(slug=slug).first()
        if program is None:
            known = ", ".join(Program.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no program {slug}; known programs: {known}.")
        try:
            limit, number = seconds_of(seconds), seed_of(seed)
            paper = composing.on_paper(program, self.people(program), seconds=limit, seed=number)
        except BadProblem as problem:
            raise CommandError(problem.sentence) from problem
        except CheckFailed as failure:
            raise CommandError(str(failure)) from failure
        self.stdout.write(json.dumps(as_json(paper), indent=2) if options["json"] else as_text(paper))

    def people(self, program: Program) -> list[Application]:
        """The pool; where nobody is in it yet, everybody who waits for review, so that one can look ahead."""
        mine = Application.objects.filter(program=program).select_related("person")
        pooled = list(mine.pooled().without_group())
        if pooled:
            return pooled
        waiting = list(mine.waiting_for_review())
        if not waiting:
            raise CommandError(f"Nobody has applied to {program.slug} yet: import or accept applications first.")
        self.stderr.write(
            f"Nobody is in the pool yet; looking ahead with the {len(waiting)} people waiting for review."
        )
        return waiting


def seed_of(text: str) -> int:
    """The seed as somebody typed it. Raises BadProblem."""
    try:
        seed = int(text)
    except ValueError:
        seed = -1
    if seed < 0:
        raise BadProblem("seed", f"--seed is {text}; it must be a whole number of 0 or more.")
    return seed


def as_json(paper: OnPaper) -> dict[str, object]:
    """People are named by their address, the key of the spreadsheets; windows count half hours on the group's clock."""
    address = {key: application.person.email for key, application in paper.pool.applications.items()}
    return {
        "groups": [_group(group, paper, address) for group in paper.proposal.groups],
        "unplaced": [
            {
                "id": address[reason.person],
                "reason": reason.code,
                "sentence": paper.in_words(reason.sentence),
                "fix": paper.help_for(reason),
            }
            for reason in paper.proposal.unplaced
        ],
        "placed": paper.proposal.certificate.placed,
        "bound": paper.proposal.certificate.bound,
        "gap": paper.proposal.certificate.gap,
        "proven": paper.proposal.certificate.proven,
        "quality": round(paper.proposal.quality, 4),
        "certificate": asdict(paper.proposal.certificate),
    }


def _group(group: Any, paper: OnPaper, address: dict[str, str]) -> dict[str, object]:
    zone, window = composing.anchor(group, paper)
    return {
        "members": sorted(address[key] for key in group.members),
        "mode": group.mode,
        "metro": group.metro,
        "zone": zone,
        "window": window,
        "when": composing.hour(window, zone, paper).words,
        "quality": round(group.quality, 4),
    }


def as_text(paper: OnPaper) -> str:
    """The same for people to read: initials only."""
    certificate = paper.proposal.certificate
    lines = [f"{certificate.placed} placed, {certificate.bound} possible, gap {certificate.gap}."]
    for number, group in enumerate(paper.proposal.groups, start=1):
        zone, window = composing.anchor(group, paper)
        where = group.metro or "video"
        initials = ", ".join(paper.pool.applications[key].person.initials for key in group.members)
        lines.append(f"Group {number} ({where}, {composing.hour(window, zone, paper).words} {zone}): {initials}")
    lines.extend(f"Left out ({reason.code}): {paper.in_words(reason.sentence)}" for reason in paper.proposal.unplaced)
    return "\n".join(lines)
