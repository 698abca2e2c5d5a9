"""What each rule of a program costs, ordered beside a board: solved again by a worker with one rule a step easier.

Lock order: composition, shard.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from groups import composing
from groups.composition.prices import VIDEO
from groups.models.draft import Composition, Progress
from groups.models.shard import Shard, Step
from members.models.person import Person
from roundtable import audit
from roundtable.errors import NotAllowed

EASIER = {
    "size_min": "groups of at least {}",
    "size_max": "groups of up to {}",
    "window_slots": "meetings of {} half hours",
    "max_per_company": "up to {} of one company",
    VIDEO: "everybody also by video",
}


@transaction.atomic
def order(composition: Composition, *, by: Person) -> None:
    """Ask for the prices of this program's rules, for those who are in the pool now. Raises NotAllowed."""
    composition = Composition.objects.select_for_update(of=("self",)).get(pk=composition.pk)
    if composition.progress != Progress.DONE:
        raise NotAllowed("Wait for the result first.")
    try:
        with transaction.atomic():
            Shard.objects.create(composition=composition, step=Step.PRICE)
    except IntegrityError:
        raise NotAllowed("The rules are being priced already.") from None
    audit.note(by, "ordered rule prices", f"composition:{composition.pk}")
    transaction.on_commit(composing.nudge, robust=True)  # robust: the order stands, whatever the broker says


@transaction.atomic
def cancel(composition: Composition, *, by: Person) -> None:
    """Nobody wants the prices any more; the worker finds out within a second or two."""
    composition = Composition.objects.select_for_update(of=("self",)).get(pk=composition.pk)
    ended, _ = composition.shards.filter(step=Step.PRICE).delete()
    if not ended:
        raise NotAllowed("The prices are there already, or were not asked for.")
    audit.note(by, "cancelled rule prices", f"composition:{composition.pk}")


def under_way(composition: Composition) -> Shard | None:
    """The work at them, if there is any."""
    return composition.shards.filter(step=Step.PRICE).first()


def lines(composition: Composition) -> list[dict[str, object]]:
    """A line for each rule: what it would be, how many people more, and whether that is proven."""
    priced = composition.prices.get("rules", [])
    return [{"easier": EASIER[one["rule"]].format(one["value"]), **one} for one in priced]
