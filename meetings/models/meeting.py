"""One date of a group. Its truth is a local date and time in a zone; the instants are derived from it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from groups.models.group import Group
from members.models.person import new_public_id

THEME = 120


class State(models.TextChoices):
    PLANNED = "planned", "planned"
    CANCELLED = "cancelled", "cancelled"
    HELD = "held", "held"


class Format(models.TextChoices):
    LEAN_COFFEE = "lean_coffee", "lean coffee"
    TALK = "talk", "talk + discussion"
    DEEP_DIVE = "deep_dive", "deep dive"
    ICE_BREAKER = "ice_breaker", "ice-breaker"
    SHORT = "short", "short meeting"


class Ready(models.TextChoices):
    """What whoever leads has seen to before the meeting: the four ticks of the checklist."""

    FORMAT = "format", "The format suits this time"
    SPONSOR = "sponsor", "Somebody opens the first topic"
    TOPICS = "topics", "There are topics enough"
    ROOM = "room", "Everybody knows where"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def coming_up(self, now: datetime) -> MeetingQuerySet:
        """Planned and not over yet, the next one first."""
        return self.filter(state=State.PLANNED, ends_at__gt=now).order_by("starts_at", "pk")

    def following(self, meeting: Meeting) -> Meeting | None:
        """The next planned date of the same group."""
        later = self.filter(group=meeting.group_id, state=State.PLANNED, starts_at__gt=meeting.starts_at)
        return later.order_by("starts_at", "pk").first()


class Meeting(models.Model):
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="meetings")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    format = models.CharField(max_length=12, choices=Format, default=Format.LEAN_COFFEE)
    occurrence_date = models.DateField()  # the date the cadence gave it; a moved meeting keeps it
    local_date = models.DateField()
    local_time = models.TimeField()
    zone = models.CharField(max_length=60)
    minutes = models.PositiveSmallIntegerField()
    whole_format = models.CharField(max_length=12, choices=Format, blank=True)  # before it was made short
    whole_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField(db_index=True)
    room = models.CharField(max_length=200, blank=True)
    video_link = models.URLField(blank=True)
    cap = models.PositiveSmallIntegerField(default=12)
    theme = models.CharField(max_length=THEME, blank=True)  # of a roundtable, in an organizer's words
    presenter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    away = models.PositiveSmallIntegerField(default=0)  # so many members have a public holiday on its day
    ready = ArrayField(models.CharField(max_length=8, choices=Ready), default=list, blank=True)

    _before: tuple[datetime, datetime | None] | None = None

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["group", "occurrence_date"], name="a_date_is_planned_once_per_group"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_meeting_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(cap__range=(1, 12)), name="a_meeting_seats_1_to_12"),
            models.CheckConstraint(
                condition=Q(format=Format.SHORT) ^ Q(whole_minutes=None), name="a_short_meeting_knows_its_whole_length"
            ),
            models.CheckConstraint(
                condition=Q(format=Format.SHORT) ^ Q(whole_format=""), name="a_short_meeting_knows_its_whole_format"
            ),
        ]

    def __str__(self) -> str:
        return f"meeting {self.public_id}"

    @property
    def about(self) -> str:
        """Its name in letters, links and audit lines."""
        return f"meeting:{self.pk}"

    @property
    def time_before(self) -> datetime | None:
        """When the group's date before this one begins. Asked once, however many letters compare with it."""
        if self._before is None or self._before[0] != self.starts_at:
            earlier = Meeting.objects.filter(group=self.group_id, starts_at__lt=self.starts_at)
            starts = earlier.exclude(state=State.CANCELLED).order_by("-starts_at", "-pk").values_list("starts_at")
            self._before = (self.starts_at, next((one for (one,) in starts[:1]), None))
        return self._before[1]

    @property
    def link_for_calendars(self) -> str:
        """The link to the video room, where the program says that it is no secret."""
        return self.video_link if self.group.program.link_in_calendar else ""

    @property
    def is_unready(self) -> bool:
        """Whether a tick of the checklist is missing."""
        return not set(Ready.values).issubset(self.ready)

    @property
    def path(self) -> str:
        """Its page, behind the sign-in."""
        return reverse("meetings:meeting", args=[self.public_id])


class EarlierTime(models.Model):
    """When a meeting was to begin until it moved, so that who comes by an older letter is told of it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="earlier_times")
    starts_at = models.DateTimeField()
    left_at = models.DateTimeField()

    class Meta:
        ordering = ["left_at", "pk"]

    def __str__(self) -> str:
        return f"earlier time {self.pk}"


class Role(models.TextChoices):
    FACILITATOR = "facilitator", "facilitator"
    TIMEKEEPER = "timekeeper", "timekeeper"
    HOST = "host", "host"


class MeetingRoleQuerySet(models.QuerySet["MeetingRole"]):
    def leading(self) -> MeetingRoleQuerySet:
        """Who leads and who keeps the time: they decide about a date. A host sees to the room alone."""
        return self.filter(role__in=(Role.FACILITATOR, Role.TIMEKEEPER))


class MeetingRole(models.Model):
    """Who leads, who keeps time and, in a room, who hosts at one meeting: a row, so that a reload loses nothing."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=12, choices=Role)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    acting = models.BooleanField(default=False)
    before = models.ForeignKey(  # who has handed it over
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by_right = models.ForeignKey(  # whose it is while somebody acts
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)  # the person said yes to it
    changed_at = models.DateTimeField(null=True, blank=True)  # it went to somebody else during the meeting

    objects = MeetingRoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "role"], name="one_person_per_role_and_meeting"),
        ]

    def __str__(self) -> str:
        return f"{self.role} of meeting {self.meeting_id}"
