from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Dates, seats, boards, memory."""

    name = "meetings"
    default_auto_field = "django.db.models.BigAutoField"
