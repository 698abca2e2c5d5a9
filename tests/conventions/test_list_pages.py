"""A list asks the database the same for one row and for three; every list page is counted, here or beside its app."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from groups.models.draft import Composition, DraftGroup, LeftOut
from groups.models.group import Group
from groups.models.invitation import Invitation
from groups.models.offer import Offer
from meetings.models.meeting import Meeting
from meetings.models.seat import Seat
from members.models.application import Application
from members.models.conduct import CodeOfConduct
from members.models.person import Person
from members.models.program import Program
from members.models.room import Room
from roundtable.outbox.models import Letter
from tests.confidence.permissions import addresses
from tests.conftest import START
from tests.conventions.source import ROOT

HERE = {
    "/admin/outbox/letter/": 5,
    "/admin/members/person/": 5,
    "/admin/members/codeofconduct/": 6,
    "/admin/members/room/": 7,
    "/admin/groups/group/": 7,
    "/admin/groups/composition/compose/": 4,
    "/admin/groups/composition/pools/": 12,
    "/admin/groups/composition/show/": 10,
    "/outbox/": 4,
    "/privacy/": 2,
}
ELSEWHERE = {
    "meetings:dates": "meetings/after_the_seal/test_dates_page.py",
    "meetings:rota": "meetings/after_the_seal/test_rota.py",
    "members:home": "members/test_pages.py",
    "members:program": "members/test_program_page.py",
    "members:city": "members/test_program_page.py",
    "members:status": "members/test_pages.py",
    "admin:review": "members/test_admin_pages.py",
    "admin:places": "members/test_admin_pages.py",
    "admin:keep_apart": "members/test_keep_apart.py",
    "admin:own_words": "members/test_own_words.py",
    "admin:members_application_changelist": "members/test_admin_pages.py",
    "admin:members_import_changelist": "members/test_admin_pages.py",
    "admin:members_placealias_changelist": "members/test_admin_pages.py",
    "admin:members_program_changelist": "members/test_admin_pages.py",
    "groups:candidates": "meetings/after_the_seal/test_backfilling.py",
    "admin:groups_health": "meetings/test_health.py",
    "admin:groups_brief": "meetings/test_briefing.py",
    "admin:groups_lives": "meetings/test_lives.py",
    "admin:groups_quarter": "meetings/test_lookback.py",
    "admin:groups_living": "meetings/after_the_seal/test_backfilling.py",
    "admin:groups_living_people": "meetings/after_the_seal/test_merging.py",
    "groups:question": "meetings/after_the_seal/test_merging.py",
    "meetings:group": "meetings/after_the_seal/test_seating.py",
    "meetings:hours": "meetings/after_the_seal/test_hours_pages.py",
    "meetings:poll": "meetings/after_the_seal/test_hours_pages.py",
    "admin:groups_tables": "meetings/test_opening.py",
    "admin:groups_living_hours": "meetings/after_the_seal/test_hours_pages.py",
    "meetings:groups": "meetings/after_the_seal/test_own_groups.py",
    "meetings:takeaways": "meetings/test_keeping.py",
    "meetings:timeline": "meetings/test_memory.py",
    "meetings:shared_notes": "meetings/test_releasing.py",
    "meetings:board": "meetings/test_board.py",
}
LEADS_AWAY = {"admin:groups_composition_changelist"}


def more(program: Program, number: int, composition: Composition) -> None:
    """One more of everything that some list shows."""
    person = Person.objects.create_user(f"p{number}@example.org", name=f"P{number}", initials="P")
    application = Application.objects.create(program=program, person=person, stage="pooled", submitted_at=START)
    draft = DraftGroup.objects.create(composition=composition, number=number, mode="video", zone="UTC", window=0)
    Invitation.objects.create(draft=draft, application=application)
    LeftOut.objects.create(composition=composition, application=application, code="hours", sentence="No hour.")
    Composition.objects.create(program=program, progress="done")
    Offer.objects.create(
        program=program,
        application=application,
        kind="circle",
        place=f"City {number}",
        by_video=False,
        zone="UTC",
        window=0,
        made_at=START,
        draft=draft,
    )
    Room.objects.create(program=program, metro="Lisbon", name=f"R{number}", address="Rua 1")
    Group.objects.create(program=program, name=f"G{number}", mode="video", zone="UTC", window=0, sealed_at=START)
    CodeOfConduct.objects.create(program=program, number=number, text="Be kind.", published_on=START.date())
    Letter.objects.create(kind="groups/sealed", person=person, to=person.email, dedupe_key=str(number))


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("path", HERE)
def test_a_list_asks_the_same_for_one_and_for_three(
    path: str,
    count: int,
    client: Client,
    program: Program,
    superuser: Person,
    django_assert_num_queries: Callable[..., object],
) -> None:
    composition = Composition.objects.create(program=program, progress="done")
    for number in range(1, count + 1):
        more(program, number, composition)
    client.force_login(superuser)
    to = f"{path}{composition.public_id}/" if path.endswith("/show/") else path
    with django_assert_num_queries(HERE[path]):  # type: ignore[attr-defined]
        assert client.get(to).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_a_meetings_page_asks_the_same_for_three_and_for_five(
    count: int,
    client: Client,
    meeting: Meeting,
    hedy: Person,
    person: Callable[..., Person],
    django_assert_num_queries: Callable[..., object],
) -> None:
    for number in range(count):
        Seat.objects.create(meeting=meeting, person=person(f"More{number}"))
    client.force_login(hedy)
    with django_assert_num_queries(12):  # type: ignore[attr-defined]
        assert client.get(meeting.path).status_code == 200


def test_every_list_of_the_admin_is_counted() -> None:
    lists = {name for name in addresses() if name.endswith("_changelist")} - LEADS_AWAY - set(ELSEWHERE)
    assert {f"/{addresses()[name]}" for name in lists} - set(HERE) == set()


@pytest.mark.parametrize("name", ELSEWHERE)
def test_the_other_lists_are_counted_where_the_list_says(name: str) -> None:
    assert "django_assert_num_queries(" in (ROOT / "tests" / ELSEWHERE[name]).read_text()
    assert name in addresses()
