"""Three questions, two points each, and a list in a fair order."""

import pytest

from members.rubric import QUESTIONS, Score, standing


@pytest.mark.parametrize(("points", "total"), [((0, 0, 0), 0), ((2, 1, 0), 3), ((2, 2, 2), 6)])
def test_the_sum_of_three_answers(points, total):
    assert Score(*points).total == total


@pytest.mark.parametrize("points", [(3, 0, 0), (0, -1, 0), (0, 0, 2.5), (True, 0, 0)])
def test_an_answer_outside_0_to_2_is_refused(points):
    with pytest.raises(ValueError, match="a score is 0, 1 or 2"):
        Score(*points)


def test_the_refusal_names_the_question():
    with pytest.raises(ValueError, match=r"^conversation is 7; a score is 0, 1 or 2\.$"):
        Score(audience=1, conversation=7, coming=1)


@pytest.mark.parametrize(
    ("scores", "mean"),
    [((), None), ((Score(2, 2, 1),), 5), ((Score(2, 2, 2), Score(0, 1, 0)), 3.5)],
)
def test_two_organizers_count_as_their_mean(scores, mean):
    assert standing(scores) == mean


def test_each_question_is_asked_in_words():
    assert list(QUESTIONS) == ["audience", "conversation", "coming"]
