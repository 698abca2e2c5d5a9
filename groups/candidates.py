"""From records to a problem the engine understands: who is in the pool, in whose clock, under which rules.

The only reader of identity answers and keep-apart pairs outside the person's own pages, but for what organizers settle:
the lines of a keep-apart list, and own words that one of them is named to read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from groups.composition.people import Candidate, Problem
from groups.composition.rules import Rules
from members import companies, identity
from members.identity import Told
from members.models.apart import KeepApart, KeepApartLine, Verdict
from members.models.application import Application, IdentityAnswers, Mode
from members.models.hours import Hours
from members.models.program import Program
from members.pictures import SHOWN_FROM, Shared
from members.stages import Stage
from members.weekhours import WeekHours, on_anchor
from roundtable import vault

MODES = {
    Mode.VIDEO: frozenset({"video"}),
    Mode.IN_PERSON: frozenset({"in_person"}),
    Mode.EITHER: frozenset({"video", "in_person"}),
    Mode.PREFER_IN_PERSON: frozenset({"video", "in_person"}),
}
WEEKS_AHEAD = 26
# All that is read of an application; of many thousands the other columns would weigh more than these.
COLUMNS = (
    *("public_id", "program", "person", "stage", "mode", "metro", "company_key", "role", "years_in_tech"),
    *("topics", "cadences", "willing", "skipped_before"),
)
# Known from the role itself: who minds being the only staff engineer has company in every other one.
BY_ROLE = {"staff": frozenset({"role:staff"})}


@dataclass(frozen=True, slots=True)
class Pool:
    """The people of one composition: applications by id, everybody's own hours, and the zone that keeps the clock."""

    applications: dict[str, Application]
    weeks: dict[str, WeekHours]
    zone: str
    first_monday: date

    def zones_of(self, ids: Iterable[str]) -> list[str]:
        """The members' zones, the most frequent first; equals in alphabetical order."""
        counted = Counter(self.weeks[key].zone for key in ids if key in self.weeks)
        return sorted(counted, key=lambda zone: (-counted[zone], zone))

    def can_meet(self, ids: Iterable[str], zone: str, slots: set[int]) -> bool:
        """Whether everybody's own hours hold these half hours on the clock of that zone, all season long."""
        needed = sum(1 << slot for slot in slots)
        return all(needed & _on(self.weeks[key], zone, self.first_monday) == needed for key in ids)


def monday_after(day: date) -> date:
    """The Monday of the week in which a group composed today could first meet: two weeks for answers, then the next."""
    ahead = day + timedelta(days=14)
    return ahead + timedelta(days=-ahead.weekday() % 7)


def slot_on(slot: int, zone: str, other: str, first_monday: date) -> int | None:
    """The half hour that another zone's clock shows in the first week; None where the two are a quarter hour apart."""
    start = datetime.combine(first_monday, time(), ZoneInfo(zone)) + timedelta(minutes=30 * slot)
    there = start.replace(fold=0).astimezone(ZoneInfo(other))
    if there.minute % 30:
        return None
    return there.weekday() * 48 + there.hour * 2 + there.minute // 30


def pool(applications: Sequence[Application], *, today: date, zone: str | None = None) -> Pool:
    """These applications with their hours, on the clock of the zone given, or of the one that most of them live in."""
    keys = {application.pk: application.public_id for application in applications}
    weeks = {keys[row.application_id]: row.week for row in Hours.objects.filter(application__in=keys)}
    zones = Counter(week.zone for week in weeks.values())
    anchor = zone or min(zones, key=lambda name: (-zones[name], name), default="UTC")
    by_id = {application.public_id: application for application in applications}
    return Pool(by_id, weeks, anchor, monday_after(today))


def problem(program: Program, pool: Pool, *, seed: int = 1, minutes: int | None = None) -> Problem:
    """The pool as the engine takes it: half hours of the anchor's week, personal rules, the program's own rules; with
    the length that a living group has chosen for its meetings instead of the program's.
    """
    keys = {application.pk: key for key, application in pool.applications.items()}
    personal = _personal_rules(keys)
    people = tuple(
        _candidate(application, pool, personal.get(application.pk, Told()))
        for application in pool.applications.values()
    )
    apart = _apart(program, pool, keys)
    return Problem(rules=rules(program, minutes=minutes), people=people, apart=apart, seed=seed)


def on_clock(problem: Problem, pool: Pool, zone: str) -> Problem:
    """The same people with their half hours counted on the clock of another zone."""
    if zone == pool.zone:
        return problem
    weeks = ((person, pool.weeks.get(person.id)) for person in problem.people)
    turned = (replace(one, hours=_on(week, zone, pool.first_monday) if week else 0) for one, week in weeks)
    return replace(problem, people=tuple(turned))


def told(pool: Pool) -> Iterator[Candidate]:
    """Everybody without personal rules: what an organizer may know of them, as the engine takes it."""
    return (_candidate(application, pool, Told()) for application in pool.applications.values())


def plain(program: Program, pool: Pool, *, minutes: int | None = None) -> Problem:
    """The pool without personal rules."""
    return Problem(rules=rules(program, minutes=minutes), people=tuple(told(pool)))


def rules(program: Program, *, minutes: int | None = None) -> Rules:
    """A program's hard rules; a meeting of 75 minutes needs three half hours."""
    return Rules(
        size_min=program.size_min,
        size_max=program.size_max,
        window_slots=ceil((minutes or program.minutes) / 30),
        max_per_company=program.max_per_company,
        willing_min=program.willing_min,
    )


