"""How long the records of the project itself are kept: links a month past their end, logs one year."""

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session

from roundtable.audit import AuditLine
from roundtable.links import Link

AFTER_ITS_END = timedelta(days=30)
AUDIT = timedelta(days=365)


def forget(now: datetime) -> None:
    """Links, logs of acts and sessions whose time is over; with a session goes where it was opened from."""
    Link.objects.filter(expires_at__lt=now - AFTER_ITS_END).delete()
    AuditLine.objects.filter(at__lt=now - AUDIT).delete()
    LogEntry.objects.filter(action_time__lt=now - AUDIT).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
