"""Fields and widgets that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from members.folding import plain
from members.weekhours import zone_name, zone_names


class Page(forms.Form):
    """One page of the application: its title, and in one line why it asks."""

    title = ""
    why = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            chosen = isinstance(field, forms.ChoiceField)
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = "Please choose one." if chosen else "Please fill this in."
            if chosen:
                field.error_messages["invalid_choice"] = "Please choose one of those that are offered."


class PlainText(forms.CharField):
    """One line of visible text: control, direction and zero-width characters are dropped."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for told in self.validators:
            if isinstance(told, MaxLengthValidator):
                told.message = f"At most {told.limit_value} characters, please; this is longer."

    def to_python(self, value: Any) -> str:
        return plain(str(value or ""))

    def clean(self, value: Any) -> str:
        """Raises ValidationError for what looks like a text and holds nothing that can be seen."""
        if str(value or "").strip() and not self.to_python(value):
            raise forms.ValidationError("There is nothing to read in this: please use letters.")
        return str(super().clean(value))


class PlainLines(forms.CharField):
    """Several lines of the same, empty ones left out."""

    def to_python(self, value: Any) -> str:
        lines = (plain(line) for line in str(value or "").splitlines())
        return "\n".join(line for line in lines if line)


class NameList(PlainLines):
    """A few names, one to a line or parted by semicolons."""

    def __init__(self, *, most: int, longest: int = 80, **options: Any) -> None:
        self.most, self.longest = most, longest
        super().__init__(widget=forms.Textarea(attrs={"rows": 2}), **options)

    def clean(self, value: Any) -> list[str]:
        text = super().clean(str(value or "").replace(";", "\n"))
        names = list(dict.fromkeys(text.split("\n"))) if text else []
        if len(names) > self.most:
            raise forms.ValidationError(f"At most {self.most} names; you wrote {len(names)}.")
        if any(len(name) > self.longest for name in names):
            raise forms.ValidationError(f"A name has at most {self.longest} characters here; one to a line.")
        return names


class ZoneField(forms.ChoiceField):
    """A zone of the IANA list; old names that browsers still send are taken under their present one."""

    def __init__(self, **options: Any) -> None:
        zones = [("", "—"), *((name, name.replace("_", " ")) for name in sorted(zone_names()))]
        super().__init__(choices=zones, widget=forms.Select(attrs={"data-zone": ""}), **options)

    def to_python(self, value: Any) -> str:
        return zone_name(str(value or "")) or str(value or "")


def several(choices: dict[str, str], *, required: bool = False, **options: Any) -> forms.MultipleChoiceField:
    """Any number of a few things, as check boxes."""
    return forms.MultipleChoiceField(
        choices=list(choices.items()), widget=forms.CheckboxSelectMultiple, required=required, **options
    )


def one_of(choices: dict[Any, str], **options: Any) -> forms.ChoiceField:
    """One of a few things, as radio buttons."""
    return forms.ChoiceField(choices=list(choices.items()), widget=forms.RadioSelect, **options)
