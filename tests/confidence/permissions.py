"""The table in docs/permissions.md, all addresses of the site, and what one person gets who asks for one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

TABLE = Path(settings.BASE_DIR) / "docs" / "permissions.md"
CAST = (
    *("anon", "stranger", "invited", "member", "facilitator", "later", "other", "former"),
    *("organizer", "chapter", "both", "superuser"),
)


@dataclass(frozen=True)
class Line:
    """One URL name, or several that a star stands for, and one method."""

    name: str
    method: str
    cells: tuple[str, ...]

    def covers(self, name: str) -> bool:
        return fnmatchcase(name, self.name)


@cache
def lines() -> tuple[Line, ...]:
    """The table, line by line."""
    rows = [line.strip().strip("|").split("|") for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    cells = [[cell.strip().strip("`") for cell in row] for row in rows]
    return tuple(Line(row[0], row[1], tuple(row[2:])) for row in cells if row[1] in ("GET", "POST"))


def heading() -> tuple[str, ...]:
    """The columns of the table."""
    first = next(line for line in TABLE.read_text().splitlines() if line.startswith("| url"))
    return tuple(cell.strip() for cell in first.strip().strip("|").split("|"))[2:]


def stars() -> dict[str, list[str]]:
    """What the page says each starred line stands for."""
    found = re.findall(r"^- `([^`]*\*[^`]*)`: (.*)$", TABLE.read_text(), re.MULTILINE)
    return {star: re.findall(r"`([^`]+)`", names) for star, names in found}


@cache
def addresses() -> dict[str, str]:
    """Every address of the site: its name, or its path where it has none, and its route."""
    return dict(walk(get_resolver(), "", ""))


def walk(resolver: URLResolver, before: str, space: str) -> Iterator[tuple[str, str]]:
    for found in resolver.url_patterns:
        route = before + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from walk(found, route, f"{space}{found.namespace}:" if found.namespace else space)
        elif isinstance(found, URLPattern):
            yield (f"{space}{found.name}" if found.name else f"/{route}", route)


def line_of(name: str, method: str) -> Line | None:
    """The line of an address: its own, or one with a star."""
    own = [line for line in lines() if line.method == method and line.covers(name)]
    return min(own, key=lambda line: line.name.count("*"), default=None)
