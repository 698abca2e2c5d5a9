"""Waiting without being forgotten: the monthly letter, the rest after three silent ones, and the outlook of a person.

Lock order: application. No number below five leaves this module, nor a change to or from one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce

from members import letters, meetable, ownwords, pools, settling
from members.models.application import Application
from members.models.hint import Hint
from members.models.hours import Hours
from members.models.program import Program
from members.models.questions import asked, with_questions
from members.models.waiting import SILENT, MonthlyLetter
from members.pools import SHOWN_FROM, Pool, Standing
from members.stages import Stage
from roundtable import clock
from roundtable.outbox.post import post

log = structlog.get_logger(__name__)
A_MONTH = timedelta(days=28)
SILENT_LETTERS = 3
QUESTIONS = {
    "place": "We do not know your place or your clock yet. Without it you cannot be placed; one line is enough.",
    "agreement": "The code of conduct still waits for your yes. Without it nobody can be placed.",
    "consent": "We still need your yes, or your no, to the use of your sensitive answers.",
}
CHECK_HOURS = "Are your hours still right? You can change them, and add one, on your page."


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where one application stands, how many people could meet its person, and the change that would help."""

    standing: Standing
    people: int | None
    hint: Hint | None
    unread: ownwords.Waiting | None


def outlooks(standings: Iterable[Standing], *, now: datetime) -> list[Outlook]:
    """The same applications with what only their own person sees."""
    standings = list(standings)
    mine = [one.application for one in standings]
    hours = {row.application_id: row for row in Hours.objects.filter(application__in=mine).exclude(zone="")}
    hints = {hint.application_id: hint for hint in Hint.objects.filter(application__in=mine)}
    unread = ownwords.unread(one for one in mine if one.stage in (Stage.SUBMITTED, Stage.POOLED, Stage.DORMANT))
    return [
        Outlook(
            one, _people(one.application, hours, now), hints.get(one.application.pk), unread.get(one.application.pk)
        )
        for one in standings
    ]


def _people(application: Application, hours: Mapping[int, Hours], now: datetime) -> int | None:
    row = hours.get(application.pk)
    if row is None or application.stage != Stage.POOLED:
        return None
    way = meetable.Way(application.mode, application.metro)
    return meetable.people(application.program, row.week, now=now, way=way, counted=True)


def write_due() -> int:
    """A letter to everybody whose month is over, or rest after three silent ones. How many. Safe to repeat at once."""
    now = clock.database_now()
    by_program: dict[int, list[int]] = {}
    for program_id, pk in _due(now).order_by("program", "pk").values_list("program_id", "pk"):
        by_program.setdefault(program_id, []).append(pk)
    return sum(_write_program(program_id, due, now) for program_id, due in by_program.items())


def _due(now: datetime) -> QuerySet[Application]:
    """Pooled, not asked for a group at this moment, and not written to in this month nor in the last four weeks."""
    a_month_ago = now - A_MONTH
    pooled = Application.objects.pooled().without_group().filter(person__is_active=True)
    known = pooled.annotate(
        silent=SILENT,
        written_at=Max("monthly_letters__sent_at"),
        last_month=Max("monthly_letters__month"),
        waits_since=Coalesce("decided_at", "submitted_at"),
    )
    return known.filter(waits_since__lte=a_month_ago).filter(
        Q(written_at=None) | Q(written_at__lte=a_month_ago, last_month__lt=_month(now))
    )


def _write_program(program_id: int, due: list[int], now: datetime) -> int:
    """One program with its pools counted once. What goes wrong with one person is logged and keeps nobody waiting."""
    program = Program.objects.get(pk=program_id)
    waiting = pools.pools_of([program], now=now).get(program.pk, ())
    written = 0
    for pk in due:
        try:
            written += _write(pk, waiting, now)
        except Exception:
            log.exception("monthly_letter_failed", application=pk)
    return written


@transaction.atomic
def _write(pk: int, waiting: tuple[Pool, ...], now: datetime) -> bool:
    """The letter of one application, unless something happened to it since it was found due."""
    Application.objects.select_for_update().filter(pk=pk).first()
    application = with_questions(_due(now).select_related("person", "program")).filter(pk=pk).first()
    if application is None:
        return False
    if application.silent >= SILENT_LETTERS:  # type: ignore[attr-defined] # annotated by _due
        settling.let_rest(application)
        return True
    earlier = MonthlyLetter.objects.filter(application=application).order_by("-month")
    before = earlier.values_list("waiting", flat=True).first() or {}
    mine = _pools_of(application, waiting, now)
    letter = MonthlyLetter(application=application, month=_month(now), sent_at=now)
    letter.waiting = {_key(pool): pool.waiting for pool in mine}
    letter.save()
    facts = {"pools": [told(pool, before.get(_key(pool))) for pool in mine], "advice": advice(application)}
    post(letters.monthly(application, letter.month, facts))
    return True


def _pools_of(application: Application, waiting: Iterable[Pool], now: datetime) -> list[Pool]:
    zone = Hours.objects.filter(application=application).values_list("zone", flat=True).first() or ""
    mine = pools.places_of(zone, application.metro, application.mode, now)
    return [pool for pool in waiting if (pool.name, pool.by_video) in mine]


def told(pool: Pool, before: int | None) -> str:
    """One pool in a sentence: how many, what changed since the last letter, what is missing."""
    where = f"{pool.name}, {'by video' if pool.by_video else 'in person'}"
    if pool.few:
        return f"{where}: a few people wait. {pool.missing}"
    return f"{where}: {pool.waiting} people wait{_since(pool.waiting, before)}. {pool.missing}"


def _since(waiting: int, before: int | None) -> str:
    """Silent where there was no earlier number, or it was not told."""
    if before is None or before < SHOWN_FROM:
        return ""
    more = waiting - before
    if not more:
        return ", as many as last month"
    return f", {abs(more)} {'more' if more > 0 else 'fewer'} than last month"


def advice(application: Application) -> str:
    """The one thing that this person can do, the surest first. Never a wish to give up."""
    open_questions = asked(application)
    if open_questions:
        return QUESTIONS[open_questions[0]]
    hint = Hint.objects.filter(application=application).first()
    if hint is not None:
        return f"{hint.words} That was true on {hint.computed_at:%d %B}."
    return CHECK_HOURS


def _key(pool: Pool) -> str:
    return f"{pool.name}, {'video' if pool.by_video else 'room'}"


def _month(now: datetime) -> date:
    return now.date().replace(day=1)
