"""What one press is: so that the same one, sent twice, is taken once, and no other one is taken for it."""

from __future__ import annotations

from uuid import UUID, uuid5

from members.models.person import Person


def named(key: UUID, by: Person, choice: str) -> UUID:
    """The name of a press, by the key of its page: without scripts one key goes with whatever is pressed or written on
    a page, so each choice of each person has a name of its own. Without the key nothing can be told from it.
    """
    return uuid5(key, f"{by.pk} {choice}")
