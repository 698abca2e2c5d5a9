"""What stands beside the roles of a circle: one that is offered to another member, and who has opted out of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from groups.models.group import Group
from meetings.models.meeting import Meeting, Role

PURPOSE = "role"  # of the link in letters about somebody's turn


def about(meeting: Meeting) -> str:
    """What such a link opens: the roles of one meeting."""
    return f"roles:{meeting.pk}"


class RoleOffer(models.Model):
    """Whoever has a role at a meeting asks one other member to take it, against a date of theirs or for nothing.

    It stands until it is answered or taken back, or until one of the two has the role no more.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=Role)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    against = models.ForeignKey(Meeting, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "role"], name="a_role_is_offered_to_one_at_a_time"),
            models.CheckConstraint(condition=~Q(by=F("to")), name="a_role_is_offered_to_somebody_else"),
            models.CheckConstraint(
                condition=Q(against=None) | ~Q(against=F("meeting")), name="a_role_is_swapped_against_another_date"
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"


class OptOut(models.Model):
    """Who would rather not lead, keep time or host in this circle, for as long as two others are willing."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="one_opts_out_once_of_a_circles_roles"),
        ]

    def __str__(self) -> str:
        return f"optout {self.pk}"
