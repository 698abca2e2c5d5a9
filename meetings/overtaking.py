"""What somebody hears whose page was a step behind: who has just done what, as far as that is known.

A move names nobody (`Move`). What may be said follows from who may do it: one person, or one of two; a moment that
somebody asked for has no name at all.
"""

from __future__ import annotations

from typing import Any

from meetings import wording
from meetings.boxes import Clock
from meetings.models.board import Board, Move
from meetings.models.meeting import MeetingRole, Role

LEAD, KEEP = (Role.FACILITATOR,), (Role.FACILITATOR, Role.TIMEKEEPER)
ROLES = {
    "begin": LEAD,
    "go": LEAD,
    "next": LEAD,
    "open_topic": LEAD,
    "decide": LEAD,
    "put_off": LEAD,
    "enough": KEEP,
    "resume": KEEP,
    "plus_minute": KEEP,
}
DID = {
    "begin": "begun the meeting",
    "put_off": "set the end ten minutes later",
    "resume": "let the clock go on",
    "plus_minute": "given one minute more",
}
NAMELESS = {
    "pause": "Somebody has just asked for a moment: the clock rests.",
    "turn": "Whose turn it was has just passed the word on.",
}
SPONSOR = "The topic's sponsor"  # also who stands in for one


def told(board: Board, seen: int, *, me: int) -> str:
    """One sentence for the person with this key, whose page showed the step `seen`."""
    place = wording.place(board.clock)
    move = Move.objects.filter(board=board, step__gte=seen).order_by("-step").first()
    if move is None or not _is_last(move, board.clock):
        return f"The board has just moved on to {place}."
    if move.what in NAMELESS:
        return NAMELESS[move.what]
    did = DID.get(move.what, f"moved on to {place}")
    return f"{_who(board, move, me)} just {did}."


def _is_last(move: Move, clock: Clock) -> bool:
    """Whether what stands now is what the move has brought, and not the clock or an undo after it."""
    return clock.step == move.step + 1 or clock.since == move.at


def _who(board: Board, move: Move, me: int) -> str:
    if move.what not in ROLES:
        return f"{SPONSOR} has"
    held: Any = MeetingRole.objects.filter(meeting=board.meeting_id, role__in=ROLES[move.what])
    roles = list(held.select_related("person").order_by("role"))
    if not roles or any(role.changed_at and role.changed_at > move.at for role in roles):
        return f"{' or '.join(f'the {role}' for role in ROLES[move.what])} has".capitalize()
    others = [str(role.person) for role in roles if role.person_id != me]
    names = list(dict.fromkeys(["You"] * (len(others) < len(roles)) + others))
    return f"{' or '.join(names)} {'have' if names == ['You'] else 'has'}"
