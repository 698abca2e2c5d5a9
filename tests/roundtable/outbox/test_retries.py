import smtplib
from datetime import timedelta

import pytest
import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
    AnymailUnsupportedFeature,
)
from django.core.mail import BadHeaderError

from roundtable.outbox import retries
from roundtable.outbox.models import Priority
from roundtable.outbox.retries import Answer, Meaning


def http_error(code):
    response = requests.Response()
    response.status_code = code
    return AnymailRequestsAPIError(response=response)


@pytest.mark.parametrize(
    ("error", "meaning", "named"),
    [
        (smtplib.SMTPDataError(451, b"try later, ada@example.com"), Meaning.LATER, "SMTPDataError 451"),
        (smtplib.SMTPDataError(554, b"no"), Meaning.NEVER, "SMTPDataError 554"),
        (smtplib.SMTPSenderRefused(421, b"busy", "us@example.com"), Meaning.LATER, "SMTPSenderRefused 421"),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (450, b"")}), Meaning.LATER, "SMTPRecipientsRefused 450"),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"")}), Meaning.NEVER, "SMTPRecipientsRefused 550"),
        (smtplib.SMTPServerDisconnected("gone"), Meaning.UNCLEAR, "SMTPServerDisconnected"),
        (TimeoutError(), Meaning.UNCLEAR, "TimeoutError"),
        (http_error(408), Meaning.LATER, "AnymailRequestsAPIError 408"),
        (http_error(429), Meaning.LATER, "AnymailRequestsAPIError 429"),
        (http_error(503), Meaning.LATER, "AnymailRequestsAPIError 503"),
        (http_error(422), Meaning.NEVER, "AnymailRequestsAPIError 422"),
        (AnymailAPIError(), Meaning.UNCLEAR, "AnymailAPIError"),
        (AnymailRecipientsRefused(), Meaning.NEVER, "AnymailRecipientsRefused"),
        (AnymailUnsupportedFeature(), Meaning.NEVER, "AnymailUnsupportedFeature"),
        (BadHeaderError("two lines"), Meaning.NEVER, "BadHeaderError"),
    ],
)
def test_an_error_means_later_never_or_unclear_and_is_named_without_its_words(error, meaning, named):
    assert retries.judge(error) == Answer(meaning, named)


def test_without_a_connection_nothing_was_sent_so_it_goes_later_even_if_our_password_is_wrong():
    wrong_password = smtplib.SMTPAuthenticationError(535, b"no")
    assert retries.no_connection(wrong_password) == Answer(Meaning.LATER, "SMTPAuthenticationError 535")


def test_letters_wait_longer_each_time_and_codes_seconds():
    hours = [retries.wait(Priority.REST, attempts) for attempts in range(1, 9)]
    minutes = [1, 5, 15, 60, 240, 480, 720]
    assert hours == [*(timedelta(minutes=each) for each in minutes), None]
    seconds = [retries.wait(Priority.CODE, attempts) for attempts in range(1, 5)]
    assert seconds == [*(timedelta(seconds=each) for each in (5, 15, 30)), None]
