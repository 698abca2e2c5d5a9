"""Who is signed in: Django's sessions in the database and allauth's sign-in, asked in one prepared question.

Every request asks it. A session names its person inside what it keeps; allauth writes beside it whose it is, so that
the person comes along. Django then asks for a person and checks session and account as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import OuterRef, QuerySet

from roundtable import clock
from roundtable.prepared import Prepared, Rows, blank, records

_along: ContextVar[dict[int, Any] | None] = ContextVar("_along", default=None)


@contextmanager
def people_along() -> Iterator[None]:
    """While this lasts (one request) a person who came along with a session is kept until Django asks for them."""
    token = _along.set({})
    try:
        yield
    finally:
        _along.reset(token)


def _alive() -> QuerySet[Session]:
    key, now = blank("key", "text"), blank("now", "timestamptz")
    whose = UserSession.objects.filter(session_key=OuterRef(OuterRef("pk"))).values("user")
    people = Rows(get_user_model()._default_manager.filter(pk__in=whose))
    return Session.objects.filter(session_key=key, expire_date__gt=now).annotate(people=people)


def _one() -> QuerySet[Any]:
    return get_user_model()._default_manager.filter(pk=blank("person"))


ALIVE: Prepared[Session] = Prepared(_alive)
ONE: Prepared[Any] = Prepared(_one)


class SessionStore(db.SessionStore):
    """A session that was not found, or has ended, loses its key: nobody may choose one."""

    def _get_session_from_db(self) -> Session | None:
        found: Any = ALIVE.first(key=self.session_key, now=clock.now())
        if found is None:
            self._session_key = None
            return None
        along = _along.get()
        if along is not None:
            along.update({person.pk: person for person in records(get_user_model(), found.people)})
        session: Session = found
        return session


class Backend(AuthenticationBackend):
    """An account that was closed is nobody, whatever its sessions say."""

    def get_user(self, user_id: int) -> Any:
        person = (_along.get() or {}).pop(int(user_id), None) or ONE.first(person=user_id)
        return person if person and self.user_can_authenticate(person) else None
