"""The act of the application that uses Channels: the same action of ours, the same rendering, told through a group."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from meetings import access, attending, reading


@require_POST
def hand(request: HttpRequest, public_id: str) -> HttpResponse:
    """Raised or lowered, committed, rendered once, and handed to the group of the board."""
    from asgiref.sync import async_to_sync  # noqa: PLC0415 - only where Channels is installed
    from channels.layers import get_channel_layer  # noqa: PLC0415

    person: Any = request.user
    table = access.board(person, public_id)
    attending.hand(table, by=person, up=request.POST.get("act") == "hand")
    seen = reading.render(table.meeting_id)
    message = {"type": "board.changed", "version": seen.version, "part": seen.part}
    async_to_sync(get_channel_layer().group_send)(f"board.{public_id}", message)
    answer = JsonResponse({"version": table.version})
    answer["X-Board-Version"] = str(table.version)
    return answer
