"""A question to a living group: asked, answered by each member in private, closed. Whoever asked sees what came of it.

Lock order: the group's draft (of two groups the lower key first), group, question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction

from groups import letters, sealing
from groups.models.group import Group, Membership
from groups.models.question import Kind, Merge, Question, Split, State
from members.models.person import Person
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post

log = structlog.get_logger(__name__)


def held(*groups: Group) -> list[Group]:
    """These groups as they are now, in the order given. Their drafts are the locks of who joins, leaves or is asked.

    Raises NotAllowed for a group that was not asked together here.
    """
    for group in sorted(groups, key=lambda group: group.draft_id or 0):
        if group.draft is None:
            raise NotAllowed(f"{group.name} was not asked together here, so nothing can be changed in it.")
        sealing.locked(group.draft)
    rows = Group.objects.select_for_update(of=("self",)).select_related("program", "draft__composition__program")
    found = {row.pk: row for row in rows.filter(pk__in=[group.pk for group in groups]).order_by("pk")}
    return [found[group.pk] for group in groups]


def members_of(group: Group) -> list[Membership]:
    """Who belongs to it today."""
    return list(group.memberships.on(clock.today()).select_related("person"))


def ask(
    group: Group,
    kind: Kind,
    *,
    occasion: str,
    until: datetime,
    merge: Merge | None = None,
    split: Split | None = None,
) -> Question:
    """Each member gets a letter and has time to answer. Raises NotAllowed while another change is asked."""
    question = Question(group=group, kind=kind, occasion=occasion, merge=merge, split=split, rule=group.entry_rule)
    question.asked_at, question.open_until = clock.now(), until
    try:
        with transaction.atomic():
            question.save()
    except IntegrityError as clash:
        raise _refusal(group, clash) from None
    post(*[letters.asked(question, member.person) for member in members_of(group)])
    return question


def _refusal(group: Group, clash: IntegrityError) -> Exception:
    if "a_group_is_asked_for_one_change_at_a_time" in str(clash):
        return NotAllowed(f"{group.name} is asked about a change already. Wait for its answer, or take it back.")
    if "a_group_is_asked_once_on_each_occasion" in str(clash):
        return NotAllowed(f"{group.name} has been asked this already.")
    return clash


def refuse_while_asked(group: Group) -> None:
    """Raises NotAllowed while the group decides about a merge or a split: one change of its people at a time."""
    if group.questions.open().changes().exists():
        raise NotAllowed(f"{group.name} is asked about a change already. Wait for its answer, or take it back.")


def refuse_while_filling(group: Group) -> None:
    """Raises NotAllowed while a card for a free seat is out, or somebody has been asked to join."""
    asked = group.draft is not None and group.draft.invitations.filter(state="sent").exists()
    if asked or group.backfills.shown().exists():
        raise NotAllowed(f"In {group.name} a free seat is being filled. Wait for that answer, or take the card back.")


def put(question: Question, word: str, *, by: Person, received_at: datetime) -> Question:
    """What a member says; the last word before the end counts. Raises NotAllowed when late. The group is held."""
    question = locked(question)
    if question.state != State.OPEN or received_at >= question.open_until:
        raise NotAllowed("The time to answer this is over. The page shows what came of it.")
    question.said.update_or_create(voter=question.pseudonym(by), defaults={"word": word})
    return question


def locked(question: Question) -> Question:
    """As it is now, held."""
    rows = Question.objects.select_for_update(of=("self",)).select_related("group__program", "merge", "split")
    return rows.get(pk=question.pk)


def said(question: Question, members: list[Membership]) -> Mapping[int, str | None]:
    """By membership what they said, None for who is silent. Of somebody who has left nothing counts. One query."""
    words = {bytes(one.voter): one.word for one in question.said.all()}
    return {member.pk: words.get(question.pseudonym(member.person)) for member in members}


def own_word(question: Question, person: Person) -> str:
    """What I said; empty while I have said nothing, and once it is closed."""
    if question.state != State.OPEN:
        return ""
    voter = question.pseudonym(person)
    return next((one.word for one in question.said.all() if bytes(one.voter) == voter), "")


def totals(question: Question, members: list[Membership]) -> dict[str, int]:
    """How many said what, and how many nothing."""
    counted = Counter(word or "silent" for word in said(question, members).values())
    return {word: counted[word] for word in [*(word for word, _ in question.words), "silent"]}


def told(question: Question) -> list[tuple[str, int]]:
    """The totals of a closed question, in words, as its group reads them."""
    labels = {**dict(question.words), "silent": "No answer"}
    return [(label, question.totals[word]) for word, label in labels.items() if word in question.totals]


def close(question: Question, state: State, *, totals: Mapping[str, int] | None = None) -> None:
    """Who said what is gone, and the letters that have not left are taken back."""
    question.said.all().delete()
    question.state, question.secret, question.totals = state, None, dict(totals or {})
    question.save(update_fields=["state", "secret", "totals"])
    cancel(question.about)


def tell(question: Question, members: list[Membership]) -> None:
    """The group reads the totals, and nothing else happens by itself."""
    close(question, State.TOLD, totals=totals(question, members))


@transaction.atomic
def tell_when_due(question: Question, now: datetime) -> None:
    """The same at the end of the time to answer, for a question that is still open then."""
    (group,) = held(question.group)
    question = locked(question)
    if question.state == State.OPEN and now >= question.open_until:
        tell(question, members_of(group))


def drop(group: Group) -> None:
    """The group closes: nothing is asked any more."""
    for question in group.questions.open().select_for_update():
        close(question, State.GONE)


def each_due(kinds: list[Kind], decide: Callable[[Question, datetime], object]) -> None:
    """Questions whose time is over, one transaction each; one that breaks keeps none of the others waiting."""
    now = clock.database_now()
    due = Question.objects.open().filter(kind__in=kinds, open_until__lte=now)
    for question in due.select_related("group__draft", "merge", "split").order_by("pk"):
        try:
            decide(question, now)
        except Exception:
            log.exception("question was not decided", about=question.about)
