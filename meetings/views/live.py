"""Where Django itself is asked for a stream."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from meetings import access
from members.models.person import Person

LATER = 503


@require_safe
def elsewhere(request: HttpRequest, public_id: str) -> HttpResponse:
    """Streams are answered in front of Django; where they are not, the page polls."""
    assert isinstance(request.user, Person)  # noqa: S101 -- the log-in middleware closed this page
    access.board(request.user, public_id)
    return HttpResponse(status=LATER)
