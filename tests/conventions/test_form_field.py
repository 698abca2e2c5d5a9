"""One template draws every field: label, help, error, and who describes whom."""

import re

import pytest
from django import forms


class Sample(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name to use", help_text="What should <people> call you?")
    topic = forms.CharField(label="A topic", required=False, widget=forms.Textarea)
    mode = forms.ChoiceField(
        label="How to meet", choices=[("room", "In person"), ("video", "Video")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="I keep to the code")


def drawn(form: forms.Form, field: str) -> str:
    return re.sub(r"\s+", " ", form[field].as_field_group())


def test_a_label_names_its_field_and_the_help_describes_it():
    html = drawn(Sample(), "name")
    assert re.findall(r'(?:for|aria-describedby)="([^"]*)"', html) == ["id_name", "id_name_helptext"]
    assert '<p class="hint" id="id_name_helptext">What should &lt;people&gt; call you?</p>' in html


def test_an_error_stands_before_its_field_and_describes_it():
    html = drawn(Sample({}), "name")
    assert re.findall(r' id="([^"]*)"', html) == ["id_name_helptext", "id_name_error", "id_name"]
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


@pytest.mark.parametrize(
    ("field", "says_optional"), [("name", False), ("topic", True), ("mode", False), ("agree", False)]
)
def test_only_what_may_stay_empty_says_so(field, says_optional):
    assert ("(optional)" in drawn(Sample(), field)) == says_optional


def test_a_choice_is_a_group_with_a_legend_and_its_error_describes_the_group():
    html = drawn(Sample({}), "mode")
    assert '<fieldset id="id_mode_group" aria-describedby="id_mode_error">' in html
    assert "<legend>How to meet</legend>" in html


def test_a_check_box_stands_before_its_words():
    html = drawn(Sample(), "agree")
    assert html.index("<input") < html.index('<label for="id_agree">')


def test_a_refused_form_opens_with_a_summary_that_leads_to_the_fields():
    form = Sample({"name": "Ada", "agree": "on"})
    form.add_error(None, "The pool is closed.")
    summary = str(form).partition("</section>")[0]
    assert "data-errors" in summary
    assert re.findall(r"<li>(.*?)</li>", summary) == [
        "The pool is closed.",
        '<a href="#id_mode_0">How to meet</a> This field is required.',
    ]


def test_a_form_without_errors_has_no_summary():
    assert "data-errors" not in str(Sample())
