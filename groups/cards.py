"""What a page shows of people, cut to the rung of the ladder on which the viewer stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from groups.disclosure import Rung, seen
from groups.models.invitation import Invitation
from members.models.application import Application


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

    @property
    def firm(self) -> str:
        """The company, or what the person shows instead of it."""
        size = f"{self.company_size} people" if self.company_size else ""
        return self.company or ", ".join(filter(None, (self.sector, size)))

    @property
    def note(self) -> str:
        """Where somebody is, and whether they still write code."""
        code = f"writes code: {self.still_coding}" if self.still_coding else ""
        return " · ".join(filter(None, (self.metro, code)))


def facts(application: Application) -> dict[str, Any]:
    """Everything a card could hold; the ladder decides how much of it is shown."""
    person = application.person
    return {
        "initials": person.initials,
        "name": person.name,
        "email": person.email,
        "pronouns": person.pronouns,
        "role": application.role_text,
        "org_size": application.org_size,
        "company": application.company,
        "sector": application.sector,
        "company_size": application.extra.get("company_size", ""),
        "still_coding": application.still_coding_name,
        "metro": application.metro or application.place_name,
        "topics": application.topics,
        "gives": application.extra.get("gives", ""),
        "stuck_on": application.extra.get("stuck_on", ""),
    }


def card(application: Application, at: Rung) -> Card:
    """One person as somebody on this rung sees them."""
    shares_words = bool(application.extra.get("shares_words"))
    return Card(**seen(facts(application), at, shows_company=application.shows_company, shares_words=shares_words))


def others(invitation: Invitation) -> list[Card]:
    """The other people of an invitation, without names: those who were asked or said yes."""
    asked = invitation.draft.invitations.live().exclude(pk=invitation.pk)
    return cards((row.application for row in asked.select_related("application__person")), Rung.CARD)


def cards(applications: Iterable[Application], at: Rung) -> list[Card]:
    """Several people on one rung, by initials."""
    return sorted((card(application, at) for application in applications), key=lambda one: one.initials)
