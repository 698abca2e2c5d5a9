"""One circle of two, or two of one: what the engine finds, what circles are asked, what came of it. Counts only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from groups import access, merging, splitting, times
from groups.admin.desk import context, done, person_of
from groups.forms import HalvesForm
from groups.models.group import Group
from groups.models.question import CHANGES, Merge, Question
from roundtable import clock

PAGE = "admin:groups_living_people"
MERGE_ASKED = "Both circles have each other’s cards and a week. Each decides by its own rule; you see what came of it."
SPLIT_ASKED = "The members are asked, each individually. Nobody moves without their own yes."
TAKEN_BACK = "It is taken back. Nothing has changed for anybody."


@dataclass(frozen=True, slots=True)
class Told:
    """What an organizer reads of one question: how many answered, and how it stands; of their own circle no count."""

    question: Question
    what: str
    key: str


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Partners for a merge, halves for a split once they are looked for, and everything that this circle was asked."""
    organizer = person_of(request)
    group = access.looked_after(organizer, key)
    living = group.closed_at is None
    page = context(
        request,
        f"{group.name}: merge or split",
        group=group,
        hour=times.of_group(group),
        partners=merging.partners(group, by=organizer) if living else [],
        is_large=living and splitting.is_large(group),
        looked="halves" in request.GET,  # a search of two seconds, which nobody waits for who came for something else
        halves=splitting.found(group) if living and "halves" in request.GET else None,
        asked=_asked(group),
        belongs=group.memberships.on(clock.today()).filter(person=organizer).exists(),
    )
    return render(request, "admin/groups/people.html", page)


def _asked(group: Group) -> list[Told]:
    rows = group.questions.filter(kind__in=CHANGES).select_related("merge__stays", "merge__joins", "split")
    return [_told(group, question) for question in rows.annotate(answered=Count("said"))[:20]]


def _told(group: Group, question: Question) -> Told:
    if question.merge is not None:
        return Told(question, f"One circle with {question.merge.other(group).name}", question.merge.public_id)
    return Told(question, "Two circles", question.split.public_id if question.split else "")


@require_POST
def merge(request: HttpRequest, key: str, other: str) -> HttpResponse:
    """The members of the other circle are to come into this one, if both agree."""
    organizer = person_of(request)
    stays, joins = access.looked_after(organizer, key), access.looked_after(organizer, other)
    return done(request, partial(merging.propose, stays, joins, by=organizer), MERGE_ASKED, back=PAGE, key=key)


@require_POST
def split(request: HttpRequest, key: str) -> HttpResponse:
    """The halves that the organizer saw are asked for."""
    organizer = person_of(request)
    group, form = access.looked_after(organizer, key), HalvesForm(request.POST)
    seen = form.cleaned_data["goes"] if form.is_valid() else ""
    return done(request, partial(splitting.propose, group, seen=seen, by=organizer), SPLIT_ASKED, back=PAGE, key=key)


@require_POST
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """A merge or a split is taken back while the members think about it."""
    organizer = person_of(request)
    proposal = access.proposal(organizer, key)
    if isinstance(proposal, Merge):
        back = proposal.stays.public_id
        return done(request, partial(merging.withdraw, proposal, by=organizer), TAKEN_BACK, back=PAGE, key=back)
    back = proposal.group.public_id
    return done(request, partial(splitting.withdraw, proposal, by=organizer), TAKEN_BACK, back=PAGE, key=back)
