"""People who wait do it themselves: one offers to host at an hour, an organizer signs, and everybody else is asked.

Lock order: offer, draft, invitation, application. Every letter is written in the transaction of its act.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NoReturn

from django.db import IntegrityError, transaction

from groups import hosthours, inviting, letters, sealing
from groups.consent import Answer
from groups.hosthours import Circle
from groups.models.draft import Composition, DraftGroup, DraftState, Progress
from groups.models.group import Group
from groups.models.invitation import Invitation
from groups.models.offer import Kind, Offer, State
from members import pools
from members.models.application import Application, Mode
from members.models.person import Person
from members.models.program import Program, Roster
from members.pools import Place, Pool
from members.stages import Stage
from members.weekhours import PER_DAY
from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox.post import cancel, post

NOTICE = timedelta(days=21)
NOBODY_LEFT = "Not enough people can come at that hour any more. Please choose another one."


@transaction.atomic
def offer(application: Application, kind: Kind, place: Place, *, window: int) -> Offer:
    """Somebody who waits would host at this hour of their own week. Raises NotAllowed with what stands against it.

    For a circle its people are put on paper at once: nobody is told before an organizer has signed.
    """
    now = clock.now()
    application = _waiting(application)
    refuse_small(pool_of(application, place, now=now), kind, application.program)
    around = hosthours.around(application, place, now=now)
    circle = hosthours.circle(around, window) if kind == Kind.CIRCLE else None
    if circle is None and not (kind == Kind.TASTER and hosthours.suits(around, window)):
        raise NotAllowed(NOBODY_LEFT)
    made = _made(application, kind, place, window=window, zone=around.pool.zone, now=now)
    if circle is not None:
        made.draft = _on_paper(made, circle, now=now)
        made.save(update_fields=["draft"])
    post(*[letters.offered(made, organizer) for organizer in organizers_of(made)])
    audit.note(application.person, "offered to host", made.about)
    return made


def refuse_small(pool: Pool | None, kind: Kind, program: Program) -> None:
    """Raises NotAllowed where too few people wait for this kind of meeting, or the program has no circles."""
    if pool is None or (kind == Kind.CIRCLE and not pool.could_start):
        raise NotAllowed("Too few people wait here at the moment. We write to you as soon as there are enough.")
    if kind == Kind.CIRCLE and program.roster != Roster.FIXED:
        raise NotAllowed("This program has no circles; its meetings are open to all who wait.")


def pools_to_host(application: Application, *, now: datetime) -> list[Pool]:
    """The pools that this application waits in and that are large enough for something, the fullest first."""
    standings = pools.standings(application.person, now=now)
    mine = next((one.pools for one in standings if one.application == application), ())
    return [pool for pool in mine if pool.could_meet]


def pool_of(application: Application, place: Place, *, now: datetime) -> Pool | None:
    """The pool of this name, if the application waits in it and enough people do."""
    mine = pools_to_host(application, now=now)
    return next((pool for pool in mine if (pool.name, pool.by_video) == place), None)


@transaction.atomic
def sign(offer: Offer, *, by: Person) -> Offer:
    """An organizer signs: everybody of the circle is asked, the host has said yes; or the taster meeting is planned.

    Raises NotAllowed while a rule would break, so while somebody would be alone against their wish.
    """
    offer = _locked(offer)
    now = clock.now()
    if offer.kind == Kind.CIRCLE:
        _ask(offer, by=by, now=now)
    else:
        offer.group = _taster(offer, now=now)
    offer.decide(State.SIGNED, by=by, now=now)
    post(letters.signed(offer))
    audit.note(by, "signed an offer to host", offer.about)
    return offer


@transaction.atomic
def decline(offer: Offer, *, by: Person, words: str = "") -> Offer:
    """Not now, with the organizer's own words to the host; nobody else had heard of it."""
    offer = _locked(offer)
    _off_paper(offer, by=by)
    offer.decide(State.DECLINED, by=by, now=clock.now())
    post(letters.not_signed(offer, words))
    audit.note(by, "declined an offer to host", offer.about)
    return offer


@transaction.atomic
def take_back(offer: Offer, *, by: Person | None) -> Offer:
    """The host would rather not, or has left the pool."""
    offer = _locked(offer)
    _off_paper(offer, by=by)
    offer.decide(State.WITHDRAWN, by=by, now=clock.now())
    audit.note(by, "took an offer to host back", offer.about)
    return offer


@transaction.atomic
def choose_again(offer: Offer, *, by: Person) -> Offer:
    """The people of a host's hour anew: somebody of the first choice was placed elsewhere, or changed their hours."""
    offer = _locked(offer)
    if offer.kind != Kind.CIRCLE:
        raise NotAllowed("A taster meeting chooses nobody: everybody who waits is written to.")
    now = clock.now()
    found = hosthours.circle(hosthours.around(offer.application, place_of(offer), now=now), offer.window)
    if found is None:
        raise NotAllowed("At this hour no circle holds any more, with every rule kept. Decline it kindly.")
    _off_paper(offer, by=by)
    offer.draft = _on_paper(offer, found, now=now)
    offer.save(update_fields=["draft"])
    audit.note(by, "chose the people of an offer again", offer.about)
    return offer


