import pytest
from django.urls import reverse

from groups import composing, inviting, running
from groups.consent import Answer
from groups.models.draft import Composition, DraftGroup, Progress
from groups.models.invitation import Invitation
from groups.models.shard import Shard, ShardState, Step
from roundtable import clock
from tests.groups.conftest import THURSDAY_17, applicant

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga(client, organizer):
    client.force_login(organizer)
    return client


def page(composition):
    return reverse("admin:groups_composition_show", args=[composition.public_id])


def act(name, draft):
    return reverse(f"admin:groups_draft_{name}", args=[draft.public_id])


def test_a_draft_is_shown_with_its_people_and_hour(olga, draft):
    seen = olga.get(page(draft.composition)).content.decode()
    assert [name in seen for name in ("Ada Lovelace", "Grace Hopper", "Thursdays, 17:00 to 18:30")] == [True] * 3


def test_releasing_on_the_page_asks_everybody_and_twice_is_told(olga, draft):
    first = olga.post(act("release", draft), follow=True).content.decode()
    second = olga.post(act("release", draft), follow=True).content.decode()
    assert "Everybody in this group has been asked" in first
    assert "nobody was asked twice" in second


def test_sealing_too_early_is_a_sentence(olga, draft, organizer):
    inviting.release(draft, by=organizer)
    assert "0 of at least 3 people have accepted" in olga.post(act("seal", draft), follow=True).content.decode()


def test_a_wish_for_another_time_is_seen_and_a_private_reason_is_not(olga, draft, organizer):
    inviting.release(draft, by=organizer)
    ada, grace, *_rest = draft.invitations.order_by("pk")
    inviting.respond(ada, Answer.OTHER_TIME, received_at=clock.now())
    inviting.respond(grace, Answer.NOT_THIS_GROUP, reason="my former manager", received_at=clock.now())
    seen = olga.get(page(draft.composition)).content.decode()
    assert ("yes, at another time" in seen, "former manager" in seen) == (True, False)


@pytest.mark.parametrize("name", ["release", "seal", "dissolve"])
def test_nothing_happens_by_opening_an_address(olga, draft, name):
    assert olga.get(act(name, draft)).status_code == 405


def test_the_organizer_of_another_program_finds_nothing(client, draft, django_user_model):
    client.force_login(django_user_model.objects.create_user("else@example.org", is_staff=True))
    assert client.get(page(draft.composition)).status_code == 404


@pytest.mark.parametrize("groups", [1, 3])
def test_one_composition_asks_the_same_for_one_group_and_for_three(olga, program, groups, django_assert_num_queries):
    composition = Composition.objects.create(program=program, progress=Progress.DONE)
    for number in range(1, groups + 1):
        draft = DraftGroup.objects.create(
            composition=composition, number=number, mode="video", zone="America/New_York", window=THURSDAY_17
        )
        for name in ("Ann Bee", "Cee Dee", "Eve Eff"):
            Invitation.objects.create(draft=draft, application=applicant(program, f"{name.split()[0]}{number} X"))
    with django_assert_num_queries(10):
        olga.get(page(composition))


@pytest.fixture
def under_way(program, organizer, pooled):
    pooled(5)
    return composing.start(program, by=organizer, seconds=5)


def test_a_run_under_way_shows_a_bar_of_people_and_a_way_to_cancel_it(olga, under_way):
    running.Watch(running.claim()).tell("greedy", 3, 5)
    seen = olga.get(page(under_way)).content.decode()
    assert '<progress aria-label="How far it is" value="3" max="5"></progress>' in seen
    assert "Composing: placing people…" in seen
    assert f'<form method="post" action="{cancel(under_way)}">' in seen


def test_a_shared_out_run_shows_how_many_parts_are_done(olga, under_way):
    Composition.objects.update(progress=Progress.RUNNING, stage=Step.IMPROVE, placed=9460, bound=9490)
    Shard.objects.update(state=ShardState.DONE)
    for number, state in enumerate([ShardState.DONE, ShardState.DONE, ShardState.WAITING]):
        Shard.objects.create(composition=under_way, step=Step.IMPROVE, number=number, state=state)
    seen = olga.get(page(under_way)).content.decode()
    assert "2 of 3 parts of the pool are done. 9460 of at most 9490 people placed so far." in seen
    assert '<progress aria-label="How far it is" value="2" max="3"></progress>' in seen


def test_cancelling_on_the_page_says_so_and_twice_is_told(olga, under_way):
    first = olga.post(cancel(under_way), follow=True).content.decode()
    second = olga.post(cancel(under_way), follow=True).content.decode()
    assert "The composition is cancelled; nothing was changed." in first
    assert "has ended already" in second
    assert ("Nothing was put on paper." in second, "<progress" in second) == (True, False)


def test_a_pool_that_changed_is_told_above_the_result(olga, draft):
    Composition.objects.update(differences="While this was composed, 1 joined the pool (MJ).")
    assert "1 joined the pool (MJ)" in olga.get(page(draft.composition)).content.decode()


def test_a_large_result_comes_in_pages(olga, program):
    composition = Composition.objects.create(program=program, progress=Progress.DONE)
    DraftGroup.objects.bulk_create(
        DraftGroup(composition=composition, number=n, mode="video", zone="America/New_York", window=THURSDAY_17)
        for n in range(1, 62)
    )
    first, second = (olga.get(page(composition) + query).content.decode() for query in ("", "?page=2"))
    assert [seen.count('<section class="draft card"') for seen in (first, second)] == [60, 1]
    assert ("in 61 groups" in first, "?page=2&amp;left=1" in first) == (True, True)


def cancel(composition):
    return reverse("admin:groups_composition_cancel", args=[composition.public_id])
