"""Where an application stands, which way it may move, and the codes with which it is declined.

Whoever moves one locks the application row first and asks `may_move`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    POOLED = "pooled"
    PLACED = "placed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DORMANT = "dormant"


class DeclineCode(StrEnum):
    """Why an organizer says no. Each code has a letter of its own, and each letter names an alternative."""

    AUDIENCE = "audience"
    NO_POOL = "no_pool"
    INCOMPLETE = "incomplete"
    DUPLICATE = "duplicate"
    SELLING = "selling"
    CONDUCT = "conduct"


DECLINE_REASONS: Mapping[DeclineCode, str] = {
    DeclineCode.AUDIENCE: "not the program's audience",
    DeclineCode.NO_POOL: "no pool for this mode or place",
    DeclineCode.INCOMPLETE: "incomplete after asking",
    DeclineCode.DUPLICATE: "applied twice",
    DeclineCode.SELLING: "selling or recruiting",
    DeclineCode.CONDUCT: "conduct",
}

MOVES: Mapping[Stage, Mapping[Stage, str]] = {
    Stage.DRAFT: {
        Stage.SUBMITTED: "the applicant sends it",
        Stage.WITHDRAWN: "the applicant drops it",
    },
    Stage.SUBMITTED: {
        Stage.POOLED: "an organizer accepts it",
        Stage.DECLINED: "an organizer declines it with a code",
        Stage.WITHDRAWN: "the applicant takes it back",
    },
    Stage.POOLED: {
        Stage.PLACED: "a group with this person was sealed",
        Stage.SUBMITTED: "the decision was undone, or a question came up",
        Stage.DECLINED: "an organizer finds no pool, or learned something new",
        Stage.DORMANT: "three letters stayed without an answer, or the person said not now",
        Stage.WITHDRAWN: "the applicant takes it back",
    },
    Stage.PLACED: {
        Stage.POOLED: "the group ended or the person left it, and wants another",
        Stage.WITHDRAWN: "the person left and wants no other group",
    },
    Stage.DORMANT: {
        Stage.POOLED: "the person came back, with the waiting time kept",
        Stage.WITHDRAWN: "the applicant takes it back",
    },
    Stage.DECLINED: {
        Stage.SUBMITTED: "the decision was undone, or the person applied again",
    },
    Stage.WITHDRAWN: {
        Stage.SUBMITTED: "the person applied again",
    },
}

OPEN = frozenset({Stage.DRAFT, Stage.SUBMITTED, Stage.POOLED, Stage.DORMANT})


def may_move(from_stage: Stage | str, to_stage: Stage | str) -> bool:
    """An application moves only along MOVES; staying where it is, is no move."""
    return Stage(to_stage) in MOVES[Stage(from_stage)]


def next_stages(stage: Stage | str) -> tuple[Stage, ...]:
    """The stages that an application can reach in one move, in the order in which a page offers them."""
    return tuple(MOVES[Stage(stage)])
