"""Fields and widgets that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.validators import EmailValidator, MaxLengthValidator

from members.folding import lines, one_line, plain
from members.models.program import BOXES
from members.weekhours import zone_name, zone_names


class Worded(forms.Form):
    """A form whose errors are our own sentences: each names its field, and says what to do."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            _say_so(field, str(field.label))


class Page(Worded):
    """One page of the application: its title, and in one line why it asks."""

    title = ""
    why = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if type(field.widget) in (forms.RadioSelect, forms.CheckboxSelectMultiple):
                offered = field.choices  # type: ignore[attr-defined] # whoever has such a widget has choices
                field.choices = [(value, _begins_large(str(name))) for value, name in offered]  # type: ignore[attr-defined]


def _say_so(field: forms.Field, label: str) -> None:
    """Our sentences in place of Django's; what a field says of itself stays."""
    if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
        field.error_messages["required"] = _required(field, label)
    if isinstance(field, forms.ChoiceField):
        offered = f"Please choose one of the answers that are offered under “{label}”."
        field.error_messages |= {"invalid_choice": offered, "invalid_list": offered}
    if isinstance(field, forms.IntegerField):
        field.error_messages["invalid"] = _number(field, label)
    for check in field.validators:
        _reword(check, field, label)


def _reword(check: Any, field: forms.Field, label: str) -> None:
    if isinstance(check, MaxLengthValidator):
        check.message = f"“{label}” holds at most {check.limit_value} characters; yours is longer. Please shorten it."
    elif isinstance(field, forms.IntegerField):
        check.message = _number(field, label)
    elif isinstance(check, EmailValidator):
        check.message = "This is no address that we can write to; one looks like name@example.org."


def _number(field: forms.IntegerField, label: str) -> str:
    return f"Please write “{label}” as a whole number from {field.min_value} to {field.max_value}."


def _begins_large(name: str) -> str:
    return name[:1].upper() + name[1:]


def _required(field: forms.Field, label: str) -> str:
    if isinstance(field, forms.BooleanField):
        return "Please tick this to go on."
    return f"Please choose under “{label}”." if isinstance(field, forms.ChoiceField) else f"Please fill in “{label}”."


class Whole(forms.CharField):
    """A text that is too long is refused in a sentence: a browser that knew the limit would cut what is pasted, and say
    nothing."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class Line(Whole):
    """One line as it was typed, without control characters. What shows it keeps its direction to itself."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(one_line(str(value or ""))))


class Lines(Whole):
    """Several lines of the same; their breaks and tabs stay."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return str(super().to_python(lines(str(value or ""))))


class PlainText(forms.CharField):
    """One line of visible text, for names: control, direction and zero-width characters are dropped."""

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


class MinutesField(SimpleArrayField):
    """Numbers of minutes one after the other, "8, 5"; whatever is no such thing is refused in one sentence."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(one) for one in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        try:
            return list(super().clean(value))
        except forms.ValidationError:
            raise forms.ValidationError(BOXES) from None


class ZoneMenu(forms.Select):
    """All zones in one menu, by a template of one loop: as Django's own options they were half the cost of a page."""

    template_name = "members/widgets/zones.html"

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        return []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"zones": self.choices}


class ZoneField(forms.ChoiceField):
    """A zone of the IANA list; old names that browsers still send are taken under their present one."""

    def __init__(self, **options: Any) -> None:
        zones = [("", "—"), *((name, name.replace("_", " ")) for name in sorted(zone_names()))]
        super().__init__(choices=zones, widget=ZoneMenu(attrs={"data-zone": ""}), **options)

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
