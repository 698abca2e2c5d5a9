"""An organizer's own words in a letter that has not left: once, and with everything in it that makes it work."""

from django.db import models, transaction
from django.template.loader import render_to_string

from roundtable import audit, clock
from roundtable.errors import NotAllowed
from roundtable.outbox import mime
from roundtable.outbox.models import STILL_HERE, Letter
from roundtable.outbox.reading import marks_in

MOST = 5_000  # characters


@transaction.atomic
def reword(letter: Letter, text: str, *, by: models.Model) -> Letter:
    """The text of a letter anew, its HTML made from it. Raises NotAllowed once it left, was edited, or lost a link.

    A mark stands where a secret goes: whoever edits sees the mark and has to leave it.
    """
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    text = text.replace("\r\n", "\n").strip() + "\n"
    if letter.state not in STILL_HERE:
        raise NotAllowed("The letter is on its way; it can no longer be changed.")
    if letter.edited_at:
        raise NotAllowed("This letter was edited already; it leaves as it is, or not at all.")
    if len(text) > MOST:
        raise NotAllowed(f"A letter has {MOST} characters at most.")
    if marks_in(text) != marks_in(letter.text):
        raise NotAllowed("Leave the marks like ~~link~~ where they are: the reader's own link goes there.")
    letter.text, letter.html = text, render_to_string("email/reworded.html", {"words": text})
    letter.edited_at = clock.now()
    mime.build(letter, letter.secrets_by_mark()).message()  # what cannot be sent fails here
    letter.save(update_fields=["text", "html", "edited_at"])
    audit.note(by, "letter edited", letter.about)
    return letter
