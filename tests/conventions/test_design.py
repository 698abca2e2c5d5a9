"""What the look promises everybody: contrast in both schemes, nothing inline, every part on one page."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
LAYERS = ("tokens", "base", "layout", "components")
# Letters are read by mail programs, which know no style sheets; the button is part of a letter.
LETTERS = {TEMPLATES / "components" / "letter_action.html", *(TEMPLATES / "email").rglob("*.html")}

TEXT_ON_GROUND = [
    *[(text, ground) for text in ("ink", "soft", "felt", "brass", "rust") for ground in ("paper", "sheet", "sunk")],
    *[(colour, f"{colour}-wash") for colour in ("felt", "brass", "rust", "sky", "plum")],
    *[("soft", "brass-wash"), ("soft", "felt-wash"), ("felt-strong", "felt-wash")],
    *[("on-felt", "felt"), ("on-felt", "felt-strong"), ("on-felt", "brass")],
    *[("on-table", "table"), ("on-table-soft", "table")],
]
EDGE_ON_GROUND = [
    *[(edge, ground) for edge in ("edge", "brass-bright") for ground in ("paper", "sheet", "sunk")],
    ("glow", "table"),
]


def colours(scheme: int) -> dict[str, str]:
    """The colours of one scheme, 0 light and 1 dark, by name."""
    source = (STATIC / "css" / "tokens.css").read_text()
    pairs = {name: pair for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", source)}
    single = {name: [colour, colour] for name, colour in re.findall(r"--([\w-]+): (#\w{6});", source)}
    return {name: pair[scheme] for name, pair in (pairs | single).items()}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_counted_as_the_standard_counts(one, other, ratio):
    assert round(contrast(one, other), 2) == ratio


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_stands_out_from_its_ground(text, ground, scheme):
    shown = colours(scheme)
    assert contrast(shown[text], shown[ground]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_ON_GROUND)
def test_edges_and_focus_rings_stand_out_from_their_ground(edge, ground, scheme):
    shown = colours(scheme)
    assert contrast(shown[edge], shown[ground]) >= 3


@pytest.mark.parametrize("name", LAYERS)
def test_each_style_sheet_fills_its_own_layer(name):
    source = (STATIC / "css" / f"{name}.css").read_text()
    assert re.findall(r"^@layer (\w+) \{", source, re.MULTILINE) == [name]


@pytest.mark.parametrize("name", LAYERS)
def test_style_sheets_shout_never_and_name_no_single_element(name):
    source = (STATIC / "css" / f"{name}.css").read_text()
    assert re.findall(r"!important|^ +#[\w-]+ ?[{,>]", source, re.MULTILINE) == []


def test_every_custom_property_that_is_used_is_set_somewhere():
    source = "".join((STATIC / "css" / f"{name}.css").read_text() for name in LAYERS)
    assert set(re.findall(r"var\(--([\w-]+)\)", source)) - set(re.findall(r"--([\w-]+):", source)) == set()


def test_pages_carry_no_style_and_no_script_of_their_own():
    pages = [page for page in TEMPLATES.rglob("*.html") if page not in LETTERS]
    inline = re.compile(r"<style|\sstyle=|\son\w+=\"|<script(?![^>]*(\ssrc=|type=\"application/json\"))", re.IGNORECASE)
    assert [page.relative_to(TEMPLATES).as_posix() for page in pages if inline.search(page.read_text())] == []


def test_scripts_import_no_other_script():
    scripts = (STATIC / "js").glob("*.js")
    assert [
        script.name for script in scripts if re.search(r"^import\s|\bimport\(", script.read_text(), re.MULTILINE)
    ] == []


def test_the_style_guide_shows_every_noun():
    source = re.sub(r"/\*.*?\*/", "", (STATIC / "css" / "components.css").read_text(), flags=re.DOTALL)
    shown = (TEMPLATES / "styleguide.html").read_text()
    parts = "".join(part.read_text() for part in (TEMPLATES / "components").glob("*.html"))
    nouns = {noun for noun in re.findall(r"(?<![\w.)])\.([a-z]+)", source) if not noun.isdigit()}
    used = set(re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]*)"', shown + parts))))
    assert nouns - used == {"hero"}  # stands on the start page alone
