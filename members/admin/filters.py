"""The filters of the review page: which applications, and how many there would be behind each other choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
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


def cut(rows: QuerySet[Application], wanted: QueryDict, person: Person) -> QuerySet[Application]:
    """The applications that all chosen filters leave."""
    return _said(_valued(rows), wanted.get("q", ""), person).filter(*_chosen(wanted).values())


def _valued(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Each facet's value under its own name with a line before it, for filters and counts alike."""
    return rows.alias(**{f"_{facet.name}": facet.column for facet in FACETS if facet is not PROGRAM})


def _chosen(wanted: QueryDict) -> dict[str, Q]:
    """What each chosen filter asks for, by its name; some stage is always chosen."""
    asked = {facet.name: _asked(facet, value) for facet in FACETS if (value := wanted.get(facet.name, ""))}
    return {"stage": at_stage(stage_of(wanted)), **asked}


def _asked(facet: Facet, value: str) -> Q:
    if facet is PROGRAM:
        return in_program(value)
    name = f"_{facet.name}"
    return Q(**{name: ""}) | Q(**{f"{name}__isnull": True}) if value == UNSAID else Q(**{name: value})


def in_program(slug: str) -> Q:
    """Of one program. Its key is looked up first, so that the index by stage gives the rows in their order."""
    return Q(program=Subquery(Program.objects.filter(slug=slug).values("pk")))


def at_stage(stage: str) -> Q:
    """A stage, or one of the four that are none: held, decided just now, in review or pool, all."""
    if stage == HELD:
        return Q(stage=Stage.SUBMITTED, held_at__isnull=False)
    if stage == RECENT:
        fresh = Decision.objects.filter(undone_at=None, decided_at__gt=clock.now() - REGRET)
        return Q(pk__in=fresh.values("application"))
    if stage == OPEN:
        return Q(stage__in=[Stage.SUBMITTED, Stage.POOLED])
    if stage == ALL:
        return Q(pk__isnull=False)
    return Q(stage=stage, held_at=None) if stage == Stage.SUBMITTED else Q(stage=stage)


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


@dataclass(frozen=True, slots=True)
class Tally:
    """How many all filters find, and for each filter how many there are behind each value under the others."""

    found: int
    behind: Mapping[str, Mapping[str, int]]


def tallied(mine: QuerySet[Application], wanted: QueryDict, person: Person) -> Tally:
    """All counts of the page in one statement: the rows are read once, like ones as one, then counted by filter."""
    chosen = _chosen(wanted)
    values = {f"_{facet.name}": facet.column for facet in FACETS} | {"_stage": F("stage")}
    flags = {f"is_{stage}": _flag(at_stage(stage)) for stage in (HELD, RECENT)}
    passes = {f"by_{name}": _flag(condition) for name, condition in chosen.items()}
    rows = _said(mine, wanted.get("q", ""), person).annotate(**values).annotate(**flags, **passes)
    alike = rows.order_by().values(*values, *flags, *passes).annotate(many=Count("pk"))
    inner, given = alike.query.sql_with_params()
    counted = {"found": "'all'", "stage": "_stage", **{flag: f"{flag}::text" for flag in flags}}
    counted |= {facet.name: f"coalesce(nullif(_{facet.name}, ''), '{UNSAID}')" for facet in FACETS}
    parts = [_part(name, value, passes) for name, value in counted.items()]
    behind: dict[str, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH alike AS MATERIALIZED ({inner}) {' UNION ALL '.join(parts)}", given)
        for name, value, count in cursor.fetchall():
            behind.setdefault(name, {})[value] = count
    return Tally(behind.get("found", {}).get("all", 0), behind)


def _flag(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _part(name: str, value: str, passes: Iterable[str]) -> str:
    """The counts behind one filter, under the others; the three counts of stages are one filter."""
    own = "by_stage" if name in ("stage", f"is_{HELD}", f"is_{RECENT}") else f"by_{name}"
    kept = " AND ".join(["true", *(one for one in passes if one != own)])
    return f"SELECT '{name}', {value}, sum(many)::int FROM alike WHERE {kept} GROUP BY 2"  # noqa: S608 -- names of ours alone


def offered(tally: Tally, wanted: QueryDict, programs: Mapping[str, str]) -> list[Shown]:
    """All filters, each with counts under the other filters; one that nobody filled in is left out."""
    shown = [Shown("stage", "Show", tuple(_stages(tally, wanted)))]
    for facet in FACETS:
        words = programs if facet is PROGRAM else facet.words
        choices = tuple(_choices(words, tally.behind.get(facet.name, {}), wanted.get(facet.name, "")))
        if len(choices) > 1 or any(choice.chosen for choice in choices) or facet is PROGRAM:
            shown.append(Shown(facet.name, facet.label, choices))
    return shown


def _choices(words: Mapping[Any, str], counted: Mapping[str, int], chosen: str) -> Iterator[Choice]:
    if chosen:
        counted = {chosen: 0, **counted}
    named = ((value, words.get(value, "not said" if value == UNSAID else value), counted[value]) for value in counted)
    for value, name, count in sorted(
        named, key=lambda one: (one[0] == UNSAID, _rank(words, one[0]), one[1].casefold())
    ):
        yield Choice(value, name, count, value == chosen)


def _rank(words: Mapping[Any, str], value: str) -> int:
    return list(words).index(value) if value in words else len(words)


def _stages(tally: Tally, wanted: QueryDict) -> Iterator[Choice]:
    counts = dict(tally.behind.get("stage", {}))
    held, recent = (tally.behind.get(f"is_{flag}", {}).get("true", 0) for flag in (HELD, RECENT))
    everybody, waiting = sum(counts.values()), counts.get(Stage.SUBMITTED.value, 0)
    named = [("submitted", "to review", waiting - held), (HELD, "waiting for an answer", held)]
    named += [(RECENT, "just decided", recent)]
    named += [(key, name, counts.get(key, 0)) for key, name in STAGES if key not in ("submitted", "draft")]
    named += [(OPEN, "in review or pool", waiting + counts.get(Stage.POOLED.value, 0)), (ALL, "all", everybody)]
    for value, name, count in named:
        yield Choice(value, name, count, value == stage_of(wanted))
