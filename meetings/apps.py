from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Dates, seats, boards, memory."""

    name = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A group is sealed together with its first date: this app, which stands above groups, brings the date."""
        from groups.sealing import calendar  # noqa: PLC0415 - records can be imported only once the apps are ready
        from meetings import calling  # noqa: PLC0415 - the same

        calendar.plan_first = calling.plan_first
        calendar.welcome = calling.welcome
        calendar.farewell = calling.farewell
