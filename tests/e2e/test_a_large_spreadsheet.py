"""A workbook of a thousand people goes through a worker, from its columns to the list for review."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import Workbook
from playwright.sync_api import expect

from tests.e2e.conftest import ROOT, Somebody

pytestmark = pytest.mark.browser
ORGANIZER = "organizer@roundtable.example"


def a_thousand() -> bytes:
    """The sample as a workbook; two of its people live in a city of which there are several."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Form responses 1")
    with (ROOT / "samples" / "applicants-1000.csv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file)):
            name, address, *rest = row
            rest[5] = "Portland" if number in (5, 6) else rest[5]
            sheet.append([name, f"{number}.{address}" if number else address, *rest])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_of_a_thousand_people_goes_through_a_worker(somebody: Callable[..., Somebody]) -> None:
    olga = somebody()
    olga.sign_in(ORGANIZER, to="/admin/")
    page = olga.page
    page.goto("/admin/members/program/tech-roundtable/import/")
    check_accessibility(olga)
    olga.picture("import-file")
    page.locator("input[type=file]").set_input_files(
        {"name": "people.xlsx", "mimeType": "application/octet-stream", "buffer": a_thousand()}
    )
    page.get_by_role("button", name="Look at its columns").click()
    expect(page.get_by_role("heading", name="What the columns ask")).to_be_visible(timeout=30_000)
    check_accessibility(olga)
    olga.picture("import-columns")
    page.get_by_role("button", name="Show the report").click()
    expect(page.locator("progress")).to_be_visible()
    olga.picture("import-progress")
    expect(page.get_by_role("button", name="Take it in")).to_be_visible(timeout=60_000)
    check_accessibility(olga)
    olga.picture("import-report")
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_text("The file is taken in")).to_be_visible(timeout=90_000)
    expect(page.locator(".tile").first).to_contain_text("1000")
    olga.picture("import-done")


def check_accessibility(person: Somebody) -> None:
    """No violation of WCAG 2.2 AA that axe can see."""
    found = Axe().run(person.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    seen = [f"{one['id']}: {node['html'][:160]}" for one in found.response["violations"] for node in one["nodes"]]
    assert seen == [], "\n".join([person.page.url, *seen])
