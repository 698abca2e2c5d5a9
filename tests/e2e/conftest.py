"""A whole site of its own (PostgreSQL, Redis, web, worker, beat), a real mail server, and the system's Chromium."""

from __future__ import annotations

import contextlib
import email
import email.policy
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from roundtable.servers import connect
from tests import migrated

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE = 30.0
DESKTOP, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)

expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium the stories are skipped, and say so."""
    if CHROMIUM:
        return
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.skip(reason="NO CHROMIUM ON THIS MACHINE: no browser story was told"))


@dataclass
class Mailbox:
    """Everything that was really delivered, in order of arrival."""

    messages: list[tuple[str, EmailMessage]] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        with self.arrived:
            self.messages.extend((address.lower(), message) for address in envelope.rcpt_tos)
            self.arrived.notify_all()
        return "250 OK"

    def wait_for(self, to: str, subject: str, *, after: int = 0) -> EmailMessage:
        """The newest letter to this address whose subject holds these words, waiting for it like a person would."""

        def found() -> EmailMessage | None:
            fits = (one for address, one in self.messages[after:] if address == to and subject in str(one["Subject"]))
            return next(reversed(list(fits)), None)

        with self.arrived:
            self.arrived.wait_for(lambda: found() is not None, timeout=PATIENCE)
            message = found()
        told = [str(one["Subject"]) for address, one in self.messages if address == to]
        assert message is not None, f"no letter {subject!r} to {to}; what came: {told}"
        return message

    def wait_until(self, subject: str, count: int, *, after: int = 0) -> list[str]:
        """Who got a letter with these words in the subject, once so many have come."""

        def addressed() -> list[str]:
            return sorted(address for address, one in self.messages[after:] if subject in str(one["Subject"]))

        with self.arrived:
            came = self.arrived.wait_for(lambda: len(addressed()) >= count, timeout=PATIENCE)
        assert came, f"{len(addressed())} of {count} letters {subject!r} came"
        return addressed()


def text_of(message: EmailMessage) -> str:
    """The plain text of a letter."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(message: EmailMessage, path: str) -> str:
    """The address in a letter that begins with this path."""
    found = re.search(rf"https?://[^\s]+?({path}[^\s]+)", text_of(message))
    assert found, text_of(message)
    return found[1]


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    box.port = server.port  # type: ignore[attr-defined] # known once it listens
    yield box
    server.stop()


@pytest.fixture(scope="session")
def seed() -> Iterator[str]:
    """The address of a database with the demo in it, made once."""
    with copied(migrated.template()) as address:
        demo = [sys.executable, "-P", "bin/prepare.py", "--demo"]
        subprocess.run(demo, cwd=ROOT, env=without_the_tests() | {"DATABASE_URL": address}, check=True)
        yield address


@contextlib.contextmanager
def copied(original: str) -> Iterator[str]:
    """The address of a copy of this database, which is dropped afterwards."""
    server, name = os.environ["DATABASE_URL"].rpartition("/")[0], f"story_{secrets.token_hex(4)}"
    with contextlib.closing(connect(f"{server}/postgres")) as asked, asked.cursor() as cursor:
        asked.autocommit = True
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}"')
        yield f"{server}/{name}"
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def without_the_tests() -> dict[str, str]:
    """The environment as a private site finds it; what is encrypted in the seed must be readable in its copies."""
    return {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS} | {
        "PRIVATE": "true",
        "PYTHONPATH": str(ROOT),
        "PYTHONTZPATH": "",
    }


@pytest.fixture
def manage(site: str, surroundings: dict[str, str]) -> Callable[..., str]:
    """A command of that site, as whoever runs it types it; what it prints."""

    def run(*words: str, given: bytes = b"") -> str:
        command = [sys.executable, "-P", "-m", "roundtable.embedded", "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=surroundings, input=given, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    return run


@pytest.fixture(scope="module")
def surroundings(mailbox: Mailbox, seed: str) -> Iterator[dict[str, str]]:
    """What a site of its own finds around it: a database, a folder, a port, and the mail server."""
    with copied(seed.rpartition("/")[2]) as address:
        yield without_the_tests() | {
            "DATABASE_URL": address,
            "VAR_DIR": tempfile.mkdtemp(prefix="rt-story-"),
            "PORT": str(free_port()),
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(mailbox.port),  # type: ignore[attr-defined] # set by the fixture
        }


@pytest.fixture(scope="module")
def site(surroundings: dict[str, str]) -> Iterator[str]:
    """The address of a site that was started as `bin/serve` starts it, on a database with the demo programs."""
    home, port = surroundings["VAR_DIR"], int(surroundings["PORT"])
    command = [sys.executable, "-P", "-m", "roundtable.serving"]
    with Path(home, "serve.log").open("wb") as log:
        serving = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=log, stderr=log, start_new_session=True)
        try:
            wait_until_it_answers(serving, port, Path(home, "serve.log"))
            yield f"http://127.0.0.1:{port}"
        finally:
            serving.send_signal(signal.SIGTERM)
            serving.wait(timeout=PATIENCE)
            shutil.rmtree(home, ignore_errors=True)


