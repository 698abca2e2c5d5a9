"""The group's own rule for a newcomer: what each member said about a card, and what silence means."""

from __future__ import annotations

from enum import StrEnum


class EntryRule(StrEnum):
    """Which silence a group takes for a yes. A concern keeps somebody out under either."""

    NO_OBJECTION = "no_objection"
    EVERYBODY = "everybody"


class Voice(StrEnum):
    FINE = "fine"
    CONCERN = "concern"


class Outcome(StrEnum):
    WAIT = "wait"
    ASK = "ask"
    STAY = "stay"


def decide(rule: EntryRule, *, fine: int, concerns: int, members: int, over: bool) -> Outcome:
    """Whether the newcomer is asked. A concern ends nothing before the time: the moment would say whose it was."""
    if members and not concerns and fine >= members:
        return Outcome.ASK
    if not over:
        return Outcome.WAIT
    silent_are_fine = rule == EntryRule.NO_OBJECTION
    return Outcome.ASK if members and not concerns and silent_are_fine else Outcome.STAY
