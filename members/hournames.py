"""The names of hours in forms: "Mon early" is a whole block, "Mon 07:30" half an hour, on the person's own clock."""

from __future__ import annotations

from collections.abc import Iterable

from members.weekhours import BLOCKS, DAYS, PER_DAY, block_mask, block_names, clock, slots_of

HALF_HOURS = {f"{DAYS[day]} {clock(slot)}": day * PER_DAY + slot for day in range(7) for slot in range(PER_DAY)}
WHOLE_BLOCKS = {f"{day} {block}": block_mask(number, block) for number, day in enumerate(DAYS) for block in BLOCKS}
MASKS = WHOLE_BLOCKS | {name: 1 << slot for name, slot in HALF_HOURS.items()}
_NAME_OF = {slot: name for name, slot in HALF_HOURS.items()}


def mask_of_names(names: Iterable[str]) -> int:
    """The half hours of all these names together. Raises KeyError for a name that no hour of the week has."""
    mask = 0
    for name in names:
        mask |= MASKS[name]
    return mask


def names_of(mask: int) -> tuple[str, ...]:
    """The fewest names for a mask: blocks that lie wholly in it, then what is left, by the half hour."""
    blocks = block_names(mask)
    return (*blocks, *half_hour_names(mask & ~mask_of_names(blocks)))


def half_hour_names(mask: int) -> tuple[str, ...]:
    """Every half hour of a mask by its own name."""
    return tuple(_NAME_OF[slot] for slot in slots_of(mask))


def odd_names(mask: int) -> tuple[str, ...]:
    """Half hours in the night, which no block covers: a spreadsheet may have brought some."""
    return half_hour_names(mask & ~mask_of_names(WHOLE_BLOCKS))
