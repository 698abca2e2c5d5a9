"""What may be said of a composition, and to whom."""

from dataclasses import replace

from groups.composition.rules import Breach

PERSONAL = ("apart", "never_alone")


def public(breach: Breach) -> Breach:
    """A breach as pages show it: personal rules are one rule, and name nobody."""
    if breach.rule not in PERSONAL:
        return breach
    return replace(breach, people=(), sentence="A personal rule of somebody in this draft would not hold.")
