from functools import partial

import pytest

from groups import merging, repairing, splitting
from groups.joining import Voice
from groups.models.group import Group, Membership
from groups.models.question import Merge, Question, QuestionWord, Split
from groups.parting import Word
from meetings.models.seat import Seat
from roundtable import clock
from tests.groups.conftest import organizer, program  # noqa: F401 - what the circles stand on
from tests.meetings.after_the_seal.conftest import circle, member  # noqa: F401 - the same

pytestmark = pytest.mark.django_db(transaction=True)

TRIOS = [
    ["Mary Jackson", "Radia Perlman", "Barbara Liskov"],
    ["Frances Allen", "Karen Jones", "Lynn Conway"],
    ["Jean Bartik", "Betty Holberton", "Annie Easley"],
]


@pytest.fixture
def circles(program, circle):  # noqa: F811 - the fixtures of these names
    program.size_max = 6
    program.save()
    return [circle(*trio) for trio in TRIOS]


@pytest.fixture
def voices(circles, organizer):  # noqa: F811 - the fixtures of these names
    """Everybody's word to a merge of the first two, ready to be said."""
    merging.propose(*circles[:2], by=organizer)
    members = [one for group in circles[:2] for one in group.memberships.select_related("person")]
    questions = {question.group_id: question for question in Question.objects.all()}
    now = clock.now()
    return [partial(merging.say, questions[one.group_id], Voice.FINE, by=one, received_at=now) for one in members]


def test_two_merges_at_once_on_one_group_ask_for_one(circles, organizer, at_once):  # noqa: F811 - as above
    one, two, three = circles
    outcome = at_once(
        partial(merging.propose, one, two, by=organizer),
        partial(merging.propose, three, one, by=organizer),
    )
    assert (len(outcome.results), len(outcome.errors)) == (1, 1)
    assert "is asked about a change already" in str(outcome.errors[0])
    assert (Merge.objects.count(), Question.objects.count()) == (1, 2)


def test_all_words_at_once_merge_once(circles, voices, at_once):
    outcome = at_once(*voices)
    assert (outcome.errors, Merge.objects.get().state, QuestionWord.objects.count()) == ([], "done", 0)
    assert Membership.objects.filter(group=circles[0]).count() == 6
    assert Seat.objects.filter(meeting__group=circles[0]).count() == 6


def test_the_last_word_and_somebody_leaving_at_once_leave_nobody_in_both(circles, voices, member, at_once):  # noqa: F811 - as above
    for voice in voices[:-1]:
        voice()
    leaver = member(circles[1], "frances")
    outcome = at_once(voices[-1], partial(repairing.leave, leaver, back_to_pool=True))
    there = leaver.person.memberships.filter(group=circles[0], left_on=None).exists()
    stage = leaver.person.applications.get().stage
    refused = ["part of another one" in str(error) for error in outcome.errors]
    assert Merge.objects.get().state == "done"
    assert (refused, there, stage) in [([True], True, "placed"), ([], False, "pooled")]


def test_all_yeses_at_once_make_one_circle_of_the_half(program, circle, organizer, at_once):  # noqa: F811 - as above
    program.size_max = 6
    program.save()
    large = circle(*TRIOS[0], *TRIOS[1])
    splitting.propose(large, seen=splitting.found(large).key, by=organizer)
    question, now = Question.objects.get(), clock.now()
    members = list(large.memberships.select_related("person"))
    outcome = at_once(*[partial(splitting.say, question, Word.YES, by=one, received_at=now) for one in members])
    assert (outcome.errors, Split.objects.get().state, Group.objects.count()) == ([], "done", 2)
    assert Membership.objects.filter(left_on=None).count() == 6
