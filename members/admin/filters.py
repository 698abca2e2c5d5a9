"""The filters of the review page: which applications, and how many there would be behind each other choice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.fields.json import KeyTextTransform
from django.http import QueryDict

from members.models.application import ORG_SIZES, ROLES, STAGES, Application, Mode, Placed
from members.models.person import Person
from members.models.program import Program
from members.models.review import Decision, Impression
from members.reviewing import REGRET
from members.stages import Stage
from members.wishes import HEARD
from roundtable import clock

HELD, RECENT, OPEN, ALL = "held", "recent", "open", "all"
UNSAID = "none"  # chosen: those who did not say


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: its name in the address, its label, the column behind it, and words for its values."""

    name: str
    label: str
    column: Any
    words: Mapping[Any, str] = field(default_factory=dict)


PROGRAM = Facet("program", "Program", F("program__slug"))
FACETS = (
    PROGRAM,
    Facet("metro", "Place", F("metro")),
    Facet("zone", "Time zone", F("person__zone")),
    Facet("role", "Role", F("role"), {role.value: name for role, name in ROLES.items()}),
    Facet("size", "Size", F("org_size"), ORG_SIZES),
    Facet("mode", "Mode", F("mode"), dict(Mode.choices)),
    Facet("source", "Source", F("source__name")),
    Facet("heard", "Heard of us", KeyTextTransform("heard", "extra"), HEARD),
    Facet("place", "Place text", F("placed"), dict(Placed.choices)),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, as the page offers it."""

    value: str
    words: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One filter with its choices, those with somebody behind them and the chosen one."""

    name: str
    label: str
    choices: tuple[Choice, ...]


def read(text: str) -> QueryDict:
    """The filters that a form brings back; what no address of ours can hold is dropped."""
    found = QueryDict(text, mutable=True)
    for name in list(found):
        if not all(value.isprintable() for value in (name, *found.getlist(name))):
            del found[name]
    return found


def stage_of(wanted: QueryDict) -> str:
    return wanted.get("stage") or Stage.SUBMITTED.value


def cut(rows: QuerySet[Application], wanted: QueryDict, person: Person, *, but: str = "") -> QuerySet[Application]:
    """The applications that all chosen filters leave, `but` one of them."""
    for facet in FACETS:
        if facet.name != but and (value := wanted.get(facet.name, "")):
            name = f"_{facet.name}"
            rows = rows.alias(**{name: facet.column})
            rows = (
                rows.filter(Q(**{name: ""}) | Q(**{f"{name}__isnull": True}))
                if value == UNSAID
                else rows.filter(**{name: value})
            )
    return _said(rows if but == "stage" else at_stage(rows, stage_of(wanted)), wanted.get("q", ""), person)


def at_stage(rows: QuerySet[Application], stage: str) -> QuerySet[Application]:
    """A stage, or one of the four that are none: held, decided just now, in review or pool, all."""
    if stage == HELD:
        return rows.filter(stage=Stage.SUBMITTED).exclude(held_at=None)
    if stage == RECENT:
        fresh = Decision.objects.filter(undone_at=None, decided_at__gt=clock.now() - REGRET)
        return rows.filter(pk__in=fresh.values("application"))
    if stage == OPEN:
        return rows.filter(stage__in=[Stage.SUBMITTED, Stage.POOLED])
    if stage == ALL:
        return rows
    return rows.filter(stage=stage, held_at=None) if stage == Stage.SUBMITTED else rows.filter(stage=stage)


def hidden_from(person: Person) -> Q:
    """Whose name this organizer does not see yet: not scored by them, in a program that looks at names second."""
    scored = Impression.objects.filter(application=OuterRef("pk"), organizer=person)
    return Q(program__blind_first_pass=True, stage=Stage.SUBMITTED) & ~Q(Exists(scored))


def hidden_case(person: Person) -> Case:
    """The same as a column."""
    return Case(When(hidden_from(person), then=True), default=False)


def _said(rows: QuerySet[Application], words: str, person: Person) -> QuerySet[Application]:
    """Whose name, company or address holds these words; what is hidden is not found by them either."""
    words = words.strip()
    if not words:
        return rows
    found = Q(person__name__icontains=words) | Q(company__icontains=words) | Q(person__email__icontains=words)
    return rows.filter(found).exclude(hidden_from(person))


def offered(mine: QuerySet[Application], wanted: QueryDict, person: Person) -> list[Shown]:
    """All filters, each with counts under the other filters; one that nobody filled in is left out."""
    programs = dict(Program.objects.organized_by(person).values_list("slug", "name"))
    shown = [Shown("stage", "Show", tuple(_stages(mine, wanted, person)))]
    for facet in FACETS:
        words = programs if facet is PROGRAM else facet.words
        choices = tuple(_choices(facet, words, cut(mine, wanted, person, but=facet.name), wanted.get(facet.name, "")))
        if len(choices) > 1 or any(choice.chosen for choice in choices) or facet is PROGRAM:
            shown.append(Shown(facet.name, facet.label, choices))
    return shown


def _choices(facet: Facet, words: Mapping[Any, str], rows: QuerySet[Application], chosen: str) -> Iterator[Choice]:
    counted: dict[str, int] = {}
    for value, count in rows.annotate(_value=facet.column).values_list("_value").annotate(Count("pk")).order_by():
        counted[value or UNSAID] = counted.get(value or UNSAID, 0) + count
    if chosen:
        counted.setdefault(chosen, 0)
    named = ((value, words.get(value, "not said" if value == UNSAID else value), counted[value]) for value in counted)
    for value, name, count in sorted(
        named, key=lambda one: (one[0] == UNSAID, _rank(words, one[0]), one[1].casefold())
    ):
        yield Choice(value, name, count, value == chosen)


def _rank(words: Mapping[Any, str], value: str) -> int:
    return list(words).index(value) if value in words else len(words)


def _stages(mine: QuerySet[Application], wanted: QueryDict, person: Person) -> Iterator[Choice]:
    rows = cut(mine, wanted, person, but="stage")
    counts = dict(rows.values_list("stage").annotate(Count("pk")).order_by())
    held, recent = at_stage(rows, HELD).count(), at_stage(rows, RECENT).count()
    waiting = counts.pop(Stage.SUBMITTED.value, 0)
    everybody = waiting + sum(counts.values())
    named = [("submitted", "to review", waiting - held), (HELD, "waiting for an answer", held)]
    named += [(RECENT, "just decided", recent)]
    named += [(key, name, counts.get(key, 0)) for key, name in STAGES if key not in ("submitted", "draft")]
    named += [(OPEN, "in review or pool", waiting + counts.get(Stage.POOLED.value, 0)), (ALL, "all", everybody)]
    for value, name, count in named:
        yield Choice(value, name, count, value == stage_of(wanted))
