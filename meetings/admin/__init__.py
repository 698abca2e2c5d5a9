"""The organizers' pages about a circle's hours, beside those that keep it whole."""

from groups.admin.groups import beside
from meetings.admin import hours

beside += [
    ("living/<str:key>/hours/", hours.show, "groups_living_hours"),
    ("living/<str:key>/hours/poll/", hours.poll, "groups_living_poll"),
]
