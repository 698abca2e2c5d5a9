"""What somebody types in about themselves outside the application: code, profile, place, being sure."""

from __future__ import annotations

from django import forms

from members.forms.fields import PlainText, Worded, ZoneField


class CodeForm(Worded):
    """The code from the letter; spaces and case do not matter."""

    code = PlainText(
        label="Code",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        return self.cleaned_data["code"].replace(" ", "").replace("-", "").upper()


class ProfileForm(Worded):
    """What others see of a person, and the clock that letters go by."""

    name = PlainText(label="Name to use", max_length=120)
    initials = PlainText(label="Initials", max_length=6, required=False)
    pronouns = PlainText(label="Pronouns", max_length=40, required=False)
    zone = ZoneField(label="Time zone", help_text="Letters and pages show times of this clock.")


class PlaceForm(Worded):
    """Where somebody is, in their own words, or one of the places that we found for them."""

    place_text = PlainText(
        label="City or area", max_length=200, help_text="A city is enough, with its country if rare."
    )
    place_id = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    zone = ZoneField(label="Time zone", required=False, help_text="Only if it is not the clock of that place.")


class SureForm(Worded):
    """A tick before something that cannot be taken back."""

    sure = forms.BooleanField(label="Yes, I am sure")


class VersionForm(Worded):
    """Which version stood on the page when its reader said yes."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32767)
