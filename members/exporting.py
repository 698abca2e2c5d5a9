"""Applications out as a table: what organizers may carry away, and nothing that they may not even see.

No answer about what somebody may not want to be alone with, no hours, nobody to be kept apart from, no free words.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from members.models.application import CADENCES, Application
from members.models.conduct import Acceptance, CodeOfConduct
from members.models.person import Person
from members.models.program import Program
from roundtable import audit

# A spreadsheet program would take such a cell for a formula and run it.
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")

COLUMNS: dict[str, Callable[[Application], object]] = {
    "Name": lambda one: one.person.name,
    "Email": lambda one: one.person.email,
    "Pronouns": lambda one: one.person.pronouns,
    "Time zone": lambda one: one.person.zone,
    "Stage": lambda one: one.get_stage_display(),
    "Submitted at": lambda one: f"{one.submitted_at:%Y-%m-%d %H:%M}" if one.submitted_at else "",
    "Company": lambda one: one.company,
    "Sector": lambda one: one.sector,
    "Company size": lambda one: one.extra.get("company_size", ""),
    "Role": lambda one: one.role_text or one.role_name,
    "Role understood as": lambda one: one.role_name,
    "People in your org": lambda one: one.org_size,
    "Years in tech": lambda one: one.years_in_tech,
    "Years leading": lambda one: one.years_leading,
    "Where are you based?": lambda one: one.place_text,
    "Place": lambda one: one.place_name,
    "Metro": lambda one: one.metro,
    "Country": lambda one: one.country,
    "In person or video?": lambda one: one.get_mode_display(),
    "Do you still code?": lambda one: one.still_coding_name,
    "Topics": lambda one: "; ".join(one.topics),
    "How often?": lambda one: "; ".join(CADENCES[name] for name in CADENCES if name in one.cadences),
    "I could": lambda one: "; ".join(one.could_names),
    "Source": lambda one: one.source.name if one.source else "",
    "Code of conduct": lambda one: "agreed" if one.agreed else "",  # type: ignore[attr-defined] # annotated below
}


@transaction.atomic
def export(program: Program, *, by: Person) -> bytes:
    """The applications that this organizer looks after, as CSV; who took away how many is written down."""
    rows = list(_rows(program, by))
    audit.note(by, "exported applications", f"program:{program.pk}", count=len(rows))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(read(row)) for read in COLUMNS.values()] for row in rows)
    return out.getvalue().encode("utf-8-sig")  # the mark tells spreadsheet programs that accents are accents


def count(program: Program, person: Person) -> int:
    """How many applications this organizer would carry away."""
    return _of(program, person).count()


def harmless(value: object) -> str:
    """A cell that stays text wherever it is opened."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(BEGINS_A_FORMULA) else text


def _of(program: Program, person: Person) -> QuerySet[Application]:
    """Everybody who sent an application: of the whole program, or of the city of a chapter."""
    return Application.objects.organized_by(person).filter(program=program).exclude(submitted_at=None)


def _rows(program: Program, person: Person) -> QuerySet[Application]:
    newest = CodeOfConduct.objects.binding().filter(program=program).order_by("-number").values("number")[:1]
    accepted = Acceptance.objects.filter(
        person=OuterRef("person"), code__program=program, code__number__gte=Subquery(newest)
    )
    rows = _of(program, person).select_related("person", "source").annotate(agreed=Exists(accepted))
    return rows.order_by("submitted_at", "pk")
