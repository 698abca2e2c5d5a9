"""The doors that answers come in by: a provider's webhook, a pipe, files, a mailbox on a server."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import mailbox as boxes
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from anymail.inbound import AnymailInboundMessage
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.test import Client

from meetings import mailbox
from meetings.models.meeting import Meeting
from meetings.models.reply import Reply
from meetings.models.seat import Entry
from meetings.receivers import is_apart, raw_of, sender_failed
from roundtable import health
from tests.conftest import Guests, Say, Stopped
from tests.meetings.imap import mailbox_of
from tests.meetings.mailing import mail, reply

pytestmark = pytest.mark.django_db
POSTMARK = "/mail/postmark/inbound/"
SECRET = "provider:a long secret"
ARRIVED = datetime(2026, 5, 5, 18, 5, tzinfo=UTC).timestamp()  # after the answers below


@pytest.fixture
def entries(roundtable: Meeting, guests: Guests, say: Say) -> list[Entry]:
    """Three people with a seat each."""
    seats = guests(3)
    for seat in seats:
        say(seat, "yes")
    return [seat.entries.get() for seat in seats]


def basic(secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}


@pytest.fixture
def post(settings: Any) -> Callable[..., int]:
    """What a provider is answered; nobody has given it a token against forged forms."""
    settings.INBOUND_MAIL, settings.ANYMAIL = True, {"WEBHOOK_SECRET": SECRET}
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def one(body: object, *, secret: str = SECRET, path: str = POSTMARK) -> int:
        headers = basic(secret) if secret else {}
        return browser.post(path, body, content_type="application/json", headers=headers).status_code

    return one


def handed(raw: bytes) -> dict[str, object]:
    return {"RawEmail": raw.decode(), "MessageID": "provider-1", "Headers": []}


def test_a_mail_is_stored_as_it_came_and_replayed_it_is_one_reply(
    entries: list[Entry], post: Callable[..., int]
) -> None:
    raw = reply(entries[0], "DECLINED")
    assert [post(handed(raw)), post(handed(raw))] == [200, 200]
    assert (Reply.objects.get().raw or "").encode() == raw
    mailbox.judge_waiting()
    assert Reply.objects.values_list("verdict", "seat").get() == ("applied", entries[0].seat_id)


@pytest.mark.parametrize("secret", ["", "provider:wrong", "wrong"])
def test_without_the_secret_nothing_comes_in(secret: str, entries: list[Entry], post: Callable[..., int]) -> None:
    assert (post(handed(reply(entries[0])), secret=secret), Reply.objects.count()) == (400, 0)


@pytest.mark.parametrize("changed", [{"INBOUND_MAIL": False}, {"ANYMAIL": {}}, {"ANYMAIL": {"WEBHOOK_SECRET": ""}}])
def test_a_door_without_a_lock_is_no_door(
    changed: dict[str, object], entries: list[Entry], post: Callable[..., int], settings: Any
) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)
    assert (post(handed(reply(entries[0]))), Reply.objects.count()) == (404, 0)


@pytest.mark.parametrize("provider", ["mailjet", "brevo", "unknown", "amazon_ses"])
def test_other_providers_have_no_door_or_are_told_that_it_does_not_work(
    provider: str, post: Callable[..., int]
) -> None:
    assert post({}, path=f"/mail/{provider}/inbound/") == (400 if provider == "amazon_ses" else 404)


@pytest.mark.parametrize("body", ["{", "[]", {"RecordType": "Open"}, {"RawEmail": 7}])
def test_a_call_that_cannot_be_read_is_not_asked_for_again(body: object, post: Callable[..., int]) -> None:
    assert (post(body), Reply.objects.count()) == (400, 0)


def test_only_if_it_could_not_be_stored_is_the_provider_asked_to_come_again(
    entries: list[Entry], post: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **facts: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(Reply.objects, "bulk_create", refuse)
    assert post(handed(reply(entries[0]))) == 500


def test_the_door_is_for_posting(post: Callable[..., int]) -> None:
    assert [Client().get(POSTMARK).status_code, Client().head(POSTMARK).status_code] == [405, 200]


def test_a_provider_that_posts_a_form_hands_in_the_whole_mail(entries: list[Entry], settings: Any) -> None:
    settings.INBOUND_MAIL = True
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_API_KEY": "key"}
    raw = reply(entries[0])
    fields = {"body-mime": raw.decode(), "timestamp": "1", "token": "t", "signature": signed("key", "1t")}
    answer = Client(headers=basic(SECRET)).post("/mail/mailgun/inbound_mime/", fields)
    assert (answer.status_code, Reply.objects.count()) == (200, 1)
    mailbox.judge_waiting()
    assert Reply.objects.get().verdict == "applied"


def test_a_provider_that_takes_mail_apart_is_told_of_on_the_site_until_a_day_has_passed(
    entries: list[Entry], post: Callable[..., int], clock: Stopped
) -> None:
    person, browser = entries[0].seat.person, Client()
    browser.force_login(person)

    def told() -> bool:
        words = "At present we cannot read answers from calendars", "counts here in any case"
        return [one in browser.get("/calendar/").content.decode() for one in words] == [True, False]

    assert (post(handed(reply(entries[0]))), health.mail_comes_apart(), told()) == (200, False, False)
    sender = {"Email": person.email, "Name": ""}
    apart = {"MessageID": "provider-2", "Headers": [], "FromFull": sender, "ToFull": [], "CcFull": [], "BccFull": []}
    assert (post(apart), health.mail_comes_apart(), told()) == (200, True, True)
    clock.forward(days=1)
    assert (health.mail_comes_apart(), told()) == (False, False)


def signed(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


class Posted:
    """As much of a request as a provider's fields are read from."""

    def __init__(self, **fields: str) -> None:
        self.POST = fields


