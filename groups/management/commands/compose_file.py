"""`compose_file PROBLEM.json`: the composition engine on a problem file. No database."""

import math
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from groups.composition import problem_file
from groups.composition.rules import BadProblem, LocksImpossible
from groups.composition.solver import CheckFailed, Proposal, compose

MALFORMED, LOCKS, BROKEN = 2, 3, 1


class Command(BaseCommand):
    """Prints one JSON object, or nothing but a sentence on stderr: 2 malformed, 3 locks impossible, 1 our own fault."""

    help = "Compose groups from a problem file and print the proposal as JSON."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The seconds stay text here, so that a wrong number is refused in our words."""
        parser.add_argument("problem", metavar="PROBLEM.json")
        parser.add_argument("--seconds", default="60", help="wall seconds, an upper limit (60)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, compose, print."""
        try:
            seconds = seconds_of(options["seconds"])
            problem = problem_file.read(Path(options["problem"]))
            proposal = compose(problem, seconds, progress=self._progress())
        except BadProblem as refusal:
            self._stop(MALFORMED, refusal.sentence)
        except LocksImpossible as refusal:
            self._stop(LOCKS, refusal.sentence)
        except CheckFailed as failure:
            self._stop(BROKEN, str(failure))
        self._print(proposal)

    def _print(self, proposal: Proposal) -> None:
        if self.stderr.isatty():
            self.stderr.write("")
        self.stdout.write(problem_file.report(proposal))

    def _progress(self) -> Any:
        if not self.stderr.isatty():
            return None
        return lambda stage, placed, bound: self.stderr.write(f"\r{stage}: {placed} of {bound}  ", ending="")

    def _stop(self, code: int, sentence: str) -> NoReturn:
        self.stderr.write("\\n".join(sentence.splitlines()))  # an id may hold a new line; the sentence stays one
        raise SystemExit(code)


def seconds_of(text: str) -> float:
    """How long a run may take, as somebody typed it. Raises BadProblem."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise BadProblem("seconds", f"--seconds is {text}; it must be a number above 0.")
    return seconds
