"""Many people at once: free on the same evenings, so that a program of threes has more groups than one shard holds."""

from __future__ import annotations

from bench.pool import fill
from members.models.application import Application, IdentityAnswers
from members.models.hours import Hours
from members.models.program import Program
from members.weekhours import block_mask, to_hex

MANY = 429  # 143 groups of three: two shards


def crowd(program: Program, count: int = MANY) -> None:
    """So many people without personal rules, free on two evenings in New York, by video."""
    Program.objects.filter(pk=program.pk).update(size_min=3, size_target=3, size_max=3, max_per_company=3)
    fill(program, count)
    evenings = to_hex(block_mask(1, "evening") | block_mask(3, "evening"))
    # By key: of a table that other tests have filled and emptied the planner knows nothing, and joins row by row.
    keys = list(program.applications.values_list("pk", flat=True))
    Hours.objects.filter(application__in=keys).update(good=evenings, zone="America/New_York")
    Application.objects.filter(program=program).update(mode="video")
    IdentityAnswers.objects.filter(application__program=program).delete()
