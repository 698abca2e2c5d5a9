"""What my group is asked: the page says what would happen, and takes my own word. Nobody sees what the others said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from groups import access, cards, colleagues, merging, questions, splitting, times
from groups.disclosure import Rung
from groups.forms import WordForm
from groups.joining import Voice
from groups.models.group import Group, Membership
from groups.models.question import Kind, Question, Together
from groups.parting import Word
from groups.views import renewal
from members.models.application import Application
from members.views import MemberRequest
from roundtable import clock
from roundtable.errors import NotAllowed

PRESS = "Please press one of the buttons."
NOTED = "Noted. Nobody sees what you said; until the end you may change it here."


class Page(NamedTuple):
    """How one kind of question is shown, and what a word does."""

    shown: Callable[[Membership, Question], dict[str, object]]
    said: Callable[[Question, str, Membership, datetime], object]


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: MemberRequest, public_id: str, question: str) -> HttpResponse:
    """One question to my group, and my own word."""
    own, asked = access.question(request.user, public_id, question)
    if asked.kind == Kind.RENEWAL:
        return renewal.renewal(request, own, asked)
    if request.method == "POST":
        _take(request, own, asked)
        return redirect("groups:question", public_id, question)
    page = {**renewal.standing(own, asked), **PAGES[Kind(asked.kind)].shown(own, asked)}
    return render(request, f"groups/questions/{asked.kind}.html", page)


@require_POST
def step_out(request: MemberRequest, public_id: str, question: str) -> HttpResponse:
    """One of two colleagues goes back to the pool, first in line."""
    own, asked = access.question(request.user, public_id, question)
    try:
        colleagues.step_out(asked, by=own)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("groups:question", public_id, question)
    messages.success(request, "You have left the circle, and are first in line in the pool.")
    return redirect("members:status")


def _take(request: MemberRequest, own: Membership, asked: Question) -> None:
    form = WordForm(request.POST, words=asked.words)
    if not form.is_valid():
        messages.error(request, PRESS)
        return
    try:
        PAGES[Kind(asked.kind)].said(asked, form.cleaned_data["word"], own, clock.now())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, NOTED)


def of_merge(own: Membership, asked: Question) -> dict[str, object]:
    """The other group's hour and cards without names, as before a seal, and which of the two goes on."""
    if asked.merge is None:
        raise ValueError("A question about a merge has one.")
    other = asked.merge.other(own.group)
    return {
        "cards": without_names(other),
        "goes_on": own.group.pk == asked.merge.stays_id,
        "hour": times.of_group(asked.merge.stays, zone=own.person.zone),
        "size": own.group.memberships.on(clock.today()).count() + other.memberships.on(clock.today()).count(),
    }


def without_names(group: Group) -> Sequence[cards.Card]:
    """Today's members on the rung before names, in the order of their initials; two queries for any number."""
    people = group.memberships.on(clock.today()).values("person")
    applications = Application.objects.filter(program=group.program_id, person__in=people).select_related("person")
    return sorted((cards.card(one, Rung.CARD) for one in applications), key=lambda card: (card.initials, card.line))


def say_to_merge(asked: Question, word: str, own: Membership, now: datetime) -> object:
    return merging.say(asked, Voice(word), by=own, received_at=now)


def of_split(own: Membership, asked: Question) -> dict[str, object]:
    """Who would stay and who would go, by the names that the group knows; and which half is mine."""
    if asked.split is None:
        raise ValueError("A question about a split has one.")
    goes = set(asked.split.goes.values_list("person", flat=True))
    people = own.group.memberships.on(clock.today()).values("person")
    applications = Application.objects.filter(program=own.group.program_id, person__in=people).select_related("person")
    halves: dict[bool, list[cards.Card]] = {True: [], False: []}
    for one in applications.order_by("person__name", "pk"):
        halves[one.person_id in goes].append(cards.card(one, Rung.NAME))
    return {"goes": halves[True], "stays": halves[False], "moves": own.person_id in goes}


def say_to_split(asked: Question, word: str, own: Membership, now: datetime) -> object:
    return splitting.say(asked, Word(word), by=own, received_at=now)


def of_company(own: Membership, asked: Question) -> dict[str, object]:
    """Who is at one company now: by name only if all of them show theirs; everybody knows whether it is them."""
    concerned = colleagues.concerned(asked)
    members = [member for member in questions.members_of(own.group) if member.pk in concerned]
    people = [member.person for member in members]
    hidden = Application.objects.filter(program=own.group.program_id, person__in=people, shows_company=False)
    return {
        "count": len(members),
        "names": [] if hidden.exists() else [person.name for person in people],
        "is_me": own.pk in concerned,
        "totals": questions.told(asked),
    }


def say_to_company(asked: Question, word: str, own: Membership, now: datetime) -> object:
    return colleagues.say(asked, Together(word), by=own, received_at=now)


PAGES = {
    Kind.MERGE: Page(of_merge, say_to_merge),
    Kind.SPLIT: Page(of_split, say_to_split),
    Kind.COMPANY: Page(of_company, say_to_company),
}
