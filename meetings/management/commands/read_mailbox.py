"""bin/manage read_mailbox [PATH ...]: answers from a Maildir, an mbox, .eml files or by IMAP, judged at once."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from meetings import incoming, mailbox, postbox
from meetings.models.reply import Reply
from meetings.postbox import Found
from meetings.replies import Verdict
from roundtable import clock

WAITING = "waiting"  # its judging broke; the schedule tries again


class Command(BaseCommand):
    """Running it twice changes nothing: a mail that was judged before is a duplicate."""

    help = "Takes replies from a Maildir, an mbox or .eml files; without a path from the mailbox in REPLIES_IMAP."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")

    def handle(self, *args: Any, paths: list[Path], **options: Any) -> None:
        try:
            for found in mails(paths):
                self.stdout.write(json.dumps(taken(found)))
        except postbox.NoMailbox as refusal:
            raise CommandError(str(refusal)) from refusal


def mails(paths: list[Path]) -> Iterator[Found]:
    """Those of the paths, else those of the mailbox in the settings. Raises NoMailbox."""
    if paths:
        return chain.from_iterable(postbox.at(path) for path in paths)
    if not settings.REPLIES_IMAP:
        raise postbox.NoMailbox("Name a Maildir, an mbox or .eml files, or set REPLIES_IMAP.")
    return postbox.on_server(postbox.account(settings.REPLIES_IMAP))


def taken(found: Found) -> dict[str, str | None]:
    """Stored, judged, and only then given up where it lay."""
    now = clock.now()
    row, fresh = mailbox.keep(found.raw, min(now, found.arrived_at or now))
    known = row.judged_at is not None and not fresh
    mailbox.judge(row.pk)
    found.taken()
    verdict, seat = Reply.objects.values_list("verdict", "seat__public_id").get(pk=row.pk)
    shown = Verdict.DUPLICATE if known else verdict or WAITING
    return {"message_id": incoming.message_id(found.raw), "verdict": shown, "seat": seat}
