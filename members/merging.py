"""Two applications of one person become one: an organizer chose which answers stay. The other one is closed.

Hours and sensitive answers are moved unseen. Lock order: applications by key.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction

from members import apart, identity, reviewing
from members.models.application import Application, IdentityAnswers
from members.models.conduct import Acceptance
from members.models.hours import Hours
from members.models.person import Person
from members.stages import DeclineCode, Stage
from roundtable import audit, clock
from roundtable.errors import NotAllowed

PLACE = ("place_text", "placed", "place_step", "place_name", "country", "metro", "candidates")
PARTS: Mapping[str, tuple[str, ...]] = {
    "place": PLACE,
    "mode": ("mode", "cadences"),
    "role": ("role", "role_text", "org_size"),
    "years": ("years_in_tech", "years_leading", "still_coding"),
    "company": ("company", "company_key", "sector", "shows_company"),
    "topics": ("topics",),
    "words": ("willing", "extra"),
}
HOURS = "hours"  # chosen like the others, and never shown


@transaction.atomic
def merge(kept: Application, other: Application, *, taken: Collection[str], by: Person) -> Application:
    """The kept one takes these parts over; the other is declined as sent twice, with its letter.

    Sensitive answers protect whoever gave them in either: what one lacks comes from the other. Raises NotAllowed.
    """
    kept, other = _both(kept, other)
    for part, fields in PARTS.items():
        for name in fields if part in taken else ():
            setattr(kept, name, getattr(other, name))
    kept.submitted_at = min(kept.submitted_at or clock.now(), other.submitted_at or clock.now())  # waited since then
    kept.skipped_before = max(kept.skipped_before, other.skipped_before)
    kept.source = kept.source or other.source
    kept.edited_at = clock.now()  # a spreadsheet no longer overwrites it
    kept.save()
    if HOURS in taken:
        _move_hours(kept, other)
    _protect(kept, other)
    _carry(kept, other)
    reviewing.decline(other, DeclineCode.DUPLICATE, by=by)
    audit.note(by, "merged", f"application:{kept.pk}", count=2)
    return kept


def _both(kept: Application, other: Application) -> tuple[Application, Application]:
    if kept.pk == other.pk or kept.program_id != other.program_id:
        raise NotAllowed("Only two applications to one program can become one.")
    rows = Application.objects.select_for_update(of=("self",)).select_related("person", "program").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[kept.pk, other.pk])}
    if any(row.stage not in (Stage.SUBMITTED, Stage.POOLED) for row in found.values()):
        raise NotAllowed("Only applications that wait, in review or in the pool, can become one.")
    if rows.filter(pk__in=found).without_group().count() < len(found):
        raise NotAllowed("One of the two is asked for a group just now; wait for the answer.")
    return found[kept.pk], found[other.pk]


def _move_hours(kept: Application, other: Application) -> None:
    theirs = Hours.objects.filter(application=other).first()
    if theirs is not None:
        week = {"good": theirs.good, "possible": theirs.possible, "zone": theirs.zone}
        Hours.objects.update_or_create(application=kept, defaults=week)


def _protect(kept: Application, other: Application) -> None:
    """Wishes of both count. A yes counts only where it was given to all that is kept."""
    rows = IdentityAnswers.objects.filter(application__in=[kept, other]).select_related("application")
    if not (given := sorted(rows, key=lambda row: row.application_id != kept.pk)):
        return
    told = [identity.read(row.answers) for row in given]
    row = next((row for row in given if row.application_id == kept.pk), None) or IdentityAnswers(application=kept)
    row.answers, row.source = identity.written(told[0].joined(told[-1])), given[0].source
    yeses = [one.consented_at for one in given]
    row.consented_at = None if None in yeses else max(yes for yes in yeses if yes is not None)
    row.save()


def _carry(kept: Application, other: Application) -> None:
    """Agreements, notes, and whom they do not want to meet follow the person."""
    for accepted in Acceptance.objects.filter(person=other.person, code__program=kept.program_id):
        Acceptance.objects.get_or_create(
            code_id=accepted.code_id,
            person=kept.person,
            defaults={"accepted_at": accepted.accepted_at, "how": "merged"},
        )
    other.notes.update(application=kept)
    other.replies.exclude(question__in=kept.replies.values("question")).update(application=kept)
    apart.carry(kept, other)
