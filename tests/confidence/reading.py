"""Everything that the database holds, and what can be found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import connection

CSRF = re.compile(r'("csrfmiddlewaretoken" value="|X-CSRFToken": "|x-csrftoken&quot;: &quot;)[\w]+', re.IGNORECASE)
CHALLENGE = re.compile(r'("challenge": ")[^"]+')


def dump() -> str:
    """Every row of every table as text; bytes stand there in hexadecimal digits."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        rows = """SELECT coalesce(string_agg(r::text, E'\\n'), '') FROM "{0}" r"""
        cursor.execute(" UNION ALL ".join(rows.format(table) for table in tables))
        return "\n".join(row[0] for row in cursor.fetchall())


def found_in(text: str, words: Iterable[str]) -> set[str]:
    """Which of these words stand in the text, in whatever case, also as the digits of their bytes."""
    text = text.casefold()
    return {word for word in words if word.casefold() in text or word.encode().hex() in text}


def masked(page: bytes) -> str:
    """A page without what is drawn anew for each answer: the token of its forms, and a passkey's challenge."""
    return CHALLENGE.sub(r"\1", CSRF.sub(r"\1", page.decode()))
