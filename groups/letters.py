"""Letters about groups: one person each, one thing to do, and never another person's name, card or company."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from groups import times
from groups.consent import State
from groups.joining import EntryRule
from groups.models.backfill import Backfill
from groups.models.draft import DraftGroup
from groups.models.group import Group, Membership
from groups.models.invitation import PURPOSE, Invitation
from groups.models.offer import Crossing, Offer
from groups.models.question import Kind, Question
from groups.models.sabbatical import Sabbatical
from groups.times import Hour
from members.models.application import Application
from members.models.person import Person
from members.pools import Pool
from roundtable import clock, links, moments
from roundtable.outbox.models import Priority, mark
from roundtable.outbox.post import Draft

HOSTS = "hosting"  # the purpose of the link in E08: start a circle, or hear no more of it
REOPENED_WITHIN = timedelta(days=14)
HOST_LINK_LIVES = timedelta(days=60)


def invited(invitation: Invitation) -> Draft:
    """To the one who is asked: the hour, the deadline, and the way to the page with code of conduct and cards."""
    return _asking(invitation, "groups/invitation")


def chair_for_you(invitation: Invitation) -> Draft:
    """E14: a chair came free in a group that others are asked for already; three days to answer."""
    return _asking(invitation, "groups/chair_for_you")


def reminded(invitation: Invitation) -> Draft:
    """E11: the one reminder, short. Its link is a new one; the first goes on working."""
    return _asking(invitation, "groups/reminded", priority=Priority.REMINDER)


def changed_in_private(invitation: Invitation) -> Draft:
    """E13, to one person alone: something about the group that only they need to know stands on their page."""
    return _asking(invitation, "groups/changed_in_private")


def hour_moved(invitation: Invitation, was: Hour, *, now: datetime) -> Draft:
    """E13, to everybody who is asked: the group meets at another hour. Who said yes may reconsider."""
    letter = _asking(invitation, "groups/hour_moved")
    said_yes = invitation.state == State.ACCEPTED
    key = f"{letter.kind}:{invitation.pk}:{now:%Y%m%dT%H%M%S%f}"
    return replace(letter, dedupe_key=key, context={**letter.context, "was": was, "said_yes": said_yes})


def _asking(invitation: Invitation, kind: str, *, priority: Priority = Priority.SEAT) -> Draft:
    """A letter with a link to the four answers: once per invitation and deadline."""
    person, until = invitation.application.person, invitation.answer_until
    if until is None:
        raise ValueError("An invitation is written when it is sent.")
    minutes = times.minutes_of_draft(invitation.draft)
    return Draft(
        kind=kind,
        to=person,
        about=invitation.about,
        dedupe_key=f"{kind}:{invitation.pk}:{until:%Y%m%dT%H%M%S}",
        context={
            "program": invitation.draft.composition.program.name,
            "hour": times.of_draft(invitation.draft, minutes=minutes),
            "for_you": times.of_draft(invitation.draft, zone=person.zone, minutes=minutes),
            "metro": invitation.draft.metro,
            "until": moments.short(until, person.zone),
        },
        links={"token": links.make(PURPOSE, invitation.about, person, until)},
        priority=priority,
        expires_at=until,
    )


def lapsed(invitation: Invitation) -> Draft:
    """E12: no answer came. Not a no, no guilt, back in the pool; behind the link it can be opened again."""
    person, until = invitation.application.person, clock.now() + REOPENED_WITHIN
    key = links.make(PURPOSE, invitation.about, person, until)
    return replace(back(invitation, "groups/lapsed"), links={"token": key}, expires_at=until)


def released(invitation: Invitation) -> Draft:
    """The group did not form, or without them: back in the pool, first in line next time."""
    return back(invitation, "groups/released")


def back(invitation: Invitation, kind: str) -> Draft:
    """One of the two letters that end an invitation; once per invitation, state and deadline: it may be reopened."""
    return Draft(
        kind=kind,
        to=invitation.application.person,
        about=invitation.about,
        dedupe_key=f"{kind}:{invitation.pk}:{invitation.answer_until:%Y%m%dT%H%M%S}",
        context={"program": invitation.draft.composition.program.name},
    )


def chair_free(draft: DraftGroup, organizer: Person, *, now: datetime) -> Draft:
    """To each organizer: how many said what, in counts, and that this group waits for them."""
    states = list(draft.invitations.values_list("state", flat=True))
    return Draft(
        kind="groups/chair_free",
        to=organizer,
        about=f"draft:{draft.pk}",
        dedupe_key=f"chair_free:{draft.pk}:{organizer.pk}:{draft.step}:{now:%Y%m%dT%H%M%S%f}",
        context={
            "program": draft.composition.program.name,
            "number": draft.number,
            "step": draft.step,
            "accepted": states.count("accepted"),
            "out": states.count("sent"),
            "path": reverse("admin:groups_composition_show", args=[draft.composition.public_id]),
        },
    )


def sealed(group: Group, person: Person) -> Draft:
    """To who joins after the seal: the names are on the group's page, and each date comes in a letter of its own.

    Who was there at the seal has the first date in the same letter (`meetings.letters.sealed`).
    """
    return Draft(
        kind="groups/sealed",
        to=person,
        about=f"group:{group.pk}",
        dedupe_key=f"sealed:{group.pk}:{person.pk}",
        context={"program": group.program.name, "group_path": f"/groups/{group.public_id}/", "when": ""},
        priority=Priority.SEAT,
    )


def card_shown(backfill: Backfill, person: Person) -> Draft:
    """E34, to each member: a card for a free seat, and until when a private concern is heard. Names nobody."""
    return Draft(
        kind="groups/card_shown",
        to=person,
        about=backfill.about,
        dedupe_key=f"card_shown:{backfill.pk}:{person.pk}",
        context={
            "until": moments.short(backfill.concerns_until, person.zone),
            "silence_is_a_yes": backfill.rule == EntryRule.NO_OBJECTION,
            "path": reverse("groups:candidates", args=[backfill.group.public_id]),
        },
        expires_at=backfill.concerns_until,
    )


def asked(question: Question, person: Person) -> Draft:
    """E35, E36 and their like, to each member: your circle is asked something, until when. What it is about in the
    general, never who; the page has the rest.
    """
    until = question.open_until
    return Draft(
        kind=f"groups/asked_{question.kind}",
        to=person,
        about=question.about,
        dedupe_key=f"asked:{question.pk}:{person.pk}",
        context={
            "until": moments.short(until, person.zone),
            "silence_is_a_yes": question.rule == EntryRule.NO_OBJECTION,
            "path": reverse("groups:question", args=[question.group.public_id, question.public_id]),
        },
        expires_at=until,
    )


def stays(question: Question, person: Person) -> Draft:
    """To each member: it does not come to one circle of two, or two of one. Nobody learns why."""
    return Draft(
        kind="groups/stays",
        to=person,
        about=f"group:{question.group_id}",
        dedupe_key=f"stays:{question.pk}:{person.pk}",
        context={"is_merge": question.kind == Kind.MERGE, "path": f"/groups/{question.group.public_id}/"},
    )


def merged(question: Question, person: Person, *, comes: bool) -> Draft:
    """To each member of both: you are one circle now. Who comes reads of the dates in letters of their own."""
    group = question.merge.stays if question.merge else question.group
    return Draft(
        kind="groups/merged",
        to=person,
        about=f"group:{group.pk}",
        dedupe_key=f"merged:{question.pk}:{person.pk}",
        context={"comes": comes, "path": f"/groups/{group.public_id}/"},
        priority=Priority.SEAT,
    )


def parted(question: Question, person: Person) -> Draft:
    """To each who stays: your circle has become two. Who goes has the first date of the new one in a letter."""
    return Draft(
        kind="groups/parted",
        to=person,
        about=f"group:{question.group_id}",
        dedupe_key=f"parted:{question.pk}:{person.pk}",
        context={"path": f"/groups/{question.group.public_id}/"},
    )


def joined(membership: Membership, person: Person) -> Draft:
    """To each of the others: somebody joined; who it is stands on the group's page."""
    return Draft(
        kind="groups/joined",
        to=person,
        about=f"group:{membership.group_id}",
        dedupe_key=f"joined:{membership.pk}:{person.pk}",
        context={"path": f"/groups/{membership.group.public_id}/"},
    )


