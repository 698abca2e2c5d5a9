"""Where somebody is, where none of the places that we found is right."""

from __future__ import annotations

from members.forms.fields import PlainText, Worded


class WhereForm(Worded):
    """Own words; the clock follows from the place."""

    place_text = PlainText(
        label="City or area", max_length=200, help_text="A city is enough, with its country if rare."
    )
