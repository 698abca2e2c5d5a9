"""The one place that reads the time, so that tests can stop it. Rules get `now` as an argument."""

from datetime import UTC, date, datetime

from django.db import connection


def now() -> datetime:
    """This machine's time, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day in UTC; a person's own day is a question for their zone."""
    return now().date()


def database_now() -> datetime:
    """The database's time, aware, in UTC: what falls due is judged by it, because a worker's clock may run ahead."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    return moment.astimezone(UTC)


def of_database(moment: datetime) -> datetime:
    """The same where a statement brought it along with other things."""
    return moment.astimezone(UTC)
