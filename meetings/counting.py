"""What a board leaves in numbers, for who may not read it: topics, rounds and takeaways, and whose turn it was.

No text leaves this module, and no vote: only keys of people, for the balance among them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from meetings.models.board import Round, Topic
from meetings.models.takeaway import Takeaway


@dataclass
class Talked:
    """Of one meeting: how many topics were talked about, how many takeaways were kept, and who sponsored each round."""

    discussed: int = 0
    takeaways: int = 0
    sponsors: tuple[int, ...] = ()


def talked(meetings: Collection[int]) -> dict[int, Talked]:
    """By the meeting's key, in one statement. Meetings without a round are missing."""
    kept = Exists(Takeaway.objects.filter(round=OuterRef("pk")))
    rounds = Round.objects.filter(board__meeting__in=meetings).annotate(kept=kept)
    found: dict[int, Talked] = defaultdict(Talked)
    for meeting, sponsor, has_takeaway in rounds.values_list("board__meeting", "sponsor", "kept"):
        one = found[meeting]
        one.discussed, one.takeaways = one.discussed + 1, one.takeaways + has_takeaway
        one.sponsors += (sponsor,) if sponsor else ()
    return found


def waiting(meetings: Collection[int]) -> Counter[int]:
    """How many topics wait on the board of each meeting, in one statement."""
    return Counter(Topic.objects.open().filter(board__meeting__in=meetings).values_list("board__meeting", flat=True))
