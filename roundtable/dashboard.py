"""What the organizers' front page shows: each app registers its part, the page only lists them."""

from collections.abc import Callable
from typing import NamedTuple

from django.http import HttpRequest


class Part(NamedTuple):
    """One box: a title, lines of label and number, and where to look closer."""

    title: str
    lines: list[tuple[str, object]]
    url: str


MAKERS: list[Callable[[HttpRequest], Part | None]] = []


def add(make: Callable[[HttpRequest], Part | None]) -> Callable[[HttpRequest], Part | None]:
    """Registers a function that makes a box for this organizer, or nothing."""
    MAKERS.append(make)
    return make


def parts(request: HttpRequest) -> list[Part]:
    """All boxes that have something to say to this organizer."""
    return [part for make in MAKERS if (part := make(request)) is not None]
