"""What is still open about an application and only its person can answer, asked of many at once or of one."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from members.models.application import Application, IdentityAnswers, Mode, Placed
from members.models.conduct import Acceptance, CodeOfConduct
from members.models.hours import Hours

NAMES = {
    "place": "place unclear",
    "agreement": "agreement missing",
    "consent": "use of sensitive answers not confirmed",
}


def with_questions(applications: QuerySet[Application]) -> QuerySet[Application]:
    """The same applications, each knowing what `asked` needs, without a query per row."""
    newest = (
        CodeOfConduct.objects.binding().filter(program=OuterRef("program")).order_by("-number").values("number")[:1]
    )
    accepted = Acceptance.objects.filter(
        person=OuterRef("person"), code__program=OuterRef("program"), code__number__gte=OuterRef("code_now")
    )
    return applications.annotate(
        code_now=Subquery(newest),
        agreed=Exists(accepted),
        has_zone=Exists(Hours.objects.filter(application=OuterRef("pk")).exclude(zone="")),
        sensitive_open=Exists(IdentityAnswers.objects.filter(application=OuterRef("pk"), consented_at=None)),
    )


def asked(application: Application) -> list[str]:
    """What is open. A room needs a place, video alone a zone; where there is a code of conduct, a yes to it."""
    nowhere = application.mode == Mode.IN_PERSON and not application.metro
    needs_place = nowhere or (application.placed != Placed.RESOLVED and application.mode != Mode.VIDEO)
    findings: Iterable[tuple[str, bool]] = (
        ("place", needs_place or not application.has_zone),  # type: ignore[attr-defined] # annotated above
        ("agreement", application.code_now is not None and not application.agreed),  # type: ignore[attr-defined]
        ("consent", application.sensitive_open),  # type: ignore[attr-defined]
    )
    return [name for name, is_open in findings if is_open]


def asked_of(application: Application) -> list[str]:
    """The same for one application, looked up afresh."""
    return asked(with_questions(Application.objects.filter(pk=application.pk)).get())
