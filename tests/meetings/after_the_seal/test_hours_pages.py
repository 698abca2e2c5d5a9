"""Pages about hours and polls: whoever answers sees counts, whoever leads settles, an organizer reads counts only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from groups.models.group import Membership
from meetings import planning, polling, tallying
from meetings.models.meeting import Role
from meetings.models.poll import PURPOSE, Kind, Poll
from meetings.models.toll import Toll
from meetings.polls import Count, Reply
from members.models.application import Application
from members.models.hours import Hours
from members.models.person import Person
from members.models.program import Organizer
from members.weekhours import block_mask, to_hex
from roundtable import clock as clock_module
from roundtable import links
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db
THURSDAY_18 = 3 * 48 + 36


def person(name):
    return Person.objects.get(email=f"{name}@example.org")


@pytest.fixture
def browser(group, meeting):
    """Signs somebody in."""
    planning.plan_ahead(group)

    def sign_in(name):
        client = Client()
        client.force_login(name if isinstance(name, Person) else person(name))
        return client

    return sign_in


@pytest.fixture
def led(meeting):
    return meeting.roles.select_related("person").get(role=Role.FACILITATOR).person


@pytest.fixture
def follower(meeting):
    """A member without a role."""
    return meeting.seats.exclude(person__in=meeting.roles.values("person")).select_related("person").get().person


@pytest.fixture
def poll(browser, group, organizer):
    return polling.open_poll(group, Kind.HOUR, by=organizer)


def form(poll, reply="good"):
    return {f"hour_{option.pk}": reply for option in poll.options.live()}


def words(response):
    return " ".join(response.content.decode().split())


def test_who_leads_opens_a_poll_and_everybody_finds_it(browser, group, led, follower):
    page = reverse("meetings:hours", args=[group.public_id])
    browser(led).post(page, {"act": "poll", "about": "hour", "days": "5"})
    poll = Poll.objects.get()
    assert poll.path in words(browser(follower).get(reverse("meetings:group", args=[group.public_id])))
    assert Letter.objects.filter(kind="meetings/poll").count() == 3


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"act": "poll"},
        {"act": "poll", "about": "never", "days": "5"},
        {"act": "poll", "about": "hour", "days": "99"},
    ]
    + [{"act": "take", "slot": slot} for slot in ("", "x", "336", "-1", "99999999999", "²")]
    + [{"act": "stop"}, {"act": "fly"}],
)
def test_whatever_is_sent_wrong_is_one_sentence_and_nothing_done(browser, group, led, data):
    page = reverse("meetings:hours", args=[group.public_id])
    shown = browser(led).post(page, data, follow=True)
    assert [one.level_tag for one in shown.context["messages"]] == ["error"]
    assert (Poll.objects.count(), group.turns.count()) == (0, 0)


def test_counts_appear_once_i_have_answered(browser, poll, led, follower):
    polling.answer(
        poll, led, dict.fromkeys([one.pk for one in poll.options.live()], Reply.NO), received_at=clock_module.now()
    )
    mine = browser(follower)
    assert "1 no" not in words(mine.get(poll.path))
    mine.post(poll.path, form(poll, "possible"))
    assert "0 good, 1 possible, 1 no, 1 not yet" in words(mine.get(poll.path))


def test_my_hours_are_filled_in_and_count_only_when_sent(browser, poll, follower):
    page = browser(follower).get(poll.path).context["form"]
    assert {page[name].value() for name in page.fields} == {"good"}
    first = poll.options.live()[0]
    assert tallying.counts(poll, [first])[first.pk] == Count(3)


def test_an_answer_with_a_gap_is_asked_again_and_not_counted(browser, poll, follower):
    data = form(poll)
    data.popitem()
    shown = words(browser(follower).post(poll.path, data))
    assert "Please say good, possible or no." in shown
    assert tallying.replies_of(poll, follower) == {}


def test_by_the_letters_link_without_signing_in(poll, follower):
    token = links.make(PURPOSE, poll.about, follower, poll.closes_at + timedelta(days=1))
    client = Client()
    opened = client.get(reverse("meetings:poll", args=[token]), follow=True)
    assert opened.request["PATH_INFO"] == poll.path
    assert tallying.replies_of(poll, follower) == {}
    client.post(poll.path, form(poll))
    assert set(tallying.replies_of(poll, follower).values()) == {Reply.GOOD}
    shown = words(client.get(poll.path))
    assert ("Lead this poll" in shown, poll.group.name in shown) == (False, False)
    assert client.post(f"{poll.path}lead/", {"act": "end"}).status_code == 302
    assert Poll.objects.running().count() == 1


def test_without_link_or_sign_in_it_is_the_door_whether_there_is_a_poll_or_not(poll):
    client = Client()
    for path in (poll.path, "/polls/nothing/"):
        assert client.get(path)["Location"].startswith("/accounts/login/code/")


def test_who_has_left_opens_nothing_by_an_old_link(poll, follower):
    token = links.make(PURPOSE, poll.about, follower, poll.closes_at + timedelta(days=1))
    Membership.objects.filter(person=follower).update(left_on=clock_module.today())
    assert Client().get(reverse("meetings:poll", args=[token]), follow=True).status_code == 404


def test_the_link_of_a_poll_that_went_with_its_date_opens_nothing(poll, follower):
    token = links.make(PURPOSE, poll.about, follower, poll.closes_at + timedelta(days=1))
    poll.delete()
    assert Client().get(reverse("meetings:poll", args=[token])).status_code == 404


def test_who_leads_settles_and_the_reason_is_for_everybody(browser, poll, led, follower):
    added = browser(led)
    added.post(f"{poll.path}lead/", {"act": "add", "on": str(poll.from_date + timedelta(days=1)), "at": "12:00"})
    option = poll.options.order_by("-pk").first()
    for one in (led, follower):
        polling.answer(poll, one, {option.pk: Reply.GOOD}, received_at=clock_module.now())
    settle = {"act": "settle", "option": option.pk}
    assert "outside somebody’s hours" in words(added.post(f"{poll.path}lead/", settle, follow=True))
    added.post(f"{poll.path}lead/", {**settle, "reason": "A room is free then"})
    shown = words(browser(follower).get(poll.path))
    assert "A room is free then" in shown
    assert "Chosen:" in shown


@pytest.mark.parametrize("act", ["settle", "add", "withdraw", "end", "poll"])
def test_who_does_not_lead_has_no_buttons_and_no_acts(browser, poll, follower, act):
    mine = browser(follower)
    assert "Lead this poll" not in words(mine.get(poll.path))
    assert mine.post(f"{poll.path}lead/", {"act": act}).status_code == 404


def test_an_hour_that_fits_all_is_one_button(browser, group, led):
    page = reverse("meetings:hours", args=[group.public_id])
    shown = browser(led).get(page)
    fits = [one.slot for one in shown.context["best"] if one.fits_all and not one.now]
    browser(led).post(page, {"act": "take", "slot": fits[0]})
    group.refresh_from_db()
    assert group.window == fits[0]


def test_the_one_concerned_reads_for_you_and_nobody_else_does(browser, group, led, follower):
    Hours.objects.filter(application__person=follower).update(good=to_hex(block_mask(1, "evening")))
    page = reverse("meetings:hours", args=[group.public_id])
    assert "outside your hours all year" in words(browser(follower).get(page))
    shown = browser(led).get(page)
    assert [one for one in shown.context["best"] if "outside your hours all year" in one.reasons] != []
    thursday = next(one for one in shown.context["best"] if one.slot // 48 == 3)
    assert thursday.reasons == ["2 of 3 all year"]


def test_who_leads_and_has_not_answered_does_not_learn_how_it_stands(browser, poll, led, follower):
    option = poll.options.live()[0]
    polling.answer(poll, follower, {option.pk: Reply.GOOD}, received_at=clock_module.now())
    settle = {"act": "settle", "option": option.pk}
    refused = words(browser(led).post(f"{poll.path}lead/", settle, follow=True))
    assert ("Say first whether you can" in refused, "So far" in refused) == (True, False)
    polling.answer(poll, led, {option.pk: Reply.NO}, received_at=clock_module.now())
    assert "So far 1 of 3 can" in words(browser(led).post(f"{poll.path}lead/", settle, follow=True))


def test_the_spread_of_unfair_hours_is_for_organizers(browser, group, meeting, follower, organizer):
    for name, points in (("ada", 2), ("grace", 7), ("hedy", 9)):
        Toll.objects.create(meeting=meeting, person=person(name), points=points)
    mine = words(browser(follower).get(reverse("meetings:hours", args=[group.public_id])))
    assert ("Your own total" in mine, "totals of the members" in mine) == (True, False)
    theirs = words(browser(organizer).get(reverse("admin:groups_living_hours", args=[group.public_id])))
    assert "lie between 2 and 9" in theirs


def test_an_organizer_reads_counts_and_no_name(browser, group, poll, organizer):
    polling.answer(
        poll,
        person("grace"),
        dict.fromkeys([one.pk for one in poll.options.live()], Reply.NO),
        received_at=clock_module.now(),
    )
    shown = words(browser(organizer).get(reverse("admin:groups_living_hours", args=[group.public_id])))
    assert '<td data-kind="number">1</td>' in shown
    assert [name for name in ("Ada", "Grace", "Hedy", "grace@") if name in shown] == []
    assert "outside your hours" not in shown
    assert "poll is open" in words(browser(organizer).get(reverse("admin:groups_living", args=[group.public_id])))


def test_an_organizer_who_belongs_sees_counts_after_answering_too(browser, group, poll, follower):
    follower.is_staff = True
    follower.save()
    Organizer.objects.create(program=group.program, person=follower)
    page = reverse("admin:groups_living_hours", args=[group.public_id])
    assert "once you have answered as a member" in words(browser(follower).get(page))
    browser(follower).post(poll.path, form(poll))
    assert "once you have answered as a member" not in words(browser(follower).get(page))


def test_an_organizer_settles(browser, group, poll, organizer):
    for name in ("ada", "grace"):
        polling.answer(
            poll,
            person(name),
            dict.fromkeys([one.pk for one in poll.options.live()], Reply.GOOD),
            received_at=clock_module.now(),
        )
    page = reverse("admin:groups_living_poll", args=[group.public_id])
    option = poll.options.live()[1]
    browser(organizer).post(page, {"act": "settle", "option": option.pk})
    poll.refresh_from_db()
    assert poll.settled_at is not None
    assert "No poll is running" in words(browser(organizer).post(page, {"act": "end"}, follow=True))


@pytest.fixture
def grow(group):
    """So many more members with hours."""

    def make(count):
        for number in range(count):
            one = Person.objects.create_user(f"more{number}@example.org", name=f"More {number}", zone="Europe/Madrid")
            Membership.objects.create(group=group, person=one, joined_on=clock_module.today())
            applied = Application.objects.create(
                program=group.program, person=one, stage="placed", country="ES", submitted_at=clock_module.now()
            )
            good = to_hex(block_mask(3, "evening"))
            Hours.objects.create(application=applied, good=good, zone="Europe/Madrid")

    return make


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_the_same_for_four_and_for_six(
    browser, poll, group, led, organizer, grow, count, django_assert_num_queries
):
    grow(count)
    mine, desk = browser(led), browser(organizer)
    hours = reverse("meetings:hours", args=[group.public_id])
    with django_assert_num_queries(21):
        assert mine.get(hours).status_code == 200
    with django_assert_num_queries(17):
        assert mine.get(poll.path).status_code == 200
    with django_assert_num_queries(30):
        assert desk.get(reverse("admin:groups_living_hours", args=[group.public_id])).status_code == 200
