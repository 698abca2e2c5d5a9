"""A program with a code of conduct, people who applied to it, and a spreadsheet to fill."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client

from members import drafting, meetable
from members.forms.application import PAGES, begun
from members.forms.draft import Papers
from members.models.application import Application, IdentityAnswers, Mode, Placed
from members.models.conduct import Acceptance, CodeOfConduct
from members.models.hours import Hours
from members.models.person import Person
from members.models.program import Organizer, Program
from members.weekhours import block_mask, to_hex
from roundtable.outbox.models import Letter

SUBMITTED = datetime(2026, 4, 20, 9, tzinfo=UTC)
ROW = {
    "Name": "Ada Lovelace",
    "Email": "ada@example.org",
    "Company": "Analytical Engines Ltd",
    "Role": "CTO",
    "People in your org": "35",
    "Where are you based?": "San Francisco, CA",
    "In person or video?": "Either",
    "Gender": "woman",
    "Where would being the only one in the room matter to you?": "gender",
    "Topics": "hiring; metrics",
    "Availability (your local time)": "Mon early; Tue lunch; Wed evening",
    "How often?": "monthly",
    "Code of conduct": "agreed",
    "Submitted at": "2026-04-20 09:00",
}
HEADER = ",".join(ROW)
APPLY, CONFIRM = "/apply/cto/", "/apply/cto/confirm/"
ANSWERS: dict[str, dict[str, Any]] = {
    "you": {"name": "Wanda Ruiz", "email": "Wanda@Example.org"},
    "work": {
        "role": "cto",
        "org_size": "10-29",
        "company": "Quarry Works Inc",
        "company_size": "10-49",
        "shows_company": "yes",
        "keep_apart": "Rival Corp; Jo Doe",
    },
    "where": {
        "mode": "either",
        "place_text": "Minneapolis",
        "zone": "America/Chicago",
        "in_town": "Mill district",
        "longest_ride": "30",
    },
    "hours": {"good": ["Mon early", "Tue lunch", "Wed evening"], "rhythm": "either", "minutes": "75"},
    "wishes": {"topics": ["hiring"], "gives": "Pay reviews", "shares_words": "on", "size": "6-7", "could": ["host"]},
    "alone": {"gender": "woman", "never_alone": ["gender", "carer"], "use_sensitive": "on"},
    "check": {
        "heard": "friend",
        "sent_by": "Xenia",
        "conduct": "1",
        **dict.fromkeys(("agree_conduct", "agree_data", "agree_coming"), "on"),
    },
}


@pytest.fixture(autouse=True)
def uncounted() -> None:
    """Nobody has tried anything yet."""
    cache.clear()
    meetable.forget()


@pytest.fixture
def code(program: Program) -> CodeOfConduct:
    return CodeOfConduct.objects.create(program=program, number=1, text="Be kind.", published_on=SUBMITTED.date())


@pytest.fixture
def applicant(program: Program, code: CodeOfConduct) -> Callable[..., Application]:
    """Somebody who applied, agreed and can be placed; what a test relies on, it says."""

    def make(name: str, **fields: Any) -> Application:
        zone, agreed = fields.pop("zone", "America/Los_Angeles"), fields.pop("agreed", True)
        email = f"{name.split()[0].lower()}@applied.example.org"
        person = Person.objects.create_user(email, name=name, initials=name[0], zone=zone or "UTC")
        filled: dict[str, Any] = {
            "stage": "submitted",
            "submitted_at": SUBMITTED,
            "placed": Placed.RESOLVED,
            "place_text": "SF",
            "place_name": "San Francisco",
            "metro": "Bay Area",
            "mode": Mode.EITHER,
            "role": "cto",
            "company": f"{name} Works",
            "company_key": f"{name} works".lower(),
            "topics": ["hiring"],
            **fields,
        }
        application = Application.objects.create(program=program, person=person, **filled)
        Hours.objects.create(application=application, good=to_hex(block_mask(0, "early")), zone=zone)
        if agreed:
            Acceptance.objects.create(code=code, person=person)
        return application

    return make


@pytest.fixture
def answers() -> Callable[..., dict[str, Any]]:
    """What a browser sends of one page, by somebody who took their time; None leaves a field out."""

    def make(page: str, **changed: Any) -> dict[str, Any]:
        given = ANSWERS[page] | ({"begun": begun(ago=timedelta(minutes=1))} if page == "you" else {}) | changed
        return {name: value for name, value in given.items() if value is not None}

    return make


@pytest.fixture
def fill(code: CodeOfConduct, answers: Callable[..., dict[str, Any]]) -> Callable[..., Any]:
    """Fills in page after page up to the last button, or to the first page that is refused."""

    def send(client: Client, **changed: dict[str, Any]) -> Any:
        for page in PAGES:
            url = APPLY if page == "you" else f"{APPLY}{page}/"
            response = client.post(url, answers(page, **changed.get(page, {})))
            if response.status_code != 302:
                break
        return response

    return send


@pytest.fixture
def checked(program: Program, code: CodeOfConduct) -> dict[str, Any]:
    """The same answers as they reach the action."""
    papers = Papers(program, AnonymousUser(), drafting.begin(program, email="wanda@example.org"))
    for page, typed in ANSWERS.items():
        papers.keep(page, {name: value if isinstance(value, list) else [value] for name, value in typed.items()})
    given = papers.given()
    assert given is not None
    return given


@pytest.fixture
def sensitive() -> Callable[..., IdentityAnswers]:
    """Answers that only the solver may read."""

    def make(application: Application, answers: str = '{"never_alone": ["gender:woman"]}') -> IdentityAnswers:
        row = IdentityAnswers(application=application, source="form", consented_at=SUBMITTED)
        row.answers = answers
        row.save()
        return row

    return make


@pytest.fixture
def sheet() -> Callable[..., bytes]:
    """A CSV file; each row says only how it differs from Ada's."""

    def write(*rows: dict[str, str], header: str = HEADER, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
        out = io.StringIO()
        writer = csv.DictWriter(out, header.split(","), delimiter=delimiter, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(ROW | row for row in rows)
        return out.getvalue().encode(encoding)

    return write


@pytest.fixture
def chapter(person: Callable[..., Person], program: Program) -> Person:
    """Organizes the program in one city."""
    made = person("Chapter", is_staff=True)
    Organizer.objects.create(program=program, person=made, metro="Chicago")
    return made


@pytest.fixture
def sign_in() -> Callable[[Person], Client]:
    """A browser in which this person is signed in."""

    def make(person: Person) -> Client:
        client = Client()
        client.force_login(person, backend="roundtable.sessions.Backend")
        return client

    return make


@pytest.fixture
def letters(db: None) -> Callable[[], list[tuple[str, str, str]]]:
    """Everything in the outbox in the order of writing: kind, address, state."""

    def read() -> list[tuple[str, str, str]]:
        return list(Letter.objects.order_by("pk").values_list("kind", "to", "state"))

    return read
