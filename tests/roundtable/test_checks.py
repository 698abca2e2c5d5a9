import zoneinfo

import pytest

from roundtable import checks

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def ids(found):
    return [message.id for message in found]


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"INVITE_EMAIL_BACKEND": SMTP}, []),
        ({"INVITE_EMAIL_BACKEND": "anymail.backends.amazon_ses.EmailBackend"}, []),
        ({"INVITE_EMAIL_BACKEND": "anymail.backends.sendgrid.EmailBackend"}, ["roundtable.W001"]),
        ({"INVITE_EMAIL_BACKEND": "anymail.backends.postmark.EmailBackend"}, ["roundtable.E003"]),
        ({"ANYMAIL": {"IGNORE_UNSUPPORTED_FEATURES": True}}, ["roundtable.E004"]),
        ({"ANYMAIL_IGNORE_UNSUPPORTED_FEATURES": True}, ["roundtable.E004"]),
        ({"INVITE_EMAIL_ADDRESS": "cal+x@roundtable.example"}, ["roundtable.E005"]),
        ({"INVITE_EMAIL_ADDRESS": "roundtable@Gmail.com"}, ["roundtable.E005"]),
    ],
)
def test_a_back_end_or_address_that_harms_invitations_is_refused(settings, changed, found):
    for name, value in changed.items():
        setattr(settings, name, value)
    assert ids(checks.invitations_arrive_whole()) == found


@pytest.mark.parametrize(
    ("inbound", "anymail", "found"),
    [
        (True, {}, ["roundtable.E006"]),
        (True, {"WEBHOOK_SECRET": "user:word"}, []),
        (False, {}, []),
        (False, {"SEND_DEFAULTS": {"track_opens": True}}, ["roundtable.W002"]),
        (False, {"SEND_DEFAULTS": {"tags": ["x"]}}, []),
    ],
)
def test_inbound_mail_needs_a_secret_and_letters_are_not_tracked(settings, inbound, anymail, found):
    settings.INBOUND_MAIL, settings.ANYMAIL = inbound, anymail
    assert ids(checks.mail_is_private()) == found


@pytest.mark.parametrize(
    ("inbound", "name", "imap", "found"),
    [
        (True, "mailjet", "", ["roundtable.W003"]),
        (True, "brevo", "", ["roundtable.W003"]),
        (True, "brevo", "imaps://x:y@mail.example/INBOX", []),
        (True, "postmark", "", []),
        (False, "mailjet", "", []),
    ],
)
def test_a_provider_that_never_hands_in_raw_mail_is_told(settings, inbound, name, imap, found):
    settings.INBOUND_MAIL, settings.REPLIES_IMAP = inbound, imap
    settings.EMAIL_BACKEND = f"anymail.backends.{name}.EmailBackend"
    assert ids(checks.answers_come_in_whole()) == found


@pytest.mark.parametrize(
    ("private", "pages", "found"), [(True, True, []), (False, False, []), (False, True, ["roundtable.E002"])]
)
def test_the_page_with_all_secrets_is_refused_in_production(settings, private, pages, found):
    settings.PRIVATE, settings.DEVELOPMENT_PAGES = private, pages
    assert ids(checks.development_pages_stay_home()) == found


@pytest.mark.parametrize(("ring", "found"), [("", ["roundtable.E001"]), ("1:x", ["roundtable.E001"])])
def test_without_a_ring_the_site_does_not_start(settings, ring, found):
    assert ids(checks.field_keys_open()) == []
    settings.FIELD_KEYS = ring
    assert ids(checks.field_keys_open()) == found


@pytest.mark.parametrize(("path", "found"), [((), []), (("/usr/share/zoneinfo",), ["roundtable.E007"])])
def test_the_machines_own_zones_are_left_out(monkeypatch, path, found):
    monkeypatch.setattr(zoneinfo, "TZPATH", path)
    assert ids(checks.zones_come_from_the_package()) == found
