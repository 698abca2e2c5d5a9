"""One person's proposal to join one group, and where it stands."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from groups import consent
from groups.models.draft import DraftGroup, DraftState
from members.models.application import Application
from members.models.person import Person, new_public_id
from roundtable.vault import EncryptedText

STATES = [(state.value, state.value.replace("_", "-")) for state in consent.State]
LIVE = [consent.State.SENT, consent.State.ACCEPTED]
PURPOSE = "invitation"  # of the link in its letter


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def live(self) -> InvitationQuerySet:
        """Asked and not out: sent or accepted."""
        return self.filter(state__in=LIVE)

    def waiting_for(self, person: Person) -> InvitationQuerySet:
        """What this person was asked and has not taken a seat by: to answer, or answered before the seal."""
        asked = self.live().filter(application__person=person)
        return asked.exclude(state=consent.State.ACCEPTED, draft__state=DraftState.SEALED)

    def in_line(self) -> InvitationQuerySet:
        """On stand-by, in their order."""
        return self.filter(state=consent.State.STAND_BY).order_by("place_in_line", "pk")

    def accepted(self) -> InvitationQuerySet:
        return self.filter(state=consent.State.ACCEPTED)


class Invitation(models.Model):
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    draft = models.ForeignKey(DraftGroup, on_delete=models.CASCADE, related_name="invitations")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="invitations")
    state = models.CharField(max_length=10, choices=STATES, default=consent.State.DRAFTED)
    place_in_line = models.PositiveSmallIntegerField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answer_until = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)  # the organizer may ask this one on stand-by now
    reconsider_until = models.DateTimeField(null=True, blank=True)  # said yes to an hour that has moved since
    reminded = models.BooleanField(default=False)  # each invitation is brought to mind once
    other_time = models.BooleanField(default=False)  # would come, at another hour
    shares_address = models.BooleanField(default=False)  # the others may have my address once it is sealed
    reason = EncryptedText(blank=True)  # private, why "not this group"
    alone = EncryptedText(blank=True)  # private: told that they would be the only one, and what they said to it

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["draft", "place_in_line", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "application"], name="one_invitation_per_person_and_draft"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(state__in=LIVE), name="a_person_is_asked_for_one_group_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["draft", "place_in_line"],
                condition=Q(state=consent.State.STAND_BY),
                name="a_place_in_line_is_given_once_per_draft",
            ),
            models.CheckConstraint(
                condition=~Q(state=consent.State.STAND_BY) | Q(place_in_line__isnull=False),
                name="who_stands_by_has_a_place_in_line",
            ),
            models.CheckConstraint(
                condition=Q(proposed_at=None) | Q(state=consent.State.STAND_BY),
                name="only_who_stands_by_is_proposed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[consent.State.DRAFTED, consent.State.STAND_BY])
                | Q(sent_at__isnull=False)
                | Q(state=consent.State.RELEASED),
                name="who_answered_had_been_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.public_id}"

    @property
    def about(self) -> str:
        """Its name in links, letters and audit lines."""
        return f"invitation:{self.pk}"

    def key_owner(self) -> str:
        """What this person wrote is closed with their own key."""
        return f"person:{self.application.person_id}"