def _candidate(application: Application, pool: Pool, personal: Told) -> Candidate:
    dimensions, never_alone = personal.for_solver()
    week = pool.weeks.get(application.public_id)
    return Candidate(
        id=application.public_id,
        hours=_on(week, pool.zone, pool.first_monday) if week else 0,
        modes=MODES[Mode(application.mode)],
        metro=application.metro or None,
        company=application.company_key or None,
        role=application.role or None,
        years=application.years_in_tech,
        interests=frozenset(application.topics),
        dimensions=dimensions | BY_ROLE.get(application.role, frozenset()),
        never_alone=never_alone,
        skipped_before=application.skipped_before,
        willing=application.willing,
        cadences=frozenset(application.cadences),
    )


def _on(week: WeekHours, zone: str, first_monday: date) -> int:
    return on_anchor(week, zone, first_monday, weeks=WEEKS_AHEAD).hours.available


def _personal_rules(keys: dict[int, str]) -> dict[int, Told]:
    """Opened with everybody's own key, which are fetched at once, however many people have answered."""
    rows = list(IdentityAnswers.objects.filter(application_id__in=keys).select_related("application"))
    with vault.keys_held():
        vault.hold(vault.DataKey.objects.filter(owner__in=[row.key_owner() for row in rows]))
        return {row.application_id: identity.read(row.answers) for row in rows if row.answers}


def _apart(program: Program, pool: Pool, keys: dict[int, str]) -> frozenset[frozenset[str]]:
    pairs = KeepApart.objects.filter(program=program, one_id__in=keys, other_id__in=keys)
    named = frozenset(frozenset({keys[pair.one_id], keys[pair.other_id]}) for pair in pairs)
    return named | _apart_from_companies(program, pool, keys)


def _apart_from_companies(program: Program, pool: Pool, keys: dict[int, str]) -> frozenset[frozenset[str]]:
    """Whoever asked to meet nobody of a company, with everybody who is there now, whenever they came."""
    lines = KeepApartLine.objects.filter(application_id__in=keys, verdict=Verdict.COMPANY).select_related("application")
    asked = [(keys[line.application_id], line.company) for line in lines]
    staff = {key: one.company_key for key, one in pool.applications.items() if one.company_key}
    counts_as = companies.counted(program, {*staff.values(), *(company for _, company in asked)}) if asked else {}
    return frozenset(
        frozenset({asker, other})
        for asker, company in asked
        for other, theirs in staff.items()
        if counts_as[theirs] == counts_as[company] and other != asker
    )


def shared(applications: Collection[int]) -> list[Shared]:
    """What at least five of these people do not want to be alone with, and how many have it. Never whose wish it is.

    Only of who said yes to this use. Own words are for nobody's eyes, however many wrote the same.
    """
    said = _consented(applications)
    minding = Counter(wish for one in said.values() for wish in one.never_alone)
    having = Counter(held for one in said.values() for held in one.dimensions | one.never_alone)
    staff = Application.objects.filter(pk__in=applications, role="staff").count() if minding[identity.STAFF] else 0
    having[identity.STAFF] = max(having[identity.STAFF], staff)
    named = [wish for wish in minding if minding[wish] >= SHOWN_FROM and not identity.is_own(wish)]
    return [_shared(wish, minding[wish], having[wish]) for wish in sorted(named)]


def company(person: int, others: Collection[int], program: int) -> int | None:
    """How many of these people share what this person does not want to be alone with: of several things the fewest.

    For the person's own eyes, before they sit down with people who were not composed. None for who minds nothing.
    """
    people = Application.objects.filter(program=program, person__in={person, *others}, stage=Stage.POOLED)
    rows = {one.pk: one for one in people.only("person", "role")}
    said = _consented(list(rows))
    held: dict[int, frozenset[str]] = {}
    wishes: frozenset[str] = frozenset()
    for key, one in rows.items():
        dimensions, minded = said.get(key, Told()).for_solver()
        if one.person_id == person:
            wishes = minded
        else:
            held[one.person_id] = dimensions | minded | BY_ROLE.get(one.role, frozenset())
    return min((sum(wish in theirs for theirs in held.values()) for wish in wishes), default=None)


def _shared(wish: str, minding: int, having: int) -> Shared:
    dimension, _, value = wish.partition(":")
    return Shared(dimension, value, minding, having)


def minding(sets: Mapping[int, Collection[int]]) -> dict[int, int]:
    """Of each set of people the share, in tens of per cent, who would mind being the only one somewhere.

    Told only where five and more mind and five and more did not say so: else it would speak of each of them.
    """
    said = _consented([key for keys in sets.values() for key in keys])
    minds = {key for key, one in said.items() if one.never_alone}
    counted = {name: (len(minds.intersection(keys)), len(keys)) for name, keys in sets.items()}
    return {
        name: round(10 * some / all_) * 10
        for name, (some, all_) in counted.items()
        if some >= SHOWN_FROM and all_ - some >= SHOWN_FROM
    }


def _consented(applications: Collection[int]) -> dict[int, Told]:
    """The answers whose use was agreed to, in three queries for any number of people."""
    rows = IdentityAnswers.objects.filter(application_id__in=applications).exclude(consented_at=None)
    found = list(rows.select_related("application"))
    with vault.keys_held():
        vault.hold(vault.DataKey.objects.filter(owner__in=[row.key_owner() for row in found]))
        return {row.application_id: identity.read(row.answers) for row in found if row.answers}
