"""bin/manage place: reads location texts, one per line, and prints one JSON line for each. Needs no database."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from members.placing import place

SHOWN = ("text", "outcome", "place", "country", "metro", "zone", "step")


class Command(BaseCommand):
    help = "Reads location texts from standard input, one per line, and prints what is made of each as a JSON line."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for line in sys.stdin.buffer:
            found = place(line.decode("utf-8", "replace").rstrip("\r\n"))
            self.stdout.write(json.dumps({name: getattr(found, name) for name in SHOWN}, ensure_ascii=False))