def sabbatical_begun(sabbatical: Sabbatical) -> Draft:
    """E33, to the member: the seat is kept for so many meetings, and how to come back earlier."""
    return _of_sabbatical("groups/sabbatical_begun", sabbatical, meetings=sabbatical.meetings)


def sabbatical_over(sabbatical: Sabbatical) -> Draft:
    """To the member: welcome back; the next date comes as ever."""
    return _of_sabbatical("groups/sabbatical_over", sabbatical)


def _of_sabbatical(kind: str, sabbatical: Sabbatical, **more: object) -> Draft:
    return Draft(
        kind=kind,
        to=sabbatical.membership.person,
        about=sabbatical.about,
        dedupe_key=f"{kind}:{sabbatical.pk}",
        context={"path": f"/groups/{sabbatical.membership.group.public_id}/", **more},
    )


def closing(group: Group, person: Person, *, until: datetime, meets: datetime | None) -> Draft:
    """E37, to each member: the last meeting if there is one, the memory as a file until when, and the pool."""
    return Draft(
        kind="groups/closing",
        to=person,
        about=f"group:{group.pk}",
        dedupe_key=f"closing:{group.pk}:{person.pk}",
        context={
            "program": group.program.name,
            "last": moments.short(meets, person.zone) if meets else "",
            "until": f"{until:%-d %B %Y}",
            "path": f"/groups/{group.public_id}/",
        },
    )


