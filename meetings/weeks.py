"""The hours of a group's members, as they gave them with their applications, ready for the rules about hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from groups.models.group import Group
from meetings import daysoff, slots
from members.models.hours import Hours
from members.models.person import Person
from roundtable import clock

YEAR = timedelta(weeks=52)


def of_members(group: Group, members: Sequence[Person], *, first_date: date | None = None) -> list[slots.Person]:
    """Whose hours are known, each by the key of the person; two queries. With a first date also the year's holidays."""
    rows = Hours.objects.filter(application__program=group.program_id, application__person__in=members)
    weeks = {row.application.person_id: row.week for row in rows.exclude(zone="").select_related("application")}
    home = daysoff.countries(group, members) if first_date else {}
    off = {
        key: daysoff.between(home[key], first_date, first_date + YEAR) if first_date and key in home else frozenset()
        for key in weeks
    }
    return [slots.Person(str(key), week, off[key]) for key, week in weeks.items()]


def members_of(group: Group) -> list[Person]:
    """Who belongs today."""
    return [one.person for one in group.memberships.on(clock.today()).select_related("person")]
