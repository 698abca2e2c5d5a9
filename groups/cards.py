"""What a page shows of people, cut to the rung of the ladder on which the viewer stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from groups.disclosure import Rung, seen
from groups.models.invitation import Invitation
from members import senders
from members.answers import RATHER_NOT_SAY
from members.models.application import Application
from members.models.asking import Readers, Reply
from members.senders import Somebody


@dataclass(frozen=True, slots=True)
class Card:
    """One person as a page shows them; what the viewer may not see is empty."""

    initials: str = ""
    name: str = ""
    email: str = ""
    pronouns: str = ""
    role: str = ""
    org_size: str = ""
    company: str = ""
    sector: str = ""
    company_size: str = ""
    still_coding: str = ""
    metro: str = ""
    topics: Sequence[str] = ()
    gives: str = ""
    stuck_on: str = ""
    replies: Sequence[tuple[str, str]] = ()

    @property
    def firm(self) -> str:
        """The company, or what the person shows instead of it."""
        size = f"{self.company_size} people" if self.company_size else ""
        return self.company or ", ".join(filter(None, (self.sector, size)))

    @property
    def line(self) -> str:
        """The card in a few words, to choose it from a list."""
        return ", ".join(filter(None, (self.initials, self.role, self.firm)))

    @property
    def note(self) -> str:
        """Where somebody is, and whether they still write code."""
        code = f"writes code: {self.still_coding}" if self.still_coding else ""
        return " · ".join(filter(None, (self.metro, code)))


def facts(application: Application, replies: Sequence[Reply] = ()) -> dict[str, Any]:
    """Everything a card could hold; the ladder decides how much of it is shown."""
    person = application.person
    return {
        "initials": person.initials,
        "name": person.name,
        "email": person.email,
        "pronouns": person.pronouns,
        "role": application.role_text,
        "org_size": application.org_size,
        "company": application.company if _names_company(application) else "",
        "sector": application.sector,
        "company_size": application.extra.get("company_size", ""),
        "still_coding": application.still_coding_name,
        "metro": application.metro or application.place_name,
        "topics": application.topics,
        "gives": application.extra.get("gives", ""),
        "stuck_on": application.extra.get("stuck_on", ""),
        "replies": [(reply.question.text, reply.words) for reply in replies],
    }


def card(application: Application, at: Rung, replies: Sequence[Reply] = ()) -> Card:
    """One person as somebody on this rung sees them; `replies` are those that a group may read."""
    shares_words = bool(application.extra.get("shares_words"))
    shows_company = application.shows_company and _names_company(application)
    return Card(**seen(facts(application, replies), at, shows_company=shows_company, shares_words=shares_words))


def _names_company(application: Application) -> bool:
    """Who would rather not say, or told the sector alone, shows sector and size."""
    return application.company.casefold() not in ("", RATHER_NOT_SAY)


def others(invitation: Invitation) -> dict[str, Card]:
    """The other people of an invitation, without names, by initials: those who were asked or said yes.

    By the public id of their own invitation, with which its reader can point at a card; it opens nothing.
    """
    asked = invitation.draft.invitations.live().exclude(pk=invitation.pk).select_related("application__person")
    shown = ((one.public_id, card(one.application, Rung.CARD)) for one in asked)
    return dict(sorted(shown, key=lambda pair: pair[1].initials))


def for_the_group(applications: QuerySet[Application]) -> dict[int, list[Reply]]:
    """By application what was answered to questions that said so: the group reads it. One query."""
    rows = Reply.objects.filter(application__in=applications, question__readers=Readers.GROUP)
    found: dict[int, list[Reply]] = {}
    for reply in rows.select_related("question"):
        found.setdefault(reply.application_id, []).append(reply)
    return found


def senders_in(invitations: Iterable[Invitation]) -> list[tuple[Invitation, Invitation]]:
    """(sender, sent) among these people, as the one who was sent told it."""
    by_key = {invitation.application_id: invitation for invitation in invitations}
    people = [_somebody(invitation.application) for invitation in by_key.values()]
    return [(by_key[sender], by_key[sent]) for sender, sent in senders.pairs(people)]


def knows_somebody(invitation: Invitation) -> bool:
    """Whether this person sent, or was sent by, somebody who is asked for the same group."""
    asked = invitation.draft.invitations.live().select_related("application__person")
    return any(invitation.pk in (one.pk, other.pk) for one, other in senders_in(asked))


def _somebody(application: Application) -> Somebody:
    person = application.person
    return Somebody(application.pk, person.name, person.email, application.extra.get("sent_by", ""))
