import threading
from datetime import timedelta

import pytest
from django.db import connection

from roundtable.outbox import deliver, post
from roundtable.outbox.models import Letter, State
from roundtable.outbox.tasks import drain
from tests.roundtable.outbox.test_mime import ICS

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


def state():
    return Letter.objects.values_list("state", "attempts", "unclear", "last_error").get()


def subjects(sink):
    return [line for taken in sink.taken for line in taken.content.decode().splitlines() if line.startswith("Subject")]


def test_a_due_letter_is_sent_once_with_its_secret_which_is_then_gone(draft, sink, clock):
    post.post(draft(links={"link": "t0ken"}))
    drain()
    drain()
    assert [taken.rcpt_tos for taken in sink.taken] == [["ada@example.com"]]
    assert Letter.objects.values_list("state", "attempts", "sent_at", "lease_until", "secret").get() == (
        ("sent", 1, clock.moment, None, None)
    )


def test_letters_leave_by_priority_then_in_order(draft, sink):
    for number, priority in enumerate([3, 2, 0, 3]):
        post.post(draft(dedupe_key=str(number), priority=priority, context={"thing": f"{number}"}))
    drain()
    assert subjects(sink) == ["Subject: About 2", "Subject: About 1", "Subject: About 0", "Subject: About 3"]


def test_a_letter_for_later_waits(draft, sink, clock):
    post.post(draft(not_before=clock.moment + MINUTE))
    assert deliver.due(letters=100, seconds=45) == 0
    clock.forward(minutes=1)
    assert deliver.due(letters=100, seconds=45) == 1


def test_a_letter_past_its_time_never_arrives(draft, sink, clock):
    post.post(draft(expires_at=clock.moment + MINUTE, links={"link": "t0ken"}))
    clock.forward(minutes=1)
    drain()
    assert sink.taken == []
    assert state() == ("cancelled", 1, False, "past its time")


def test_a_calendar_letter_takes_the_road_for_invitations(draft, sink, settings):
    settings.EMAIL_PORT = 1  # nobody listens on the usual road
    post.post(draft(ics=ICS))
    drain()
    assert [taken.mail_from for taken in sink.taken] == ["calendar@roundtable.example"]


@pytest.mark.parametrize(
    ("rcpt", "data", "after"),
    [
        ("250 OK", "451 try later", ("queued", 1, False, "SMTPDataError 451")),
        ("250 OK", "554 no", ("failed", 1, False, "SMTPDataError 554")),
        ("450 busy", "250 OK", ("queued", 1, False, "SMTPRecipientsRefused 450")),
        ("550 unknown", "250 OK", ("failed", 1, False, "SMTPRecipientsRefused 550")),
        ("250 OK", "hang up", ("sending", 1, True, "SMTPServerDisconnected")),
    ],
)
def test_what_the_server_says_decides_what_becomes_of_a_letter(draft, sink, rcpt, data, after):
    sink.rcpt, sink.data = rcpt, data
    post.post(draft())
    drain()
    assert state() == after


def test_without_a_server_a_letter_waits_a_minute(draft, settings, sink, clock):
    settings.EMAIL_PORT = 1
    post.post(draft())
    drain()
    assert state() == ("queued", 1, False, "ConnectionRefusedError")
    assert Letter.objects.get().not_before == clock.moment + MINUTE


def test_one_refused_letter_does_not_stop_the_next(draft, sink):
    sink.rcpt = "550 unknown"
    post.post(draft(dedupe_key="a"), draft(dedupe_key="b"))
    drain()
    assert set(Letter.objects.values_list("state", "attempts")) == {("failed", 1)}


def test_after_eight_clear_refusals_a_letter_has_failed(draft, sink, clock):
    sink.data = "451 try later"
    post.post(draft())
    for _ in range(9):
        drain()
        clock.forward(hours=12)
    assert state() == ("failed", 8, False, "SMTPDataError 451")


def test_a_code_is_tried_again_after_seconds(draft, sink, clock):
    sink.data = "451 try later"
    post.post(draft(priority=0))
    drain()
    assert Letter.objects.get().not_before == clock.moment + timedelta(seconds=5)


def test_an_unclear_attempt_is_repeated_only_when_its_lease_has_ended_under_the_same_message_id(draft, sink, clock):
    sink.data = sink.HANG_UP
    post.post(draft())
    drain()
    sink.data = "250 OK"
    clock.forward(minutes=10)
    drain()
    assert len(sink.taken) == 1
    clock.forward(seconds=1)
    drain()
    ids = {line for taken in sink.taken for line in taken.content.splitlines() if line.startswith(b"Message-ID")}
    assert (len(sink.taken), len(ids), state()) == (2, 1, ("sent", 2, True, ""))


def test_a_letter_that_kills_its_worker_eight_times_is_given_up(draft, sink, clock):
    post.post(draft())
    for _ in range(8):
        deliver.claim()
        clock.forward(minutes=11)
    drain()
    assert (sink.taken, state()) == ([], ("failed", 9, True, ""))


def test_an_attempt_that_lost_its_letter_touches_nothing(draft, sink, clock):
    post.post(draft())
    late = deliver.claim()
    clock.forward(minutes=11)
    drain()
    deliver.settle(late, state=State.FAILED)
    assert (len(sink.taken), state()) == (1, ("sent", 2, True, ""))


def test_two_drains_at_once_send_each_letter_once(draft, sink):
    post.post(*[draft(dedupe_key=str(number)) for number in range(20)])
    barrier = threading.Barrier(2)

    def one():
        barrier.wait()
        try:
            drain()
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sink.taken) == 20
    assert set(Letter.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_no_transaction_is_open_while_a_letter_is_sent(draft, sink, monkeypatch):
    seen = []
    build = deliver.mime.build
    monkeypatch.setattr(deliver.mime, "build", lambda *args: (seen.append(connection.in_atomic_block), build(*args))[1])
    post.post(draft())
    drain()
    assert seen == [False, False]  # once to see that it can be built, once to send it


def test_a_drain_stops_after_its_share(draft, sink):
    post.post(*[draft(dedupe_key=str(number)) for number in range(3)])
    assert [deliver.due(letters=2, seconds=45), deliver.due(letters=2, seconds=0), Letter.objects.count()] == [2, 0, 3]
