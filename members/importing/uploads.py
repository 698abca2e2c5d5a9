"""A file on its way in: kept, its columns settled, checked, taken in. A long one goes through a worker.

A worker claims a file for a time; if it dies, the next one takes over, and after three tries the file ends with a
sentence. Everything that a try writes is one transaction, so that a dead worker leaves nothing half done.
Lock order: upload, program.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from members.importing import HowToRead, import_applications
from members.importing.report import Report, packed, unpacked, without_words
from members.models.person import Person
from members.models.program import Program
from members.models.review import UPLOAD_LIVES, Step, Upload
from members.spreadsheet import Column, beginning_of, look_at, missing, read_table, settled
from roundtable import clock
from roundtable.errors import NotAllowed

AT_ONCE = 300  # rows that the organizer's own request reads and writes in about a second
CLAIMED_FOR = timedelta(minutes=3)  # longer than the task's hard limit: a living worker is never overtaken
MOST_TRIES = 3
GONE = "The file was kept for a day and is gone; please upload it again."
OURS = "The import stopped with an error of ours; nothing was taken in. Please upload the file again."
TOO_LONG = "Reading the file took too long; nothing was taken in. Please split it and upload the parts."
INTERRUPTED = "The import was interrupted three times; nothing was taken in. Please upload the file again."
PROGRESS_LIVES = 600

log = structlog.get_logger(__name__)


def keep(program: Program, raw: bytes, *, by: Person) -> Upload:
    """Holds a file, closed, until the organizer's yes. Raises NotAllowed with the reason where nobody could read it."""
    table = read_table(raw)
    if not table.lines:
        raise NotAllowed(table.findings[0].sentence if table.findings else "No row of this file can be taken.")
    upload = Upload(program=program, made_by=by, made_at=clock.now(), rows=len(table.lines))
    upload.content = raw.decode("latin-1")  # every byte as one character: it comes out again as it came
    upload.beginning = json.dumps(beginning_of(table))
    upload.save()
    return upload


def columns(upload: Upload) -> list[Column]:
    """Each column of the file with what it was understood as, what it may be, and its first values."""
    beginning = _beginning(upload)
    return look_at(beginning, settled(tuple(beginning), upload.columns))


def check(upload: Upload, chosen: Mapping[str, str], *, consent_wording: str = "") -> Upload:
    """Orders the report of a file whose columns the organizer has settled; nothing is taken in by it."""
    refused = missing(settled(tuple(_beginning(upload)), chosen))
    if refused:
        raise NotAllowed(" ".join(found.sentence for found in refused))
    with transaction.atomic():
        upload = _locked(upload)
        if upload.step not in (Step.KEPT, Step.CHECKED, Step.FAILED):
            raise NotAllowed("This file is being read or taken in already.")
        upload.columns, upload.consent_wording = dict(chosen), consent_wording
        _order(upload, Step.CHECKING)
    return _begun(upload)


def take(upload: Upload, *, leave_out_refused: bool = False) -> Upload:
    """The organizer's yes to the report. Said twice, in two windows, it is one yes."""
    with transaction.atomic():
        upload = _locked(upload)
        if upload.step in (Step.TAKING, Step.DONE):
            return upload
        if upload.step != Step.CHECKED:
            raise NotAllowed("Look at the report of this file first.")
        upload.leave_out_refused = leave_out_refused
        _order(upload, Step.TAKING)
    return _begun(upload)


def run_waiting() -> None:
    """Takes up the file that waits longest, if there is one. Two at once are harmless: each is claimed first."""
    claimed = _claim(Upload.objects.select_for_update(skip_locked=True, of=("self",)))
    if claimed is not None:
        work(claimed)


def report_of(upload: Upload) -> Report | None:
    """What the last check or import said."""
    return unpacked(upload.report) if upload.report else None


def progress_of(upload: Upload) -> tuple[str, int, int]:
    """What is being done, how many rows of it, of how many; nothing yet while it waits."""
    found = cache.get(_progress_key(upload))
    return found or ("", 0, upload.rows)


def work(upload: Upload) -> None:
    """One try at a claimed file. Whatever goes wrong ends as a sentence, never as a file that is read for ever."""
    try:
        _check(upload) if upload.step == Step.CHECKING else _take(upload)
    except IntegrityError:
        _release(upload)  # somebody of the file applied in this very moment; the next try finds them
    except SoftTimeLimitExceeded:
        _give_up(upload, TOO_LONG)
    except Exception:
        log.exception("import_failed", upload=upload.pk)
        _give_up(upload, OURS)


