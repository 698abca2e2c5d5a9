from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """Dates, seats, boards, memory."""

    name = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Dates and seats belong to this app, which stands above groups and members: they call it by these names."""
        from groups import times  # noqa: PLC0415 - records can be imported only once the apps are ready
        from groups.sealing import calendar  # noqa: PLC0415 - records can be imported only once the apps are ready
        from meetings import (  # noqa: PLC0415 - the same
            archive,
            attendance,
            calling,
            ending,
            pausing,
            planning,
            polling,
            receivers,
            rhythms,
            seating,
            taking,
        )
        from members.leaving import asked  # noqa: PLC0415 - the same
        from members.showing import elsewhere  # noqa: PLC0415 - the same

        calendar.plan_first = polling.plan_first
        calendar.carry_on = calling.carry_on
        calendar.welcome = calling.welcome
        calendar.farewell = calling.farewell
        calendar.pause, calendar.resume = pausing.pause, pausing.resume
        calendar.wind_up, calendar.forget = ending.wind_up, ending.forget
        calendar.call_off = ending.call_off_all
        calendar.open_date = calling.open_date
        times.lengths.chosen = rhythms.lengths
        calendar.came = attendance.counts
        calendar.with_dates = planning.with_dates
        asked.give_up_seats = seating.give_up
        asked.own_words = taking.own_words
        elsewhere.has_archive = archive.is_shown
        self.receivers = receivers  # importing them connects them
