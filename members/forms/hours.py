"""The week as a table of check boxes: good hours and possible ones, by the block or by the half hour."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms

from members.forms.fields import Worded, ZoneField
from members.hournames import MASKS, mask_of_names, odd_names
from members.weekhours import BLOCKS, DAYS, clock

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FEWEST_BLOCKS = 3
TOO_FEW_BLOCKS = f"Tick at least {FEWEST_BLOCKS} blocks, some of them good; fewer hardly ever meet anybody else’s."
FEWEST_HALF_HOURS = FEWEST_BLOCKS * min(end - first for first, end in BLOCKS.values())


@dataclass(frozen=True, slots=True)
class Cell:
    """One block or half hour of one day: the value of its two boxes, how it is said, and what is ticked."""

    value: str
    said: str
    good: bool
    possible: bool
    partly: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A block, or a half hour, on all seven days."""

    name: str
    times: str
    cells: tuple[Cell, ...]
    halves: tuple[Row, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether some block of the row is ticked in part, which only its half hours can show."""
        return any(cell.partly for cell in self.cells)


class Week(forms.CheckboxSelectMultiple):
    """Seven days across, five blocks down, each opening into half hours; two boxes in a cell, good and possible.

    What is possible belongs to a field of its own, which shows nothing itself.
    """

    template_name = "members/widgets/hours.html"

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.possible: Callable[[], Any] = tuple

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        good = known(value)
        possible = known(self.possible()) & ~good
        odd = [("good", one) for one in odd_names(good)] + [("possible", one) for one in odd_names(possible)]
        days = list(zip(DAYS, DAY_NAMES, strict=True))
        return super().get_context(name, value, attrs) | {"rows": rows(good, possible), "days": days, "odd": odd}


def known(names: Iterable[str] | None) -> int:
    """The mask of the names that are any; a refused form is shown again with whatever was sent."""
    return mask_of_names(name for name in names or () if name in MASKS)


def rows(good: int, possible: int) -> list[Row]:
    """The table: five blocks, each with its half hours."""
    return [_block(name, first, end, good, possible) for name, (first, end) in BLOCKS.items()]


def _block(name: str, first: int, end: int, good: int, possible: int) -> Row:
    row = _row(name, clock(first), clock(end), good, possible)
    whole = mask_of_names(cell.value for cell in row.cells if cell.good or cell.possible)
    parts = (good & ~whole, possible & ~whole)  # the block's own box says it: without scripts it can be unticked alone
    halves = tuple(_row(clock(slot), clock(slot), clock(slot + 1), *parts) for slot in range(first, end))
    return Row(row.name, f"{first // 2}–{end // 2}", row.cells, halves)


def _row(name: str, start: str, end: str, good: int, possible: int) -> Row:
    said = f"{start} to {end}" if name == start else f"{name}, {start} to {end}"
    cells = (
        _cell(f"{day} {name}", f"{whole} {said}", good, possible) for day, whole in zip(DAYS, DAY_NAMES, strict=True)
    )
    return Row(name, said, tuple(cells))


def _cell(value: str, said: str, good: int, possible: int) -> Cell:
    mask = MASKS[value]
    is_good, is_possible = good & mask == mask, possible & mask == mask
    return Cell(
        value, said, is_good, is_possible, partly=bool((good | possible) & mask) and not (is_good or is_possible)
    )


class Beside(forms.MultipleHiddenInput):
    """Boxes that stand in the table of another field."""

    def render(self, *args: Any, **options: Any) -> str:  # type: ignore[override] # nothing is nothing, safe or not
        return ""


class HoursField(forms.MultipleChoiceField):
    """Hours of the week by name, a block or half an hour each."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[(name, name) for name in MASKS], **options)


class WeekForm(Worded):
    """When a person can meet, on a clock that was asked for elsewhere."""

    good = HoursField(
        label="Hours",
        widget=Week,
        error_messages={"required": TOO_FEW_BLOCKS},
        help_text=f"At least {FEWEST_BLOCKS} blocks. Be generous: each block finds more people. Nobody sees them.",
    )
    possible = HoursField(label="Possible hours", required=False, widget=Beside)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["good"].widget.possible = lambda: self["possible"].value()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        ticked = mask_of_names([*cleaned.get("good", ()), *cleaned.get("possible", ())])
        if ticked.bit_count() < FEWEST_HALF_HOURS and not self.has_error("good") and not self.has_error("possible"):
            self.add_error("good", TOO_FEW_BLOCKS)
        return cleaned


class HoursForm(WeekForm):
    """The same with its clock."""

    zone = ZoneField(label="Time zone", help_text="The hours are hours of this clock.")
    field_order = ["zone", "good", "possible"]
