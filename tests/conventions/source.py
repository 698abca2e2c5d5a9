"""The product's own source, file by file and tree by tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ("roundtable", "members", "groups", "meetings")


@cache
def modules() -> dict[str, ast.Module]:
    """Every module but the migrations, which Django writes: its path and its tree."""
    paths = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in paths}


def calls(tree: ast.Module) -> Iterator[str]:
    """What is called, as it is written: `clock.now`, `Letter.objects.filter`."""
    return (ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))


def places_that_call(*names: str) -> dict[str, set[str]]:
    """By module, which of these endings are called there."""
    found = {path: {one for one in calls(tree) if one.endswith(names)} for path, tree in modules().items()}
    return {path: called for path, called in found.items() if called}


def templates() -> dict[str, str]:
    """Every template and its text."""
    paths = (ROOT / "templates").rglob("*.*")
    return {path.relative_to(ROOT / "templates").as_posix(): path.read_text() for path in paths}
