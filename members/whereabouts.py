"""The question where somebody is, answered by one press of a button: a candidate, and nothing else about them changes.

Lock order: application.
"""

from __future__ import annotations

from django.db import transaction

from members import gazetteer
from members.models.application import Application
from members.models.hours import Hours
from members.models.place import named
from members.models.waiting import MonthlyLetter
from members.placing import Outcome, Placing
from members.stages import OPEN
from roundtable import audit, clock
from roundtable.errors import NotAllowed


@transaction.atomic
def choose(application: Application, chosen: str) -> Application:
    """The person picks one of the places, or one of the clocks, that their words may mean. Twice is once."""
    application = (
        Application.objects.select_for_update(of=("self",)).select_related("person", "program").get(pk=application.pk)
    )
    if application.stage not in OPEN:
        raise NotAllowed("This application is closed; there is nothing to choose any more.")
    found = _meant(application, chosen)
    application.settle(found)
    application.edited_at, application.held_at = clock.now(), None
    application.save()
    Hours.objects.filter(application=application).update(zone=found.zone)
    MonthlyLetter.objects.filter(application=application).answer(clock.now())
    audit.note(application.person, "place chosen", f"application:{application.pk}")
    return application


def _meant(application: Application, chosen: str) -> Placing:
    """The candidate of this id, or of this zone where it is a bare clock."""
    for candidate in application.candidates:
        city = gazetteer.city(candidate["id"] or 0)
        if city and str(city.id) == chosen:
            return named(application.place_text, city, "person")
        if city is None and candidate["zone"] == chosen:
            return Placing(application.place_text, Outcome.RESOLVED, "person", zone=chosen, mode="video")
    raise NotAllowed("Your place is known already; if it is another one, say so below.")
