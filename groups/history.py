"""What organizers did on a composition board, told to the others in sentences with initials."""

from __future__ import annotations

from groups.models.draft import Composition, DraftGroup
from groups.models.edit import Act, Edit, EditQuerySet, EditState

TOLD = 3  # edits that one notice names


def edits(composition: Composition) -> EditQuerySet:
    """All of them with what their sentences need, in one query."""
    return composition.edits.select_related("application__person", "source", "target", "by")


def news(composition: Composition, seen: int) -> list[str]:
    """What has happened since this version of the board, a sentence each; of many the last few."""
    happened = edits(composition).filter(version__gt=seen).exclude(state=EditState.DROPPED).order_by("version")
    sentences = [sentence(edit) for edit in happened]
    more = len(sentences) - TOLD
    return [*([f"{more} earlier changes are not listed."] if more > 0 else []), *sentences[-TOLD:]]


def sentence(edit: Edit) -> str:
    """ "Olga moved AL from group 2 to the pool.", or "Olga took this back: AL from group 2 to the pool." """
    who = edit.by.get_short_name() if edit.by else "Somebody"
    if edit.state == EditState.DONE:
        return f"{who} {Act(edit.act).label} {described(edit)}."
    return f"{who} took this back: {Act(edit.act).label} {described(edit)}."


def described(edit: Edit) -> str:
    """Whom or what it is about, and where: "AL from group 2 to the pool", "AL in group 2", "group 2"."""
    who = edit.application.person.initials if edit.application else ""
    if edit.act == Act.MOVE:
        return f"{who} from {place(edit.source)} to {place(edit.target)}"
    return f"{who} in {place(edit.target)}" if who else place(edit.target)


def place(draft: DraftGroup | None) -> str:
    """A draft by its number; no draft is the pool."""
    return f"group {draft.number}" if draft else "the pool"
