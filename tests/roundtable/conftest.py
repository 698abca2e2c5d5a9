"""People, letters and a real mail server for the tests of what all apps share."""

import copy
import socket
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from members.models.person import Person
from roundtable.outbox.post import Draft


@pytest.fixture
def ada(db):
    return Person.objects.create_user("ada@example.com", name="Ada O'Hara")


@pytest.fixture
def organizer(db):
    return Person.objects.create_user("olga@example.com", name="Olga", is_staff=True)


@pytest.fixture
def words(settings):
    """Templates of the one kind of letter that only tests send."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = templates


@pytest.fixture
def draft(ada, words):
    """Makes a draft to Ada; what a test does not say is plain."""

    def make(**facts):
        plain = {"kind": "tests/letter", "to": ada, "about": "meeting:7", "dedupe_key": "one"}
        return Draft(**plain | {"context": {"thing": "Thursday"}} | facts)

    return make


class Sink:
    """Keeps what it accepts; its answers can be set: a line of SMTP, or HANG_UP."""

    HANG_UP = "hang up"

    def __init__(self):
        self.taken = []
        self.rcpt = "250 OK"
        self.data = "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 -- called by this name
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- called by this name
        if self.data == self.HANG_UP:
            self.taken.append(envelope)
            server.transport.close()
            return "250 never read"
        if self.data.startswith("250"):
            self.taken.append(envelope)
        return self.data


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def sink(settings):
    """A real SMTP server that both roads of the outbox lead to."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_BACKEND = settings.INVITE_EMAIL_BACKEND = smtp
    settings.EMAIL_HOST = settings.INVITE_EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = settings.INVITE_EMAIL_PORT = controller.port
    yield sink
    controller.stop()
