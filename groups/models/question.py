"""What a living group is asked, and what each member said while it is open: one group or two, a half of its own, two
of one company, another season.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from groups.joining import EntryRule, Voice
from groups.models.group import Group, Membership
from groups.parting import Word as PartingWord
from groups.seasons import Word as SeasonWord
from members.models.person import Person, new_public_id

RULES = [(rule.value, rule.value.replace("_", " ")) for rule in EntryRule]


class Kind(models.TextChoices):
    MERGE = "merge", "one circle with another?"
    SPLIT = "split", "two circles of this one?"
    COMPANY = "company", "two of one company"
    RENEWAL = "renewal", "another season?"


TOTALS_SHOWN = timedelta(days=30)  # on the group's page, after the time to answer
CHANGES = [Kind.MERGE, Kind.SPLIT]  # of who belongs to the group: one at a time


class State(models.TextChoices):
    OPEN = "open", "the members answer"
    YES = "yes", "agreed"
    NO = "no", "stays as it is"
    TOLD = "told", "answered; the members read the totals"
    GONE = "gone", "not a question any more"
    WITHDRAWN = "withdrawn", "taken back"


class Together(models.TextChoices):
    """What a member says to two of one company in the circle."""

    ON = "together", "Go on together"
    OUT = "one_out", "One of the two steps out"


WORDS: dict[str, list[tuple[str, str]]] = {
    Kind.MERGE: [(Voice.FINE.value, "Fine with me"), (Voice.CONCERN.value, "I have a concern")],
    Kind.SPLIT: [(PartingWord.YES.value, "Yes, two circles"), (PartingWord.NO.value, "I would rather stay as we are")],
    Kind.COMPANY: [(one.value, str(one.label)) for one in Together],
    Kind.RENEWAL: [
        (SeasonWord.ON.value, "I continue"),
        (SeasonWord.CHANGES.value, "I continue, with changes"),
        (SeasonWord.OUT.value, "I step out after this season"),
    ],
}


def new_secret() -> bytes:
    """What a pseudonym is made with; it ends with the answer."""
    return secrets.token_bytes(32)


class Proposal(models.TextChoices):
    """Where a change of who belongs to a group stands."""

    ASKED = "asked", "the members answer"
    DONE = "done", "done"
    STAYED = "stayed", "everything stays as it is"
    BROKE = "broke", "agreed, but a rule would have broken"
    WITHDRAWN = "withdrawn", "taken back"


class Merge(models.Model):
    """Two groups of one program that could be one: one goes on, the members of the other come along."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    stays = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="merges")
    joins = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=9, choices=Proposal, default=Proposal.ASKED)
    proposed_at = models.DateTimeField()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(stays=F("joins")), name="no_group_is_merged_with_itself"),
        ]

    def __str__(self) -> str:
        return f"merge {self.public_id}"

    @property
    def about(self) -> str:
        """Its name in letters and audit lines."""
        return f"merge:{self.pk}"

    def other(self, group: Group) -> Group:
        """The group that this one could be one with."""
        return self.joins if group.pk == self.stays_id else self.stays


class Split(models.Model):
    """A large group that could be two: `goes` become a group of their own, everybody else stays."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="splits")
    goes = models.ManyToManyField(Membership, related_name="+")
    made = models.OneToOneField(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="split_off")
    state = models.CharField(max_length=9, choices=Proposal, default=Proposal.ASKED)
    proposed_at = models.DateTimeField()

    class Meta:
        ordering = ["-proposed_at", "-pk"]

    def __str__(self) -> str:
        return f"split {self.public_id}"

    @property
    def about(self) -> str:
        """Its name in letters and audit lines."""
        return f"split:{self.pk}"


class QuestionQuerySet(models.QuerySet["Question"]):
    def open(self) -> QuestionQuerySet:
        """Not decided yet."""
        return self.filter(state=State.OPEN)

    def on_the_page(self, now: datetime) -> QuestionQuerySet:
        """What a group's page leads to: what can be answered, and for a month what was answered in totals."""
        answerable = Q(state=State.OPEN, open_until__gt=now)
        told = Q(state=State.TOLD, open_until__gt=now - TOTALS_SHOWN)
        return self.filter(answerable | told).order_by("open_until", "pk")

    def changes(self) -> QuestionQuerySet:
        """Those that would change who belongs to the group."""
        return self.filter(kind__in=CHANGES)


class Question(models.Model):
    public_id = models.CharField(max_length=24, unique=True, default=new_public_id, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=8, choices=Kind)
    occasion = models.CharField(max_length=120)  # which season, which two members, which proposal: asked once each
    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, null=True, blank=True, related_name="questions")
    split = models.ForeignKey(Split, on_delete=models.CASCADE, null=True, blank=True, related_name="questions")
    rule = models.CharField(max_length=12, choices=RULES, default=EntryRule.NO_OBJECTION)  # the group's own on that day
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    secret = models.BinaryField(null=True, default=new_secret)
    asked_at = models.DateTimeField()
    open_until = models.DateTimeField()
    totals = models.JSONField(default=dict, blank=True)  # of a question that ends in totals, once it is closed

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "kind", "occasion"],
                condition=~Q(state=State.GONE),  # two of one company may part, and meet in another one again
                name="a_group_is_asked_once_on_each_occasion",
            ),
            models.UniqueConstraint(
                fields=["group"],
                condition=Q(state=State.OPEN, kind__in=CHANGES),
                name="a_group_is_asked_for_one_change_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state=State.OPEN) ^ Q(secret=None), name="an_answered_question_keeps_no_secret"
            ),
            models.CheckConstraint(condition=Q(open_until__gt=F("asked_at")), name="a_question_stays_open_for_a_while"),
        ]

    def __str__(self) -> str:
        return f"question {self.public_id}"

    @property
    def about(self) -> str:
        """Its name in letters and audit lines."""
        return f"question:{self.pk}"

    @property
    def words(self) -> list[tuple[str, str]]:
        """What a member may say to it."""
        return WORDS[self.kind]

    def pseudonym(self, person: Person) -> bytes:
        """A member's name beside this one question, useless once the secret is gone."""
        assert self.secret is not None  # noqa: S101 -- a constraint: what is open has one
        return hmac.new(bytes(self.secret), str(person.pk).encode(), hashlib.sha256).digest()


class QuestionWord(models.Model):
    """What one member said, until the question is closed; then it is counted and gone."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="said")
    voter = models.BinaryField()
    word = models.CharField(max_length=8, choices=[pair for words in WORDS.values() for pair in words])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "voter"], name="one_word_per_member_and_question"),
        ]

    def __str__(self) -> str:
        return f"word {self.pk}"
