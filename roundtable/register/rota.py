"""Who leads, keeps time and hosts, and who asks whom."""

from roundtable.register.kept import Kept

ROWS = [
    Kept(
        "meetings.MeetingRole",
        "person before by_right",
        "who leads, keeps time and hosts, and during a meeting who did before",
        "the group's members",
        "you leave the site",
        label="Who leads, who keeps time",
    ),
    Kept(
        "meetings.RoleOffer",
        "by to",
        "that you asked a member to take a role from you, or were asked",
        "the two of you",
        "it is answered or taken back, or the meeting begins",
        label="A role offered to another member",
    ),
    Kept(
        "meetings.OptOut",
        "person",
        "that you would rather not take the roles of your circle",
        "you; the rota goes by it",
        "you take it back, or leave the circle",
        label="Opting out of the rota",
    ),
]
