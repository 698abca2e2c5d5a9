import pytest
from django.urls import reverse
from icalendar import Calendar

from groups import repairing
from groups.models.group import Membership
from meetings.models.meeting import Role
from members.models.application import Application
from roundtable.errors import NotAllowed
from roundtable.outbox.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(meeting):
    return meeting.group.memberships.get(person__email="ada@example.org")


def sent(kind):
    return list(Letter.objects.filter(kind=kind, state__in=["queued", "sent"]).values_list("to", flat=True))


def test_who_leaves_is_gone_from_group_seats_and_roles(ada, meeting):
    repairing.leave(ada, back_to_pool=True)
    assert sorted(meeting.seats.values_list("person__email", flat=True)) == ["grace@example.org", "hedy@example.org"]
    assert sorted(meeting.roles.values_list("role", flat=True)) == [Role.FACILITATOR, Role.TIMEKEEPER]
    assert not meeting.roles.filter(person=ada.person).exists()


@pytest.mark.parametrize(("back", "stage"), [(True, "pooled"), (False, "withdrawn")])
def test_the_application_goes_where_the_person_says(ada, back, stage):
    repairing.leave(ada, back_to_pool=back)
    assert Application.objects.get(person=ada.person).stage == stage


def test_a_letter_that_has_not_left_is_taken_back(ada):
    repairing.leave(ada, back_to_pool=True)
    assert sorted(sent("groups/sealed")) == ["grace@example.org", "hedy@example.org"]
    assert sent("meetings/taken_out") == []


def test_a_date_that_was_mailed_is_cancelled_for_this_one_person(ada):
    planned = Letter.objects.get(kind="groups/sealed", to="ada@example.org")
    invited = Calendar.from_ical(bytes(planned.ics))
    Letter.objects.filter(pk=planned.pk).update(state="failed")  # left, as far as taking back goes
    repairing.leave(ada, back_to_pool=True)
    cancelled = Calendar.from_ical(bytes(Letter.objects.get(kind="meetings/taken_out").ics))
    (was,), (now,) = invited.events, cancelled.events
    assert sent("meetings/taken_out") == ["ada@example.org"]
    assert (str(cancelled["METHOD"]), now["STATUS"], int(now["SEQUENCE"])) == ("CANCEL", "CANCELLED", 1)
    assert (now["UID"], now["ATTENDEE"], now.start) == (was["UID"], was["ATTENDEE"], was.start)


def test_nobody_leaves_twice(ada):
    repairing.leave(ada, back_to_pool=True)
    with pytest.raises(NotAllowed, match="left this group already"):
        repairing.leave(ada, back_to_pool=False)


def test_the_page_asks_once_and_is_not_there_afterwards(client, ada, meeting):
    client.force_login(ada.person)
    page = reverse("meetings:leave", args=[meeting.group.public_id])
    assert client.get(page).status_code == 200
    assert client.post(page, {}).headers["Location"] == reverse("members:status")
    after = [page, meeting.path, f"{meeting.path}board/", reverse("meetings:group", args=[meeting.group.public_id])]
    assert [client.get(address).status_code for address in after] == [404, 404, 404, 404]
    assert Application.objects.get(person=ada.person).stage == "withdrawn"


def test_a_member_changes_who_may_have_the_address(client, ada, meeting):
    client.force_login(ada.person)
    page = reverse("meetings:address", args=[meeting.group.public_id])
    for sent_fields, shares in (({"shares_address": "on"}, True), ({"other": "x"}, False)):
        client.post(page, sent_fields)
        assert Membership.objects.get(pk=ada.pk).shares_address is shares
