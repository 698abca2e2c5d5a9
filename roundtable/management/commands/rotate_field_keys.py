"""`manage.py rotate_field_keys [--data]`"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from roundtable import rekeying, vault
from roundtable.vault import DataKey


class Command(BaseCommand):
    help = (
        "Wraps all data keys with the first key of FIELD_KEYS; older ones may then leave the ring. With --data every"
        " owner also has a new data key, and everything is closed anew with it; stopped, it goes on at the next run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", action="store_true", help="make new data keys, and close everything anew")

    def handle(self, *args: Any, **options: Any) -> None:
        self.told = options["verbosity"] > 0
        self.say(f"{vault.rewrap_all()} data keys wrapped anew.")
        if options["data"]:
            self.close_anew()

    def close_anew(self) -> None:
        """From where an earlier run was stopped, or from the beginning."""
        made = rekeying.begin()
        self.say(f"New data keys: {counted(made)}." if made else "An earlier change goes on; no new data keys.")
        for column in rekeying.columns():
            moved: Counter[str] = Counter()
            for batch in rekeying.move(column):
                moved += batch
            if moved:
                self.say(f"{column}: {counted(moved)}")
        gone, stay = rekeying.end(), DataKey.objects.old().count()
        self.say(f"{gone} old data keys are gone" + (f", {stay} stay: run this again in an hour." if stay else "."))

    def say(self, words: str) -> None:
        if self.told:
            self.stdout.write(words)


def counted(kinds: Mapping[str, int]) -> str:
    """ "group 12, person 40"."""
    return ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items()))
