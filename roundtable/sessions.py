"""Who is signed in: Django's sessions in the database and allauth's sign-in, asked in two prepared questions.

Every request asks both, and writing their SQL anew cost more than the answers.
"""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from roundtable import clock
from roundtable.prepared import Prepared, blank


def _alive() -> QuerySet[Session]:
    key, now = blank("key", "text"), blank("now", "timestamptz")
    return Session.objects.filter(session_key=key, expire_date__gt=now)


def _one() -> QuerySet[Any]:
    return get_user_model()._default_manager.filter(pk=blank("person"))


ALIVE: Prepared[Session] = Prepared(_alive)
ONE: Prepared[Any] = Prepared(_one)


class SessionStore(db.SessionStore):
    """A session that was not found, or has ended, loses its key: nobody may choose one."""

    def _get_session_from_db(self) -> Session | None:
        found = ALIVE.first(key=self.session_key, now=clock.now())
        if found is None:
            self._session_key = None
        return found


class Backend(AuthenticationBackend):
    """An account that was closed is nobody, whatever its sessions say."""

    def get_user(self, user_id: int) -> Any:
        person = ONE.first(person=user_id)
        return person if person and self.user_can_authenticate(person) else None
