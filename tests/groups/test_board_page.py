"""The composition board as organizers see and use it, with and without scripts."""

from __future__ import annotations

import re
from datetime import time

import pytest
from django.urls import reverse

from groups import arranging, hourcard
from groups.models.draft import Composition, DraftGroup, LeftOut
from groups.models.invitation import Invitation
from members.models.application import Application
from members.models.hours import Hours
from tests.groups.conftest import THURSDAY_17, applicant

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Target": "board"}


@pytest.fixture
def olga(client, organizer):
    client.force_login(organizer)
    return client


@pytest.fixture
def board(draft, program):
    """Two drafts, the second of one person; one waits with a reason, and one came later."""
    second = draft_with(draft.composition, program, 2, "Kay Kent")
    waits = applicant(program, "Wanda Wait")
    fix = {"words": "Mondays, 08:00 to 09:30", "zone": "America/New_York", "group": 2}
    LeftOut.objects.create(
        composition=second.composition, application=waits, code="packing", sentence="No seat.", fix=fix
    )
    applicant(program, "Late Comer")
    Composition.objects.update(placed=5, bound=6)
    return Composition.objects.get()


def draft_with(composition, program, number, *names):
    made = DraftGroup.objects.create(
        composition=composition, number=number, mode="video", zone="America/New_York", window=THURSDAY_17
    )
    for name in names:
        Invitation.objects.create(draft=made, application=applicant(program, name))
    return made


def page(board, query="", **headers):
    return reverse("admin:groups_composition_board", args=[board.public_id]) + query


def edit(olga, board, do, *, version=None, headers=None, **more):
    seen = Composition.objects.get().version if version is None else version
    to = reverse("admin:groups_composition_edit", args=[board.public_id])
    return olga.post(to, {"do": do, "version": seen, **more}, headers=headers or {}, follow=True).content.decode()


def key(initials):
    return Application.objects.get(person__initials=initials).public_id


def test_tiles_show_initials_and_who_waits_with_the_nearest_way_in(olga, board):
    seen = olga.get(page(board)).content.decode()
    assert seen.count("data-person=") == 7
    assert "No seat. Nearest way in: one more time, Mondays, 08:00 to 09:30, opens group 2." in seen
    assert "Ada Lovelace" not in seen


def test_a_person_in_the_hand_sees_the_nearest_ways(olga, board):
    seen = olga.get(
        page(board, f"?hand={key('WW')}"), headers={"HX-Request": "true", "HX-Target": "hand"}
    ).content.decode()
    assert ("WW in hand" in seen, "fits" in seen, seen.count("<option")) == (True, True, 2)


def test_a_look_says_what_a_move_would_break(olga, board):
    wanted = page(board, f"?hand={key('AL')}&group=2")
    seen = olga.get(wanted, headers={"HX-Request": "true", "HX-Target": "verdict"}).content.decode()
    assert "In group 2: breaks no rule" in seen
    empty = olga.get(
        page(board, f"?hand={key('KK')}&group=pool"), headers={"HX-Request": "true", "HX-Target": "verdict"}
    )
    assert "In the pool: breaks no rule" in empty.content.decode()


def test_a_move_without_scripts_comes_back_to_the_board_with_a_sentence(olga, board):
    seen = edit(olga, board, f"move {key('AL')}", group="2")
    assert "AL is in group 2 now. Quality" in seen
    assert Invitation.objects.get(application__person__initials="AL").draft.number == 2


def test_a_move_with_htmx_answers_with_what_it_has_changed_and_a_sentence(olga, board):
    seen = edit(olga, board, f"move {key('KK')} pool", headers=HTMX)
    assert ("<html" in seen, 'id="board"' in seen, "KK is in the pool now" in seen) == (False, False, True)
    assert parts(seen) == ["state", "hand", "pool", "group-2", "edits", "said"]
    assert ('data-version="1"' in seen, seen.count(f'id="tile-{key("KK")}"')) == (True, 1)


def test_of_two_columns_only_those_and_not_the_pool_come_back(olga, board):
    seen = edit(olga, board, f"move {key('AL')} 2", headers=HTMX)
    assert parts(seen) == ["state", "hand", "group-1", "group-2", "edits", "said"]
    assert parts(edit(olga, board, "undo", headers=HTMX))[2:4] == ["group-1", "group-2"]
    assert parts(edit(olga, board, "lock 2", headers=HTMX))[2:3] == ["group-2"]


def parts(seen):
    """What is replaced on the page, each by its own name."""
    return re.findall(r'<\w+ id="([\w-]+)"[^>]* hx-swap-oob', re.sub(r'<section class="draft" id', "<section id", seen))


