"""Edits of a composition by hand: people moved, drafts locked, people held; each can be taken back and done again.

An edit carries the version of the board that its organizer saw. If somebody was faster it is refused with what they
did: nobody changes what they have not seen. Lock order: composition, draft, application.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction

from groups import history
from groups.composition.rules import Group as PaperGroup
from groups.consent import State
from groups.judging import Judge, Outlook, Side
from groups.models.draft import Composition, DraftGroup, DraftState, Progress
from groups.models.edit import Act, Edit, EditState, Hold
from groups.models.invitation import Invitation
from groups.models.offer import Offer
from members.models.application import Application
from members.models.person import Person
from members.stages import Stage
from roundtable import audit, clock
from roundtable.errors import NotAllowed

OPPOSITE = {Act.LOCK: Act.FREE, Act.FREE: Act.LOCK, Act.HOLD: Act.LET_GO, Act.LET_GO: Act.HOLD, Act.MOVE: Act.MOVE}
NOTHING = Outlook((), 0, 0.0)
VERBS = {EditState.DONE: "on the board: {}", EditState.UNDONE: "took back on the board: {}"}


@dataclass(frozen=True, slots=True)
class Step:
    """An act as it is carried out; `before` holds by draft the hour and place to go back to."""

    act: Act
    application: Application | None
    source: DraftGroup | None
    target: DraftGroup | None
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def drafts(self) -> list[DraftGroup]:
        """Those it touches."""
        return [draft for draft in (self.source, self.target) if draft is not None]

    @property
    def person(self) -> Application:
        """Whom it is about."""
        if self.application is None:
            raise ValueError(f"{self.act} is about nobody.")
        return self.application


def seat_of(composition: Composition, application: Application) -> DraftGroup | None:
    """The draft on paper in which this person sits; none for who waits."""
    seats = Invitation.objects.filter(draft__composition=composition, application=application, state=State.DRAFTED)
    seat = seats.filter(draft__state=DraftState.DRAFT).select_related("draft").first()
    return seat.draft if seat else None


def what_if(composition: Composition, application: Application, target: DraftGroup | None) -> Outlook:
    """What moving this person there would break and gain; nothing is changed. Raises NotAllowed if they may not go."""
    source = seat_of(composition, application)
    drafts = [draft for draft in (source, target) if draft is not None]
    require_open(drafts)
    require_free(application, source, target)
    for draft in drafts:
        draft.composition = composition  # spares a query for each
    return outlook_of(Judge(composition, drafts, [application]), Step(Act.MOVE, application, source, target))


@transaction.atomic
def move(
    composition: Composition, application: Application, target: DraftGroup | None, *, seen: int, by: Person
) -> Outlook:
    """This person goes to another draft, or waits. It may break rules; then the draft cannot be released."""
    composition = fresh(composition, seen)
    source = seat_of(composition, application)
    return _first_time(composition, Edit(act=Act.MOVE, application=application, source=source, target=target), by=by)


@transaction.atomic
def lock(composition: Composition, draft: DraftGroup, *, on: bool, seen: int, by: Person) -> None:
    """A locked draft is not changed by hand, and keeps its people, hour and place when it is solved again."""
    composition = fresh(composition, seen)
    draft.refresh_from_db(fields=["locked"])
    if draft.locked == on:
        raise NotAllowed(f"Group {draft.number} is {'locked' if on else 'unlocked'} already.")
    _first_time(composition, Edit(act=Act.LOCK if on else Act.FREE, target=draft), by=by)


@transaction.atomic
def hold(composition: Composition, application: Application, *, on: bool, seen: int, by: Person) -> None:
    """Whoever is held stays in their draft; the others of it may come and go."""
    composition = fresh(composition, seen)
    draft, initials = seat_of(composition, application), application.person.initials
    if draft is None:
        raise NotAllowed(f"{initials} is in no group on paper, and cannot be held in one.")
    if Hold.objects.filter(draft=draft, application=application).exists() == on:
        raise NotAllowed(f"{initials} is {'held' if on else 'not held'} already.")
    edit = Edit(act=Act.HOLD if on else Act.LET_GO, application=application, target=draft)
    _first_time(composition, edit, by=by)


@transaction.atomic
def undo(composition: Composition, *, seen: int, by: Person) -> Edit:
    """Take the last edit back, whoever made it. Raises NotAllowed if there is none, or its people are not free."""
    composition = fresh(composition, seen)
    edit = history.edits(composition).to_undo()
    if edit is None:
        raise NotAllowed("There is nothing to undo.")
    step = Step(OPPOSITE[Act(edit.act)], edit.application, edit.source, edit.target, edit.before)
    if edit.act == Act.MOVE:
        step = replace(step, source=edit.target, target=edit.source)
    _carry_out(composition, step)
    return _noted(composition, edit, EditState.UNDONE, by=by)


@transaction.atomic
def redo(composition: Composition, *, seen: int, by: Person) -> Edit:
    """Do again what was taken back last."""
    composition = fresh(composition, seen)
    edit = history.edits(composition).to_redo()
    if edit is None:
        raise NotAllowed("There is nothing to do again.")
    _carry_out(composition, Step(Act(edit.act), edit.application, edit.source, edit.target))
    return _noted(composition, edit, EditState.DONE, by=by)


def fresh(composition: Composition, seen: int) -> Composition:
    """The composition, locked. Raises NotAllowed if its board is not the one that was seen, with what has changed."""
    now = Composition.objects.select_for_update(of=("self",)).select_related("program").get(pk=composition.pk)
    if now.progress != Progress.DONE:
        raise NotAllowed("There are no groups on paper here to change.")
    if now.version != seen:
        happened = " ".join(history.news(now, seen)) or "It was changed meanwhile."
        raise NotAllowed(f"Nothing was changed: this is not the board that you saw. {happened}")
    return now


def require_open(drafts: Sequence[DraftGroup]) -> None:
    """Raises NotAllowed for a draft that is asked already, given up, offered by a host, or locked."""
    offered = set(Offer.objects.open().filter(draft__in=drafts).values_list("draft_id", flat=True))
    for draft in drafts:
        if draft.state != DraftState.DRAFT:
            raise NotAllowed(f"Group {draft.number} is {draft.get_state_display()} and cannot be changed by hand.")
        if draft.pk in offered:
            raise NotAllowed(f"Group {draft.number} was offered by a host: sign it first.")
        if draft.locked:
            raise NotAllowed(f"Group {draft.number} is locked. Unlock it to change it.")


def require_free(application: Application, source: DraftGroup | None, target: DraftGroup | None) -> None:
    """Raises NotAllowed for somebody who is there already, is held, has left the pool, or was asked meanwhile."""
    initials = application.person.initials
    if source == target:
        raise NotAllowed(f"{initials} is in {history.place(target)} already.")
    if application.stage != Stage.POOLED:
        raise NotAllowed(f"{initials} has left the pool ({application.get_stage_display()}) and cannot be moved.")
    if application.invitations.live().exists():
        raise NotAllowed(f"{initials} has been asked for another group meanwhile and cannot be moved.")
    if Hold.objects.filter(draft=source, application=application).exists():
        raise NotAllowed(f"{initials} is held in {history.place(source)}. Let them go first.")


def _first_time(composition: Composition, edit: Edit, *, by: Person) -> Outlook:
    """Carried out and written down; what had been taken back before can no longer be done again."""
    drafts = [draft for draft in (edit.source, edit.target) if draft is not None]
    edit.before = {str(one.pk): {"window": one.window, "mode": one.mode, "metro": one.metro or None} for one in drafts}
    outlook = _carry_out(composition, Step(Act(edit.act), edit.application, edit.source, edit.target))
    composition.edits.filter(state=EditState.UNDONE).update(state=EditState.DROPPED)
    last = composition.edits.order_by("-number").first()
    edit.composition, edit.number = composition, last.number + 1 if last else 1
    _noted(composition, edit, EditState.DONE, by=by)
    return outlook


def _noted(composition: Composition, edit: Edit, state: EditState, *, by: Person) -> Edit:
    composition.version += 1
    composition.save(update_fields=["version", "placed", "quality"])
    edit.state, edit.version, edit.by, edit.made_at = state, composition.version, by, clock.now()
    edit.save()
    audit.note(by, VERBS[state].format(Act(edit.act).label), f"composition:{composition.pk}")
    return edit


def _carry_out(composition: Composition, step: Step) -> Outlook:
    """One act, for the first time, again, or as the opposite of another."""
    named = [draft.pk for draft in (step.source, step.target) if draft is not None]
    found = DraftGroup.objects.select_for_update(of=("self",)).filter(pk__in=named).order_by("pk")
    drafts = {draft.pk: draft for draft in found}
    for draft in drafts.values():
        draft.composition = composition
    source, target = (drafts[draft.pk] if draft else None for draft in (step.source, step.target))
    step = replace(step, source=source, target=target)
    if step.act == Act.MOVE:
        return _move(composition, step)
    _mark(step)
    return NOTHING


def _mark(step: Step) -> None:
    """A draft is locked or not, a person in it held or not. Raises NotAllowed once the draft is on paper no more."""
    draft = step.target
    if draft is None:
        return
    if draft.state != DraftState.DRAFT:
        raise NotAllowed(f"Group {draft.number} is {draft.get_state_display()} and cannot be changed by hand.")
    if step.act in (Act.LOCK, Act.FREE):
        draft.locked = step.act == Act.LOCK
        draft.save(update_fields=["locked"])
    elif step.act == Act.HOLD:
        Hold.objects.create(draft=draft, application=step.person)
    else:
        Hold.objects.filter(draft=draft, application=step.application).delete()


def _move(composition: Composition, step: Step) -> Outlook:
    applications = Application.objects.select_for_update(of=("self",)).select_related("person")
    application = applications.get(pk=step.person.pk)
    require_open(step.drafts)
    require_free(application, step.source, step.target)
    if seat_of(composition, application) != step.source:
        raise NotAllowed(f"{application.person.initials} is not in {history.place(step.source)} any more.")
    outlook = outlook_of(Judge(composition, step.drafts, [application]), step)
    _seat(application, step)
    for side in outlook.sides:
        _rewrite(side)
    composition.placed += outlook.placed
    composition.quality += outlook.quality
    return outlook


def outlook_of(judge: Judge, step: Step) -> Outlook:
    """The drafts without and with this person; taken back, each at the hour and place that it had before."""
    key, sides = step.person.public_id, []
    if step.source is not None:
        left = judge.seated[step.source.pk] - {key}
        sides.append(judge.side(step.source, left, at=_former(step, step.source)))
    if step.target is not None:
        joined = judge.seated[step.target.pk] | {key}
        sides.append(judge.side(step.target, joined, at=_former(step, step.target)))
    return judge.outlook(sides)


def _former(step: Step, draft: DraftGroup) -> PaperGroup | None:
    told = step.before.get(str(draft.pk))
    return PaperGroup(members=(), **told) if told else None


def _seat(application: Application, step: Step) -> None:
    """The one row by which somebody sits in a draft is made, moved or removed."""
    seat = Invitation.objects.filter(draft=step.source, application=application)
    if step.target is None:
        seat.delete()
    elif step.source is None:
        Invitation.objects.create(draft=step.target, application=application)
    else:
        seat.update(draft=step.target)


def _rewrite(side: Side) -> None:
    """The draft as it is afterwards: hour, place, quality, and what its card says."""
    draft, group, card = side.draft, side.after.group, side.after.card
    draft.window, draft.mode, draft.metro, draft.quality = group.window, group.mode, group.metro or "", group.quality
    draft.card = {
        "windows": len(card.windows) if card else 0,
        "fragile": bool(card and card.fragile),
        "tightest": side.tightest,
        "warnings": list(card.warnings) if card else [],
        "broken": list(side.sentences),
    }
    draft.save(update_fields=["window", "mode", "metro", "quality", "card"])
