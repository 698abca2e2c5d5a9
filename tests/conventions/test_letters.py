"""Each kind of letter has three parts, and each part can be filled in from what its writer gives."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from groups.times import on_clock
from meetings.line import Standing
from meetings.reminders import Brief
from members.models.person import Person
from roundtable.outbox.post import Draft, written

LETTERS = Path(settings.BASE_DIR) / "templates" / "email"
KINDS = sorted(path.parent.relative_to(LETTERS).as_posix() for path in LETTERS.rglob("subject.txt"))
LOST = "~lost~"
HOUR = on_clock(
    36, kept_in="Europe/Lisbon", zone="Europe/Lisbon", minutes=90, monday=datetime(2026, 5, 11, tzinfo=UTC).date()
)
THERE = on_clock(
    36, kept_in="Europe/Lisbon", zone="America/New_York", minutes=90, monday=datetime(2026, 5, 11, tzinfo=UTC).date()
)
APPLICATION: dict[str, object] = {
    "name": "Ada",
    "program": "Circles",
    "page": "https://a/status/",
    "home": "https://a/",
}
ASKED: dict[str, object] = {
    "ask_place": True,
    "ask_agreement": True,
    "ask_consent": True,
    "places": ["Portland, OR, United States"],
}
SAMPLES: dict[str, dict[str, object]] = {
    "groups/invitation": {"program": "Circles", "hour": HOUR, "for_you": THERE, "metro": "Lisbon", "until": "Friday"},
    "groups/chair_for_you": {"program": "Circles", "hour": HOUR, "for_you": THERE, "metro": "", "until": "Friday"},
    "groups/reminded": {"program": "Circles", "hour": HOUR, "for_you": THERE, "metro": "Lisbon", "until": "Friday"},
    "groups/changed_in_private": {"program": "Circles"},
    "groups/hour_moved": {
        "program": "Circles",
        "hour": HOUR,
        "for_you": THERE,
        "was": THERE,
        "said_yes": True,
        "until": "Friday",
    },
    "groups/chair_free": {
        "program": "Circles",
        "number": 3,
        "step": "stand_by",
        "accepted": 5,
        "out": 2,
        "path": "/admin/x/",
    },
    "groups/lapsed": {"program": "Circles"},
    "groups/released": {"program": "Circles"},
    "groups/start_here": {
        "program": "Circles",
        "place": "Lisbon",
        "by_video": False,
        "waiting": 9,
        "path": "/status/x/host/?in=room",
    },
    "groups/offered": {"program": "Circles", "kind": "a circle", "place": "Lisbon", "path": "/admin/x/"},
    "groups/signed": {"program": "Circles", "is_circle": True, "place": "Lisbon", "hour": HOUR},
    "groups/not_signed": {"program": "Circles", "is_circle": True, "place": "Lisbon", "hour": HOUR, "words": "In May."},
    "groups/sealed": {
        "program": "Circles",
        "group_path": "/groups/x/",
        "day": "Friday",
        "when": "at six",
        "minutes": 90,
        "leads": True,
        "often": "every 6 weeks",
        "following": ["Friday", "Monday"],
    },
    "groups/card_shown": {"until": "Friday", "silence_is_a_yes": True, "path": "/groups/x/candidates/"},
    "groups/joined": {"path": "/groups/x/"},
    **{
        f"groups/asked_{kind}": {"until": "Friday", "silence_is_a_yes": True, "path": "/groups/x/questions/y/"}
        for kind in ("merge", "split", "company", "renewal")
    },
    "groups/stays": {"is_merge": True, "path": "/groups/x/"},
    "groups/merged": {"comes": True, "path": "/groups/x/"},
    "groups/parted": {"path": "/groups/x/"},
    "groups/sabbatical_begun": {"meetings": 2, "path": "/groups/x/"},
    "groups/sabbatical_over": {"path": "/groups/x/"},
    "groups/closing": {"program": "Circles", "last": "Friday", "until": "1 May 2027", "path": "/groups/x/"},
    "meetings/planned": {"group": "Lisbon 1", "day": "Friday", "when": "at six", "minutes": 90, "path": "/meetings/x/"},
    "meetings/please_answer": {"when": "at six", "minutes": 90},
    "meetings/seat_held": {"when": "at six", "minutes": 90, "until": "Thursday at six"},
    "meetings/silent": {"when": "at six", "path": "/meetings/x/", "silent": 2, "few": True},
    "meetings/checklist": {
        "when": "at six",
        "path": "/meetings/x/",
        "missing": ["Everybody knows where"],
        "brief": Brief(2, 1, 1, 5, 2),
    },
    "meetings/starting": {
        "when": "at six",
        "minutes": 90,
        "path": "/meetings/x/",
        "room": "Attic",
        "by_link": True,
    },
    "meetings/tomorrow": {
        "token": "x:y",
        "when": "at six",
        "minutes": 90,
        "path": "/meetings/x/",
        "room": "Attic",
        "by_link": True,
    },
    "meetings/moved": {
        "group": "Lisbon 1",
        "day": "Friday",
        "was": "at five",
        "when": "at six",
        "minutes": 90,
        "other_hour": "1 hour later than the time before",
    },
    "meetings/clocks_changed": {"group": "Lisbon 1", "day": "Friday", "when": "at six", "minutes": 90},
    "meetings/clock_rules": {"program": "Circles", "cities": ["Cairo", "Madrid"], "dates": 3},
    "meetings/called_off": {"group": "Lisbon 1", "day": "Friday", "when": "at six"},
    "meetings/poll": {"what": "a new hour for all dates", "hours": ["Thursday, 17:30"], "until": "Friday"},
    "meetings/poll_closes": {"what": "a new hour for all dates", "hours": ["Thursday, 17:30"], "until": "Friday"},
    "meetings/seat_told": {
        "told": "waiting",
        "day": "Friday",
        "when": "at six",
        "minutes": 90,
        "path": "/meetings/x/",
        "theme": "Hiring & keeping people",
        "hosts": False,
        "standing": Standing(cap=12, taken=12, waiting=5, place=2, rule="Seats go by order of answer."),
        "until": "",
        "was": "",
        "last": False,
    },
    "meetings/reply_told": {
        "why": "counter",
        "answer": "you are coming",
        "lapses": False,
        "proposed": "on Monday",
        "day": "Friday",
        "when": "at six",
        "path": "/meetings/x/",
    },
    "meetings/resent": {"why": "echo", "answer": "you are coming", "day": "Friday", "when": "at six"},
    "meetings/confirm_calendar": {},
    "meetings/other_address": {"day": "Friday", "when": "at six"},
    "meetings/taster": {
        "program": "Circles",
        "day": "Friday",
        "when": "at six",
        "minutes": 90,
        "metro": "Lisbon",
        "cap": 12,
        "theme": "Hiring & keeping people",
        "out": "t0ken.out",
    },
    "meetings/your_turn": {"title": "It is your turn to lead", "day": "Friday", "when": "at six", "minutes": 90},
    "meetings/lead_wanted": {"day": "Friday", "when": "at six", "minutes": 90},
    "meetings/role_offered": {"does": "lead the meeting", "day": "Friday", "when": "at six", "against": "on Monday"},
    "meetings/role_answered": {
        "does": "lead the meeting",
        "day": "Friday",
        "when": "at six",
        "yes": True,
        "against": "on Monday",
    },
    "meetings/nobody_leads": {"program": "Circles", "group": "Lisbon 1", "when": "at six"},
    "meetings/ended": {"day": "Friday", "when": "at six"},
    "meetings/may_go_out": {
        "program": "Circles",
        "on": "12 May 2026",
        "until": "26 May 2026",
        "path": "/notes/x/",
    },
    "meetings/thanks": {
        "talked": 4,
        "kept": 3,
        "waiting": 2,
        "carries": True,
        "following": "Friday",
        "path": "/groups/x/takeaways/",
    },
    "meetings/speak": {"day": "Friday", "when": "at six", "path": "/meetings/x/"},
    "meetings/between": {"when": "at six", "waiting": 2, "path": "/meetings/x/board/", "out": "t0ken.out"},
    "meetings/weekly_brief_in_private": {
        "lines": ["Lisbon 1: presence, topics. Ask for another hour.", "No next date: Porto 1."],
        "path": "/admin/x/",
        "off": "/admin/y/",
    },
    "meetings/quarter_in_private": {"quarter": "the third quarter of 2026", "path": "/admin/x/"},
    "meetings/nudge_in_private": {"when": "at six", "sign": "there are few topics so far", "path": "/nudges/x/"},
    "meetings/excused": {"day": "Friday", "when": "at six"},
    "meetings/one_less": {"day": "Friday", "when": "at six", "path": "/meetings/x/"},
    "meetings/taken_out": {"day": "Friday", "when": "at six"},
    "members/account_notice": {"name": "Ada", "happened": "A passkey was added", "page": "https://a/me/"},
    "members/confirm_address": {"program": "Circles"},
    "members/resume": {"program": "Circles"},
    "members/unfinished": {"program": "Circles"},
    "members/login_code": {"name": "Ada", "minutes": 10},
    "members/email_code": {"name": "Ada", "minutes": 10},
    "members/question": APPLICATION | ASKED,
    "members/code_changed": {"name": "Ada", "program": "Circles", "number": 2, "page": "https://a/conduct/x/"},
    "members/received": APPLICATION,
    "members/accepted": APPLICATION | {"pools": ["Lisbon, in person: 7 people wait, you among them."]},
    "members/again": APPLICATION | {"stage": "dormant"},
    "members/monthly": APPLICATION | {"pools": ["Lisbon, in person: 7 people wait."], "advice": "Add an hour."},
    "members/resting": APPLICATION,
    **{kind: APPLICATION for kind in KINDS if kind.startswith("members/declined_")},
}


@pytest.fixture
def strict() -> object:
    """A name that nobody filled in shows."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["string_if_invalid"] = LOST
    with override_settings(TEMPLATES=templates):
        yield


def test_every_kind_has_a_sample_and_every_sample_a_kind() -> None:
    assert sorted(SAMPLES) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_has_three_parts(kind: str) -> None:
    assert sorted(path.name for path in (LETTERS / kind).iterdir()) == ["body.html", "body.txt", "subject.txt"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_leaves_no_gap(kind: str, strict: object) -> None:
    links = {"token": "t0ken", "code": "BCDF-GHJK"}
    draft = Draft(
        kind=kind,
        to=Person(email="ada@example.org", name="Ada"),
        about="x:1",
        dedupe_key="x",
        context=SAMPLES[kind],
        links=links,
    )
    letter = written(draft)
    assert [part for part in (letter.subject, letter.text, letter.html) if LOST in part or not part.strip()] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_subject_is_one_line_that_fits(kind: str) -> None:
    draft = Draft(
        kind=kind, to=Person(email="ada@example.org", name="Ada"), about="x:1", dedupe_key="x", context=SAMPLES[kind]
    )
    subject = written(draft).subject
    assert (0 < len(subject) <= 78, "\n" in subject) == (True, False)