def _locked(upload: Upload) -> Upload:
    """The row as it is now. Raises NotAllowed once its day is over."""
    upload = Upload.objects.select_for_update(of=("self",)).select_related("program", "made_by").get(pk=upload.pk)
    if upload.step != Step.DONE:
        _refuse_gone(upload)
    return upload


def _beginning(upload: Upload) -> dict[str, list[str]]:
    """Headings and first values, so that no page waits for the whole file to be read again."""
    _refuse_gone(upload)
    beginning: dict[str, list[str]] = json.loads(upload.beginning)
    return beginning


def _raw(upload: Upload) -> bytes:
    _refuse_gone(upload)
    return upload.content.encode("latin-1")


def _refuse_gone(upload: Upload) -> None:
    if not upload.content or clock.now() >= upload.made_at + UPLOAD_LIVES:
        raise NotAllowed(GONE)


def _order(upload: Upload, step: Step) -> None:
    upload.step, upload.tries, upload.claimed_until, upload.failure = step.value, 0, None, ""
    upload.save()


def _begun(upload: Upload) -> Upload:
    """A short file is done at once; a long one waits for a worker, who is woken."""
    if upload.rows > AT_ONCE:
        transaction.on_commit(nudge, robust=True)  # robust: the order stands, whatever the broker says
        return upload
    claimed = _claim(Upload.objects.filter(pk=upload.pk).select_for_update(of=("self",)))
    if claimed is not None:
        work(claimed)
    upload.refresh_from_db()
    return upload


def nudge() -> None:
    """Wakes a worker; without a broker the next tick of the schedule finds the file."""
    current_app.send_task("members.tasks.import_waiting", expires=5, retry=False)


@transaction.atomic
def _claim(locked: QuerySet[Upload]) -> Upload | None:
    """One file that nobody works at, claimed for a while. One that was interrupted too often is given up here."""
    now = clock.now()
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    waiting = locked.filter(free, step__in=[Step.CHECKING, Step.TAKING]).select_related("program", "made_by")
    upload = waiting.order_by("made_at", "pk").first()
    if upload is None:
        return None
    if upload.tries >= MOST_TRIES:
        _end(upload, INTERRUPTED)
        return None
    upload.tries, upload.claimed_until = upload.tries + 1, now + CLAIMED_FOR
    upload.save(update_fields=["tries", "claimed_until"])
    return upload


def _check(upload: Upload) -> None:
    report = import_applications(
        upload.program, _raw(upload), by=upload.made_by, how=_how(upload), dry_run=True, tell=_teller(upload)
    )
    with transaction.atomic():
        mine = _still_mine(upload)
        if mine is not None:
            mine.step, mine.report, mine.claimed_until = Step.CHECKED.value, packed(report), None
            mine.save()


def _take(upload: Upload) -> None:
    """The file and everything it brings are one transaction; the row stays locked, so that nobody overtakes."""
    with transaction.atomic():
        mine = _still_mine(upload)
        if mine is None:
            return
        report = import_applications(mine.program, _raw(mine), by=mine.made_by, how=_how(mine), tell=_teller(mine))
        mine.step, mine.claimed_until = (Step.DONE if report.written else Step.CHECKED).value, None
        if report.written:
            mine.content = mine.beginning = ""
        mine.report = packed(without_words(report) if report.written else report)
        mine.save()


def _how(upload: Upload) -> HowToRead:
    return HowToRead(upload.columns, upload.consent_wording, upload.leave_out_refused)


def _still_mine(upload: Upload) -> Upload | None:
    """The row, locked, unless another try has begun or the work is done."""
    mine = Upload.objects.select_for_update(of=("self",)).select_related("program", "made_by").get(pk=upload.pk)
    return mine if (mine.step, mine.tries) == (upload.step, upload.tries) else None


@transaction.atomic
def _give_up(upload: Upload, sentence: str) -> None:
    mine = _still_mine(upload)
    if mine is not None:
        _end(mine, sentence)


@transaction.atomic
def _release(upload: Upload) -> None:
    mine = _still_mine(upload)
    if mine is not None:
        mine.claimed_until = None
        mine.save(update_fields=["claimed_until"])


def _end(upload: Upload, sentence: str) -> None:
    """The file goes as well: it is of no use to anybody, and full of people."""
    upload.step, upload.failure, upload.claimed_until = Step.FAILED.value, sentence, None
    upload.content = upload.beginning = upload.report = ""
    upload.save()


def _progress_key(upload: Upload) -> str:
    return f"import:{upload.public_id}"


def _teller(upload: Upload) -> Callable[[str, int, int], None]:
    def tell(doing: str, done: int, total: int) -> None:
        cache.set(_progress_key(upload), (doing, done, total), PROGRESS_LIVES)

    return tell