def test_a_move_that_breaks_a_rule_names_it(olga, board, program):
    applicant(program, "Gina Twin", company_key="ada")
    seen = edit(olga, board, f"move {key('GT')} 1", headers=HTMX)
    assert "Group 1: AL and GT are both at ada." in seen or "Group 1: GT and AL are both at ada." in seen
    assert 'data-state="broken"' in seen
    assert "both at ada" in olga.get(page(board, "?show=broken")).content.decode()


def test_a_stale_move_is_told_and_the_board_shows_what_the_other_did(olga, board, organizer):
    second = DraftGroup.objects.get(number=2)
    arranging.move(board, Application.objects.get(person__initials="AL"), second, seen=0, by=organizer)
    seen = edit(olga, board, f"move {key('GH')} 2", version=0, headers=HTMX)
    assert "not the board that you saw. Olga moved AL from group 1 to group 2." in seen
    assert ('data-version="1"' in seen, 'id="board"' in seen) == (True, True)


def test_news_are_silent_until_there_are_some(olga, board, organizer):
    news = reverse("admin:groups_composition_news", args=[board.public_id])
    assert olga.get(news + "?version=0").status_code == 204
    arranging.lock(board, DraftGroup.objects.get(number=2), on=True, seen=0, by=organizer)
    assert "Olga locked group 2." in olga.get(news + "?version=0").content.decode()


def test_locks_holds_undo_and_redo_are_buttons(olga, board):
    said = [
        edit(olga, board, do) for do in ("lock 2", "free 2", f"hold {key('AL')}", "undo", "redo", f"let_go {key('AL')}")
    ]
    told = [
        "Group 2 is locked.",
        "Group 2 is unlocked.",
        "AL is held now.",
        "Taken back: held AL",
        "Done again: held AL",
    ]
    assert [words in seen for words, seen in zip([*told, "AL is free to move now."], said, strict=True)] == [True] * 6


@pytest.mark.parametrize("do", ["", "move", "fly home", "move a b c d", "lock", "undo 4"])
def test_nonsense_is_a_sentence(olga, board, do):
    assert "nothing that can be done here" in edit(olga, board, do)


@pytest.mark.parametrize("query", ["?hand=nobody", "?hand=%00", "?group=x&page=z&left=-3&find=99999999"])
def test_odd_addresses_are_a_page_or_nothing(olga, board, query):
    assert olga.get(page(board, query)).status_code in (200, 404)


def test_what_is_not_there_is_not_found(olga, board):
    to = reverse("admin:groups_composition_edit", args=[board.public_id])
    assert [
        olga.post(to, {"do": do, "version": 0}).status_code for do in (f"move {key('AL')} 9", "move x 1", "lock pool")
    ] == [404] * 3


@pytest.mark.parametrize("more", [0, 2])
def test_the_board_asks_the_same_for_two_groups_and_for_four(olga, board, program, more, django_assert_num_queries):
    for number in range(more):
        draft_with(board, program, 3 + number, f"More{number} A", f"Some{number} B")
        applicant(program, f"Waits{number} C")
    with django_assert_num_queries(14):
        olga.get(page(board))


@pytest.mark.parametrize("more", [0, 2])
def test_a_move_asks_the_same_for_two_groups_and_for_four(olga, board, program, more, django_assert_num_queries):
    for number in range(more):
        draft_with(board, program, 3 + number, f"More{number} A", f"Some{number} B")
        applicant(program, f"Waits{number} C")
    to, moved = reverse("admin:groups_composition_edit", args=[board.public_id]), key("AL")
    with django_assert_num_queries(39):
        olga.post(to, {"do": f"move {moved} 2", "version": 0}, headers=HTMX)


def test_a_group_is_found_by_its_number(olga, board, program):
    DraftGroup.objects.bulk_create(
        DraftGroup(composition=board, number=n, mode="video", zone="America/New_York", window=THURSDAY_17)
        for n in range(3, 40)
    )
    seen = olga.get(page(board, "?find=30")).content.decode()
    assert ('id="group-30"' in seen, 'id="group-1"' in seen, seen.count('class="draft"')) == (True, False, 12)


def test_the_card_shows_shared_hours_on_each_clock_and_marks_the_hardest(olga, board):
    draft = DraftGroup.objects.get(number=1)
    row = Hours.objects.get(application__person__initials="AL")
    Hours.objects.filter(pk=row.pk).update(zone="Europe/Lisbon", good="f" * 84)
    seen = olga.get(reverse("admin:groups_draft_hours", args=[draft.public_id])).content.decode()
    assert ("New York" in seen, "Lisbon" in seen, "Thursdays, 22:00 to 23:30" in seen) == (True, True, True)
    assert (seen.count("its hour"), seen.count("hardest") > 0) == (1, True)


@pytest.mark.parametrize(("start", "minutes"), [(time(13), 0), (time(8), 300), (time(22, 30), 570), (time(1), 720)])
def test_how_hard_an_hour_is(start, minutes):
    assert hourcard.strain(start) == minutes
