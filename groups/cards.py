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
    metro: str = ""
    topics: Sequence[str] = ()

    @property
    def firm(self) -> str:
        """The company, or what the person shows instead of it."""
        return self.company or self.sector


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
        "metro": application.metro or application.place_name,
        "topics": application.topics,
    }


def card(application: Application, at: Rung) -> Card:
    """One person as somebody on this rung sees them."""
    return Card(**seen(facts(application), at, shows_company=application.shows_company))


def others(invitation: Invitation) -> list[Card]:
    """The other people of an invitation, without names: those who were asked or said yes."""
    asked = invitation.draft.invitations.live().exclude(pk=invitation.pk)
    return cards((row.application for row in asked.select_related("application__person")), Rung.CARD)


def cards(applications: Iterable[Application], at: Rung) -> list[Card]:
    """Several people on one rung, by initials."""
    return sorted((card(application, at) for application in applications), key=lambda one: one.initials)
