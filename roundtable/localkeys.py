"""Secrets that a private installation makes for itself, once, under var/."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def kept(path: Path, make: Callable[[], str]) -> str:
    """The secret in this file, made on first use and readable by its owner alone.

    Several processes may start at once: a hard link is the step that only one of them wins.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)  # mode 0600
        with os.fdopen(handle, "w") as file:
            file.write(make())
        try:
            os.link(name, path)
        except FileExistsError:
            pass  # another process was first, and its secret counts
        finally:
            Path(name).unlink()
    return path.read_text().strip()
