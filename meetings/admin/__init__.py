"""The organizers' pages about a circle's hours, beside those that keep it whole, and about a roundtable's dates."""

from groups.admin.groups import beside
from meetings.admin import hours, tables

beside += [
    ("living/<str:key>/hours/", hours.show, "groups_living_hours"),
    ("living/<str:key>/hours/poll/", hours.poll, "groups_living_poll"),
    ("tables/<slug:slug>/", tables.show, "groups_tables"),
    ("tables/dates/<str:key>/", tables.one, "groups_table_date"),
    ("tables/dates/<str:key>/ask/", tables.ask, "groups_table_ask"),
]
