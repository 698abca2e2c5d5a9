"""E41, to who organizes: the week in at most five lines of names, signs and numbers; E42, to them: that a quarter is
drawn; E32, to who leads: one sign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse

from groups.models.nudge import Nudge
from meetings.models.meeting import Meeting
from meetings.quarters import Quarter
from members.models.person import Person
from members.models.program import Program
from roundtable import moments
from roundtable.outbox.models import IN_PRIVATE, Priority
from roundtable.outbox.post import Draft

# In private: an organizer may have applied elsewhere, and whoever organizes there would read of circles of others.
BRIEF = f"meetings/weekly_brief{IN_PRIVATE}"
QUARTER = f"meetings/quarter{IN_PRIVATE}"
NUDGE = f"meetings/nudge{IN_PRIVATE}"
SWITCH = "admin:groups_brief"


def brief_key(person: Person, week: date) -> str:
    """One for an organizer and a week."""
    return f"weekly_brief:{person.pk}:{week:%Y-%m-%d}"


def brief(person: Person, week: date, lines: Sequence[str], *, until: datetime) -> Draft:
    """These lines, the page with more, and the page on which to switch it off."""
    words = {"lines": lines, "path": reverse("admin:groups_health"), "off": reverse(SWITCH)}
    return _to_organizer(BRIEF, person, brief_key(person, week), words, until=until)


def quarter_key(person: Person, quarter: Quarter) -> str:
    """One for an organizer and a quarter."""
    return f"quarter:{person.pk}:{quarter}"


def quarter(person: Person, quarter: Quarter, program: Program, *, until: datetime) -> Draft:
    """The page on which it is drawn. No number: they are for the page."""
    words = {"quarter": quarter.name, "path": reverse("admin:groups_quarter", args=[program.slug, quarter])}
    return _to_organizer(QUARTER, person, quarter_key(person, quarter), words, until=until)


def _to_organizer(kind: str, person: Person, key: str, words: Mapping[str, object], *, until: datetime) -> Draft:
    """Mail programs are told the page on which both letters are switched off."""
    return Draft(
        kind=kind,
        to=person,
        about=f"organizer:{person.pk}",
        dedupe_key=key,
        context=dict(words),
        headers={"List-Unsubscribe": f"<{settings.SITE_URL}{reverse(SWITCH)}>"},
        expires_at=until,
    )


def nudge(word: Nudge, meeting: Meeting) -> Draft:
    """The sign in general words, and a page that opens for this reader alone."""
    person = word.person
    return Draft(
        kind=NUDGE,
        to=person,
        about=meeting.about,
        dedupe_key=f"nudge:{word.pk}",
        context={
            "when": moments.both(meeting.starts_at, meeting.zone, person.zone),
            "sign": word.get_sign_display(),
            "path": reverse("meetings:nudge", args=[word.public_id]),
        },
        priority=Priority.REMINDER,
        expires_at=meeting.starts_at,
    )
