"""The outbox: each letter is a row before it is sent."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Letters to people."""

    name = "roundtable.outbox"
    label = "outbox"
