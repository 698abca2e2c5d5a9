"""Imports its modules so that Django finds the records; import a model from its own module."""

from meetings.models import (
    archive,
    ballot,
    board,
    cadence,
    calendar,
    idea,
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
