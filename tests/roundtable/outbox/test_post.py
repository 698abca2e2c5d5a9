from datetime import timedelta

import pytest
from django.core.mail import BadHeaderError
from django.db import connection, transaction

from roundtable.outbox import post
from roundtable.outbox.models import Letter, State
from roundtable.outbox.tasks import drain

pytestmark = pytest.mark.django_db


def letters(*fields):
    return list(Letter.objects.order_by("pk").values_list(*fields))


def test_the_same_act_twice_is_one_letter(draft):
    post.post(draft(), draft(context={"thing": "Friday"}))
    post.post(draft())
    assert letters("dedupe_key", "subject", "state") == [("one", "About Thursday", "queued")]


def test_a_name_with_an_apostrophe_stays_one_in_text_and_is_escaped_in_html(draft):
    post.post(draft(context={"thing": "<b>"}, links={"link": "t0ken"}))
    assert letters("subject", "text", "html") == [
        (
            "About <b>",
            "Dear Ada O'Hara, <b>:\nhttps://roundtable.example/seats/~~link~~/\n",
            '<p>Dear Ada O&#x27;Hara, <a href="https://roundtable.example/seats/~~link~~/">&lt;b&gt;</a></p>\n',
        )
    ]


def test_a_line_break_in_a_name_makes_no_second_header(draft):
    post.post(draft(context={"thing": "x\r\nBcc: eve@example.com"}))
    assert letters("subject") == [("About x Bcc: eve@example.com",)]


def test_a_token_stands_nowhere_in_the_row(draft):
    post.post(draft(links={"link": "t0ken-that-opens"}))
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(outbox_letter::text::bytea, 'escape'), secret FROM outbox_letter")
        row, secret = cursor.fetchone()
    assert ("t0ken-that-opens" in row, b"t0ken-that-opens" in bytes(secret)) == (False, False)
    assert Letter.objects.get().secrets_by_mark() == {"~~link~~": "t0ken-that-opens"}


def test_a_letter_that_cannot_be_built_fails_in_the_act(draft):
    with pytest.raises(BadHeaderError):
        post.post(draft(address="ada@example.com\nBcc: eve@example.com"))
    assert letters("pk") == []


def test_a_letter_may_go_to_an_address_that_is_not_yet_the_persons(draft):
    post.post(draft(to=None, address="new@example.com"))
    assert letters("to", "person") == [("new@example.com", None)]


def test_one_nudge_after_commit_however_many_letters(draft, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as calls:
        post.post(draft(dedupe_key="one"))
        post.post(draft(dedupe_key="two"))
    assert calls == [post.nudge]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_does_not_harm_the_act(draft, monkeypatch):
    away = drain.app.connection_for_write("redis://127.0.0.1:1/0", transport_options={"socket_connect_timeout": 0.5})
    monkeypatch.setattr(post, "nudge", lambda: drain.apply_async(expires=5, retry=False, connection=away))
    with transaction.atomic():
        post.post(draft())
    assert letters("state") == [("queued",)]


@pytest.mark.parametrize("state", State.values)
def test_only_what_has_not_left_can_be_taken_back(draft, state, clock):
    post.post(draft(links={"link": "t0ken"}))
    lease = clock.moment if state == State.SENDING else None
    sent_at, secret = (clock.moment, None) if state == State.SENT else (None, b"")
    Letter.objects.update(state=state, lease_until=lease, sent_at=sent_at, secret=secret)
    taken = state in (State.DRAFT, State.QUEUED)
    assert post.cancel("meeting:7") == int(taken)
    assert letters("state") == [(State.CANCELLED if taken else state,)]


@pytest.mark.parametrize(
    ("about", "kinds", "count"),
    [("meeting:7", (), 1), ("meeting:8", (), 0), ("meeting:7", ("tests/letter",), 1), ("meeting:7", ("other",), 0)],
)
def test_a_thing_that_changes_takes_back_its_own_letters_only(draft, about, kinds, count):
    post.post(draft())
    assert post.cancel(about, kinds=kinds) == count


def test_one_persons_letters_can_be_taken_back(draft, ada, organizer):
    post.post(draft(dedupe_key="a"), draft(dedupe_key="b", to=organizer))
    assert post.cancel("meeting:7", person=organizer) == 1
    assert letters("to", "state") == [("ada@example.com", "queued"), ("olga@example.com", "cancelled")]


@pytest.mark.parametrize(("minutes", "again"), [(61, 0), (59, 1)])
def test_what_failed_goes_again_unless_it_is_past_its_time(draft, clock, minutes, again):
    post.post(draft(expires_at=clock.moment + timedelta(hours=1)))
    Letter.objects.update(state=State.FAILED, attempts=8, last_error="SMTPDataError 554")
    clock.forward(minutes=minutes)
    assert post.send_again(Letter.objects.all()) == again
    assert letters("state", "attempts") == [("queued", 0) if again else ("failed", 8)]
