"""Pools as organizers see them: how many wait where, what that makes possible, and hosts who wait for a signature."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from groups import access, hosting, times
from groups.admin.desk import context, done, person_of
from groups.forms import DeclineOfferForm
from groups.models.group import Group
from groups.models.invitation import Invitation
from groups.models.offer import Offer
from members import pools
from members.models.application import Application
from members.models.person import Person
from members.models.program import Organizer, Program, Roster
from members.pools import Pool
from members.stages import Stage
from members.thresholds import Reached
from roundtable import clock, dashboard

PAGE = "admin:groups_pools"
SIGNED = "Signed. The host has a letter, and so has everybody who is asked."
DECLINED = "Declined. The host has a letter; nobody else had been told."
CHOSEN = "The people are chosen anew; nobody has been told."
CHAPTER_CIRCLES, CHAPTER_PEOPLE = 2, 20  # in one city: from here on it can have an organizer of its own
City = tuple[int, str]
POSSIBLE = {
    Reached.NOTHING: "too few to meet",
    Reached.TASTER: "a taster meeting, if somebody hosts it",
    Reached.START: "a host may start a circle",
    Reached.COMPOSED: "a circle can be composed",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One pool in the table. `chapter`: its city is large enough for an organizer of its own and has none.
    `quiet`: its city is as large, and no meeting is open to who is new there.
    """

    pool: Pool
    chapter: bool
    quiet: bool

    @property
    def possible(self) -> str:
        return POSSIBLE[self.pool.reached()]


@dataclass(frozen=True, slots=True)
class Cities:
    """Cities by program and name."""

    ripe: set[City]
    quiet: set[City]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A host's offer: its hour, and the people who would be asked."""

    offer: Offer
    hour: times.Hour
    invitations: tuple[Invitation, ...]
    form: DeclineOfferForm


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Every pool of the organizer's programs and cities, and the offers there."""
    organizer = person_of(request)
    page = context(request, "Pools", offers=_offers(organizer), tables=_tables(organizer))
    return render(request, "admin/groups/pools.html", page)


@require_POST
def decline(request: HttpRequest, key: str) -> HttpResponse:
    """Not now, with a sentence to the host if the organizer likes."""
    organizer, form = person_of(request), DeclineOfferForm(request.POST)
    offer, words = access.offer(organizer, key), form.cleaned_data["words"] if form.is_valid() else ""
    return done(request, lambda: hosting.decline(offer, by=organizer, words=words), DECLINED, back=PAGE)


@require_POST
def sign(request: HttpRequest, key: str) -> HttpResponse:
    """One press: everybody of the circle is asked, or the taster meeting is planned."""
    organizer = person_of(request)
    offer = access.offer(organizer, key)
    return done(request, lambda: hosting.sign(offer, by=organizer), SIGNED, back=PAGE)


@require_POST
def choose_again(request: HttpRequest, key: str) -> HttpResponse:
    """The people of an offer anew."""
    organizer = person_of(request)
    offer = access.offer(organizer, key)
    return done(request, lambda: hosting.choose_again(offer, by=organizer), CHOSEN, back=PAGE)


@dashboard.add
def to_sign(request: HttpRequest) -> dashboard.Part | None:
    """How many hosts wait for a signature; silent when nobody does."""
    if not isinstance(request.user, Person) or not request.user.is_organizer:
        return None
    count = Offer.objects.open().organized_by(request.user).count()
    return dashboard.Part("Hosts", [("wait for a signature", count)], reverse(PAGE)) if count else None


def _offers(organizer: Person) -> list[Waiting]:
    """Two queries for any number."""
    rows = Offer.objects.open().organized_by(organizer).select_related("program", "application__person", "draft")
    rows = rows.prefetch_related("draft__invitations__application__person")
    return [_waiting(offer) for offer in rows]


def _waiting(offer: Offer) -> Waiting:
    invitations = tuple(offer.draft.invitations.all()) if offer.draft else ()
    form = DeclineOfferForm(auto_id=f"decline_{offer.pk}_%s")
    return Waiting(offer, times.of_offer(offer), invitations, form)


def _tables(organizer: Person) -> list[tuple[Program, list[Line]]]:
    """Six queries for any number: programs, my roles, hours, circles, people, chapters."""
    programs = list(Program.objects.organized_by(organizer))
    roles = set(Organizer.objects.filter(person=organizer, program__in=programs).values_list("program_id", "metro"))
    waiting, cities = pools.pools_of(programs, now=clock.now()), _cities(programs)
    tables = []
    for program in programs:
        sees_all = organizer.is_superuser or (program.pk, "") in roles
        own = [
            Line(pool, (program.pk, pool.name) in cities.ripe, (program.pk, pool.name) in cities.quiet)
            if not pool.by_video
            else Line(pool, chapter=False, quiet=False)
            for pool in waiting.get(program.pk, ())
            if sees_all or ((program.pk, pool.name) in roles and not pool.by_video)
        ]
        tables.append((program, own))
    return tables


def _cities(programs: list[Program]) -> Cities:
    """Cities with two circles, or twenty people in circles and pool: which of them want something."""
    alive = Group.objects.filter(program__in=programs, closed_at=None).exclude(metro="")
    groups = list(alive.values_list("roster", "program_id", "metro"))
    pooled = Application.objects.filter(program__in=programs, stage__in=[Stage.POOLED, Stage.PLACED]).exclude(metro="")
    people = Counter(pooled.values_list("program_id", "metro"))
    led = set(Organizer.objects.filter(program__in=programs).exclude(metro="").values_list("program_id", "metro"))
    circles = Counter((key, metro) for roster, key, metro in groups if roster == Roster.FIXED)
    large = {city for city, count in circles.items() if count >= CHAPTER_CIRCLES}
    large |= {city for city, count in people.items() if count >= CHAPTER_PEOPLE}
    open_to_all = {(key, metro) for roster, key, metro in groups if roster == Roster.OPEN}
    return Cities(ripe=large - led, quiet=(large | led) - open_to_all)
