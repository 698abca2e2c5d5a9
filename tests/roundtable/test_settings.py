import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "SECRET_KEY": "r" * 30 + "oundtable, a long and random text in production",
    "FIELD_KEYS": "1:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AbCdE=",
    "ALLOWED_HOSTS": "roundtable.example",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "PYTHONTZPATH": "",
}


def python(code, **environment):
    """In a process of its own with nothing of ours but the path."""
    return subprocess.run(
        [sys.executable, "-W", "error", *code],
        env={"PATH": os.defpath} | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def setting(expression, **environment):
    done = python(["-c", f"from roundtable import settings; print({expression})"], **environment)
    assert done.stderr == ""
    return done.stdout.strip()


def test_importing_the_settings_starts_and_connects_to_nothing():
    code = """
import socket, subprocess, threading, sys
def never(*args, **kwargs): raise SystemExit("started something")
socket.socket.connect = subprocess.Popen.__init__ = threading.Thread.start = never
import roundtable.settings
print([name for name in ("redis", "psycopg2", "celery") if name in sys.modules])
"""
    done = python(["-c", code], **PRODUCTION)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS"])
def test_no_secret_has_a_default_in_production(name):
    done = python(["-c", "import roundtable.settings"], **{k: v for k, v in PRODUCTION.items() if k != name})
    assert done.stderr.splitlines()[-1].endswith(f"Set the {name} environment variable")


def test_a_private_installation_makes_its_secrets_once_for_its_owner_alone(tmp_path):
    environment = {"PRIVATE": "true", "VAR_DIR": str(tmp_path)}
    first, again = (setting("settings.SECRET_KEY, settings.FIELD_KEYS", **environment) for _ in range(2))
    assert first == again
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()}
    assert modes == {"secret_key": "0o600", "field_keys": "0o600"}


def test_django_finds_nothing_to_warn_of_in_production():
    done = python(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], **PRODUCTION)
    assert (done.stdout, done.stderr, done.returncode) == (
        "System check identified no issues (0 silenced).\n",
        "",
        0,
    )


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("redis://cache.example:6379/1", "redis://cache.example:6379/1"),
        ("unix:///run/redis.sock?db=0", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock"),
    ],
)
def test_celery_reaches_redis_by_tcp_and_by_socket(url, broker):
    assert setting("settings.CELERY_BROKER_URL", **PRODUCTION | {"REDIS_URL": url}) == broker


def test_a_nudge_that_finds_no_broker_fails_at_once():
    code = """
import os, time; os.environ["DJANGO_SETTINGS_MODULE"] = "roundtable.settings"
import django; django.setup()
from kombu.exceptions import OperationalError
from roundtable.outbox import post
began = time.monotonic()
try: post.nudge()
except OperationalError: print(time.monotonic() - began < 2)
"""
    assert python(["-c", code], **PRODUCTION).stdout == "True\n"


def test_in_production_cookies_are_bound_to_host_and_tls():
    names = "settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_SECURE"
    assert setting(names, **PRODUCTION) == "__Host-sessionid __Host-csrftoken True"
    assert setting(names, **PRODUCTION | {"HTTPS": "false"}) == "sessionid csrftoken False"


def test_letters_of_a_private_installation_stay_on_the_machine(tmp_path):
    found = setting("settings.EMAIL_BACKEND, settings.INVITE_EMAIL_BACKEND", PRIVATE="true", VAR_DIR=str(tmp_path))
    assert found == "roundtable.outbox.folder.Folder roundtable.outbox.folder.Folder"
