"""The organizers' pages about circles: their hours and how they are; and about a roundtable's dates."""

from groups.admin.groups import beside
from meetings.admin import brief, health, hours, lives, quarter, tables
from meetings.admin import milestones as milestones

beside += [
    ("health/", health.show, "groups_health"),
    ("health/brief/", brief.show, "groups_brief"),
    ("lives/<slug:slug>/", lives.show, "groups_lives"),
    ("quarters/<slug:slug>/<str:quarter>/", quarter.show, "groups_quarter"),
    ("living/<str:key>/hours/", hours.show, "groups_living_hours"),
    ("living/<str:key>/hours/poll/", hours.poll, "groups_living_poll"),
    ("tables/<slug:slug>/", tables.show, "groups_tables"),
    ("tables/<slug:slug>/archive/", tables.show_archive, "groups_tables_archive"),
    ("tables/dates/<str:key>/", tables.one, "groups_table_date"),
    ("tables/dates/<str:key>/ask/", tables.ask, "groups_table_ask"),
]
