"""What a circle agrees on between two meetings."""

from roundtable.register.kept import Erased, Kept

ROWS = [
    Kept(
        "meetings.Idea",
        "theme presenter proposed_by",
        "what your circle's next meeting could be about and who may speak, encrypted with the group's key",
        "the members of the circle who have a seat at this meeting",
        "whoever proposed it takes it back; the group is removed, or 90 days after it closed",
        Erased.UNNAMED,
        label="Ideas for a meeting",
    ),
    Kept(
        "meetings.QuietBetween",
        "person",
        "that you want no letter half way between two meetings",
        "you",
        "you take it back",
        label="No letter between meetings",
    ),
]
