"""Every back end that anymail has, by listing: it carries a calendar part whole, or the check refuses it."""

from __future__ import annotations

import email
import pkgutil
import sys
import warnings
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from anymail import backends
from anymail.exceptions import AnymailUnsupportedFeature
from django.test import override_settings

from roundtable import checks
from roundtable.outbox import mime
from tests.roundtable.outbox.test_mime import ICS, letter

NO_BACK_ENDS = {"base", "base_requests"}  # what the others are made of
NAMES = sorted({module.name for module in pkgutil.iter_modules(backends.__path__)} - NO_BACK_ENDS)
MEASURED = {"amazon_ses", "sendgrid"}
KEYS = {
    f"{name.upper()}_{key}": "https://mail.example/" if key == "API_URL" else "x"
    for name in NAMES
    for key in ("API_KEY", "API_TOKEN", "SERVER_TOKEN", "SECRET_KEY", "SENDER_DOMAIN", "PROJECT_ID", "API_URL")
}


@pytest.fixture
def boto3(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names that anymail takes from the library of SES, which is not installed; what it builds needs none."""
    for path, names in {
        "boto3": (),
        "botocore": (),
        "botocore.client": ("Config",),
        "botocore.exceptions": ("BotoCoreError", "ClientError", "ConnectionError"),
    }.items():
        module = ModuleType(path)
        for name in names:
            setattr(module, name, type(name, (Exception,), {"__init__": lambda self, **facts: None}))
        monkeypatch.setitem(sys.modules, path, module)
    monkeypatch.delitem(sys.modules, "anymail.backends.amazon_ses", raising=False)


def dotted(name: str) -> str:
    return f"anymail.backends.{name}.EmailBackend"


def refused(name: str) -> bool:
    with override_settings(INVITE_EMAIL_BACKEND=dotted(name)):
        return "roundtable.E003" in {one.id for one in checks.invitations_arrive_whole()}


def carries(name: str) -> bool:
    """Whether what would go out holds the calendar object as a `text/calendar` alternative with its method."""
    message = mime.build(letter(ics=ICS), {})
    with warnings.catch_warnings(), override_settings(ANYMAIL=KEYS):
        warnings.simplefilter("ignore")  # anymail's own, about back ends that it no longer tries
        backend = import_module(f"anymail.backends.{name}").EmailBackend()
        try:
            payload = backend.build_message_payload(message, backend.send_defaults)
        except AnymailUnsupportedFeature:
            return False
        if name == "amazon_ses":
            payload.finalize_payload()
            return in_mime(payload.params["Content"]["Raw"]["Data"])
    return in_json(getattr(payload, "data", None))


def in_mime(raw: bytes) -> bool:
    parts = email.message_from_bytes(raw).walk()
    found = [one for one in parts if one.get_content_type() == "text/calendar"]
    return [(one.get_param("method"), one.get_payload(decode=True)) for one in found] == [("REQUEST", ICS)]


def in_json(data: Any) -> bool:
    contents = data.get("content", []) if isinstance(data, dict) else []
    parts = {one["type"]: one["value"] for one in contents if isinstance(one, dict)}
    return parts.get('text/calendar; method="REQUEST"') == ICS.decode()


@pytest.mark.parametrize("name", NAMES)
def test_a_back_end_carries_the_calendar_part_or_is_refused(name: str, boto3: None) -> None:
    """And the other way round: the check keeps nobody from a back end that works."""
    assert carries(name) is not refused(name)


def test_those_that_may_are_few_and_named() -> None:
    assert {name for name in NAMES if not refused(name)} == MEASURED
    assert len(NAMES) >= 15


@pytest.mark.parametrize("name", ["anymail.backends.brandnew.EmailBackend", "our.own.Backend", ""])
def test_what_nobody_has_tried_is_refused(name: str, settings: Any) -> None:
    settings.INVITE_EMAIL_BACKEND = name
    assert "roundtable.E003" in {one.id for one in checks.invitations_arrive_whole()}
