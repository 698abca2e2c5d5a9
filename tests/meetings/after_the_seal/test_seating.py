from datetime import timedelta

import pytest
from django.urls import reverse

from meetings import seating
from meetings.models.cadence import GroupChoice
from meetings.models.meeting import Meeting
from meetings.models.seat import Answer, Seat, SeatAnswer, Via
from members.models.application import Application
from roundtable import clock
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(meeting):
    return meeting.seats.get(person__email="ada@example.org")


@pytest.mark.parametrize(
    ("answer", "state"), [(Answer.YES, "coming"), (Answer.NO, "not_coming"), (Answer.MAYBE, "tentative")]
)
def test_an_answer_is_a_state_of_the_seat(seat, answer, state):
    assert seating.respond(seat, answer, via=Via.PAGE, received_at=clock.now()).state == state


def test_the_last_answer_counts_and_each_is_remembered(seat):
    for answer in (Answer.YES, Answer.NO):
        seating.respond(seat, answer, via=Via.LINK, received_at=clock.now())
    seat.refresh_from_db()
    assert seat.state == "not_coming"
    assert list(SeatAnswer.objects.values_list("answer", "via")) == [("yes", "link"), ("no", "link")]


def test_after_the_start_the_facilitator_is_told_instead(seat, meeting):
    with pytest.raises(NotAllowed, match="has begun"):
        seating.respond(seat, Answer.YES, via=Via.PAGE, received_at=meeting.starts_at)


def test_a_cancelled_meeting_takes_no_answers(seat):
    Meeting.objects.update(state="cancelled")
    with pytest.raises(NotAllowed, match="has been cancelled"):
        seating.respond(seat, Answer.YES, via=Via.PAGE, received_at=clock.now())


def test_the_letters_link_opens_a_page_with_buttons_and_changes_nothing(client, seat):
    letter = Letter.objects.get(kind="groups/sealed", to="ada@example.org")
    link = reverse("meetings:seat", args=[letter.secrets_by_mark()["~~token~~"]])
    page = client.get(link, follow=True)
    assert page.status_code == 200
    assert [name for name in ("Hopper", "Lamarr") if name in page.content.decode()] == []
    assert Seat.objects.get(pk=seat.pk).state == "invited"
    client.post(reverse("meetings:seat", args=[seat.public_id]), {"answer": "yes"})
    assert Seat.objects.get(pk=seat.pk).state == "coming"
    assert SeatAnswer.objects.get().via == "link"


def test_a_link_ends_with_the_membership(client, seat, meeting):
    letter = Letter.objects.get(kind="groups/sealed", to="ada@example.org")
    link = reverse("meetings:seat", args=[letter.secrets_by_mark()["~~token~~"]])
    assert client.get(link, follow=True).status_code == 200
    meeting.group.memberships.filter(person=seat.person).update(left_on=clock.now().date())
    assert client.get(link, follow=True).status_code == 404


def test_a_link_ends_a_day_after_the_meeting(client, seat, meeting, monkeypatch):
    letter = Letter.objects.get(kind="groups/sealed", to="ada@example.org")
    link = reverse("meetings:seat", args=[letter.secrets_by_mark()["~~token~~"]])
    monkeypatch.setattr(clock, "now", lambda: meeting.ends_at + timedelta(days=1))
    assert client.get(link).status_code == 404


def test_the_meeting_page_shows_the_others_to_a_member(client, seat, meeting):
    client.force_login(seat.person)
    page = client.get(reverse("meetings:meeting", args=[meeting.public_id])).content.decode()
    assert [name in page for name in ("Grace Hopper", "Hedy Lamarr")] == [True, True]


def test_an_answer_on_the_page(client, seat, meeting):
    client.force_login(seat.person)
    client.post(reverse("meetings:meeting", args=[meeting.public_id]), {"answer": "maybe"})
    assert Seat.objects.get(pk=seat.pk).state == "tentative"


@pytest.mark.parametrize("who", ["olga@example.org", "katherine@example.org"])
@pytest.mark.parametrize("page", ["meetings:meeting", "meetings:group"])
def test_organizers_and_people_of_no_seat_find_nothing(client, meeting, django_user_model, who, page):
    client.force_login(django_user_model.objects.get(email=who))
    key = meeting.public_id if page == "meetings:meeting" else meeting.group.public_id
    assert client.get(reverse(page, args=[key])).status_code == 404


