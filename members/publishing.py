"""A new version of a program's code of conduct, who is told, and who has said yes to it.

Lock order: program.
"""

from __future__ import annotations

from django.db import transaction

from members import letters
from members.models.application import Application
from members.models.conduct import Acceptance, CodeOfConduct, Publishing
from members.models.person import Person
from members.models.program import Program
from members.stages import Stage
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import post


@transaction.atomic
def publish(program: Program, *, text: str, kind: str, by: Person) -> CodeOfConduct:
    """The next version, for good. A change goes to everybody pooled or placed (E38); a correction to nobody.

    The first version is no change of anything: nobody has to be told. It is accepted when somebody applies.
    """
    program = Program.objects.select_for_update().get(pk=program.pk)
    before = program.current_code()
    refuse_the_same(before, text)
    number = before.number + 1 if before else 1
    kind = kind if before else Publishing.CHANGE.value
    code = CodeOfConduct.objects.create(
        program=program, number=number, text=text, kind=kind, published_on=clock.today()
    )
    told = _told(program) if before and kind == Publishing.CHANGE else []
    post(*[letters.code_changed(code, person) for person in told])
    audit.note(by, "published a code of conduct", f"code:{code.pk}", count=len(told))
    return code


def refuse_the_same(before: CodeOfConduct | None, text: str) -> None:
    """Raises NotAllowed where not a word differs from the version before."""
    if before is not None and before.text.split() == text.split():
        raise NotAllowed(f"These are the words of version {before.number}. Nothing would change.")


@transaction.atomic
def accept(program: Program, number: int, *, by: Person) -> Acceptance:
    """A yes to the version that the person has read. Raises NotAllowed where a newer one came meanwhile."""
    code = program.current_code()
    if code is None or code.number != number:
        raise NotAllowed("A newer version was published while you were reading. Please read it once more.")
    moment = {"accepted_at": clock.now(), "how": "page"}
    acceptance, _ = Acceptance.objects.get_or_create(code=code, person=by, defaults=moment)
    Application.objects.filter(program=program, person=by).update(held_at=None)
    return acceptance


def accepted_before(program: Program, person: Person) -> CodeOfConduct | None:
    """The newest version that this person has said yes to."""
    return program.codes.filter(acceptances__person=person).order_by("-number").first()


def version_before(code: CodeOfConduct) -> CodeOfConduct | None:
    """What stood there until this version was published."""
    return code.program.codes.filter(number__lt=code.number).order_by("-number").first()


def _told(program: Program) -> list[Person]:
    waiting = Application.objects.filter(program=program, stage__in=[Stage.POOLED, Stage.PLACED])
    return list(Person.objects.filter(pk__in=waiting.values("person"), is_active=True).order_by("pk"))