SAID = {
    "nothing": ({}, False),
    "a pass of SES": ({"receipt": {"dkimVerdict": {"status": "PASS"}, "dmarcVerdict": {"status": "GRAY"}}}, False),
    "a failed DMARC of SES": ({"receipt": {"dmarcVerdict": {"status": "FAIL"}}}, True),
    "a failed DKIM of SES": ({"receipt": {"dkimVerdict": {"status": "FAIL"}}}, True),
    "unsigned at Mandrill": ({"msg": {"dkim": {"signed": False, "valid": False}}}, False),
    "forged at Mandrill": ({"msg": {"dkim": {"signed": True, "valid": False}}}, True),
    "a pass of SendGrid": (Posted(dkim="{@example.org : pass}"), False),
    "a failure of SendGrid": (Posted(dkim="{@example.org : fail}"), True),
    "nonsense": ({"receipt": 7, "msg": []}, False),
}


def test_where_raw_mail_is_an_option_its_absence_is_seen() -> None:
    said = [("SendGrid", "email"), ("Mailgun", "body-mime")]
    assert [is_apart(name, Posted(**{field: "raw"})) for name, field in said] == [False, False]
    assert [is_apart(name, Posted(text="Yes")) for name, _ in said] == [True, True]
    assert is_apart("Amazon SES", {"receipt": {}}) is False


@pytest.mark.parametrize("what", SAID)
def test_only_the_provider_says_that_a_sender_is_somebody_else(what: str) -> None:
    said, failed = SAID[what]
    assert sender_failed(said) == failed


def test_a_mail_in_eight_bits_is_kept_as_it_came() -> None:
    raw = "From: Zoë <a@x.example>\nX-Long: " + "ö" * 200 + "\nContent-Type: text/plain\n\nGrüße\n"
    assert raw_of(AnymailInboundMessage.parse_raw_mime_bytes(raw.encode())) == raw.encode()


# Commands


