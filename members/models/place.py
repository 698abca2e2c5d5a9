"""What organizers taught the placing of free-text locations."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from members.gazetteer import City
from members.gazetteer.metros import metro_of
from members.models.program import Program
from members.placing import Outcome, Placing
from roundtable import clock


class PlaceAliasQuerySet(models.QuerySet["PlaceAlias"]):
    def meanings(self, program: Program) -> dict[str, int]:
        """What organizers of this program taught, and what two or more organizers of any programs agree on."""
        agreed = self.values("text", "place_id").annotate(organizers=models.Count("made_by", distinct=True))
        everywhere = dict(agreed.filter(organizers__gte=2).values_list("text", "place_id"))
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


def named(text: str, city: City, step: str) -> Placing:
    """A text whose place a person named: nothing about it is open any more."""
    return Placing(text, Outcome.RESOLVED, step, city.id, city.name, city.country, metro_of(city), city.zone)
