"""The same board on Channels, as its documentation writes such things: a consumer per page, a group per board."""

from __future__ import annotations

from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.http import Http404

application: Any = get_asgi_application()

from django.urls import path  # noqa: E402 -- records may be imported only when the apps are there

from meetings import access, reading  # noqa: E402


class Board(AsyncWebsocketConsumer):
    """One open page."""

    async def connect(self) -> None:
        """Who may read the board joins its group and gets its present state."""
        self.public_id = self.scope["url_route"]["kwargs"]["public_id"]
        self.group = f"board.{self.public_id}"
        try:
            table = await database_sync_to_async(access.board)(self.scope["user"], self.public_id)
        except Http404:
            await self.close()
            return
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        seen = await database_sync_to_async(reading.render)(table.meeting_id)
        await self.board_changed({"version": seen.version, "part": seen.part})

    async def board_changed(self, message: dict[str, Any]) -> None:
        """In the form in which the bench's browsers read all systems."""
        await self.send(text_data=f"event: board\nid: {message['version']}\ndata: {message['part']}\n\n")

    async def disconnect(self, code: int) -> None:
        """The page is gone."""
        await self.channel_layer.group_discard(self.group, self.channel_name)


pages = URLRouter([path("meetings/<str:public_id>/board/live/", Board.as_asgi())])
application = ProtocolTypeRouter({"http": application, "websocket": AuthMiddlewareStack(pages)})
