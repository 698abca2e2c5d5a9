"""One whole application beside the list: all that a decision needs, nothing that only the solver reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, Q, Subquery

from members import reviewing, rubric
from members.admin import fitting, listing
from members.admin.fitting import Line
from members.admin.listing import Row
from members.forms.review import NoteForm, ScoreForm, WordsForm
from members.models.application import Application
from members.models.asking import Reply
from members.models.person import Person
from members.models.review import Decision, Impression, Note
from members.reviewing import REGRET
from members.stages import DECLINE_REASONS
from roundtable import clock
from roundtable.outbox.models import Letter
from roundtable.outbox.reading import marks_in


@dataclass(frozen=True, slots=True)
class Impressions:
    """My own answers; those of others once mine are given."""

    mine: Impression | None
    others: tuple[Impression, ...]
    mean: float | None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A letter that has not left: its words, when it leaves, and the form to put it otherwise, once."""

    letter: Letter
    form: WordsForm | None
    marks: tuple[str, ...]


class Last(NamedTuple):
    """Whom this organizer decided about last, and can still take back."""

    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on the right."""

    row: Row
    decisions: tuple[Decision, ...]
    notes: tuple[Note, ...]
    elsewhere: int
    impressions: Impressions
    score: ScoreForm
    note: NoteForm
    apart: tuple[Line, ...]
    replies: tuple[Reply, ...]
    sender: Application | None
    drafted: tuple[Drafted, ...]

    @property
    def application(self) -> Application:
        return self.row.application

    @property
    def apart_open(self) -> int:
        """How many lines of the keep-apart list wait for an organizer's word."""
        return sum(line.is_open for line in self.apart)

    @property
    def undo(self) -> bool:
        """Whether the last decision can still be taken back."""
        standing = [decision for decision in self.decisions if decision.undone_at is None]
        return bool(standing) and clock.now() < standing[-1].decided_at + REGRET


def of(row: Row, person: Person) -> Card:
    """The card of a row, for this organizer."""
    application = row.application
    impressions = _impressions(application, person)
    return Card(
        row=row,
        decisions=tuple(application.decisions.select_related("decided_by")),
        notes=tuple(application.notes.select_related("author")),
        elsewhere=application.person.applications.exclude(pk=application.pk).count(),
        impressions=impressions,
        score=ScoreForm.about(impressions.mine),
        note=NoteForm(auto_id="note_%s"),
        apart=() if row.hidden else fitting.lines_of([application], person)[application.pk],
        replies=tuple(application.replies.select_related("question")),
        sender=None if row.hidden else _sender(application, person),
        drafted=() if row.hidden else _drafted(application),
    )


def found(person: Person, *public_ids: str) -> list[Row]:
    """The rows of these applications, in this order; what this organizer does not look after is not among them."""
    mine = Application.objects.organized_by(person)
    applications = list(listing.to_show(mine.filter(public_id__in=public_ids), person))
    rows = {row.application.public_id: row for row in listing.rows_of(applications, mine)} if applications else {}
    return [rows[public_id] for public_id in dict.fromkeys(public_ids) if public_id in rows]


def last_decision(person: Person) -> Last | None:
    """The application that `u` means while another card is shown."""
    fresh = Decision.objects.filter(decided_by=person, undone_at=None, decided_at__gt=clock.now() - REGRET)
    fresh = fresh.filter(application__stage=F("to_stage"))  # what moved on since cannot be taken back
    newest = fresh.order_by("-decided_at", "-pk").values("application")[:1]
    mine = Application.objects.organized_by(person).filter(pk=Subquery(newest))
    application = listing.named(mine, person).first()
    return Last(application.public_id, listing.name_of(application)) if application else None


def reasons() -> list[tuple[int, str, str]]:
    """The codes of a no, numbered for the keys."""
    return [(number, code.value, words) for number, (code, words) in enumerate(DECLINE_REASONS.items(), start=1)]


def _impressions(application: Application, person: Person) -> Impressions:
    given = list(application.impressions.select_related("organizer"))
    mine = next((one for one in given if one.organizer_id == person.pk), None)
    if mine is None:
        return Impressions(None, (), None)
    others = tuple(one for one in given if one is not mine)
    return Impressions(mine, others, rubric.standing(tuple(one.score for one in given)))


def _sender(application: Application, person: Person) -> Application | None:
    """The one application among those this organizer sees whose person is named as the sender."""
    told = application.extra.get("sent_by", "")
    if not told:
        return None
    others = Application.objects.organized_by(person).filter(program=application.program_id).exclude(pk=application.pk)
    named = Q(person__email__iexact=told) | Q(person__name__iexact=told)
    found = listing.to_show(others.filter(named), person)[:2]
    return found[0] if len(found) == 1 and not found[0].is_hidden else None  # type: ignore[attr-defined] # in to_show


def _drafted(application: Application) -> tuple[Drafted, ...]:
    return tuple(
        Drafted(letter, None if letter.edited_at else _words_of(letter), tuple(sorted(marks_in(letter.text))))
        for letter in reviewing.letters_here(application).order_by("pk")
    )


def _words_of(letter: Letter) -> WordsForm:
    return WordsForm(initial={"letter": letter.pk, "text": letter.text}, auto_id=f"letter_{letter.pk}_%s")
