"""Imports its modules so that Django finds the records; import a model from its own module."""

from meetings.models import (
    ballot,
    board,
    cadence,
    calendar,
    meeting,
    note,
    past,
    poll,
    pollanswer,
    pulse,
    released,
    reply,
    rota,
    seat,
    speaker,
    takeaway,
    toll,
    turn,
)
