"""One line of the register: some fields of a model, why they are there, who reads them, until when, how they go."""

from enum import StrEnum
from typing import NamedTuple


class Erased(StrEnum):
    """What happens to a field when its person asks to be forgotten."""

    ROW = "the row goes with the person"
    EMPTIED = "emptied at once"
    UNNAMED = "stays, without the person"
    STAYS = "stays: it says nothing about anybody"


class Kept(NamedTuple):
    """One group of fields of one model, kept for one reason."""

    model: str
    fields: str
    purpose: str
    readers: str
    until: str
    erased: Erased = Erased.ROW
    label: str = ""  # what it is in people's words, for the page