def test_the_groups_page_shows_names_and_addresses_as_each_chose(client, seat, meeting):
    meeting.group.memberships.filter(person__email="grace@example.org").update(shares_address=True)
    client.force_login(seat.person)
    page = client.get(reverse("meetings:group", args=[meeting.group.public_id])).content.decode()
    shown = [word for word in ("Grace Hopper", "grace@example.org", "Hedy Lamarr", "hedy@example.org") if word in page]
    assert shown == ["Grace Hopper", "grace@example.org", "Hedy Lamarr"]


def test_the_groups_page_shows_what_somebody_could_give_where_they_ticked_it(client, seat, meeting):
    people = Application.objects.exclude(person=seat.person)
    people.update(extra={"gives": "Pay reviews", "stuck_on": "A merger"})
    people.filter(person__email="grace@example.org").update(extra={"gives": "Budgets", "shares_words": True})
    client.force_login(seat.person)
    page = client.get(reverse("meetings:group", args=[meeting.group.public_id])).content.decode()
    assert [words in page for words in ("Budgets", "Pay reviews", "A merger")] == [True, False, False]


@pytest.mark.parametrize("members", [1, 3])
def test_the_groups_page_asks_the_same_for_one_and_for_three(client, seat, meeting, members, django_assert_num_queries):
    gone = meeting.group.memberships.exclude(person=seat.person).order_by("pk")[members - 1 :]
    for membership in gone:
        membership.delete()
    client.force_login(seat.person)
    with django_assert_num_queries(17):
        client.get(reverse("meetings:group", args=[meeting.group.public_id]))


def test_any_member_writes_down_where_we_meet(client, seat, meeting, clock):
    client.force_login(seat.person)
    client.post(reverse("meetings:where", args=[meeting.public_id]), {"video_link": "meet.example/x", "room": "Attic"})
    clock.to(meeting.starts_at - timedelta(minutes=30))
    page = client.get(meeting.path).content.decode()
    assert [words in page for words in ('href="https://meet.example/x"', "Attic")] == [True, True]


def test_the_link_to_the_video_room_shows_half_an_hour_before_and_is_kept_until_then(client, seat, meeting, clock):
    Meeting.objects.filter(pk=meeting.pk).update(video_link="https://meet.example/x")
    client.force_login(seat.person)
    clock.to(meeting.starts_at - timedelta(minutes=31))
    page = client.get(meeting.path).content.decode()
    assert ("meet.example" in page, "the link shows here from" in page) == (False, True)
    client.post(reverse("meetings:where", args=[meeting.public_id]), {"video_link": "", "room": "Attic"})
    assert Meeting.objects.get(pk=meeting.pk).video_link == "https://meet.example/x"
    GroupChoice.objects.create(group=meeting.group, link_minutes=120)
    assert "meet.example" in client.get(meeting.path).content.decode()
    client.post(reverse("meetings:where", args=[meeting.public_id]), {"video_link": "", "room": "Attic"})
    assert Meeting.objects.get(pk=meeting.pk).video_link == ""


@pytest.mark.parametrize(("mode", "shown"), [("in_person", True), ("video", False)])
def test_a_room_is_found_on_a_map_without_saying_where_one_comes_from(mode, shown, client, seat, meeting):
    type(meeting.group).objects.filter(pk=meeting.group_id).update(mode=mode)
    Meeting.objects.filter(pk=meeting.pk).update(room="Rua do Norte 3 & 5")
    client.force_login(seat.person)
    link = 'href="https://www.openstreetmap.org/search?query=Rua+do+Norte+3+%26+5" rel="noreferrer"'
    assert (link in client.get(meeting.path).content.decode()) == shown


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://meet.example/x", "no link"])
def test_a_place_is_a_web_address_or_a_sentence_says_so(client, seat, meeting, link):
    client.force_login(seat.person)
    page = client.post(reverse("meetings:where", args=[meeting.public_id]), {"video_link": link})
    assert "Enter a valid URL." in page.content.decode()
    assert Meeting.objects.get(pk=meeting.pk).video_link == ""