def start_here(application: Application, pool: Pool, crossing: Crossing) -> Draft:
    """E08, to who said they would host: so many wait, you may start a circle. Once each time the line is passed."""
    expires_at = clock.now() + HOST_LINK_LIVES
    about = f"application:{application.pk}"
    return Draft(
        kind="groups/start_here",
        to=application.person,
        about=about,
        dedupe_key=f"start_here:{crossing.pk}:{crossing.times}:{application.pk}",
        context={
            "program": application.program.name,
            "place": pool.name,
            "by_video": pool.by_video,
            "waiting": pool.waiting,
            "path": f"{reverse('groups:host', args=[application.public_id])}?in={pool.way}",
        },
        links={"token": links.make(HOSTS, about, application.person, expires_at)},
        headers={"List-Unsubscribe": f"<{settings.SITE_URL}/hosting/{mark('token')}/>"},
        expires_at=clock.now() + timedelta(days=7),
    )


def offered(offer: Offer, organizer: Person) -> Draft:
    """To each organizer who may sign: somebody would host. Who, and with whom, stands on the page."""
    return Draft(
        kind="groups/offered",
        to=organizer,
        about=offer.about,
        dedupe_key=f"offered:{offer.pk}:{organizer.pk}",
        context={
            "program": offer.program.name,
            "kind": offer.get_kind_display(),
            "place": offer.place,
            "path": reverse("admin:groups_pools"),
        },
    )


def signed(offer: Offer) -> Draft:
    """To the host: an organizer signed; the others are asked now, or the date is planned."""
    return _to_host("groups/signed", offer)


def not_signed(offer: Offer, words: str) -> Draft:
    """To the host: not now, in the organizer's own words, and what else there is."""
    return _to_host("groups/not_signed", offer, words=words)


def _to_host(kind: str, offer: Offer, **more: object) -> Draft:
    person = offer.application.person
    return Draft(
        kind=kind,
        to=person,
        about=offer.about,
        dedupe_key=f"{kind}:{offer.pk}",
        context={
            "program": offer.program.name,
            "is_circle": offer.kind == "circle",
            "place": offer.place,
            "hour": times.of_offer(offer),
            **more,
        },
    )
