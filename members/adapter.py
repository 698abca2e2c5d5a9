"""Where we differ from allauth: nobody signs up by themselves, and each account letter is a row in the outbox."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from members import letters
from members.models.person import Person
from roundtable.outbox.post import post


class AccountAdapter(DefaultAccountAdapter):
    """Accounts arise from confirmed applications, imports and invitations."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: a person applies, and the account comes with the confirmed application."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Who organizes sees other people's data, so a session of theirs ends the same day."""
        super().login(request, user)
        if isinstance(user, Person) and user.is_staff:
            request.session.set_expiry(settings.STAFF_SESSION_AGE)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A code or a notice to a person we know. An unknown address gets nothing, and the page is the same."""
        person = context.get("user") or _owner(email)
        kind = template_prefix.rpartition("/")[2]
        if person is None or kind in letters.NEVER:
            return
        post(letters.account(kind, person, email=email, code=context.get("code", "")))


def _owner(email: str) -> Person | None:
    """Whose address this is. Who was imported or made by an organizer has no row of addresses yet, and gets one.

    It is unconfirmed until the code of this very letter comes back.
    """
    address = email.strip().lower()
    known = EmailAddress.objects.filter(email=address, user__is_active=True).select_related("user").first()
    if known is not None:
        return known.user
    person: Person | None = Person.objects.filter(email=address, is_active=True).first()
    if person is not None:
        EmailAddress.objects.get_or_create(user=person, email=address, defaults={"primary": True})
    return person
