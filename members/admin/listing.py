"""What the review page and the place queue show: cut to what the organizer may see, filtered, with its flags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Avg, Case, Count, Exists, F, OuterRef, QuerySet, Subquery, When
from django.http import QueryDict
from django.urls import reverse

from members import duplicates, gazetteer
from members.admin import filters
from members.duplicates import Applicant, mailbox
from members.folding import fold
from members.models.apart import KeepApart, KeepApartLine
from members.models.application import Application
from members.models.person import Person, mailbox_in
from members.models.place import whole_name
from members.models.program import Program
from members.models.questions import NAMES, asked, with_questions
from members.models.review import Impression
from members.stages import Stage
from roundtable import clock

PER_PAGE = 100
SHOWN_TO_ORGANIZERS = ("place", "agreement")  # that somebody gave sensitive answers is itself nobody's business
CLOSED = (Stage.DECLINED, Stage.WITHDRAWN)
WAITING_LONGEST, BEST_FIRST = "", "score"


def name_of(application: Application) -> str:
    """The person's name, or on a first pass without names a word that stays the same. Wants `named`."""
    hidden = application.is_hidden  # type: ignore[attr-defined] # annotated in named
    return f"Applicant {application.public_id[:4].upper()}" if hidden else application.person.name


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list, with what an organizer should know at a glance."""

    application: Application
    flags: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return name_of(self.application)

    @property
    def hidden(self) -> bool:
        return bool(self.application.is_hidden)  # type: ignore[attr-defined] # annotated in named

    @property
    def days_waiting(self) -> int:
        since = self.application.submitted_at
        return (clock.now() - since).days if since else 0

    @property
    def decided(self) -> bool:
        return self.application.stage != Stage.SUBMITTED or self.application.held_at is not None


def look_up(person: Person, wanted: QueryDict) -> dict[str, Any]:
    """One page of the list, and the choices of the filters."""
    mine, programs = Application.objects.organized_by(person), list(Program.objects.organized_by(person))
    tally = filters.tallied(mine, wanted, person)
    rows = ordered(filters.cut(mine, wanted, person), wanted.get("order", ""), person)
    page = Counted(to_show(rows, person), PER_PAGE, known=tally.found).get_page(wanted.get("page"))
    return {
        "page": page,
        "rows": rows_of(list(page), mine),
        "importable": [one for one in programs if person.is_superuser or one.pk in person.whole_programs],
        "filters": filters.offered(tally, wanted, {one.slug: one.name for one in programs}),
        "words": wanted.get("q", ""),
        "order": wanted.get("order", ""),
        "program": wanted.get("program", ""),
        "within": _within([one.slug for one in programs], wanted.get("program", "")),
        "query": query_of(wanted),
        "to_card": to_card(wanted, page.number),
        "counts": counts(mine, wanted),
        "unclear": mine.place_unclear().count(),
    }


class Counted(Paginator[Application]):
    """Pages of a list whose length is known already."""

    def __init__(self, rows: QuerySet[Application], per_page: int, *, known: int) -> None:
        super().__init__(rows, per_page)
        self.known = known

    @property
    def count(self) -> int:
        return self.known


def _within(slugs: list[str], chosen: str) -> str:
    """The program whose duplicates and pictures the page leads to: the chosen one, or the only one."""
    return chosen if chosen in slugs else slugs[0] if len(slugs) == 1 else ""


def counts(mine: QuerySet[Application], wanted: QueryDict) -> dict[str, int]:
    """How many stand at which stage, in one program or in all."""
    rows = mine.filter(filters.in_program(str(wanted["program"]))) if wanted.get("program") else mine
    return dict(rows.values_list("stage").annotate(Count("pk")).order_by())


def ordered(rows: QuerySet[Application], order: str, person: Person) -> QuerySet[Application]:
    """The longest wait first; or by score: first what this organizer has not scored, then the highest mean.

    What others gave counts only where one's own is given, so that the order tells nobody's score before that.
    """
    if order != BEST_FIRST:
        return rows.order_by("submitted_at", "pk")
    given = Impression.objects.filter(application=OuterRef("pk")).order_by()
    total = Avg(F("audience") + F("conversation") + F("coming"))
    mean = given.values("application").annotate(mean=total).values("mean")
    scored = Case(When(Exists(given.filter(organizer=person)), then=Subquery(mean)))
    return rows.order_by(scored.desc(nulls_first=True), "submitted_at", "pk")


def to_show(rows: QuerySet[Application], person: Person) -> QuerySet[Application]:
    """With all that a row says, without a query per row."""
    return with_questions(named(rows, person))


def named(rows: QuerySet[Application], person: Person) -> QuerySet[Application]:
    """With what `name_of` wants, and no more."""
    return rows.annotate(is_hidden=filters.hidden_case(person)).select_related("person", "program")


def rows_of(applications: list[Application], mine: QuerySet[Application]) -> list[Row]:
    """These applications with their flags: two queries however many they are."""
    around = _around(applications, mine)
    twice = {key for pair in duplicates.same_person(around) for key in (pair.one, pair.other)}
    colleagues, apart = duplicates.colleagues(around), _kept_apart(applications)
    rows = []
    for application in applications:
        flags = [NAMES[name] for name in asked(application) if name in SHOWN_TO_ORGANIZERS]
        flags += ["perhaps applied twice"] * (application.pk in twice)
        flags += ["somebody of the same company"] * (application.pk in colleagues - twice)
        flags += ["keep-apart given"] * (application.pk in apart)
        flags += ["sent by a member"] * (application.extra.get("heard") == "member")
        rows.append(Row(application, tuple(flags)))
    return rows


def applicants(rows: QuerySet[Application], *more: QuerySet[Application]) -> Iterable[Applicant]:
    """What tells applications apart; a company of one program is none of another's."""
    told = [
        some.values_list("pk", "program_id", "person__name", "person__email", "company_key") for some in (rows, *more)
    ]
    for key, program, name, address, company in told[0].union(*told[1:]):
        yield Applicant(key, name, f"{program}/{address}", f"{program}/{company}" if company else "")


