"""Whatever people type: no control character gets in, on one line there is one line, and all else stays as typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.forms.forms import BaseForm
from django.test import RequestFactory

from members.forms.fields import Line, Lines, PlainText
from members.models.person import Person
from tests.conventions.source import APPS, places_that_call

HOSTILE = "a\r\n\tb\x1b\x85"
SHOWN = {"One\r\n# Two\x1b[31m": "One # Two[31m", "a\t\r\n\n b": "a  b", "x\u2028y\x0b\x85z\x7f": "x yz"}
ON_LINES = {"One\r\ntwo\rthree\n": "One\ntwo\nthree", "a\tb\x1b\x9bc\x08": "a\tbc", "a\n\n- b": "a\n\n- b"}
SHAPED = {"EmailField", "MinutesField", "RegexField", "SlugField", "URLField", "UUIDField"}  # these say what they take


def kinds(of: type[Any] = BaseForm) -> Iterator[type[Any]]:
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def of_the_admin() -> Iterator[type[Any]]:
    """The forms that it makes of our records, and of the rows below them."""
    request = RequestFactory().get("/")
    request.user = Person(is_staff=True, is_superuser=True, is_active=True)
    for page in admin.site._registry.values():
        if page.has_add_permission(request) or page.has_change_permission(request):
            yield page.get_form(request, None)
            yield from (formset.form for formset, _ in page.get_formsets_with_inlines(request))


def texts() -> Iterator[tuple[str, forms.CharField]]:
    ours = [kind for kind in kinds() if kind.__module__.partition(".")[0] in APPS]
    for form in [*ours, *of_the_admin()]:
        for name, field in form.base_fields.items():
            if isinstance(field, forms.CharField):
                yield f"{form.__module__}.{form.__name__}.{name}", field


def controls(field: forms.CharField) -> str | None:
    """Which of them it lets through; None where it refuses such a text altogether."""
    try:
        cleaned = field.clean(HOSTILE)
    except forms.ValidationError:
        return None
    kept = "\n\t" if isinstance(field.widget, forms.Textarea) else ""
    found = "".join(cleaned if isinstance(cleaned, list) else [cleaned])
    return "".join(sign for sign in found if unicodedata.category(sign) == "Cc" and sign not in kept)


@pytest.mark.django_db
def test_no_form_takes_a_control_character() -> None:
    found = {name: (type(field).__name__, controls(field)) for name, field in texts()}
    assert len(found) > 60
    assert {name: let for name, (_, let) in found.items() if let} == {}
    assert {kind for kind, let in found.values() if let is None} <= SHAPED


def test_fields_of_plain_text_are_ours() -> None:
    """Those that a form makes only when it is asked for as well."""
    assert places_that_call("forms.CharField") == {}


@pytest.mark.parametrize(("typed", "kept"), SHOWN.items())
def test_breaks_and_tabs_of_one_line_are_a_space(typed: str, kept: str) -> None:
    assert Line().clean(typed) == kept


@pytest.mark.parametrize(("typed", "kept"), ON_LINES.items())
def test_several_lines_keep_their_breaks_and_tabs(typed: str, kept: str) -> None:
    assert Lines().clean(typed) == kept


@pytest.mark.parametrize("typed", ["\u202eabc\u2066", "👩\u200d💻", "=1+1", "<b>", "a  b"])  # shown apart by <bdi>
def test_all_else_stays_as_it_was_typed(typed: str) -> None:
    assert (Line().clean(typed), Lines().clean(typed)) == (typed, typed)


def test_a_name_keeps_no_direction_either() -> None:
    assert PlainText().clean("\u202eA\r\nda\x1b") == "A da"


@pytest.mark.parametrize("field", [Line, Lines])
def test_a_nul_is_refused_with_a_sentence(field: type[forms.CharField]) -> None:
    with pytest.raises(forms.ValidationError, match="Null characters are not allowed"):
        field().clean("a\0b")


@pytest.mark.parametrize("field", [Line, Lines])
def test_what_has_nothing_left_is_empty_and_the_length_is_that_of_what_stays(field: type[forms.CharField]) -> None:
    with pytest.raises(forms.ValidationError, match="required"):
        field().clean(" \x1b\r\n")
    assert (field(required=False).clean(None), len(field(max_length=3).clean("a\r\nb"))) == ("", 3)
