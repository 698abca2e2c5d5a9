"""Who sent whom: what people answered to "Who sent you?", looked for among the others.

The form promises that both are asked before they share a group. So organizers read on the composition page which
draft holds such a pair, and both people find a sentence on their invitation, without a name: one of them may say "not
this group" for a reason that nobody is told. Nobody is kept apart by it: most who send somebody want to meet them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from members.folding import fold


class Somebody(NamedTuple):
    """One of the people among whom a sender is looked for."""

    key: int
    name: str
    email: str
    sent_by: str


def pairs(people: Iterable[Somebody]) -> Iterator[tuple[int, int]]:
    """(sender, sent) wherever an address, or a name that only one of them has, is what was answered."""
    known = list(people)
    by_email = {one.email.casefold(): one.key for one in known}
    names: dict[str, list[int]] = {}
    for one in known:
        names.setdefault(fold(one.name), []).append(one.key)
    for one in known:
        named = names.get(fold(one.sent_by), []) if one.sent_by else []
        sender = by_email.get(one.sent_by.strip().casefold(), named[0] if len(named) == 1 else None)
        if sender is not None and sender != one.key:
            yield sender, one.key
