"""Imports its modules so that Django finds the records; import a model from its own module."""

from members.models import (
    apart,
    application,
    asking,
    conduct,
    hint,
    hours,
    person,
    place,
    program,
    questions,
    review,
    room,
    source,
    waiting,
)
