"""The supervisor, with small programs in place of the site's three."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from roundtable import embedded, serving
from roundtable.homes import NotAvailable
from roundtable.serving import Child
from tests.roundtable.test_embedded import lives, soon

SPEAKS_AND_ENDS = "print('one'); print('two'); raise SystemExit(3)"
HAS_A_CHILD = """
import subprocess, sys, time
below = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(below.pid, flush=True)
time.sleep(60)
"""
SUPERVISES = """
from roundtable.serving import Child
import sys, time
child = Child("web", [sys.executable, "-c", "import time; time.sleep(60)"])
child.start()
print(child.process.pid, flush=True)
time.sleep(60)
"""

SERVES = """
import signal, sys
from roundtable import serving
from roundtable.serving import Child
port = int(sys.argv[1])
web = f"import http.server as web; web.test(web.SimpleHTTPRequestHandler, port={port}, bind='127.0.0.1')"
beat = "import time; time.sleep(60)"
together = [Child("web", [sys.executable, "-c", web]), Child("beat", [sys.executable, "-c", beat])]
signal.alarm(30)  # rather fail than hang
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit())
try:
    serving.run_together(together, port)
finally:
    print(*(each.process.pid for each in together), flush=True)
    serving.stop_together(together)
"""


def child(program: str) -> Child:
    return Child("web", [sys.executable, "-c", program])


def pass_everything_on(one: Child, pipe: int) -> None:
    while one.pass_on(pipe):
        pass
    os.close(pipe)


def test_lines_come_under_the_childs_name(capsys: pytest.CaptureFixture[str]) -> None:
    speaker = child(SPEAKS_AND_ENDS)
    pass_everything_on(speaker, speaker.start())
    assert soon(lambda: speaker.has_ended)
    assert capsys.readouterr().out == "web    | one\nweb    | two\n"


def test_a_child_that_dies_is_due_again_after_a_pause_that_grows(capsys: pytest.CaptureFixture[str]) -> None:
    speaker = child(SPEAKS_AND_ENDS)
    for _ in range(3):
        pass_everything_on(speaker, speaker.start())
        assert soon(lambda: speaker.has_ended)
        speaker.look_after()
        assert not speaker.is_due
    told = re.findall(r"ended with code (\d+); starts again in (\d+) s", capsys.readouterr().out)
    assert told == [("3", "1"), ("3", "2"), ("3", "4")]


def test_a_child_that_lived_long_starts_again_soon() -> None:
    speaker = child(SPEAKS_AND_ENDS)
    pass_everything_on(speaker, speaker.start())
    assert soon(lambda: speaker.has_ended)
    speaker.pause = serving.LONGEST_PAUSE
    speaker.started = time.monotonic() - serving.LONG_LIFE - 1
    speaker.look_after()
    assert speaker.due - time.monotonic() <= serving.FIRST_PAUSE


@pytest.fixture
def signals_as_before() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, action in before.items():
        signal.signal(number, action)


@pytest.mark.usefixtures("signals_as_before")
def test_stopping_ends_what_the_child_started_too() -> None:
    parent = child(HAS_A_CHILD)
    pipe = parent.start()
    below = int(os.read(pipe, 100))
    assert lives(below)
    serving.stop_together([parent, child("")])
    assert soon(lambda: not lives(below))
    assert parent.has_ended
    os.close(pipe)


def test_killing_the_supervisor_ends_its_children() -> None:
    command = [sys.executable, "-c", SUPERVISES]
    with subprocess.Popen(command, cwd=embedded.ROOT, stdout=subprocess.PIPE) as supervisor:
        assert supervisor.stdout
        below = int(supervisor.stdout.readline())
        supervisor.kill()
    assert soon(lambda: not lives(below))


def free_port() -> int:
    with socket.create_server((serving.HOST, 0)) as taken:
        return int(taken.getsockname()[1])


def test_a_dead_child_is_replaced_and_one_signal_stops_all() -> None:
    port = free_port()
    command = [sys.executable, "-c", SERVES, str(port)]
    with subprocess.Popen(command, cwd=embedded.ROOT, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout
        lines = iter(supervisor.stdout)
        assert f"Roundtable is at http://127.0.0.1:{port}/ (Ctrl-C stops it).\n" in lines
        os.kill(
            next(below for below in children_of(supervisor.pid) if "http.server" in words_of(below)), signal.SIGKILL
        )
        assert "web    | ended with code -9; starts again in 1 s\n" in lines
        assert soon(lambda: serving.answers(port))
        supervisor.terminate()
        pids = [int(number) for number in list(lines)[-1].split()]
    assert [lives(number) for number in pids] == [False, False]
    assert supervisor.returncode == 0


def children_of(parent: int) -> list[int]:
    return [int(number) for number in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def words_of(number: int) -> str:
    return Path(f"/proc/{number}/cmdline").read_text()


@pytest.mark.parametrize("wanted", ["0", "70000", "http", "-1"])
def test_a_port_that_is_no_port_is_told(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", wanted)
    with pytest.raises(NotAvailable, match=r"^PORT is '.+', but must be a number from 1 to 65535\.$"):
        serving.chosen_port()


def test_a_port_that_is_taken_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((serving.HOST, 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(NotAvailable) as refusal:
            serving.chosen_port()
    expected = f"Port {port} cannot be used (Address already in use): try PORT=8001 bin/serve."
    assert str(refusal.value) == expected