def _around(applications: list[Application], mine: QuerySet[Application]) -> set[Applicant]:
    """These, and among the open ones of the same organizer whoever shares a company or a mailbox with one of them."""
    programs = {application.program_id for application in applications}
    around = mine.filter(program__in=programs).exclude(stage__in=CLOSED).order_by()
    companies = {application.company_key for application in applications if application.company_key}
    boxes = {mailbox(application.person.email) for application in applications}
    colleagues = around.filter(company_key__in=companies)
    return set(applicants(colleagues, around.alias(box=mailbox_in("person__email")).filter(box__in=boxes)))


def _kept_apart(applications: list[Application]) -> set[int]:
    """Whoever asked for it or is in a pair that an organizer keeps apart."""
    lines = KeepApartLine.objects.for_organizers().filter(application__in=applications)
    pairs = KeepApart.objects.exclude(line__private=True)
    asked_for = lines.values_list("application_id")
    one = pairs.filter(one__in=applications).values_list("one_id")
    other = pairs.filter(other__in=applications).values_list("other_id")
    return {key for (key,) in asked_for.union(one, other)}


def unclear(person: Person, wanted: QueryDict) -> dict[str, Any]:
    """Applications whose place is open, and cities by the words that the organizer looked for."""
    rows = to_show(Application.objects.organized_by(person).place_unclear(), person)
    page: Page[Application] = Paginator(rows.order_by("place_text", "pk"), PER_PAGE).get_page(wanted.get("page"))
    words = wanted.get("q", "").strip()
    cities = gazetteer.bearers(fold(words))[:12] if words else ()
    named = [(city.id, whole_name(city)) for city in cities]
    return {
        "page": page,
        "rows": [Row(application) for application in page],
        "words": words,
        "cities": named,
        "looking_for": wanted.get("for", ""),
    }


def to_card(wanted: QueryDict, page: int = 1) -> str:
    """The address of a card beside this list, up to its key: the same for each row, so it is made once."""
    parts = [query_of(wanted), f"page={page}" if page > 1 else "", "card="]
    return f"{reverse('admin:review')}?{'&'.join(filter(None, parts))}"


def query_of(wanted: QueryDict) -> str:
    """The filters as an address has them, without the page and the card."""
    kept = wanted.copy()
    for name in ("page", "card"):
        kept.pop(name, None)
    return kept.urlencode()
