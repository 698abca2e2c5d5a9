"""Letters about groups: one person each, one thing to do, and never another person's name, card or company."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from groups import times
from groups.joining import EntryRule
from groups.models.backfill import Backfill
from groups.models.group import Group, Membership
from groups.models.invitation import PURPOSE, Invitation
from groups.models.offer import Crossing, Offer
from groups.models.sabbatical import Sabbatical
from members.models.application import Application
from members.models.person import Person
from members.pools import Pool
from roundtable import clock, links, moments
from roundtable.outbox.models import Priority, mark
from roundtable.outbox.post import Draft

HOSTS = "hosting"  # the purpose of the link in E08: start a circle, or hear no more of it
HOST_LINK_LIVES = timedelta(days=60)


def invited(invitation: Invitation) -> Draft:
    """To the one who is asked: the hour, the deadline, and the way to the page with code of conduct and cards."""
    person, until = invitation.application.person, invitation.answer_until
    if until is None:
        raise ValueError("An invitation is written when it is sent.")
    return Draft(
        kind="groups/invitation",
        to=person,
        about=invitation.about,
        dedupe_key=f"invitation:{invitation.pk}:{until:%Y%m%dT%H%M%S}",
        context={
            "program": invitation.draft.composition.program.name,
            "hour": times.of_draft(invitation.draft),
            "for_you": times.of_draft(invitation.draft, zone=person.zone),
            "metro": invitation.draft.metro,
            "until": moments.short(until, person.zone),
        },
        links={"token": links.make(PURPOSE, invitation.about, person, until)},
        priority=Priority.SEAT,
        expires_at=until,
    )


def lapsed(invitation: Invitation) -> Draft:
    """No answer came: not a no, no guilt, back in the pool."""
    return back(invitation, "groups/lapsed")


def released(invitation: Invitation) -> Draft:
    """The group did not form, or without them: back in the pool, first in line next time."""
    return back(invitation, "groups/released")


def back(invitation: Invitation, kind: str) -> Draft:
    """One of the two letters that end an invitation; once per invitation and state."""
    return Draft(
        kind=kind,
        to=invitation.application.person,
        about=invitation.about,
        dedupe_key=f"{kind}:{invitation.pk}",
        context={"program": invitation.draft.composition.program.name},
    )


def sealed(group: Group, person: Person) -> Draft:
    """To each member: your circle is sealed; the names are on its page. The first date comes as a letter of its own."""
    return Draft(
        kind="groups/sealed",
        to=person,
        about=f"group:{group.pk}",
        dedupe_key=f"sealed:{group.pk}:{person.pk}",
        context={"program": group.program.name, "path": f"/groups/{group.public_id}/"},
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
