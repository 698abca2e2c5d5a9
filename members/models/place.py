"""What organizers taught the placing of free-text locations."""

from __future__ import annotations

from collections import Counter

from django.conf import settings
from django.db import models

from members import gazetteer
from members.gazetteer import City
from members.gazetteer.metros import metro_of
from members.models.program import Program
from members.placing import Candidate, Outcome, Placing
from roundtable import clock


class PlaceAliasQuerySet(models.QuerySet["PlaceAlias"]):
    def meanings(self, program: Program) -> dict[str, int]:
        """What organizers of this program taught, and what two or more organizers of any programs agree on.

        Where two agree on one place and two others on another, nothing holds beyond the program.
        """
        taught = self.values("text", "place_id").annotate(organizers=models.Count("made_by", distinct=True))
        agreed = list(taught.filter(organizers__gte=2).values_list("text", "place_id"))
        meanings = Counter(text for text, _ in agreed)
        everywhere = {text: place_id for text, place_id in agreed if meanings[text] == 1}
        return everywhere | dict(self.filter(program=program).values_list("text", "place_id"))


class PlaceAlias(models.Model):
    """ "near the ferry" means Oakland, says an organizer: it holds for this program from now on."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="place_aliases")
    text = models.CharField(max_length=40)
    place_id = models.PositiveIntegerField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = PlaceAliasQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "place aliases"
        ordering = ["text", "pk"]
        constraints = [models.UniqueConstraint(fields=["program", "text"], name="one_meaning_per_alias_and_program")]

    def __str__(self) -> str:
        return self.text


def whole_name(city: City) -> str:
    """Enough to tell two Springfields apart: city, region where it has a name of letters, country."""
    countries = {iso: name.title() for name, iso in gazetteer.country_names().items()}
    region = [city.region] if city.region.isalpha() else []
    return ", ".join([city.name, *region, countries.get(city.country, city.country)])


def label_of(candidate: Candidate) -> str:
    """The same for what the placing proposes; a bare clock goes by its own name."""
    city = gazetteer.city(candidate.place_id or 0)
    return whole_name(city) if city else candidate.place


def named(text: str, city: City, step: str) -> Placing:
    """A text whose place a person named: nothing about it is open any more."""
    return Placing(text, Outcome.RESOLVED, step, city.id, city.name, city.country, metro_of(city), city.zone)
