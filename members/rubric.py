"""How an organizer notes a first impression: three questions, 0 to 2 each. The sum orders the list, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass

HIGHEST = 2
QUESTIONS: Mapping[str, str] = {
    "audience": "Do they do the work that this program is for?",
    "conversation": "Do they look for a conversation, not for an audience, a job or customers?",
    "coming": "Can they come, at this rhythm and in this place?",
}


@dataclass(frozen=True, slots=True)
class Score:
    """One organizer's answers: 0 no, 1 perhaps, 2 yes. Raises ValueError for anything else."""

    audience: int
    conversation: int
    coming: int

    def __post_init__(self) -> None:
        for question, points in zip(QUESTIONS, astuple(self), strict=True):
            if type(points) is not int or not 0 <= points <= HIGHEST:
                raise ValueError(f"{question} is {points!r}; a score is 0, 1 or 2.")

    @property
    def total(self) -> int:
        return self.audience + self.conversation + self.coming


def standing(scores: tuple[Score, ...]) -> float | None:
    """The mean of what the organizers gave, so that two who looked weigh no more than one; None before anybody did."""
    return sum(score.total for score in scores) / len(scores) if scores else None