OF_THE_TESTS = ["DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "DEBUG", "PRIVATE", "HTTPS", "SITE_URL"]
OF_THE_TESTS += ["DEVELOPMENT_PAGES", "EMAIL_BACKEND", "INVITE_EMAIL_BACKEND", "STAFF_MFA_REQUIRED"]


def wait_until_it_answers(serving: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 240  # two sites starting at once on a busy machine
    while time.monotonic() < deadline and serving.poll() is None:
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail(f"The site did not start:\n{log.read_text(errors='replace')}")


@pytest.fixture(scope="module")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    """Made after the tests' database, gone after each story: Django wants no event loop beside it, this is one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Somebody:
    """One person with a browser of their own."""

    page: Page
    mailbox: Mailbox
    complaints: list[str]
    address: str = ""

    def sign_in(self, address: str, to: str = "/") -> None:
        """As everybody does: an address, a code by letter, in."""
        before = len(self.mailbox.messages)
        self.page.goto(f"/accounts/login/code/?next={to}")
        self.page.locator("input[type=email]").fill(address)
        self.page.get_by_role("button", name="Send me a code").click()
        letter = self.mailbox.wait_for(address, "sign-in code", after=before)
        code = re.search(r"^\s*([A-Z0-9]{4}-?[A-Z0-9]{4})\s*$", text_of(letter), re.MULTILINE)
        assert code, text_of(letter)
        self.page.locator("input[name=code]").fill(code[1])
        self.page.get_by_role("button").filter(
            has_text=re.compile("confirm|sign in|continue", re.IGNORECASE)
        ).first.click()
        self.page.wait_for_url(lambda url: "/accounts/" not in url)

    def picture(self, name: str) -> None:
        """A screenshot at both widths, for people to look at."""
        folder = ROOT / "var" / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        kept = self.page.viewport_size or DESKTOP
        for width, size in (("desktop", DESKTOP), ("phone", PHONE)):
            self.page.set_viewport_size(size)
            self.page.evaluate("scrollTo(0, 0)")  # what sticks to the screen stands where it belongs
            self.page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        self.page.set_viewport_size(kept)


@pytest.fixture
def somebody(
    request: pytest.FixtureRequest, chromium: Browser, site: str, mailbox: Mailbox
) -> Iterator[Callable[..., Somebody]]:
    """New people, each in a context of their own; whatever the browser complains about fails the story."""
    people: list[Somebody] = []

    def make(viewport: ViewportSize = DESKTOP) -> Somebody:
        context = chromium.new_context(base_url=site, viewport=viewport, locale="en-GB")
        context.set_default_timeout(15_000)
        page = context.new_page()
        one = Somebody(page, mailbox, [])
        page.on("pageerror", lambda error: one.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: note(one, said))
        people.append(one)
        return one

    failures = request.session.testsfailed
    yield make
    if request.session.testsfailed > failures:
        show_the_end(people)
    complaints = [complaint for one in people for complaint in one.complaints]
    for one in people:
        one.page.context.close()
    assert complaints == []


def show_the_end(people: Sequence[Any]) -> None:
    """What each person saw when the story broke off."""
    for number, one in enumerate(people):
        one.page.screenshot(path=ROOT / "var" / "screenshots" / f"broke-off-{number}.png")


def note(one: Any, said: Any) -> None:
    """Refusals of the content policy, and errors of our scripts; a 404 or 409 that a story wants is no complaint."""
    if said.type == "error" and "Failed to load resource" not in said.text:
        one.complaints.append(f"{one.page.url}: {said.text}")
