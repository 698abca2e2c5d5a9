"""A person at a meeting, each answer they gave, and the life of that seat in their calendar."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from meetings.ics import SUMMARY
from meetings.models.meeting import Meeting
from members.models.person import new_public_id
from members.models.program import Roster

PURPOSE = "seat"  # of the link in its letters
LABEL = 40


class State(models.TextChoices):
    INVITED = "invited", "invited"
    COMING = "coming", "coming"
    NOT_COMING = "not_coming", "not coming"
    TENTATIVE = "tentative", "tentative"
    WAITING = "waiting", "waiting"
    EXCUSED = "excused", "excused"


class Answer(models.TextChoices):
    YES = "yes", "I am coming"
    NO = "no", "I cannot come"
    MAYBE = "maybe", "I do not know yet"


class Via(models.TextChoices):
    PAGE = "page", "page"
    LINK = "link", "link"
    MAIL = "mail", "calendar"
    ORGANIZER = "organizer", "organizer"


class Attendance(models.TextChoices):
    UNKNOWN = "unknown", "not recorded"
    PRESENT = "present", "present"
    LATE = "late", "late"
    EXCUSED = "excused", "excused"
    ABSENT = "absent", "absent"


THERE = (Attendance.PRESENT, Attendance.LATE)


class SeatQuerySet(models.QuerySet["Seat"]):
    def in_line(self) -> SeatQuerySet:
        """Waiting, and no number kept for them; first received first, the key decides between equals."""
        return self.filter(state=State.WAITING, number=None).order_by("line_at", "pk")

    def coming(self) -> SeatQuerySet:
        return self.filter(state=State.COMING)

    def attended(self) -> SeatQuerySet:
        """Whose person was there, on time or late."""
        return self.filter(attendance__in=THERE)

    def perhaps_there(self) -> SeatQuerySet:
        """Whose person was there, or of whom it was never said; of a roundtable it is said of those who were coming."""
        of_circle = Q(meeting__group__roster=Roster.FIXED)
        unsaid = Q(attendance=Attendance.UNKNOWN) & (of_circle | Q(state=State.COMING))
        return self.filter(Q(attendance__in=THERE) | unsaid)


class Seat(models.Model):
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seats")
    state = models.CharField(max_length=12, choices=State, default=State.INVITED)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    line_at = models.DateTimeField(null=True, blank=True)
    offered_until = models.DateTimeField(null=True, blank=True)  # with a number: kept for this person until then
    lapses = models.PositiveSmallIntegerField(default=0)  # offers in a row that passed without an answer
    answered_at = models.DateTimeField(null=True, blank=True)
    attendance = models.CharField(max_length=8, choices=Attendance, default=Attendance.UNKNOWN)
    own_word = models.BooleanField(default=False)  # the attendance is what this person said, and stays

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="one_seat_per_person_and_meeting"),
            models.UniqueConstraint(fields=["meeting", "number"], name="a_number_is_given_once_per_meeting"),
            models.CheckConstraint(
                condition=Q(number=None) | Q(number__range=(1, 12)), name="numbers_run_from_1_to_12"
            ),
            models.CheckConstraint(condition=Q(state=State.WAITING) ^ Q(line_at=None), name="who_waits_is_in_line"),
            models.CheckConstraint(
                condition=Q(own_word=False) | ~Q(attendance=Attendance.UNKNOWN), name="an_own_word_says_who_was_there"
            ),
            models.CheckConstraint(
                condition=Q(offered_until=None) | Q(state=State.WAITING), name="a_seat_is_offered_to_who_waits_for_one"
            ),
            models.CheckConstraint(
                condition=Q(number=None) | Q(state=State.COMING) | Q(offered_until__isnull=False),
                name="a_number_is_held_by_who_comes_or_is_offered_it",
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.public_id}"

    @property
    def about(self) -> str:
        """Its name in links."""
        return f"seat:{self.pk}"

    @property
    def offered(self) -> bool:
        """Whether a number is kept for this person, who has not said yes to it yet."""
        return self.state == State.WAITING and self.number is not None

    @property
    def held(self) -> bool:
        """Whether it is kept since the date moved, for who had it before and has not said whether they still come."""
        return self.offered and self.answered_at is None

    @property
    def attended(self) -> bool:
        """Whether this person was there."""
        return self.attendance in THERE


class SeatAnswer(models.Model):
    """Each answer as it was received; the last received wins."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="history")
    answer = models.CharField(max_length=6, choices=Answer)
    via = models.CharField(max_length=10, choices=Via)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["received_at", "pk"]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class Entry(models.Model):
    """The calendar life of one seat: UID, address, organizer and SEQUENCE (RFC 5546). An ended one is never revived."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="entries")
    uid = models.CharField(max_length=200, unique=True)
    address = models.EmailField()
    organizer = models.EmailField()
    summary = models.CharField(max_length=LABEL, default=SUMMARY)  # what its owner calls it
    sequence = models.PositiveIntegerField(default=0)
    floor = models.PositiveIntegerField(default=0)
    partstat = models.CharField(max_length=14, default="NEEDS-ACTION")
    stamp_at = models.DateTimeField()
    told_starts_at = models.DateTimeField(null=True, blank=True)  # of a date that moved: the start told last
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "entries"
        ordering = ["seat", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["seat"], condition=Q(ended_at=None), name="one_live_entry_per_seat"),
            models.CheckConstraint(condition=Q(floor__lte=F("sequence")), name="the_floor_is_not_above_the_sequence"),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class HourBefore(models.Model):
    """Who wants one more letter an hour before each meeting."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name_plural = "hours before"

    def __str__(self) -> str:
        return f"wish {self.pk}"


class QuietBetween(models.Model):
    """Who wants no letter half way between two meetings."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name_plural = "quiet between"

    def __str__(self) -> str:
        return f"quiet {self.pk}"


class SkippedReminder(models.Model):
    """A reminder whose time went by before it could be written: it is not sent late."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=20)
    starts_at = models.DateTimeField()
    skipped_at = models.DateTimeField()

    class Meta:
        ordering = ["skipped_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["seat", "what", "starts_at"], name="a_reminder_is_skipped_once_per_time")
        ]

    def __str__(self) -> str:
        return f"skipped reminder {self.pk}"