def piped(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("receive_mail")


def test_a_pipe_takes_one_mail(entries: list[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    piped(reply(entries[0], "DECLINED"), monkeypatch)
    piped(b"", monkeypatch)
    mailbox.judge_waiting()
    assert sorted(Reply.objects.values_list("verdict", flat=True)) == ["applied", "not_to_us"]


def read(*paths: Path) -> list[dict[str, str | None]]:
    out = io.StringIO()
    call_command("read_mailbox", *paths, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture
def mails(entries: list[Entry], clock: Stopped) -> list[bytes]:
    """An answer, one in words, one to nothing we know."""
    clock.forward(minutes=10)
    return [
        reply(entries[0], "DECLINED", message_id="<1@x>"),
        mail(None, sender="a@example.org", message_id="<2@x>"),
        reply(entries[1], uid="unknown", message_id="<3@x>"),
    ]


def as_maildir(path: Path, mails: list[bytes]) -> Path:
    for part in ("cur", "new", "tmp"):
        (path / part).mkdir(parents=True)
    for number, raw in enumerate(mails):
        file = path / ("cur" if number else "new") / f"{9 - number}.x"
        file.write_bytes(raw)
        os.utime(file, (ARRIVED + number, ARRIVED + number))
    return path


def as_mbox(path: Path, mails: list[bytes]) -> Path:
    box = boxes.mbox(path / "answers")
    for raw in mails:
        box.add(raw)
    box.close()
    return path / "answers"


def as_files(path: Path, mails: list[bytes]) -> Path:
    for number, raw in enumerate(mails):
        (path / f"{number}.eml").write_bytes(raw)
    return path


@pytest.mark.parametrize("kept", [as_maildir, as_mbox, as_files])
def test_a_mailbox_is_read_mail_by_mail_and_twice_changes_nothing(
    kept: Callable[[Path, list[bytes]], Path], tmp_path: Path, mails: list[bytes], entries: list[Entry]
) -> None:
    path = kept(tmp_path, mails)
    seat = entries[0].seat.public_id
    assert read(path) == [
        {"message_id": "<1@x>", "verdict": "applied", "seat": seat},
        {"message_id": "<2@x>", "verdict": "not_to_us", "seat": None},
        {"message_id": "<3@x>", "verdict": "unknown", "seat": None},
    ]
    assert [one["verdict"] for one in read(path)] == ["duplicate"] * 3
    assert (Reply.objects.count(), entries[0].seat.history.count()) == (3, 2)


def test_a_run_that_was_killed_between_storing_and_judging_is_taken_up(
    tmp_path: Path, mails: list[bytes], entries: list[Entry], clock: Stopped
) -> None:
    mailbox.keep(mails[0], clock.now())
    assert read(as_files(tmp_path, mails))[0]["verdict"] == "applied"
    assert entries[0].seat.history.count() == 2


def test_a_single_file_is_a_mailbox_of_one(tmp_path: Path, mails: list[bytes]) -> None:
    (tmp_path / "one.eml").write_bytes(mails[0])
    (tmp_path / "empty.eml").write_bytes(b"")
    found = read(tmp_path / "one.eml", tmp_path / "empty.eml")
    assert [(one["message_id"], one["verdict"]) for one in found] == [("<1@x>", "applied"), ("", "not_to_us")]


def test_without_mail_there_is_one_sentence(tmp_path: Path, settings: Any) -> None:
    with pytest.raises(CommandError, match="is neither a Maildir nor a file with mail"):
        read(tmp_path / "nothing")
    with pytest.raises(CommandError, match="Name a Maildir, an mbox"):
        read()
    for url in ("imap.example.org", "imaps://host/INBOX", "imaps://u:p@host:x/", "https://u:p@host/"):
        settings.REPLIES_IMAP = url
        with pytest.raises(CommandError, match="REPLIES_IMAP is written as"):
            read()
    settings.REPLIES_IMAP = "imap://u:p@127.0.0.1:1/INBOX"
    with pytest.raises(CommandError, match="does not answer as it should: ConnectionRefusedError"):
        read()


def test_a_mailbox_on_a_server_gives_each_mail_once(mails: list[bytes], settings: Any, entries: list[Entry]) -> None:
    with mailbox_of(*mails, b"a" * (mailbox.incoming.MAIL_BYTES + 500)) as server:
        settings.REPLIES_IMAP = server.url
        assert [one["verdict"] for one in read()] == ["applied", "not_to_us", "unknown", "refused"]
        assert (read(), server.seen) == ([], {1, 2, 3, 4})
        server.seen.clear()  # as after a crash before a mail was marked
        assert {one["verdict"] for one in read()} == {"duplicate"}
    assert str(Reply.objects.earliest("pk").received_at) == "2026-05-05 18:05:00+00:00"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [(("p%40ss", "wrong"), "does not answer as it should"), (("Answers", "Other"), "has no folder Other")],
)
def test_a_server_that_refuses_is_told_of(changed: tuple[str, str], sentence: str, settings: Any) -> None:
    with mailbox_of() as server:
        settings.REPLIES_IMAP = server.url.replace(*changed)
        with pytest.raises(CommandError, match=sentence):
            read()
