"""Whatever somebody types, pastes or forges into a form, an address or a question mark: an answer, never an error."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from members.forms.application import SOONEST, begun
from tests.confidence.conftest import Ask
from tests.confidence.own import Things, where
from tests.confidence.permissions import addresses
from tests.confidence.world import World

pytestmark = pytest.mark.django_db

NUL = "a\x00b"
ODD = (NUL, "x" * 10_000, "9" * 5_000, "99999999999999999999", "\u202e\r\nBcc: eve@example.org\U0001f732", ":")
FIELDS: dict[str, dict[str, object]] = {
    "members:apply": {
        "email": "new@example.org", "name": "New One", "initials": "NO", "pronouns": "", "mode": "video",
        "place_text": "", "role": "cto", "role_text": "", "org_size": "0", "years_in_tech": "3", "years_leading": "",
        "still_coding": "", "company": "Works", "sector": "", "shows_company": "yes", "topics": ["hiring"],
        "own_topic": "", "gives": "", "stuck_on": "", "rhythm": "either", "minutes": "", "size": "", "could": [],
        "heard": "", "gender": "", "never_alone": [], "use_sensitive": "", "zone": "Europe/Lisbon",
        "good": ["Mon early", "Tue early", "Wed early"], "possible": [], "agree_conduct": "on", "agree_data": "on",
        "agree_coming": "on", "website": "", "begun": "signed",
    },
    "members:apply_confirm": {"code": "BCDF-GHJK"},
    "members:hours": {"zone": "Europe/Lisbon", "good": ["Mon early", "Tue early", "Wed early"], "possible": []},
    "members:place": {"place_text": "Lisbon", "place_id": "", "zone": ""},
    "members:agree": {"any": ""},
    "members:sensitive": {"answer": "allow"},
    "members:withdraw": {"sure": ""},
    "members:me": {"name": "Ada", "initials": "A", "pronouns": "", "zone": "Europe/Lisbon"},
    "members:leave": {"sure": ""},
    "groups:invitation": {"answer": "other_time", "shares_address": "", "reason": ""},
    "meetings:meeting": {"answer": "yes"},
    "meetings:agree": {"theme": "A theme", "form": "talk", "presenter": ""},
    "meetings:seat": {"answer": "yes"},
    "meetings:turn": {"act": "pause", "step": "0"},
    "meetings:dot": {"place": "topic:1", "key": "key", "call": "1"},
    "meetings:thumb": {"thumb": "up", "key": "key", "call": "1"},
    "meetings:attend": {"act": "here"},
    "meetings:propose": {"title": "A topic", "note": "", "links": "https://a.org A", "hidden": "", "key": "key"},
    "meetings:bring": {"act": "sponsor:topic"},
    "meetings:topic": {"title": "A topic", "note": "", "links": "", "revision": "0"},
    "meetings:takeaway": {"text": "Words", "revision": "0"},
    "meetings:reword": {"text": "Words", "revision": "0"},
    "meetings:promise": {"text": "Words"},
    "meetings:pulse": {"needed": "4", "worth": "4"},
    "meetings:by_hand": {"of": "thumbs", "up": "1"},
    "admin:review_decide": {"act": "hold", "code": "", "words": "", "chosen": ["one"], "back": ""},
    "admin:review_note": {"text": "A note", "back": ""},
    "admin:places_settle": {"place_id": "1"},
    "admin:import_applications": {"file": ""},
    "admin:import_confirm": {"leave_out": "yes"},
    "groups:question": {"word": "together"},
    "groups:company": {"company": "Acme"},
    "admin:groups_compose": {"seconds": "1"},
    "admin:groups_tables": {
        "pool": "room:Lisbon", "on": "2026-06-18", "at": "18:30", "host": "x", "cap": "12", "theme": "",
        "presenter": "", "form": "talk",
    },
    "admin:groups_table_date": {"cap": "12", "theme": "A theme", "presenter": "", "form": "talk"},
    "admin:groups_tables_archive": {"shown": "no"},
    "admin:groups_living_split": {"goes": "one two three"},
    "account_request_login_code": {"email": "hedy@example.org", "next": "/me/"},
    "account_confirm_login_code": {"code": "BCDF-GHJK"},
    "account_email": {"email": "new@example.org", "action_add": "on"},
    "account_logout": {"next": "/"},
    "account_reauthenticate": {"password": "", "next": "/"},
    "admin:members_person_add": {"email": "new@example.org", "name": "New", "initials": "N", "zone": "UTC"},
    "admin:members_program_add": {
        "name": "New", "slug": "new", "summary": "", "roster": "fixed", "size_min": "6", "size_target": "8",
        "size_max": "9", "max_per_company": "1", "willing_min": "1", "minutes": "90", "every_weeks": "6",
        "answer_days": "5", "dots": "3", "per_topic": "2", "boxes": "8, 5", "rule": "more_up", "tie": "facilitator",
        "opens_at_0": "", "opens_at_1": "", "closes_at_0": "", "closes_at_1": "",
        "organizer_set-TOTAL_FORMS": "0", "organizer_set-INITIAL_FORMS": "0", "organizer_set-MIN_NUM_FORMS": "0",
        "organizer_set-MAX_NUM_FORMS": "1000",
    },
    "admin:members_codeofconduct_add": {"program": "1", "number": "2", "text": "Be kind.", "published_on": "x"},
    "admin:outbox_letter_changelist": {"action": "send_again", "_selected_action": "1", "index": "0"},
    "admin:members_placealias_changelist": {"action": "delete_selected", "_selected_action": "1", "post": "yes"},
}  # fmt: skip
ACTS = {
    "meetings:turn": ("begin", "go", "go:dots", "open", "autopilot", "undo", "close", "next", "extend", "decide"),
    "meetings:attend": ("lead", "keep", "hand", "take_over", "alive", "done"),
    "meetings:bring": ("sponsor", "withdraw", "ears"),
    "meetings:agree": ("take", "yes", "no", "withdraw"),
}
ASKED: tuple[str, ...] = (
    "q",
    "page",
    "card",
    "program",
    "stage",
    "metro",
    "mode",
    "place",
    "role",
    "for",
    "after",
    "every",
    "view",
)
ASKED += ("next", "term", "o", "p", "e", "all", "to", "program__id__exact", "_popup", "_to_field", "app_label")
ASKED += ("field_name", "model_name", "_changelist_filters")
LISTS: tuple[str, ...] = ("admin:review", "admin:places", "admin:members_application_changelist", "admin:autocomplete")
LISTS += ("meetings:board", "meetings:board_shared", "meetings:takeaways", "members:home")
BENT = ("%00", "9" * 30, "%ff", "%0d%0aX:1")
FINE = {"meetings:board_live": {503}, "health_ready": {503}}


@pytest.fixture(scope="module")
def made(built: World) -> Things:
    return Things(built)


@pytest.fixture
def things(made: Things, world: World) -> Things:
    return made


def presses(name: str) -> str:
    """Who of the cast has the most to press at this address."""
    if name.startswith(("account_request", "account_confirm", "members:apply")):
        return "anon"
    if name.startswith(("admin:", "/admin/")):
        return "superuser"
    return "invited" if name == "groups:invitation" else "facilitator"


def forms(name: str) -> Iterator[dict[str, object]]:
    """Each form whole but for one field, which holds something odd; and each press with an odd object."""
    whole = {
        field: str(uuid.uuid4()) if value == "key" else begun(ago=SOONEST) if value == "signed" else value
        for field, value in FIELDS.get(name, {"any": ""}).items()
    }
    for field in [field for field in whole if "_FORMS" not in field]:
        for value in ODD:
            yield whole | {field: value}
    for act in ACTS.get(name, ()):
        for value in ("", ":", f":{NUL}", ":" + "x" * 49, ":\u202e"):
            yield whole | {"act": act + value}


def errors(ask: Ask, name: str, part: str, method: str, path: str, **more: object) -> list[tuple[object, ...]]:
    status = ask(part, method, path, **more).status_code
    return [(part, method, path, more, status)] if status >= 500 and status not in FINE.get(name, ()) else []


@pytest.mark.parametrize("name", FIELDS)
def test_no_form_breaks(name: str, ask: Ask, things: Things) -> None:
    part = presses(name)
    path, _ = where(things, name, part)
    found = [error for form in forms(name) for error in errors(ask, name, part, "POST", path, data=form)]
    assert found == []


@pytest.mark.parametrize("name", addresses())
def test_no_address_breaks(name: str, ask: Ask, things: Things) -> None:
    part = presses(name)
    own, _ = where(things, name, part)
    bare = own.partition("?")[0]
    pieces = bare.strip("/").split("/")
    bent = ["/" + "/".join([*pieces[:at], odd, *pieces[at + 1 :]]) + "/" for at in range(len(pieces)) for odd in BENT]
    asked = [f"{bare}?{word}={odd}" for word in ASKED for odd in BENT if name in LISTS]
    found = [error for path in (*bent, *asked) for error in errors(ask, name, part, "GET", path)]
    assert found == []
