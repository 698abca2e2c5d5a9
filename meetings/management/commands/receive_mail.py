"""bin/manage receive_mail < message.eml: one mail from a pipe of Postfix or Exim; a worker judges it."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from meetings import incoming, mailbox
from roundtable import clock


class Command(BaseCommand):
    help = "Takes one mail from standard input. Exits with an error only if it could not be stored."

    def handle(self, *args: Any, **options: Any) -> None:
        mailbox.receive(sys.stdin.buffer.read(incoming.MAIL_BYTES + 1), clock.now())
