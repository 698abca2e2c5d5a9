"""A sealed group and who belongs to it, from a day to a day."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from groups.joining import EntryRule
from groups.models.draft import DraftGroup
from members.models.person import Person, new_public_id
from members.models.program import Program, Roster

ENTRY_RULES = [(rule.value, rule.value.replace("_", " ")) for rule in EntryRule]


class Why(models.TextChoices):
    """The one question to the organizer who closes a group. Who closes their own group is not asked."""

    NOT_ASKED = "", "not asked"
    NOT_NEEDED = "not_needed", "it was no longer needed"
    DIED = "died", "it died"


class SteppingOut(models.TextChoices):
    """What a member said at the end of a season: they stay, or go when it is over, to the pool or for good."""

    NO = "", "stays"
    POOL = "pool", "to the pool"
    END = "end", "for good"


class GroupQuerySet(models.QuerySet["Group"]):
    def organized_by(self, person: Person) -> GroupQuerySet:
        """Groups whose dates, counts and health this organizer looks after; never their content."""
        if person.is_superuser:
            return self
        whole = Q(program__organizer__person=person, program__organizer__metro="")
        chapter = Q(program__organizer__person=person, program__organizer__metro=F("metro"))
        return self.filter(whole | chapter & ~Q(metro="")).distinct()


class Group(models.Model):
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="groups")
    draft = models.OneToOneField(DraftGroup, on_delete=models.SET_NULL, null=True, blank=True, related_name="group")
    name = models.CharField(max_length=120)
    roster = models.CharField(max_length=8, choices=Roster, default=Roster.FIXED)
    mode = models.CharField(max_length=16)
    metro = models.CharField(max_length=80, blank=True)
    zone = models.CharField(max_length=60)
    window = models.PositiveSmallIntegerField()  # half hour of the anchor's local week, 0 = Monday 00:00
    sealed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)  # the end of its last meeting, which may lie ahead
    why = models.CharField(max_length=10, choices=Why, default=Why.NOT_ASKED, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    forgotten_at = models.DateTimeField(null=True, blank=True)  # boards, takeaways and their key are gone
    entry_rule = models.CharField(max_length=12, choices=ENTRY_RULES, default=EntryRule.NO_OBJECTION)

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["program", "name"], name="a_name_is_given_once_per_program"),
            models.CheckConstraint(condition=Q(window__lt=336), name="a_group_meets_within_the_week"),
            models.CheckConstraint(
                condition=Q(forgotten_at=None) | Q(closed_at__lte=F("forgotten_at")),
                name="what_a_group_kept_goes_after_its_close",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(closed_at__isnull=False),
                name="a_group_that_went_into_another_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> MembershipQuerySet:
        """Who belongs on this day: joined on or before it, and has not left by it."""
        return self.filter(joined_on__lte=day).filter(Q(left_on=None) | Q(left_on__gt=day))

    def parted(self) -> MembershipQuerySet:
        """Who went to the other half when their group became two: what was kept while they were there stays theirs."""
        return self.filter(parted=True)


class Membership(models.Model):
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    shares_address = models.BooleanField(default=False)
    parted = models.BooleanField(default=False)  # left for the other half, and reads what was kept until then
    steps_out = models.CharField(
        max_length=4, choices=SteppingOut, default=SteppingOut.NO, blank=True
    )  # theirs to know
    would_close = models.BooleanField(default=False)  # read by the rule alone, and shown to this member
    file_yes = models.BooleanField(default=False)  # what the circle kept may leave as a file: the same

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "person"],
                condition=Q(left_on=None),
                name="one_current_membership_per_person_and_group",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="nobody_leaves_before_they_joined"
            ),
            models.CheckConstraint(
                condition=Q(parted=False) | Q(left_on__isnull=False), name="who_parted_is_a_member_no_more"
            ),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}"
