"""Meetings that were called off, and were written down as held when the clock of their boards ran out.

Three traces are sure: the line in the audit list with no date of the group taken back since, a date that the rhythm
still leaves out, and a date after the end of its circle. Where somebody was there or a topic was opened the meeting
took place after all. Other rows cannot be told from meetings at which nobody pressed anything, and stay as they are.
"""

from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef


def call_off_again(apps: Any, editor: Any) -> None:
    meetings = apps.get_model("meetings", "Meeting").objects
    lines = apps.get_model("roundtable", "AuditLine").objects.order_by("at", "pk")
    said = dict(lines.filter(verb="called off").values_list("about", "at"))
    back = dict(lines.filter(verb="took back a date").values_list("about", "at"))
    skips = dict(apps.get_model("meetings", "GroupCadence").objects.values_list("group", "skips"))

    def was_called_off(one: Any) -> bool:
        at, since = said.get(f"meeting:{one.pk}"), back.get(f"group:{one.group_id}")
        ended = one.group.closed_at if one.group.roster == "fixed" else None
        stands = at is not None and (since is None or since < at)
        return stands or one.occurrence_date in skips.get(one.group_id, ()) or bool(ended and one.starts_at >= ended)

    there = apps.get_model("meetings", "Seat").objects.filter(attendance__in=["present", "late"])
    opened = apps.get_model("meetings", "Round").objects.filter(board__meeting=OuterRef("pk"))
    empty = meetings.filter(~Exists(there.filter(meeting=OuterRef("pk"))), ~Exists(opened), state="held")
    turned = [one.pk for one in empty.select_related("group") if was_called_off(one)]
    meetings.filter(pk__in=turned).update(state="cancelled")


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0007_promises_carried_on"),
        ("roundtable", "0001_tables"),
    ]

    operations = [migrations.RunPython(call_off_again, migrations.RunPython.noop)]
