"""Random lives of one program, through its real actions and pages: whatever people answer, in whatever order.

No sealed group breaks a hard rule, nobody is in two groups, nobody reads a name before the seal, and everybody is in
exactly one state after every single act. The rules are read again by the engine's slow checker, which shares no line
with what proposed the groups.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from groups import candidates, composing, inviting, repairing, reseating, running, sealing, shifting, standing
from groups.composition.rules import Group as PaperGroup
from groups.composition.rules import check
from groups.consent import Alone, State
from groups.models.draft import Composition, DraftGroup, DraftState
from groups.models.group import Group, Membership
from groups.models.invitation import Invitation
from members import leaving, settling
from members.models.apart import KeepApart
from members.models.application import Application, IdentityAnswers
from members.models.hours import Hours
from members.models.person import Person
from members.models.program import Program
from members.weekhours import block_mask, to_hex
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter
from tests.conftest import Stopped
from tests.groups.conftest import SUBMITTED

pytestmark = pytest.mark.django_db

COMPANIES = ["engines", "compilers", "radio", "orbits", "rockets", "bridges", "looms", "notes"]
ANSWERS = ["yes", "yes", "yes", "yes", "other_time", "not_this_group", "not_now"]


def move_the_hour(draft: DraftGroup, *, by: Person) -> object:
    """Half an hour later than it is, whether that suits them or not."""
    return shifting.shift(draft, (draft.window + 1) % 336, by=by)


def seat_elsewhere(draft: DraftGroup, *, by: Person) -> object:
    """What the page proposes, whether the group still holds or not."""
    return reseating.carry_out(draft, seen=reseating.proposal(draft).told, by=by)


ACTS_ON_DRAFTS: list[Callable[..., object]] = [
    *(inviting.release, standing.ask_stand_by, standing.ask_stand_by, sealing.seal, inviting.dissolve),
    *(move_the_hour, move_the_hour, seat_elsewhere),
]


class Life:
    """One program, its people, and everything that can happen to them."""

    def __init__(self, program: Program, organizer: Person, clock: Stopped, chance: random.Random) -> None:
        self.program, self.organizer, self.clock, self.chance = program, organizer, clock, chance
        self.people: dict[int, str] = {}  # person to a surname that nobody else has, in capitals nowhere else used
        self.seen: dict[int, frozenset[int]] = {}  # members of each group when it was last looked at
        self.browsers: dict[int, Client] = {}
        self.letters_read = 0
        self.story: list[str] = []  # shown where an assertion fails
        for _ in range(12):
            self.apply()
        self.compose()

    def apply(self) -> None:
        """Somebody comes: free on one or two evenings, with a company of few, now and then with a wish or a pair."""
        number = len(self.people)
        surname = f"Qx{chr(97 + number // 26)}{chr(97 + number % 26)}zyth"
        person = Person.objects.create_user(f"{surname}@example.org".lower(), name=f"P {surname}", initials="PQ")
        application = Application.objects.create(
            program=self.program,
            person=person,
            stage="pooled",
            submitted_at=SUBMITTED,
            placed="resolved",
            mode="video",
            company_key=self.chance.choice(COMPANIES),
            willing=self.chance.choice([True, False]),
        )
        days = self.chance.choice([(2, 3), (3,), (2,)])
        good = block_mask(days[0], "evening") | block_mask(days[-1], "evening")
        Hours.objects.create(application=application, good=to_hex(good), possible=to_hex(0), zone="UTC")
        held = self.chance.choice(["", "", "a", "w"])  # a: shares it, w: would mind being the only one
        if held:
            row = IdentityAnswers(application=application, source="form", consented_at=SUBMITTED)
            wants = '"carer:yes"' if held == "w" else ""
            row.answers = f'{{"dimensions": ["carer:yes"], "never_alone": [{wants}]}}'
            row.save()
        before = Application.objects.filter(program=self.program).exclude(pk=application.pk).order_by("-pk").first()
        if before and self.chance.randint(0, 5) == 0:
            KeepApart.objects.create(program=self.program, one=before, other=application)
        self.people[person.pk] = surname.lower()

    def compose(self) -> None:
        """A round of the real engine; everything that it puts on paper is asked."""
        try:
            composition = composing.start(self.program, by=self.organizer, seconds=1)
        except NotAllowed:
            return
        for _ in range(9):
            running.work_next()
            if not Composition.objects.get(pk=composition.pk).under_way:
                break
        for draft in composition.drafts.all():
            if self.chance.randint(0, 3):  # some stay on paper, and may spare somebody
                self.organize(inviting.release, draft)

    def organize(self, act: Callable[..., object], draft: DraftGroup) -> None:
        try:
            with transaction.atomic():
                act(draft, by=self.organizer)
        except NotAllowed as refusal:
            self.story.append(f"{act.__name__}: {refusal}")

    def answer(self) -> None:
        """Somebody who has been asked presses a button of their page, whatever it shows by now."""
        asked = list(Invitation.objects.exclude(sent_at=None).order_by("-state", "pk"))
        if not asked:
            return
        own = self.chance.choice(asked)
        others = [one.public_id for one in asked if one.draft_id == own.draft_id and one.pk != own.pk]
        act = self.chance.choice([*ANSWERS, *ANSWERS, "reopen", "stay", "wait", "step_out", "yes_again"])
        sent = {"answer": act} if act in ANSWERS else {"act": act}
        if act == "not_this_group" and others:
            sent["apart_from"] = self.chance.choice(others)
        self.story.append(f"{own} ({own.state}) {act}")
        self.read(own, self.browser(own).post(reverse("groups:invitation", args=[own.public_id]), sent, follow=True))

    def read(self, own: Invitation, response: Any) -> None:
        """No answer of the site holds anybody else's name or address; the page of a group is not among these."""
        page = response.content.decode().lower()
        reader = own.application.person_id
        assert [name for person, name in self.people.items() if person != reader and name in page] == []

    def browser(self, own: Invitation) -> Client:
        person = own.application.person
        if person.pk not in self.browsers:
            self.browsers[person.pk] = Client()
            self.browsers[person.pk].force_login(person)
        return self.browsers[person.pk]

    def withdraw(self) -> None:
        one = self.chance.choice(list(Application.objects.filter(program=self.program).order_by("pk")))
        try:
            with transaction.atomic():
                leaving.withdraw(one)
        except NotAllowed as refusal:
            self.story.append(str(refusal))

    def leave(self) -> None:
        members = list(Membership.objects.filter(left_on=None).order_by("pk"))
        if members:
            self.clock.forward(days=1)
            repairing.leave(self.chance.choice(members), back_to_pool=True)

    def change_company(self) -> None:
        """A new job between two answers: what held yesterday may not hold today."""
        one = self.chance.choice(list(Application.objects.filter(program=self.program).order_by("pk")))
        Application.objects.filter(pk=one.pk).update(company_key=self.chance.choice(COMPANIES))

    def pass_days(self) -> None:
        self.clock.forward(days=self.chance.randint(1, 3))
        inviting.remind_due()
        inviting.lapse_due()
        inviting.speak_up_due()
        settling.wake_due()

    def act_as_organizer(self) -> None:
        drafts = list(DraftGroup.objects.exclude(state=DraftState.DISSOLVED).order_by("pk"))
        if drafts:
            self.organize(self.chance.choice(ACTS_ON_DRAFTS), self.chance.choice(drafts))

    def next(self) -> None:
        """One act, and everything that must hold after it."""
        often = [self.answer] * 12
        acts = [*often, self.pass_days, self.withdraw, self.apply, self.leave, self.change_company, self.compose]
        self.chance.choice([*acts, *[self.act_as_organizer] * 4])()
        self.groups_hold()
        self.everybody_is_in_one_state()
        self.letters_name_nobody()

    def groups_hold(self) -> None:
        """Whenever somebody has joined, the group as it is now breaks no hard rule of the program."""
        for group in Group.objects.select_related("draft"):
            now = frozenset(group.memberships.filter(left_on=None).values_list("person", flat=True))
            if now - self.seen.get(group.pk, frozenset()):
                assert self.breaches(group, now) == []
            self.seen[group.pk] = now

    def breaches(self, group: Group, people: frozenset[int]) -> list[str]:
        rows = list(Application.objects.filter(program=self.program, person__in=people).select_related("person"))
        pool = candidates.pool(rows, today=clock.today(), zone=group.zone)
        paper = PaperGroup(tuple(sorted(one.public_id for one in rows)), group.window, group.mode, None)
        asked = Invitation.objects.filter(draft=group.draft).select_related("application")
        stayed = {one.application.public_id for one in asked if one.alone == Alone.STAY}
        found = check(candidates.problem(self.program, pool), [paper])
        return [one.sentence for one in found if not (one.rule == "never_alone" and set(one.people) <= stayed)]

    def everybody_is_in_one_state(self) -> None:
        """Waiting, asked, in a group, resting or gone; and a circle never asks more people than it has chairs for."""
        current = Counter(Membership.objects.filter(left_on=None).values_list("person", flat=True))
        live = Invitation.objects.live().exclude(draft__state=DraftState.SEALED, state=State.ACCEPTED)
        asked = Counter(live.values_list("application", flat=True))
        for one in Application.objects.filter(program=self.program):
            state = (one.stage, asked[one.pk], current[one.person_id])
            allowed = {("pooled", 0, 0), ("pooled", 1, 0), ("placed", 0, 1), ("dormant", 0, 0), ("withdrawn", 0, 0)}
            assert state in allowed
        over = Invitation.objects.in_line().exclude(draft__state=DraftState.RELEASED)
        assert list(over) == []
        for draft in DraftGroup.objects.filter(state=DraftState.RELEASED):
            assert draft.invitations.live().count() <= self.program.size_max

    def letters_name_nobody(self) -> None:
        for letter in Letter.objects.filter(pk__gt=self.letters_read).order_by("pk"):
            words = (letter.subject + letter.text + letter.html + bytes(letter.ics or b"").decode()).lower()
            assert [n for person, n in self.people.items() if person != letter.person_id and n in words] == []
            self.letters_read = letter.pk


@pytest.mark.parametrize("seed", range(4))
def test_whatever_people_answer_every_group_holds_and_everybody_is_somewhere(seed, program, organizer, clock):
    life = Life(program, organizer, clock, random.Random(seed))  # noqa: S311 - a life that can be lived again
    for _ in range(40):
        life.next()
