"""How allauth behaves here: nobody signs up, letters go through the outbox."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts arise from applications, invitations or an organizer."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
