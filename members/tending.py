"""What organizers of a whole program change of it: its page, its questions, the links of its partners.

Lock order: program, question.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from members.models.asking import MOST_QUESTIONS, Question
from members.models.person import Person
from members.models.program import Program
from members.models.source import Source
from roundtable import audit
from roundtable.errors import NotAllowed


@transaction.atomic
def describe(
    program: Program, *, summary: str, opens_at: datetime | None, closes_at: datetime | None, by: Person
) -> Program:
    """The words of its page, and from when to when it takes applications."""
    program = Program.objects.select_for_update().get(pk=program.pk)
    program.summary, program.opens_at, program.closes_at = summary, opens_at, closes_at
    program.save(update_fields=["summary", "opens_at", "closes_at"])
    audit.note(by, "described a program", f"program:{program.pk}")
    return program


@transaction.atomic
def ask(program: Program, *, text: str, readers: str, by: Person) -> Question:
    """One more question, under the lowest free number. Raises NotAllowed for a sixth, and for the same words twice."""
    program = Program.objects.select_for_update().get(pk=program.pk)
    asked = list(program.own_questions.all())
    if text.casefold() in {question.text.casefold() for question in asked}:
        raise NotAllowed("This program asks that already.")
    free = set(range(1, MOST_QUESTIONS + 1)) - {question.number for question in asked}
    if not free:
        raise NotAllowed(f"A program asks at most {MOST_QUESTIONS} questions of its own. Take one away first.")
    question = Question.objects.create(program=program, number=min(free), text=text, readers=readers)
    audit.note(by, "asked a question", f"question:{question.pk}")
    return question


@transaction.atomic
def stop_asking(program: Program, number: int, *, by: Person) -> None:
    """The question goes, and every answer to it. One that is gone already stays gone."""
    for question in program.own_questions.select_for_update().filter(number=number):
        audit.note(by, "took a question away", f"question:{question.pk}", count=question.replies.count())
        question.delete()


@transaction.atomic
def make_link(program: Program, *, name: str, by: Person) -> Source:
    """A link for a partner community, named after it. The same name again is the same link."""
    program = Program.objects.select_for_update().get(pk=program.pk)
    if known := program.sources.filter(name__iexact=name).first():
        return known
    slug = slugify(name)[:40].strip("-")
    if not slug or program.sources.filter(slug=slug).exists():
        raise NotAllowed("Give it a name with letters or digits that no other link has.")
    source = Source.objects.create(program=program, slug=slug, name=name)
    audit.note(by, "made a link", f"source:{source.pk}")
    return source
