"""One migrated database that every worker, every story and the next run copy: migrating takes a quarter of a minute."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from psycopg2.sql import SQL, Identifier

from roundtable.servers import connect

ROOT = Path(__file__).resolve().parent.parent
ONE_AT_A_TIME = 20_260_512  # the number of an advisory lock; any would do


def template() -> str:
    """The name of a database with all tables and without any rows of ours; made once for the migrations as they are."""
    server, name = os.environ["DATABASE_URL"].rpartition("/")[0], f"migrated_{digest()}"
    with contextlib.closing(connect(f"{server}/postgres")) as line, line.cursor() as cursor:
        line.autocommit = True
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'migrated\\_%'")
        known = [found for (found,) in cursor.fetchall()]
        if name not in known:
            for old in known:
                cursor.execute(SQL("DROP DATABASE {}").format(Identifier(old)))
            make(cursor, server, name)
    return name


def digest() -> str:
    """Of every migration: our own by their text, those of libraries by the versions that are pinned."""
    files = sorted(path for app in ROOT.glob("*/migrations") for path in app.glob("*.py"))
    told = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in files:
        told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()[:16]


def make(cursor: Any, server: str, name: str) -> None:
    """Under another name first, so that one that is half made is never copied."""
    unfinished = Identifier("unfinished")
    cursor.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(unfinished))
    cursor.execute(SQL("CREATE DATABASE {}").format(unfinished))
    surroundings = os.environ | {"DATABASE_URL": f"{server}/unfinished", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    migrate = [sys.executable, "-P", "bin/prepare.py"]
    subprocess.run(migrate, cwd=ROOT, env=surroundings | {"PYTHONPATH": str(ROOT)}, check=True)
    cursor.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(unfinished, Identifier(name)))
