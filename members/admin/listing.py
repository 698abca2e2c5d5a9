"""What the review page and the place queue show: cut to what the organizer may see, filtered, with its flags."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from members import gazetteer
from members.folding import fold
from members.models.application import ROLES, STAGES, Application, Mode
from members.models.person import Person
from members.models.place import whole_name
from members.models.program import Program
from members.models.questions import NAMES, asked, with_questions
from members.models.review import Decision, Note
from members.reviewing import REGRET
from members.stages import Stage
from roundtable import clock

PER_PAGE = 50
FILTERS = ("program", "stage", "metro", "role", "mode", "place", "q")
SHOWN_TO_ORGANIZERS = ("place", "agreement")  # that somebody gave sensitive answers is itself nobody's business


def look_up(person: Person, wanted: QueryDict) -> dict[str, Any]:
    """One page of the list, the card beside it, and the choices of the filters."""
    mine = Application.objects.organized_by(person)
    stage = wanted.get("stage", Stage.SUBMITTED)
    rows = with_flags(_filtered(mine, wanted, stage)).select_related("person", "program")
    page = Paginator(rows.order_by("submitted_at", "pk"), PER_PAGE).get_page(wanted.get("page"))
    listed = [Row(application) for application in page]
    return {
        "page": page,
        "rows": listed,
        "card": _card(mine, wanted.get("card"), listed),
        "importable": list(Program.objects.organized_whole(person)),
        "filters": _choices(mine, person),
        "chosen": {name: wanted.get(name, "") for name in FILTERS} | {"stage": stage},
        "query": _query(wanted),
        "counts": counts(_of_program(mine, wanted)),
        "unclear": mine.place_unclear().count(),
    }


def counts(applications: QuerySet[Application]) -> dict[str, int]:
    """How many stand at which stage."""
    return dict(applications.values_list("stage").annotate(Count("pk")).order_by())


class Row:
    """One line of the list, with what an organizer should know at a glance."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.flags = [NAMES[name] for name in asked(application) if name in SHOWN_TO_ORGANIZERS]
        if application.has_twin:  # type: ignore[attr-defined] # annotated in with_flags
            self.flags.append("same name and company twice")
        if application.has_colleague:  # type: ignore[attr-defined]
            self.flags.append("somebody of the same company")

    @property
    def days_waiting(self) -> int:
        since = self.application.submitted_at
        return (clock.now() - since).days if since else 0


def with_flags(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Besides what is open: whether the same name applied twice, and whether colleagues did."""
    others = Application.objects.filter(program=OuterRef("program"), company_key=OuterRef("company_key"))
    colleagues = others.exclude(company_key="").exclude(pk=OuterRef("pk")).exclude(stage__in=["declined", "withdrawn"])
    twins = others.exclude(pk=OuterRef("pk")).filter(person__name__iexact=OuterRef("person__name"))
    return with_questions(applications).annotate(has_colleague=Exists(colleagues), has_twin=Exists(twins))


def unclear(person: Person, wanted: QueryDict) -> dict[str, Any]:
    """Applications whose place is open, and cities by the words that the organizer looked for."""
    rows = Application.objects.organized_by(person).place_unclear().select_related("person", "program")
    page = Paginator(rows.order_by("place_text", "pk"), PER_PAGE).get_page(wanted.get("page"))
    words = wanted.get("q", "").strip()
    cities = gazetteer.bearers(fold(words))[:12] if words else ()
    named = [(city.id, whole_name(city)) for city in cities]
    return {"page": page, "words": words, "cities": named, "looking_for": wanted.get("for", "")}


def _of_program(rows: QuerySet[Application], wanted: QueryDict) -> QuerySet[Application]:
    return rows.filter(program__slug=wanted["program"]) if wanted.get("program") else rows


def _filtered(rows: QuerySet[Application], wanted: QueryDict, stage: str) -> QuerySet[Application]:
    exact = {"metro": "metro", "role": "role", "mode": "mode", "placed": "place", "program__slug": "program"}
    rows = rows.filter(**{column: wanted[name] for column, name in exact.items() if wanted.get(name)})
    if stage == "held":
        rows = rows.filter(stage=Stage.SUBMITTED).exclude(held_at=None)
    elif stage == "recent":
        fresh = Decision.objects.filter(undone_at=None, decided_at__gt=clock.now() - REGRET)
        rows = rows.filter(pk__in=fresh.values("application"))
    elif stage == Stage.SUBMITTED:
        rows = rows.filter(stage=stage, held_at=None)
    elif stage != "all":
        rows = rows.filter(stage=stage)
    words = wanted.get("q", "").strip()
    found = Q(person__name__icontains=words) | Q(company__icontains=words) | Q(person__email__icontains=words)
    return rows.filter(found) if words else rows


def _card(mine: QuerySet[Application], public_id: str | None, listed: list[Row]) -> dict[str, Any] | None:
    key = public_id or (listed[0].application.public_id if listed else "")
    rows = with_flags(mine.filter(public_id=key)).select_related("person", "program")
    application = rows.first()
    if application is None:
        return None
    now = clock.now()
    decisions = list(Decision.objects.filter(application=application).select_related("decided_by"))
    standing = [decision for decision in decisions if decision.undone_at is None]
    return {
        "row": Row(application),
        "application": application,
        "decisions": decisions,
        "notes": Note.objects.filter(application=application).select_related("author"),
        "undo": bool(standing) and now < standing[-1].decided_at + REGRET,
        "others": application.person.applications.exclude(pk=application.pk).count(),
    }


def _choices(mine: QuerySet[Application], person: Person) -> dict[str, list[tuple[str, str]]]:
    metros = mine.exclude(metro="").values_list("metro", flat=True).distinct().order_by("metro")
    stages = [(Stage.SUBMITTED.value, "to review"), ("held", "waiting for an answer"), ("recent", "just decided")]
    return {
        "program": list(Program.objects.organized_by(person).values_list("slug", "name")),
        "stage": [*stages, *((key, name) for key, name in STAGES if key not in ("submitted", "draft")), ("all", "all")],
        "metro": [(metro, metro) for metro in metros],
        "role": [(role.value, name) for role, name in ROLES.items()],
        "mode": list(Mode.choices),
    }


def _query(wanted: QueryDict) -> str:
    kept = wanted.copy()
    for name in ("page", "card"):
        kept.pop(name, None)
    return kept.urlencode()