@transaction.atomic
def ask_no_more(application: Application) -> Application:
    """This person would rather not host, and hears no more of it."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    could = [name for name in application.extra.get("could", ()) if name not in pools.HOSTING]
    application.extra = {**application.extra, "could": could}
    application.save(update_fields=["extra"])
    return application


def take_back_orphans() -> None:
    """Offers whose host waits no more end by themselves, so that somebody else can offer."""
    for one in Offer.objects.open().exclude(application__stage=Stage.POOLED):
        take_back(one, by=None)


def place_of(offer: Offer) -> Place:
    """The pool that an offer is for."""
    return offer.place, offer.by_video


def offer_of(group: Group) -> Offer | None:
    """What a host offered and this group began with; nothing where an organizer set its dates."""
    return getattr(group, "offer", None)


def pool_name(group: Group, *, now: datetime) -> Place:
    """The pool that an open group asks: its host's, else its city, by video the band of its clock."""
    offered = offer_of(group)
    if offered is not None:
        return place_of(offered)
    return (group.metro, False) if group.mode != Mode.VIDEO else (pools.band_of(group.zone, now), True)


def organizers_of(offer: Offer) -> list[Person]:
    """Who may sign: organizers of the whole program, and of its chapter in that city."""
    cities = ["", offer.metro]
    people = Person.objects.filter(is_active=True, organizing__program=offer.program, organizing__metro__in=cities)
    return list(people.distinct().order_by("pk"))


def _waiting(application: Application) -> Application:
    """The application, held; its person waits and is asked for nothing else.

    Without its key: two hosts of one pool put each other on paper, and would else wait for each other for ever.
    """
    held = Application.objects.select_for_update(of=("self",), no_key=True).select_related("person", "program")
    application = held.get(pk=application.pk)
    if application.stage != Stage.POOLED:
        raise NotAllowed("You do not wait in the pool at the moment.")
    if not Application.objects.filter(pk=application.pk).without_group().exists():
        raise NotAllowed("You have been asked for a group. Please answer that letter first.")
    return application


def _made(application: Application, kind: Kind, place: Place, *, window: int, zone: str, now: datetime) -> Offer:
    name, by_video = place
    made = Offer(program=application.program, application=application, kind=kind, place=name, by_video=by_video)
    made.zone, made.window, made.made_at = zone, window, now
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as clash:
        _refuse_second(clash)
    return made


def _refuse_second(clash: IntegrityError) -> NoReturn:
    """One open offer of a person, and one of a kind in a pool: a second tab, or somebody who was faster."""
    if "a_person_offers_one_thing_at_a_time" in str(clash):
        raise NotAllowed("You have offered to host already. Take that back first.") from None
    raise NotAllowed("Somebody else offered the same a moment ago; you may be asked to join. Thank you.") from None


def _on_paper(offer: Offer, circle: Circle, *, now: datetime) -> DraftGroup:
    """A composition of one draft: from here on the same road as every other group."""
    composition = Composition.objects.create(
        program=offer.program,
        made_by=offer.application.person,
        made_at=now,
        progress=Progress.DONE,
        zone=offer.zone,
        placed=len(circle.members),
        bound=min(circle.people, offer.program.size_max),
        quality=circle.quality,
    )
    draft = DraftGroup.objects.create(
        composition=composition,
        number=1,
        mode=offer.mode,
        metro=offer.metro,
        zone=offer.zone,
        window=offer.window,
        quality=circle.quality,
    )
    Invitation.objects.bulk_create(Invitation(draft=draft, application=one) for one in circle.members)
    return draft


def _off_paper(offer: Offer, *, by: Person | None) -> None:
    """Nobody had been asked, so nobody is told."""
    draft, offer.draft = offer.draft, None
    offer.save(update_fields=["draft"])
    if draft is not None and draft.state == DraftState.DRAFT:
        inviting.dissolve(draft, by=by)


def _ask(offer: Offer, *, by: Person, now: datetime) -> None:
    if offer.draft is None:
        raise NotAllowed("This offer has nobody on paper; choose the people again.")
    inviting.release(offer.draft, by=by)
    own = offer.draft.invitations.get(application=offer.application)
    cancel(own.about)  # the host hears it in a letter of their own
    inviting.respond(own, Answer.YES, received_at=now)


def _taster(offer: Offer, *, now: datetime) -> Group:
    """An open group of the pool, and its first date with the host. Raises NotAllowed if the host waits no more."""
    _waiting(offer.application)
    group = Group.objects.create(
        program=offer.program,
        name=sealing.free_name(offer.program, f"{offer.place} taster meetings"),
        roster=Roster.OPEN,
        mode=offer.mode,
        metro=offer.metro,
        zone=offer.zone,
        window=offer.window,
        sealed_at=now,
    )
    if sealing.calendar.open_date is not None:
        sealing.calendar.open_date(group, on=first_date(group, today=now.date()), host=offer.application.person)
    return group


def first_date(group: Group, *, today: date) -> date:
    """The group's weekday, three weeks ahead or a little more: so long before a date everybody is written to."""
    earliest = today + NOTICE
    return earliest + timedelta(days=(group.window // PER_DAY - earliest.weekday()) % 7)


def _locked(offer: Offer) -> Offer:
    """The offer as it is now, held; raises NotAllowed when it has been decided meanwhile."""
    offers = Offer.objects.select_for_update(of=("self",))
    offer = offers.select_related("program", "application__person", "application__program", "draft").get(pk=offer.pk)
    if offer.state != State.OPEN:
        raise NotAllowed(f"This offer is {offer.get_state_display()} already, a moment ago or in another tab.")
    return offer
